"""An earlier answer against later knowledge: each kind of change is told, and only what has changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from small_store import GAUCHER, LARGE_SPLEEN, MARFAN, facts, small_store, texts
from typer.testing import CliRunner

from probatum import knowledge
from probatum.cli import app
from probatum.knowledge import Knowledge
from probatum.proof.again import Again
from probatum.store.retractions import withdraw_paper
from probatum.store.writer import write
from probatum.types import Answer, Evidence, Fact, Passage, Relation, Release

QUESTION = "What are the symptoms of Gaucher disease type 1?"


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    folder = tmp_path_factory.mktemp("then")
    small_store(folder).close()
    with Knowledge(folder) as kb:
        symptoms, treatment = kb.ask(QUESTION), kb.ask("What is the treatment of Gaucher disease type 1?")
    first = next(each for each in symptoms.evidence if each.origin.references == ("PMID:11",))
    second = next(each for each in treatment.evidence if isinstance(each.fact, Passage))
    return Answer(text=f"{first.text} [1]\n“{second.text}” [2]", evidence=(first, second), knowledge=symptoms.knowledge)


def later(folder: Path, change: object) -> None:
    """A store of the next releases, in which each fact went through `change` (None: it is gone)."""

    def released(found: Iterator[Fact]) -> Iterator[Fact]:
        for fact in found:
            if isinstance(fact, Release):
                yield replace(fact, version="2", sha256="9" * 64 if fact.source == "own" else "8" * 64)
            else:
                kept = change(replace(fact, origin=replace(fact.origin, release="2")))  # type: ignore[operator, union-attr]
                if kept is not None:
                    yield kept

    write(folder, released(facts()))
    write(folder, released(texts()))


def again(folder: Path, answer: Answer) -> Again:
    with Knowledge(folder) as kb:
        return kb.prove(answer)


def kinds(found: Again, number: int) -> set[str]:
    return {each.kind for each in found.changes if each.number == number and each.kind != "verdict"}


def test_nothing_has_changed_in_the_same_knowledge(answer: Answer, tmp_path: Path) -> None:
    small_store(tmp_path).close()
    found = again(tmp_path, answer)
    assert found.changes == () and found.before == found.now
    assert {each.support for each in found.answer.verdicts} == {"supported"}


def test_a_newer_release_that_says_the_same(answer: Answer, tmp_path: Path) -> None:
    later(tmp_path, lambda fact: fact)
    found = again(tmp_path, answer)
    assert kinds(found, 1) == kinds(found, 2) == {"release"} and found.before != found.now
    assert {each.support for each in found.answer.verdicts} == {"supported"}


def test_facts_that_are_gone_or_read_otherwise(answer: Answer, tmp_path: Path) -> None:
    def change(fact: Fact) -> Fact | None:
        if isinstance(fact, Relation) and fact.object == LARGE_SPLEEN and fact.subject == GAUCHER:
            return None
        if isinstance(fact, Passage) and fact.id == "t1":
            return replace(fact, text="Please note. " + fact.text)
        return fact

    later(tmp_path, change)
    found = again(tmp_path, answer)
    assert kinds(found, 1) == {"gone"} and kinds(found, 2) == {"moved", "release"}
    assert [each.support for each in found.answer.verdicts] == ["unsupported", "supported"]
    assert any(each.kind == "verdict" and "supported → unsupported" in each.said for each in found.changes)


def test_another_count_another_text_a_new_conflict_a_better_grade(answer: Answer, tmp_path: Path) -> None:
    graded = replace(answer, evidence=(_graded(answer.evidence[0], "low"), answer.evidence[1]))

    def change(fact: Fact) -> Fact:
        if isinstance(fact, Relation) and fact.origin.references == ("PMID:11",):
            return replace(fact, qualifiers=(("aspect", "P"), ("frequency", "6/7"), ("grade", "high")))
        if isinstance(fact, Relation) and fact.subject == MARFAN:
            return replace(fact, subject=GAUCHER, object=LARGE_SPLEEN, negated=True)
        if isinstance(fact, Passage) and fact.id == "t1":
            return replace(fact, text=fact.text.replace("two weeks", "ten weeks"))
        return fact

    later(tmp_path, change)
    found = again(tmp_path, graded)
    assert kinds(found, 1) == {"changed", "release", "conflict", "stronger"}
    assert kinds(found, 2) == {"changed"}
    assert {each.support for each in found.answer.verdicts} & {"contradicted", "unsupported"}


def _graded(evidence: Evidence, grade: str) -> Evidence:
    return replace(evidence, fact=replace(evidence.fact, qualifiers=(*evidence.fact.qualifiers, ("grade", grade))))


def test_a_retracted_paper_takes_its_claim_along(answer: Answer, tmp_path: Path) -> None:
    small_store(tmp_path).close()
    withdraw_paper(tmp_path, "PMID:11")
    found = again(tmp_path, answer)
    assert kinds(found, 1) & {"gone", "changed", "retracted"} and found.answer.verdicts[1].support == "supported"


def test_prove_in_a_terminal(answer: Answer, tmp_path: Path) -> None:
    small_store(tmp_path / "kb").close()
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(knowledge.plain(answer)), encoding="utf-8")
    done = CliRunner().invoke(app, ["prove", str(file), "--kb", str(tmp_path / "kb")])
    assert (
        done.exit_code == 0 and "knowledge: the same knowledge" in done.output and "nothing has changed" in done.output
    )
    later(tmp_path / "newer", lambda fact: fact)
    done = CliRunner().invoke(app, ["prove", str(file), "--kb", str(tmp_path / "newer"), "--json"])
    told = json.loads(done.output)
    assert {each["kind"] for each in told["changes"]} == {"release"} and told["before"] == answer.knowledge
    assert [each["support"] for each in told["answer"]["verdicts"]] == ["supported", "supported"]
