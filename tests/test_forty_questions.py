"""Every method meets every kind of the forty questions, with a scripted model whose exchanges replay to the byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from asked_desks import desk_with
from small_store import small_store

from probatum import verbs
from probatum.models.replay import recording, replay
from probatum.models.scripted import scripted
from probatum.naming import names
from probatum.store.reader import Store
from probatum.types import Question, Request

FORTY = Path(__file__).parent / "golden" / "forty_questions.jsonl"
KINDS = ("rare disease", "drug", "gene", "Chinese", "unanswerable", "conflicting")
SUPPORTS = {"supported", "partial", "contradicted", "unsupported"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_store(tmp_path_factory.mktemp("forty")) as store:
        yield store


def rows() -> list[dict[str, str]]:
    return [json.loads(line) for line in FORTY.read_text(encoding="utf-8").splitlines()]


def says(request: Request) -> str:
    """What a model says that follows every form it is asked for, knows a little, and makes one thing up."""
    if request.schema:
        return json.dumps(_filled(json.loads(request.schema)))
    if request.question.options or request.choices:
        return "The answer is A."
    return "Enzyme replacement is given every two weeks [1]. It was invented on the moon [1]."


def _filled(schema: dict[str, object]) -> object:
    """The least that fits a JSON schema."""
    if "enum" in schema:
        return next(iter(schema["enum"]))  # type: ignore[call-overload]
    if "const" in schema:
        return schema["const"]
    for each in ("anyOf", "oneOf"):
        if each in schema:
            return _filled(schema[each][0])  # type: ignore[index]
    kind = schema.get("type", "string")
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: _filled(one) for name, one in properties.items()}  # type: ignore[attr-defined]
    return {"array": [], "integer": 1, "number": 0.5, "boolean": True}.get(str(kind), "spleen")


def test_the_questions_are_of_six_kinds() -> None:
    kinds = [row["about"] for row in rows()]
    assert len(kinds) == 40 and set(kinds) == set(KINDS)


@pytest.mark.slow
@pytest.mark.parametrize("method", names("methods"))
def test_every_method_meets_every_kind(method: str, small: Store, tmp_path: Path) -> None:
    first = {row["about"]: row for row in reversed(rows())}
    file = tmp_path / "told.jsonl"
    file.touch()
    written, silent = recording(scripted(says=says), file), 0
    given = []
    for kind in KINDS:
        asked = Question(first[kind]["text"], language=first[kind]["language"])
        answer = verbs.ask(small, asked, method, desk=desk_with(small, written))
        given.append((asked, answer))
        assert bool(answer.text) or answer.abstained, kind
        code, _, why = (answer.abstained or "").partition(": ")
        assert not answer.abstained or (code.islower() and why), answer.abstained
        assert {each.support for each in answer.verdicts} <= SUPPORTS
        strayed = [v for v in answer.verdicts if any(not 1 <= mark <= len(answer.evidence) for mark in v.marks)]
        assert {each.support for each in strayed} <= {"unsupported"}
        assert not any("moon" in answer.text[v.start : v.end] and v.support == "supported" for v in answer.verdicts)
        silent += answer.abstained is not None
    assert silent or method not in {"quoted", "rag"}  # what nothing answers is not answered
    again = replay(file=str(file))
    for asked, answer in given:
        assert verbs.ask(small, asked, method, desk=replace(desk_with(small), model=again)) == answer
