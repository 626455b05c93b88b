"""SLAKE's graph: triples of diseases and organs enter the store, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, claims, concepts, read, refused
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.naming import find
from probatum.store.reader import Store
from probatum.store.writer import write

F = Facts("slake")
CYST, KIDNEY = "slake:Renal_cyst", "slake:Kidney"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    pinned = [
        F.concept(CYST, "Renal cyst", "Disease"),
        F.concept(KIDNEY, "Kidney", "NamedThing"),
        F.claim(CYST, "located_in", KIDNEY, f"{CYST} location {KIDNEY}", original_predicate="location"),
    ]
    check_contract("slake", tiny / "sources/slake", pinned, tmp_path)


def test_triples_of_both_languages(tiny: Path) -> None:
    facts = read("slake", tiny / "sources/slake")
    assert (CYST, "biolink:has_phenotype", "slake:flank_pain,_none_at_all", False) in claims(facts)
    assert ("slake:a_blocked_tubule", "biolink:causes", CYST, False) in claims(facts)
    assert claim_of(facts, KIDNEY, "biolink:related_to", "slake:cleans_the_blood").qualifiers
    assert (
        concepts(facts)["slake:肾"].names[0].language == "zh" and concepts(facts)["slake:肾"].kind == "AnatomicalEntity"
    )
    assert refused(facts) == [("en_disease.csv", 5)]


def test_the_triples_are_walked_in_a_store(tiny: Path, tmp_path: Path) -> None:
    write(tmp_path, find("sources", "slake")(tiny / "sources/slake"))
    with Store(tmp_path) as store:
        said = {(each.predicate, store.name_of(each.object)) for each in store.relations(subject=CYST)}
    assert ("biolink:has_phenotype", "flank pain, none at all") in said


def test_another_file_is_refused(tmp_path: Path) -> None:
    for text in (b"a,b,c\n", b"", b"\xff\xff\xff"):
        (tmp_path / "x.csv").write_bytes(text)
        with pytest.raises(BadFormat, match=r"x\.csv"):
            read("slake", tmp_path / "x.csv")
