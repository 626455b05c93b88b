"""What the survey makes with language models: a graph out of texts, texts out of a graph, prompts with sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

import probatum
from probatum import naming
from probatum.annotators.generative import generative
from probatum.ledger import review
from probatum.models.replay import recording
from probatum.models.scripted import scripted
from probatum.naming import into
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Name, Origin, Release, Request

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
