"""Synthetic texts of own making on which every recipe can be tried without any data set."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

from probatum.plans.recipes import TrainingData
from probatum.types import Answer, Example, Mention, Origin, Question, Relation

RELIABILITY = "generated"
_SHAPES = {"annotated": "documents"}  # kinds that are made of the shapes of another


@cache
def _tables() -> dict[str, Any]:
    text = resources.files("probatum").joinpath("recipes/_tiny.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def samples(data: TrainingData) -> list[Example]:
    """Examples of the kind and the languages of a recipe's data, the same in every run; each says that it is synthetic.

    A language that has none of the kind is left out; with none at all English stands in.
    """
    tables = _tables()
    kind = _SHAPES.get(data.kind, data.kind)
    spoken = [each for each in data.languages if kind in tables.get(each, ())] or ["en"]
    each_ = -(-tables["count"] // len(spoken))
    return [example for language in spoken for example in _of(data, language, each_, tables)]


def _of(data: TrainingData, language: str, count: int, tables: dict[str, Any]) -> Iterator[Example]:
    fill = tables["fill"][language]
    pairs = list(product(fill["remedy"], fill["ailment"]))
    shapes = tables[language][_SHAPES.get(data.kind, data.kind)]
    for number in range(count):
        remedy, ailment = pairs[number * 5 % len(pairs)]
        shape = shapes[number % len(shapes)]
        texts = [
            text.replace("{remedy}", remedy).replace("{ailment}", ailment)
            for text in ([shape] if isinstance(shape, str) else shape)
        ]
        id_ = f"{data.name}:{language}:{number}"
        origin = Origin("samples", tables["release"], id_, reliability=RELIABILITY)
        yield _made(data.kind, texts, (remedy, ailment), language, origin)


def _made(kind: str, texts: list[str], names: tuple[str, str], language: str, origin: Origin) -> Example:
    groups = (f"{origin.at.partition(':')[0]}:{':'.join(names)}",)
    if kind in _TASKS:
        return Example(origin.at, *_TASKS[kind](texts, names, language, origin), groups, origin=origin)
    asked = Question(texts[0], language=language)
    found = tuple(_mentions(texts[0], names))
    if kind == "documents":
        return Example(origin.at, Question(language=language), Answer(texts[0], found=found), groups, origin=origin)
    if kind == "annotated":
        told: tuple[Mention | Relation, ...] = (
            *found,
            Relation(names[0], "treats", names[1], origin, qualifiers=(("subject_type", "Drug"),)),
        )
        asked = Question(context=(texts[0],), language=language)
        return Example(origin.at, asked, Answer(found=told), groups, origin=origin)
    if kind == "dialogues":
        roles = ("patient", "doctor")
        turns = tuple((roles[place % 2], text) for place, text in enumerate(texts[:-2]))
        question = Question(texts[-2], turns=turns, language=language)
        return Example(origin.at, question, Answer(texts[-1]), groups, origin=origin)
    if kind == "exams":
        right = sum(map(ord, origin.at)) % 4  # not always the same letter
        others = texts[2:]
        options = [*others[:right], texts[1], *others[right:]]
        lettered = tuple(zip("ABCD", options, strict=True))
        question = Question(texts[0], options=lettered, language=language)
        return Example(origin.at, question, Answer(choice="ABCD"[right]), groups, origin=origin)
    rejected = (Answer(texts[2]),) if kind == "preferences" else ()
    return Example(origin.at, asked, Answer(texts[1]), groups, rejected, origin=origin)


def _related(texts: list[str], names: tuple[str, str], language: str, origin: Origin) -> tuple[Question, Answer]:
    mentions = tuple(_mentions(texts[0], names))
    ends = {each.kind: each.concept for each in mentions}
    told = (Relation(ends["Drug"], texts[1], ends["Disease"], origin),) if texts[1] else ()
    return Question(context=(texts[0],), language=language), Answer(found=(*mentions, *told))


def _inferred(texts: list[str], names: tuple[str, str], language: str, origin: Origin) -> tuple[Question, Answer]:
    options = tuple((each, each) for each in ("entailment", "neutral", "contradiction"))
    return Question(options=options, context=tuple(texts[:2]), language=language), Answer(choice=texts[2])


def _alike(texts: list[str], names: tuple[str, str], language: str, origin: Origin) -> tuple[Question, Answer]:
    return Question(context=tuple(texts[:2]), language=language), Answer(fields=(("score", texts[2]),))


def _answered(texts: list[str], names: tuple[str, str], language: str, origin: Origin) -> tuple[Question, Answer]:
    at = texts[1].find(texts[2])
    found = (Mention(at, at + len(texts[2]), texts[2], ""),) if texts[2] else ()
    return Question(texts[0], context=(texts[1],), language=language), Answer(texts[2], found=found)


_TASKS = {"related": _related, "inference": _inferred, "likeness": _alike, "passages": _answered}


def _mentions(text: str, names: tuple[str, str]) -> Iterator[Mention]:
    for name, kind in zip(names, ("Drug", "Disease"), strict=True):
        at = text.find(name)
        if at >= 0:
            yield Mention(at, at + len(name), name, f"SAMPLE:{name}", kind=kind)
