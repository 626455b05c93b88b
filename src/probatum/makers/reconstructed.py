"""Real consultations led anew: a model writes the answers as a doctor with time would, the patient's words stay."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.makers._making import Sieve, asked, checked_language, words, writes
from probatum.naming import card, find
from probatum.types import Answer, Example, Mention, Origin

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@card(
    "Dialogues, reconstructed",
    survey="3.2.2",
    reference="doi:10.48550/arXiv.2308.14346",
    languages=("en", "zh"),
)
def reconstructed(
    desk: Desk,
    *,
    dialogues: str = "",
    most: int = 1_000,
    language: str = "zh",
    avoid: tuple[str, ...] = (),
    seed: int = 0,
    counts: Counter[str] | None = None,
) -> Iterator[Example]:
    """The first `most` dialogues of LOADER:PATH or LOADER/PART:PATH, their answers rewritten; reliability "generated".

    As DISC-MedLLM: answers from a forum are short and curt; a model writes each anew, friendly, whole and asking back.
    One that brings in a number or a concept that the dialogue has not is dropped with its dialogue. Group and place of
    the original stay; where it came from is the origin's reference. `counts` is filled with what was kept and why the
    rest was dropped. Raises `BadPlan`, and what the loader raises.
    """
    checked_language(language)
    loader, colon, path = dialogues.partition(":")
    if not colon or not path:
        raise BadPlan("which dialogues?", where="makers/reconstructed", mend="dialogues=LOADER:PATH")
    if not writes(desk):
        raise BadPlan("answers are rewritten by a model", where="makers/reconstructed", mend="a model that writes")
    name, _, part = loader.partition("/")
    read = find("datasets", name)
    sieve = Sieve(avoid, Counter() if counts is None else counts)
    for number, example in enumerate(read(Path(path), part) if part else read(Path(path))):
        if number >= most:
            return
        said = [text for role, text in example.question.turns if role == "doctor"] + [example.answer.text]
        if not example.answer.text.strip():
            sieve.drops("unanswered")
            continue
        answers = _written(desk, example, said, language, seed)
        if answers is None:
            sieve.drops("unparsed")
        elif _foreign(desk, example, said, answers):
            sieve.drops("foreign")
        elif sieve.passes(" ".join((*_spoken(example), *answers))):
            yield _laid(example, answers)


def _written(desk: Desk, example: Example, said: list[str], language: str, seed: int) -> list[str] | None:
    """The answers anew, one for each; None where twice none could be read."""
    lines = [f"{role}: {text}" for role, text in (*example.question.turns, ("patient", example.question.text))]
    task = words("reconstructed", language, count=len(said))

    def fits(read: dict[str, Any]) -> bool:
        told = read.get("answers")
        return (
            isinstance(told, list)
            and len(told) == len(said)
            and all(isinstance(each, str) and each.strip() for each in told)
        )

    lines.append(f"doctor: {example.answer.text}")
    made = asked(desk, task, language, lines, fits=fits, seed=seed)
    return None if made is None else [str(each).strip() for each in made["answers"]]


def _spoken(example: Example) -> list[str]:
    """What the patient says."""
    return [*(text for role, text in example.question.turns if role != "doctor"), example.question.text]


def _foreign(desk: Desk, example: Example, said: list[str], answers: list[str]) -> bool:
    """Whether the answers bring in a number or a concept that the dialogue has not."""
    before, after = "\n".join((*_spoken(example), *said)), "\n".join(answers)

    def concepts(text: str) -> set[str]:
        return {each.concept for each in desk.annotate(text) if isinstance(each, Mention)}

    return bool(set(_NUMBER.findall(after)) - set(_NUMBER.findall(before)) or concepts(after) - concepts(before))


def _laid(example: Example, answers: list[str]) -> Example:
    """The dialogue with its answers in the places of the old ones."""
    left = iter(answers)
    turns = tuple((role, next(left) if role == "doctor" else text) for role, text in example.question.turns)
    known = example.origin or Origin("", "", example.id)
    of = f"{known.source}:{known.at or example.id}"
    origin = Origin("reconstructed", known.release, f"{of}", references=(of,), reliability="generated")
    question = replace(example.question, turns=turns)
    return replace(example, question=question, answer=Answer(next(left)), origin=origin)
