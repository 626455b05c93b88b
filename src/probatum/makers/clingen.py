"""Synthetic clinical texts for training: topics of the graph, styles, strict JSON, entities where they really stand."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.makers._making import Sieve, asked, checked_language, claims_of, drawn, styles, told, words, writes
from probatum.naming import card
from probatum.types import Answer, Example, Mention, Origin, Question

TASKS = ("entities", "inference")
LABELS = ("entailment", "neutral", "contradiction")
LONGEST_TOPIC = 40  # characters of a topic that a model names


@card("ClinGen", survey="3.2.3", reference="doi:10.48550/arXiv.2311.00287", languages=("en", "zh"))
def clingen(
    desk: Desk,
    *,
    task: str = "entities",
    kind: str = "Disease",
    topics: int = 30,
    more: int = 0,
    each: int = 2,
    language: str = "en",
    avoid: tuple[str, ...] = (),
    seed: int = 0,
    counts: Counter[str] | None = None,
) -> Iterator[Example]:
    """Examples of one task, `each` for every topic and, of `inference`, as many of each label; reliability "generated".

    As the paper: (1) topics: `topics` concepts of a kind from the graph, and `more` that the model names (at most 40
    characters); (2) styles, in turn; (3) a prompt of task, topic and style, whose reply is strict JSON; (4) entities
    are kept only where they stand in the text, with their offsets and the concept that they name; (5) inference in two
    steps, the premise first, then a hypothesis for a given label; (6) labels balanced by cutting the larger ones; (7)
    texts alike, or with a run of words of `avoid` (the test set), dropped. Without a model, texts are claims worded by
    rules: entailed is the claim, contradicted its denial, neutral a claim of another topic. `counts` is filled with
    what was kept and why the rest was dropped, and with `distinct words` and `words` for the report of diversity.
    """
    if task not in TASKS:
        raise BadPlan(f"task = {task!r}", where="makers/clingen", mend=f"one of: {', '.join(TASKS)}")
    checked_language(language)
    sieve = Sieve(avoid, Counter() if counts is None else counts)
    maker = _Maker(desk, kind, language, seed, sieve)
    named = maker.topics(topics, more)
    made = list(maker.entities(named, each) if task == "entities" else maker.inference(named, each))
    kept = made if task == "entities" else _balanced(made, seed, sieve)
    spoken = [word for example in kept for word in re.findall(r"\w+", example.question.text.lower())]
    sieve.counts["words"], sieve.counts["distinct words"] = len(spoken), len(set(spoken))
    yield from kept


class _Maker:
    """Writes texts on topics, by the desk's model or by rules."""

    def __init__(self, desk: Desk, kind: str, language: str, seed: int, sieve: Sieve) -> None:
        self.desk, self.kind, self.language, self.seed, self.sieve = desk, kind, language, seed, sieve
        self.by_model = writes(desk)
        self.styles = styles(language)

    def topics(self, count: int, more: int) -> list[tuple[str, str]]:
        """(id, name) of each topic; those that the model names have no id."""
        found = [
            (one.id, self.desk.store.name_of(one.id, self.language))
            for one in drawn(self.desk, self.kind, count, self.seed)
        ]
        if more and self.by_model:
            task = words("topics", self.language, count=more, kind=self.kind)
            read = asked(
                self.desk,
                task,
                self.language,
                [],
                fits=lambda told: isinstance(told.get("topics"), list),
                seed=self.seed,
            )
            known = {name.casefold() for _, name in found}
            for name in (read or {}).get("topics", ())[:more]:
                if isinstance(name, str) and 0 < len(name) <= LONGEST_TOPIC and name.casefold() not in known:
                    found.append(("", name))
                    known.add(name.casefold())
                else:
                    self.sieve.drops("topic")
        return found

    def entities(self, named: Sequence[tuple[str, str]], each: int) -> Iterator[Example]:
        """Texts with the entities that stand in them."""
        for place, (id, name) in enumerate(named):
            for turn in range(each):
                written = self._text(id, name, place + turn, "entities")
                if written is None:
                    continue
                text, listed = written
                found = self._standing(text, listed)
                if found and self.sieve.passes(text):
                    at = f"entities {place + 1}.{turn + 1}"
                    yield self._example(at, text, Answer(found=found), (("topic", name),))

    def inference(self, named: Sequence[tuple[str, str]], each: int) -> Iterator[Example]:
        """Premise and hypothesis in two steps, each label in turn."""
        for place, (id, name) in enumerate(named):
            for turn in range(each):
                written = self._text(id, name, place + turn, "premise")
                for label in LABELS if written else ():
                    premise = written[0] if written else ""
                    other = named[(place + 1) % len(named)][0]
                    hypothesis = self._hypothesis(premise, label, id, other, turn)
                    if hypothesis and hypothesis != premise and self.sieve.passes(f"{premise} {hypothesis} {label}"):
                        at = f"inference {place + 1}.{turn + 1} {label}"
                        options = tuple(zip("ABC", LABELS, strict=True))
                        answer = Answer(text=label, choice="ABC"[LABELS.index(label)])
                        example = self._example(at, hypothesis, answer, (("topic", name), ("label", label)))
                        asked_ = Question(hypothesis, options, (premise,), language=self.language)
                        yield Example(example.id, asked_, answer, labels=example.labels, origin=example.origin)

    def _text(self, id: str, name: str, turn: int, key: str) -> tuple[str, list[str]] | None:
        style = self.styles[turn % len(self.styles)]
        if self.by_model:
            task = words(key, self.language, topic=name, style=style, kind=self.kind)
            read = asked(self.desk, task, self.language, [], fits=lambda told: _fits(told, key), seed=self.seed + turn)
            if read is None:
                self.sieve.drops("unparsed")
                return None
            return str(read["text"]), [str(one) for one in read.get("entities", ())]
        claims = claims_of(self.desk, id)
        claim = told(self.desk, claims[turn % len(claims)], self.language)
        return (claim if key == "premise" else words("sentence", self.language, style=style, claim=claim)), [name]

    def _hypothesis(self, premise: str, label: str, id: str, other: str, turn: int) -> str:
        if self.by_model:
            task = words("hypothesis", self.language, label=label)
            read = asked(
                self.desk,
                task,
                self.language,
                [premise],
                fits=lambda told: _fits(told, "premise"),
                seed=self.seed + turn,
            )
            if read is None:
                self.sieve.drops("unparsed")
            return str(read["text"]) if read else ""
        if label == "contradiction":
            return words("denied", self.language, claim=premise)
        if label == "entailment":
            return f"{premise}."
        strange = claims_of(self.desk, other) if other != id else []
        return f"{told(self.desk, strange[turn % len(strange)], self.language)}." if strange else ""

    def _standing(self, text: str, listed: Sequence[str]) -> tuple[Mention, ...]:
        """The listed entities that stand in the text, each place once, with the concept that they name."""
        linked = {(one.start, one.end): one.concept for one in self.desk.annotate(text) if isinstance(one, Mention)}
        found: dict[tuple[int, int], Mention] = {}
        for one in listed:
            places = [match.span() for match in re.finditer(re.escape(one), text)] if one.strip() else []
            if not places:
                self.sieve.drops("not in the text")
            for start, end in places:
                found[start, end] = Mention(start, end, text[start:end], linked.get((start, end), ""), kind=self.kind)
        return tuple(found[span] for span in sorted(found))

    def _example(self, at: str, text: str, answer: Answer, labels: tuple[tuple[str, str], ...]) -> Example:
        origin = Origin("clingen", self.desk.store.content, at, reliability="generated")
        return Example(at, Question(text, language=self.language), answer, labels=labels, origin=origin)


def _fits(read: dict[str, Any], key: str) -> bool:
    whole = isinstance(read.get("text"), str) and bool(read["text"].strip())
    return whole and (key != "entities" or isinstance(read.get("entities"), list)) and set(read) <= {"text", "entities"}


def _balanced(made: Sequence[Example], seed: int, sieve: Sieve) -> list[Example]:
    """As many of each label as of the rarest, drawn with the seed, in their order."""
    by_label = {label: [one for one in made if dict(one.labels)["label"] == label] for label in LABELS}
    least = min(len(some) for some in by_label.values())
    draw = random.Random(seed)  # noqa: S311 - drawn, not secret
    kept = {one.id for some in by_label.values() for one in draw.sample(some, least)}
    sieve.counts["unbalanced"] += len(made) - len(kept)
    return [one for one in made if one.id in kept]
