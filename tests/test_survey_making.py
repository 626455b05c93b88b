"""What the survey makes with language models: a graph out of texts, texts out of a graph, prompts with sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from asked_desks import DISEASES, WHICH, desk_with
from small_store import small_store

import probatum
from probatum import naming
from probatum.annotators.generative import generative
from probatum.errors import BadPlan
from probatum.ledger import review
from probatum.models.replay import recording
from probatum.models.scripted import scripted
from probatum.naming import call, into
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Answer, Concept, Example, Fact, Name, Origin, Question, Release, Request
from probatum.verbs import ask

PAPERS = {
    "PMID:1": "Arsenol caused fever in two men. Arsenol relieved the headaches.",
    "PMID:2": "Fever was caused by AR-7. AR-7 does not cause headache.",
}
LATER = ("PMID:3", "In a third man arsenol caused headache.")
DRUG, FEVER, HEADACHE = "MESH:D000001", "MESH:D000002", "MESH:D000003"


def _named() -> list[Fact]:
    at = Origin("own", "1", "c")
    return [
        Release("own", "1", "CC0-1.0", "0" * 64),
        Concept(DRUG, "Arsenol", "ChemicalEntity", at, (Name("AR-7", "en", "exact"),)),
        Concept(FEVER, "Fever", "Disease", at),
        Concept(HEADACHE, "Headache", "Disease", at, (Name("Headaches", "en", "exact"),)),
    ]


def _reads(request: Request) -> str:
    """A reader that also invents: a drug that stands nowhere, and a relation that it quotes from nowhere."""
    text = request.messages[-1][1].split("\n")[1]
    drug = "AR-7" if "AR-7" in text else "Arsenol" if "Arsenol" in text else "arsenol"
    ill = [each for each in ("fever", "Fever", "headaches", "headache") if each in text]
    said = []
    for cut in text.split(". "):
        sentence = cut.rstrip(".") + "."
        for each in ill:
            if drug in sentence and f"{each}" in sentence and not (each == "headache" and "headaches" in sentence):
                kind = "treats" if "relieved" in sentence else "causes"
                said.append({"subject": drug, "predicate": kind, "object": each, "quote": sentence,
                             "negated": " not " in sentence})  # fmt: skip
    entities = [{"text": drug, "kind": "Chemical"}, *({"text": each, "kind": "Disease"} for each in ill)]
    entities.append({"text": "quinine", "kind": "Chemical"})
    said.append({"subject": "quinine", "predicate": "causes", "object": ill[0], "quote": "It did.", "negated": False})
    return json.dumps({"entities": entities, "relations": said})


def _proposed(kb: Path, papers: Mapping[str, str], record: Path) -> int:
    """How many relations of some papers are new to the queue; the reader is recorded, and its record read again."""
    into("models", "reader", lambda: recording(scripted(says=_reads), record))
    with Store(kb) as store:
        first = generative(store, model="reader")
        new = sum(review.propose(kb, reference, text, first(text)) for reference, text in papers.items())
        again = generative(store, model="replay", settings=(f"file={record}",))
        assert not any(review.propose(kb, reference, text, again(text)) for reference, text in papers.items())
    return new


def _accepted(kb: Path) -> str:
    """What waits is accepted, exported and taken in: the name of the release."""
    for each in list(review.proposals(kb)):
        review.decide(kb, each.id, "accepted", "R1")
    file = kb.parent / "reviewed.jsonl"
    review.export(kb, file)
    done = probatum.ingest(kb, "reviewed", file)
    assert not done.quarantined and probatum.ingest(kb, "reviewed", file).written == 0
    with Store(kb) as store:
        return next(f"reviewed@{one.version}" for one in store.releases() if one.source == "reviewed")


def test_texts_become_a_graph_that_grows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Text to triples to a normalised, deduplicated graph with source spans; an update keeps what was before."""
    monkeypatch.setattr(naming, "_added", {})
    kb = tmp_path / "kb"
    write(kb, _named())
    assert _proposed(kb, PAPERS, tmp_path / "said.jsonl") == 4
    before = _accepted(kb)
    with Store(kb) as store:
        claims = [each for each in store.relations() if each.origin.source == "reviewed"]
        told = {(each.subject, each.predicate, each.object, each.negated) for each in claims}
        causes, relieves = "biolink:causes", "biolink:treats"
        # Arsenol and AR-7, fever and Fever, headaches and headache are one thing each; what was invented is not there.
        assert told == {(DRUG, causes, FEVER, False), (DRUG, relieves, HEADACHE, False), (DRUG, causes, HEADACHE, True)}
        twice = {each.origin.references for each in claims if each.object == FEVER}
        assert twice == {("PMID:1",), ("PMID:2",)}
        for each in claims:
            start, _, end = each.origin.at.partition(" ")[2].partition("-")
            assert PAPERS[each.origin.references[0]][int(start) : int(end)] == each.qualifier("quote") != ""
            assert each.origin.evidence == "accepted by R1" and each.qualifier("read_by") == "generative"
        held = store.content
    assert _proposed(kb, dict([LATER]), tmp_path / "later.jsonl") == 1
    after = _accepted(kb)
    with Store(kb) as newer, Store(kb, releases=(before,)) as older:
        assert after != before and older.content == held != newer.content
        assert [each.origin.references for each in newer.relations(DRUG, causes, HEADACHE) if not each.negated] == [
            ("PMID:3",)
        ]
        assert all(each.negated for each in older.relations(DRUG, causes, HEADACHE))
        known = {(each.subject, each.predicate, each.object, each.negated) for each in older.relations()}
        assert known <= {(each.subject, each.predicate, each.object, each.negated) for each in newer.relations()}


