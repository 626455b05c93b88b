"""Solved questions like the one that is asked go before it; several reasoned answers are sampled, most votes win."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from probatum.desk import Desk
from probatum.errors import BadPlan, NeedsFile
from probatum.methods import _asking as asking
from probatum.methods._options import TIES, by_votes, chosen, cost, counting, known_form, unready
from probatum.naming import card, find
from probatum.store.words import terms
from probatum.text.normal import fold
from probatum.text.questions import without_frame
from probatum.types import Answer, Example, Pairs, Question, Step


@card("Few-shot by nearest solved questions", survey="3.1.3", reference="doi:10.48550/arXiv.2402.19371",
      languages=("en", "zh"))  # fmt: skip
def few_shot(
    question: Question,
    desk: Desk,
    *,
    exemplars: str = "",
    given: tuple[Example, ...] = (),
    shots: int = 5,
    samples: int = 15,
    temperature: float = 0.7,
    ties: str = "abstain",
    choose: str = "generation",
    seed: int = 0,
) -> Answer:
    """The option that most of `samples` reasoned answers choose, each written after the `shots` most alike exemplars.

    Steps of the paper (OpenMedLM): (1) of a set of solved questions the nearest; (2) each is shown with a reasoning
    that leads to its answer; (3) the model reasons and chooses; (4) that `samples` times, plurality. `exemplars` names
    a data set and its file, as mmlu:FOLDER, `given` holds examples themselves; only questions with options and one
    right letter count. Different: nearness is the cosine of the words weighted by rarity, not of vectors; a question
    that is itself among the exemplars is left out and counted; a reasoning that the set does not give is written by
    the model and kept only where it comes to the set's own letter. The trace and the fields name each exemplar with its
    source, release and place. Abstains with no-question, no-model, no-options, no-exemplars, unanswered, unparsed,
    tied, no-likelihoods; raises `BadPlan`, `UnknownName`, `NeedsFile`, `BadFormat`.
    """
    known_form(choose)
    if ties not in TIES or samples < 1 or shots < 1:
        said = f"ties = {ties!r}, samples = {samples}, shots = {shots}"
        raise BadPlan(said, mend=f"ties: {', '.join(TIES)}; the numbers: 1 or more")
    language, steps = asking.language_of(question), list[Step]()
    if wanting := unready(question, desk):
        return asking.abstaining(wanting, language)
    near = _nearest(question, (*given, *_read(exemplars)), shots, steps)
    if not near:
        return asking.abstaining("no-exemplars", language, steps)
    counted, meter = counting(desk)
    turns: list[tuple[str, str]] = []
    for each in near:
        turns += [("user", asking.told(each.question)), ("assistant", _solved(each, counted, steps, seed))]
    shown = replace(question, turns=(*turns, *question.turns))
    task = asking.prompt("few_shot", "task", language)
    votes = [
        chosen(
            shown, counted, task, steps, choose=choose, temperature=temperature, seed=seed + 2 * turn,
            what=f"sample {turn + 1}",
        )
        for turn in range(samples)
    ]  # fmt: skip
    answer = by_votes(shown, counted, votes, steps, ties=ties, task=task)
    sources: Pairs = tuple(("exemplar", _place(each)) for each in near)
    return asking.with_step(replace(answer, fields=(*answer.fields, *sources)), cost(meter))


def _read(written: str) -> tuple[Example, ...]:
    if not written:
        return ()
    loader, _, place = written.partition(":")
    if not place:
        mend = "--set exemplars=mmlu:FOLDER"
        raise BadPlan(f"exemplars = {written!r} names no data set and file", where="methods/few_shot", mend=mend)
    path = Path(place)
    if not path.exists():
        raise NeedsFile(f"no solved questions at {place}", mend="name a file or folder that is there")
    return _held(loader, path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)  # a set is read once for all questions of a run
def _held(loader: str, path: Path, _changed: int) -> tuple[Example, ...]:
    return tuple(find("datasets", loader)(path))


def _nearest(question: Question, known: Iterable[Example], shots: int, steps: list[Step]) -> list[Example]:
    """The exemplars most like the question, the most alike last, next to it."""
    fitting = [each for each in known if len(each.answer.choice) == 1 and each.question.options]
    asked = fold(question.text)
    others = [each for each in fitting if fold(each.question.text) != asked]
    if left_out := len(fitting) - len(others):
        steps.append(Step("leak", f"{left_out} exemplars are the question itself and were left out"))
    held = [Counter(_words(each.question.text)) for each in others]
    spread = Counter(word for words in held for word in words)
    rarity = {word: math.log((1 + len(held)) / count) for word, count in spread.items()}
    wanted = Counter(_words(question.text))
    scored = sorted(
        zip((_cosine(wanted, words, rarity) for words in held), others, strict=True),
        key=lambda each: (-each[0], each[1].id),
    )[:shots]
    for score, each in scored:
        steps.append(Step("exemplar", f"{_place(each)}: likeness {score:.4f}"))
    return [each for _, each in reversed(scored)]


def _words(text: str) -> list[str]:
    return terms(without_frame(text) or text)


def _cosine(one: Counter[str], other: Counter[str], rarity: dict[str, float]) -> float:
    shared = sum(one[word] * other[word] * rarity[word] ** 2 for word in one.keys() & other.keys())
    return shared / (_length(one, rarity) * _length(other, rarity)) if shared else 0.0


def _length(words: Counter[str], rarity: dict[str, float]) -> float:
    return math.sqrt(sum((count * rarity.get(word, 0.0)) ** 2 for word, count in words.items()))


def _place(example: Example) -> str:
    origin = example.origin
    said = [origin.source, origin.release, origin.at] if origin else ["source not told"]
    return f"{example.id} ({' '.join(part for part in said if part)})"


def _solved(example: Example, desk: Desk, steps: list[Step], seed: int) -> str:
    """The exemplar's reasoning with its letter; the set's own, or one that the model writes and that fits it."""
    language = asking.language_of(example.question)
    last = asking.prompt("few_shot", "therefore", language, letter=example.answer.choice)
    if example.answer.text.strip() and example.answer.text.strip() not in _options(example):
        return f"{example.answer.text.strip()}\n{last}"
    task = asking.prompt("few_shot", "reason", language)
    made = chosen(replace(example.question, turns=()), desk, task, steps, seed=seed, what=f"reasoning {example.id}")
    if made.read.letter == example.answer.choice:
        return made.text
    steps.append(Step("reasoning left out", f"{example.id}: it comes to {made.read.letter or 'no letter'}"))
    return last


def _options(example: Example) -> Sequence[str]:
    return [text for _, text in example.question.options]
