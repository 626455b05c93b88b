"""Ids of one thing come together by mappings alone: inspectable, reversible, and never two of one vocabulary."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import StoreDamaged
from probatum.store.clusters import FILE, Clusters
from probatum.store.joining import clusters_of
from probatum.store.reader import Store
from probatum.store.writer import withdraw, write
from probatum.types import Concept, Fact, Origin, Relation, Release

EXACT = "skos:exactMatch"
MANUAL = (("mapping_justification", "semapv:ManualMappingCuration"),)


def concept(id: str, *xrefs: str, source: str = "own", kind: str = "Disease", **more: tuple[str, ...]) -> Concept:
    return Concept(id, id, kind, Origin(source, "1", id), xrefs=xrefs, **more)


def mapping(
    a: str, b: str, *said: tuple[str, str], what: str = EXACT, negated: bool = False, reliability: str = "curated"
) -> Relation:
    origin = Origin("maps", "1", f"{a} {b}", reliability=reliability)
    return Relation(a, what, b, origin, negated, said or MANUAL)


def held(folder: Path, *facts: Fact) -> Store:
    own = [fact for fact in facts if isinstance(fact, Concept)]
    maps = [fact for fact in facts if isinstance(fact, Relation)]
    write(folder, [Release("own", "1", "CC0", "0" * 64), *own])
    write(folder, [Release("maps", "1", "CC0", "1" * 64), *maps])
    return Store(folder)


FABRY = (
    concept("MONDO:1"),
    concept("ORPHA:1", "UMLS:C1", "OMIM:1"),
    concept("DOID:1", "UMLS:C1", "ICD10CM:E75.2"),
    mapping("MONDO:1", "OMIM:1"),
    mapping("MONDO:1", "ORPHA:1"),
)


def test_mappings_and_trusted_cross_references_join_and_each_link_names_its_witness(tmp_path: Path) -> None:
    with held(tmp_path, *FABRY) as store:
        found = clusters_of(store)
        assert found.same("OMIM:1") == ("MONDO:1", "DOID:1", "OMIM:1", "ORPHA:1", "UMLS:C1")
        assert found.same("ICD10CM:E75.2") == ("ICD10CM:E75.2",)  # a heading that no policy trusts
        cluster = found.cluster("DOID:1")
        links = {(link.a, link.b): link for link in cluster.links}
        assert cluster.whole == "MONDO:1" and not any(link.why for link in cluster.links)
        assert links["MONDO:1", "OMIM:1"].weight == 0.95
        (witness,) = links["OMIM:1", "ORPHA:1"].witnesses
        assert (witness.source, witness.what, witness.at, witness.weight) == ("own", "xref", "ORPHA:1", 0.6)


def test_an_obsolete_id_does_not_speak_for_the_living(tmp_path: Path) -> None:
    gone = Concept("MONDO:9", "obsolete fever", "Disease", Origin("own", "1", "MONDO:9"), obsolete=True)
    facts = (gone, concept("DOID:9"), concept("ORPHA:9"), mapping("MONDO:9", "DOID:9"), mapping("MONDO:9", "ORPHA:9"))
    with held(tmp_path, *facts) as store:
        assert clusters_of(store).same("DOID:9") == ("ORPHA:9", "DOID:9", "MONDO:9")
        assert store.same("MONDO:9")[0] == "ORPHA:9"


def test_equal_names_join_nothing(tmp_path: Path) -> None:
    one, two = (Concept(id, "Fabry disease", "Disease", Origin("own", "1", id)) for id in ("MONDO:1", "ORPHA:9"))
    with held(tmp_path, one, two) as store:
        assert clusters_of(store).same("MONDO:1") == ("MONDO:1",)


def test_withdrawing_the_mappings_undoes_what_they_joined(tmp_path: Path) -> None:
    with held(tmp_path, *FABRY) as store:
        assert len(clusters_of(store).same("MONDO:1")) == 5
    withdraw(tmp_path, "maps")
    with Store(tmp_path) as store:
        assert clusters_of(store).same("MONDO:1") == ("MONDO:1",)
        assert clusters_of(store).same("ORPHA:1") == ("ORPHA:1", "DOID:1", "OMIM:1", "UMLS:C1")


def test_two_of_one_vocabulary_stay_apart_and_the_weaker_link_is_left_out(tmp_path: Path) -> None:
    weak = mapping("MONDO:2", "OMIM:1", ("confidence", "0.7"), ("mapping_justification", "semapv:LogicalReasoning"))
    with held(tmp_path, *FABRY, concept("MONDO:2"), weak) as store:
        found = clusters_of(store)
        assert found.same("MONDO:2") == ("MONDO:2",)
        (left,) = found.conflicts()
        assert (left.a, left.b, left.why) == ("MONDO:2", "OMIM:1", "would make MONDO:1 and MONDO:2 one")
        assert left in found.cluster("OMIM:1").links and left in found.cluster("MONDO:2").links


def test_cross_references_that_are_not_one_to_one_say_nothing(tmp_path: Path) -> None:
    doubled = [concept("DOID:1", "UMLS:C1"), concept("DOID:2", "UMLS:C1", "MESH:D1", "MESH:D2")]
    with held(tmp_path, *doubled) as store:
        found = clusters_of(store)
        assert [found.same(id) for id in ("DOID:1", "DOID:2")] == [("DOID:1",), ("DOID:2",)]
        left = sorted((f"{link.a} {link.b}", link.why[:11]) for link in found.conflicts())
        assert left == [
            ("DOID:1 UMLS:C1", "several con"), ("DOID:2 MESH:D1", "the concept"), ("DOID:2 MESH:D2", "the concept"),
            ("DOID:2 UMLS:C1", "several con"),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("against", "why"),
    [
        (mapping("MONDO:1", "ORPHA:1", negated=True), "a source denies it: maps"),
        (mapping("MONDO:1", "ORPHA:1", what="skos:broadMatch"), "maps says skos:broadMatch"),
    ],
)
def test_what_a_source_denies_is_not_joined(tmp_path: Path, against: Relation, why: str) -> None:
    with held(tmp_path, concept("MONDO:1"), mapping("MONDO:1", "ORPHA:1"), against) as store:
        assert clusters_of(store).same("MONDO:1") == ("MONDO:1",)
        assert [link.why for link in clusters_of(store).conflicts()] == [why]


def test_a_models_word_alone_joins_nothing_and_two_weak_sources_do(tmp_path: Path) -> None:
    generated = mapping("MONDO:1", "ORPHA:1", reliability="generated")
    lexical = mapping(
        "MONDO:3", "ORPHA:3", ("mapping_justification", "semapv:LexicalMatching"), reliability="extracted"
    )
    second = Relation(
        "MONDO:3", EXACT, "ORPHA:3", Origin("more", "1", "x", reliability="extracted"), False, lexical.qualifiers
    )
    with held(tmp_path, generated, lexical) as store:
        assert {link.why for link in clusters_of(store).conflicts()} == {"too weak"}
    write(tmp_path, [Release("more", "1", "CC0", "2" * 64), second])
    with Store(tmp_path) as store:
        assert clusters_of(store).same("ORPHA:3") == ("MONDO:3", "ORPHA:3")
        assert clusters_of(store).cluster("MONDO:3").links[0].weight == pytest.approx(1 - (1 - 0.35) ** 2)


def test_kinds_that_differ_are_kept_apart(tmp_path: Path) -> None:
    facts = [concept("HP:1", "UMLS:C1", kind="PhenotypicFeature"), concept("MONDO:1"), mapping("MONDO:1", "UMLS:C1")]
    with held(tmp_path, *facts) as store:
        assert clusters_of(store).same("MONDO:1") == ("MONDO:1", "UMLS:C1")
        assert [link.why for link in clusters_of(store).conflicts()] == ["would make one of things of different kinds"]


def test_former_ids_are_followed_where_they_lead_to_one(tmp_path: Path) -> None:
    old = Concept("MONDO:8", "old", "Disease", Origin("own", "1", "MONDO:8"), replaced_by=("MONDO:1",), obsolete=True)
    split = Concept(
        "MONDO:9", "split", "Disease", Origin("own", "1", "MONDO:9"), replaced_by=("MONDO:1", "MONDO:2"), obsolete=True
    )
    facts = (
        concept("MONDO:1", alternatives=("MONDO:7",)),
        concept("MONDO:2"),
        old,
        split,
        mapping("MONDO:8", "ORPHA:1"),
    )
    with held(tmp_path, *facts) as store:
        found = clusters_of(store)
        assert found.same("ORPHA:1") == ("MONDO:1", "ORPHA:1", "MONDO:7", "MONDO:8")
        assert found.same("MONDO:8") == found.same("MONDO:1") == found.same("MONDO:7")
        assert found.cluster("MONDO:7").former == ("MONDO:7", "MONDO:8")
        assert found.same("MONDO:9") == ("MONDO:9",)


def test_the_index_says_when_it_is_damaged(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    with pytest.raises(StoreDamaged, match="clusters cannot be read"):
        Clusters(tmp_path)
