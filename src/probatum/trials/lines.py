"""One line of a run: what was asked, what was answered, what it took; and the answer read out of it again."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from typing import Any

from probatum.desk import usage_of
from probatum.errors import BadFormat
from probatum.formats import answer_json
from probatum.shapes import LanguageModel
from probatum.text.choices import choice
from probatum.trials.subgroups import labels_of
from probatum.types import Answer, Example, Question, Reply, Request


@dataclass(frozen=True, slots=True)
class Trial:
    """One item of a run, as scoring and reports need it."""

    id: str
    question: Question
    gold: Answer
    given: Answer
    groups: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    latency: float = 0.0  # seconds
    tokens: int = 0  # in and out


@dataclass(slots=True)
class Watched:
    """A model whose prompts are hashed and whose option likelihoods are kept, item by item."""

    model: LanguageModel
    prompt: Any = None
    tokens: list[int] = field(default_factory=lambda: [0, 0, 0])  # calls, in, out
    chances: list[list[float | None]] = field(default_factory=list)

    @property
    def leaves_host(self) -> bool:
        """As the model within."""
        return self.model.leaves_host

    def __call__(self, request: Request) -> Reply:
        """The model's reply."""
        self.prompt = self.prompt or hashlib.sha256()
        self.prompt.update(repr((request.messages, request.schema, request.choices)).encode())
        reply = self.model(request)
        if reply.chances:
            self.chances.append([each if math.isfinite(each) else None for each in reply.chances])
        for place, more in enumerate((1, reply.tokens_in, reply.tokens_out)):
            self.tokens[place] += more
        return reply

    def begin(self) -> None:
        """Forgets the item before."""
        self.prompt, self.tokens, self.chances = None, [0, 0, 0], []


def hash_of(*things: object) -> str:
    """A short hash of what is written alike in every process."""
    return hashlib.sha256(repr(things).encode()).hexdigest()[:16]


def hash_of_examples(examples: Sequence[Example]) -> str:
    """A hash over what is asked and what is gold, the same whichever way the files were packed."""
    total = hashlib.sha256()
    for example in examples:
        total.update(repr(example).encode())
    return total.hexdigest()


def compact(thing: Any) -> Any:
    """A noun of `types` as JSON takes it, without the fields that are as they are by default."""
    if is_dataclass(thing) and not isinstance(thing, type):
        told = {}
        for each in fields(thing):
            value = getattr(thing, each.name)
            if each.default is MISSING or value != each.default:
                told[each.name] = compact(value)
        return told
    return [compact(each) for each in thing] if isinstance(thing, tuple | list) else thing


def answered(
    example: Example, answer: Callable[[Example], Answer], model: Watched | None, settings: str, known: bool
) -> dict[str, Any]:
    """The line of an item: answers it, and takes down what that took; `latency`, the last key, alone hangs on the day.

    Keys: `id`, `key` (hash of question and settings), `question`, `asked` (its hash), `prompt` (hash of all that a
    model was told; empty where none was asked), `settings` (hash), `gold` (ids), `gold_known`, `rank`,
    `ranked` (id and score of each candidate), `answer`,
    `labels`, `usage`, `chances` (natural-log likelihoods of options, where a model told some).
    """
    if model:
        model.begin()
    begun = time.perf_counter()
    given = answer(example)
    seconds = time.perf_counter() - begun
    asked = hash_of(example.question)
    gold = [candidate.id for candidate in example.answer.candidates]
    ranked = [(each.id, each.score) for each in given.candidates]
    line: dict[str, Any] = {
        "id": example.id,
        "key": hash_of(asked, settings),
        "question": example.question.text,
        "asked": asked,
        "prompt": model.prompt.hexdigest()[:16] if model and model.prompt else "",
        "settings": settings,
        "gold": gold or [part for part in (example.answer.choice,) if part],
        "gold_known": known,
        "rank": rank(gold, ranked),
    }
    if ranked:
        line["ranked"] = ranked
    if given.abstained:
        line["abstained"] = given.abstained
    if unknown := [step.said for step in given.trace if step.what == "unknown"]:
        line["unknown"] = unknown
    line["answer"] = compact(given)
    if example.labels:
        line["labels"] = dict(example.labels)
    calls, tokens_in, tokens_out = model.tokens if model and model.tokens[0] else usage_of(given)
    line["usage"] = {"calls": calls, "tokens_in": tokens_in, "tokens_out": tokens_out}
    if model and model.chances:
        line["chances"] = model.chances
    return line | {"latency": round(seconds, 6)}


def rank(gold: Sequence[str], ranked: Sequence[tuple[str, float]]) -> float | None:
    """The best rank of a gold id, ties taking the mean rank; None where none is in the list."""
    scores = [float(score) for id, score in ranked if id in gold]
    if not scores:
        return None
    best = max(scores)
    above = sum(float(score) > best for _, score in ranked)
    ties = sum(float(score) == best for _, score in ranked)
    return above + (ties + 1) / 2


def given_in(line: Mapping[str, Any], where: str = "") -> Answer:
    """The answer of a line: of a run, or of anybody's outputs (`answer` or `output`, a text or an answer as JSON)."""
    said = line.get("answer", line.get("output"))
    if isinstance(said, str):
        return Answer(text=said)
    if said is None:
        raise BadFormat("the line has no answer", where=where, mend="each line needs an id and an output")
    return answer_json.read(json.dumps(said), where)


def extracted(given: Answer, question: Question, extractor: str) -> Answer:
    """The answer with the choice that its text makes, where it has none of its own and the benchmark reads choices."""
    if extractor != "choice" or given.choice or not given.text.strip() or given.abstained or not question.options:
        return given
    read = choice(given.text, question.options)
    return replace(given, choice=read.letter, abstained=None if read.letter else f"{read.how}: no option was read")


def trial(example: Example, line: Mapping[str, Any], extractor: str = "", where: str = "") -> Trial:
    """The item of an example and its line."""
    given = extracted(given_in(line, where), example.question, extractor)
    usage = line.get("usage") or {}
    tokens = int(usage.get("tokens_in", 0)) + int(usage.get("tokens_out", 0))
    latency = float(line.get("latency", 0.0))
    labels = tuple(sorted({**labels_of(example), **dict(example.labels)}.items()))
    return Trial(example.id, example.question, example.answer, given, example.groups, labels, latency, tokens)


def counts(lines: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many items there were, and what of them could not be used: it is told, never dropped in silence."""
    unknown = [term for line in lines for term in line.get("unknown", ())]
    return {
        "items": len(lines),
        "gold_known": sum(bool(line.get("gold_known", True)) for line in lines),
        "abstained": sum("abstained" in line for line in lines),
        "unknown_terms": len(unknown),
        "unknown_terms_distinct": len(set(unknown)),
    }
