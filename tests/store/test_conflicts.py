"""A wrong edit in a copy of a source is caught: as a conflict with the source, or as a difference between releases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from probatum.errors import BadPlan, UnknownName
from probatum.store.conflicts import KINDS, conflicts, parties
from probatum.store.diff import diff
from probatum.store.reader import Store
from probatum.store.retractions import withdraw_paper
from probatum.store.writer import write
from probatum.types import Concept, Fact, Origin, Relation, Release

TREATS, HAS, EXACT, AFFECTS = "biolink:treats", "biolink:has_phenotype", "skos:exactMatch", "biolink:affects"
RELATIONS = {
    "treatment": ("RXCUI:1", TREATS, "MONDO:1", {"dose": "60 U/kg", "population": "adults"}),
    "sign": ("MONDO:1", HAS, "HP:1", {"frequency": "HP:0040280"}),
    "counted": ("MONDO:1", HAS, "HP:2", {"frequency": "29/30"}),
    "effect": ("RXCUI:1", AFFECTS, "NCBIGene:1", {"direction": "increased", "aspect": "activity"}),
    "mapping": ("MONDO:1", EXACT, "OMIM:1", {}),
    "kind": ("MONDO:1", "biolink:subclass_of", "MONDO:2", {}),
}


def facts(source: str = "own", version: str = "1") -> dict[str, Fact]:
    at = Origin(source, version, "r", "PCS", (f"PMID:{source}",))
    found: dict[str, Fact] = {"release": Release(source, version, "CC0", version)}
    for id in ("OMIM:1", "OMIM:2", "OMIM:3"):
        found[id] = Concept(id, id, "Disease", at, obsolete=id == "OMIM:3")
    for name, (subject, predicate, object_, told) in RELATIONS.items():
        qualifiers = tuple(sorted(told.items()))
        found[name] = Relation(subject, predicate, object_, replace(at, at=name), False, qualifiers)
    return found


def edited(name: str, given: dict[str, Fact], **changed: object) -> list[Fact]:
    """The facts with one wrong edit."""
    fact = given[name]
    assert isinstance(fact, Relation)
    told = tuple(sorted({**dict(fact.qualifiers), **changed.pop("told", {})}.items()))  # type: ignore[dict-item]
    return list({**given, name: replace(fact, qualifiers=told, **changed)}.values())  # type: ignore[arg-type]


EDITS = {
    "negation": ("sign", {"negated": True}),
    "opposite": ("treatment", {"predicate": "biolink:contraindicated_in"}),
    "direction": ("effect", {"told": {"direction": "decreased"}}),
    "frequency": ("counted", {"told": {"frequency": "1/30"}}),
    "dose": ("treatment", {"told": {"dose": "600 U/kg"}}),
    "mapping": ("mapping", {"object": "OMIM:2"}),
}


@pytest.mark.parametrize("kind", EDITS)
def test_a_wrong_edit_in_another_source_is_a_conflict(tmp_path: Path, kind: str) -> None:
    name, change = EDITS[kind]
    write(tmp_path, facts().values())
    with Store(tmp_path) as store:
        assert list(conflicts(store)) == []
    write(tmp_path, edited(name, facts("copy"), **change))
    with Store(tmp_path) as store:
        (found,) = conflicts(store)
        assert found.kind == kind and sorted(parties(found)) == [("copy@1",), ("own@1",)]
        assert {claim.origin.references for claim in (*found.one, *found.other)} == {("PMID:own",), ("PMID:copy",)}
        assert list(conflicts(store, kinds=[kind])) == [found]
        assert list(conflicts(store, kinds=[other for other in KINDS if other != kind])) == []
        assert list(conflicts(store, found.subject)) == [found]
        assert list(conflicts(store, "MONDO:2")) == []
    withdraw_paper(tmp_path, "PMID:copy")
    with Store(tmp_path) as store:
        assert list(conflicts(store)) == []


@pytest.mark.parametrize("kind", [*EDITS, "object", "lost"])
def test_a_wrong_edit_in_the_next_release_is_a_difference(tmp_path: Path, kind: str) -> None:
    name, change = {**EDITS, "object": ("kind", {"object": "MONDO:3"}), "lost": ("kind", {})}[kind]
    write(tmp_path, facts().values())
    later = edited(name, facts(version="2"), **change)
    write(tmp_path, [fact for fact in later if kind != "lost" or fact != facts(version="2")[name]])
    found = diff(tmp_path, "own@1", "own@2")
    assert found.relations_added + found.relations_removed + found.relations_changed >= 1
    assert any(str(RELATIONS[name][0]) in line for line in found.first)
    with Store(tmp_path) as store:
        assert list(conflicts(store)) == [], "the older release is not what answers rest on"


HARMLESS = {
    "another population": ("treatment", {"told": {"dose": "30 U/kg", "population": "children"}}),
    "another unit of the same dose": ("treatment", {"told": {"dose": "60 IU per kg", "population": "adults"}}),
    "a dose that meets": ("treatment", {"told": {"dose": "15-60 U/kg"}}),
    "few patients": ("counted", {"told": {"frequency": "1/2"}}),
    "another aspect": ("effect", {"told": {"direction": "decreased", "aspect": "expression"}}),
    "denied for one sex, claimed for the other": ("sign", {"negated": True, "told": {"sex": "MALE"}}),
    "an obsolete id": ("mapping", {"object": "OMIM:3"}),
    "another vocabulary": ("mapping", {"object": "ORPHA:1"}),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_does_not_speak_against_it_is_no_conflict(tmp_path: Path, name: str) -> None:
    which, change = HARMLESS[name]
    given = facts()
    if name.startswith("denied"):
        given = dict(zip(given, edited(which, given, told={"sex": "FEMALE"}), strict=True))
    write(tmp_path, given.values())
    write(tmp_path, edited(which, facts("copy"), **change))
    with Store(tmp_path) as store:
        assert list(conflicts(store)) == []


def test_a_claim_that_meets_both_sides_is_on_neither(tmp_path: Path) -> None:
    """Seen in few men and in most women: no conflict, though a claim about all lies between them."""
    said = [("1/30", "MALE"), ("29/30", "FEMALE"), ("15/30", "")]
    facts = [
        Relation("MONDO:1", HAS, "HP:1", Origin("own", "1", sex), False, tuple(sorted(told.items())))
        for told, sex in [({"frequency": n, **({"sex": sex} if sex else {})}, sex) for n, sex in said]
    ]
    write(tmp_path, [Release("own", "1", "CC0", "00"), *facts])
    with Store(tmp_path) as store:
        assert list(conflicts(store)) == []


def test_a_symmetric_relation_is_held_against_its_opposite_either_way(tmp_path: Path) -> None:
    at = Origin("own", "1", "r")
    one = Relation("HP:1", "biolink:correlated_with", "HP:2", at)
    other = Relation("HP:2", "biolink:negatively_correlated_with", "HP:1", at)
    write(tmp_path, [Release("own", "1", "CC0", "00"), one, other])
    with Store(tmp_path) as store:
        (found,) = conflicts(store)
    assert (found.kind, found.one[0].object, found.other[0].object) == ("opposite", "HP:2", "HP:1")


def test_many_conflicts_come_as_a_stream(tmp_path: Path) -> None:
    at = Origin("own", "1", "r")
    said = [
        Relation(f"OMIM:{n:04}", HAS, "HP:1", at, bool(side)) for n in range(500) for side in (0, 1)
    ]  # fmt: skip
    write(tmp_path, [Release("own", "1", "CC0", "00"), *said])
    with Store(tmp_path) as store:
        stream = conflicts(store)
        assert [next(stream).subject for _ in range(3)] == ["OMIM:0000", "OMIM:0001", "OMIM:0002"]
        assert sum(1 for _ in stream) == 497


def test_what_there_is_not_is_said(tmp_path: Path) -> None:
    write(tmp_path, facts().values())
    with Store(tmp_path) as store:
        with pytest.raises(UnknownName, match="X:404"):
            conflicts(store, "X:404")
        with pytest.raises(BadPlan, match="negation, opposite"):
            conflicts(store, kinds=["quarrel"])


def test_what_one_says_of_a_thing_another_denies_under_its_other_ids(tmp_path: Path) -> None:
    at, release = Origin("other", "1", "r"), Release("other", "1", "CC0", "other")
    denial = Relation("RXCUI:1", TREATS, "OMIM:1", at, negated=True)
    turned = Relation("RXCUI:1", "biolink:contraindicated_in", "OMIM:1", at)
    write(tmp_path, facts().values())
    write(tmp_path, [release, denial, turned, replace(denial, object="OMIM:2")])
    with Store(tmp_path) as store:
        assert store.same("OMIM:1") == store.same("MONDO:1") and store.same("OMIM:2") == ("OMIM:2",)
        found = list(conflicts(store, kinds=["negation", "opposite"]))
        assert [(one.kind, one.object, parties(one)) for one in found] == [
            ("negation", "MONDO:1", (("own@1",), ("other@1",))),
            ("opposite", "OMIM:1", (("other@1",), ("own@1",))),
        ]
        for id in ("RXCUI:1", "OMIM:1", "MONDO:1"):
            assert {one.kind for one in conflicts(store, id, ["negation", "opposite"])} == {"negation", "opposite"}
        assert list(conflicts(store, "OMIM:2", ["negation"])) == []