SOLVED = (
    ("e1", "Which disease shifts the lens upwards?", ("Marfan syndrome", "Rickets"), "A", "It slips upwards."),
    ("e2", "Which enzyme is low in Gaucher disease?", ("Lactase", "Glucocerebrosidase"), "B", ""),
    ("e3", "Is ectopia lentis a sign of homocystinuria?", ("Yes", "No"), "A", ""),
    ("e4", "How many chambers has the heart?", ("Four", "Three"), "A", "Two atria and two ventricles."),
    ("e5", WHICH.text, tuple(text for _, text in DISEASES), "B", "The question itself."),
)


def _solved() -> tuple[Example, ...]:
    return tuple(
        Example(id, Question(text, tuple(zip("ABC", options, strict=False))), Answer(why, choice),
                origin=Origin("own exam", "2026", f"row {id}"))
        for id, text, options, choice, why in SOLVED
    )  # fmt: skip


def test_prompts_alone_with_the_nearest_solved_questions(tmp_path: Path) -> None:
    """OpenMedLM: nearest exemplars with their reasoning and sources, reasoned samples, the vote; all replays."""

    asked: list[Request] = []

    def says(request: Request) -> str:
        asked.append(request)
        if "homocystinuria" in request.messages[-1][1]:
            return "It is the lens. The answer is B."  # not what the set says: its reasoning is not shown
        return "The lens decides. The answer is B." if request.seed != 2 else "The answer is A."

    record = tmp_path / "said.jsonl"
    with small_store(tmp_path / "kb") as store:
        desk = desk_with(store, recording(scripted(says=says), record))
        answer = ask(store, WHICH, "few-shot", desk=desk, given=_solved(), shots=2, samples=3)
        replayed = desk_with(store, call("models", "replay", file=str(record)))
        again = ask(store, WHICH, "few-shot", desk=replayed, given=_solved(), shots=2, samples=3)
    assert answer.choice == again.choice == "B" and answer.text == again.text
    assert [(each.id, round(each.score, 2)) for each in answer.candidates] == [("B", 0.67), ("A", 0.33)]
    steps = {step.what: step.said for step in answer.trace}
    assert steps["leak"].startswith("1 exemplar") and steps["reasoning left out"] == "e3: it comes to B"
    assert sum(step.what == "exemplar" for step in answer.trace) == 2 and steps["cost"].startswith("calls 4,")
    sources = [value for name, value in answer.fields if name == "exemplar"]
    assert sources == ["e1 (own exam 2026 row e1)", "e3 (own exam 2026 row e3)"]  # the most alike stands last
    for request in asked[1:4]:
        roles = [role for role, _ in request.messages]
        assert roles == ["system", "user", "assistant", "user", "assistant", "user"]
        assert request.messages[2][1].startswith("It slips upwards.") and request.messages[4][1] == "The answer is A."
        assert "The question itself" not in str(request.messages) and "chambers" not in str(request.messages)
    assert {request.temperature for request in asked[1:4]} == {0.7}
    with small_store(tmp_path / "kb2") as store:
        empty = ask(store, WHICH, "few-shot", desk=desk_with(store, scripted(says=says)))
        assert (empty.abstained or "").startswith("no-exemplars")
        with pytest.raises(BadPlan, match="names no data set"):
            ask(store, WHICH, "few-shot", desk=desk_with(store, scripted(says=says)), exemplars="mmlu")


def test_ensemble_refinement_shows_its_sources(tmp_path: Path) -> None:
    """Med-PaLM 2: with retrieved snippets both passes see them, and what is said is held against what it cites."""
    asked: list[str] = []
    says = ["So it is Marfan syndrome [2]. The answer is B."] * 2 + [
        "Marfan syndrome has ectopia lentis [2]. It heals by itself [2]. The answer is B."
    ] * 3

    def speaks(request: Request) -> str:
        asked.append(request.messages[-1][1])
        return says[len(asked) - 1]

    with small_store(tmp_path / "kb") as store:
        desk = desk_with(store, scripted(says=speaks))
        answer = ask(store, WHICH, "ensemble-refinement", desk=desk, samples=2, refinements=3, snippets=4)
        assert answer.choice == "B" and answer.text == "Marfan syndrome has ectopia lentis [1]."
        assert [each.origin.source for each in answer.evidence] == ["own"]
        assert [each.support for each in answer.verdicts] == ["supported"] and not any(
            name == "basis" for name, _ in answer.fields
        )
        told = {step.what: step.said for step in answer.trace}
        assert told["snippets"] and told["cost"].startswith("calls 5,")
        assert len(asked) == 5 and all("[2] (own 1)" in each for each in asked)
        nothing = desk_with(store, scripted(says=[]))
        none = ask(store, replace(WHICH, text="Which zzyzx?"), "ensemble-refinement", desk=nothing, snippets=4)
        assert (none.abstained or "").startswith("no-evidence")
