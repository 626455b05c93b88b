"""Mondo: ontology, KGX, SSSOM."""

from collections import Counter
from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, claims, concepts, read, refused
from source_contract import check_contract

from probatum.types import Concept, Fact, Name, Passage, Relation

F = Facts("mondo")
GAUCHER, FIRST, FABRY = "MONDO:0018150", "MONDO:0009265", "MONDO:0010526"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    at = F.origin(f"{GAUCHER}#definition", "ORPHA:355")
    names = (Name("Gaucher's disease", scope="exact"),)
    pinned: list[Fact] = [
        Concept(GAUCHER, "Gaucher disease", "Disease", F.origin(GAUCHER), names, xrefs=("DOID:1926",)),
        Passage(at.at, "A lysosomal storage disease.", "Gaucher disease", "en", at, "definition", (GAUCHER,)),
        F.concept(FIRST, "Gaucher disease type I", "Disease"),
        F.claim(FIRST, "subclass_of", GAUCHER, f"{FIRST} is_a {GAUCHER}"),
    ]
    check_contract("mondo", tiny / "sources/mondo", pinned, tmp_path)


def test_mappings_and_edges_say_on_what_they_rest(tiny: Path) -> None:
    facts = read("mondo", tiny / "sources/mondo")
    exact = claim_of(facts, GAUCHER, "skos:exactMatch", "MESH:D005776")
    assert exact.qualifiers == (("mapping_justification", "semapv:ManualMappingCuration"),)
    computed = claim_of(facts, FABRY, "skos:exactMatch", "MESH:D000795")
    assert computed.qualifier("confidence") == "0.9" and computed.origin.reliability == "extracted"
    place = claim_of(facts, GAUCHER, "biolink:disease_has_location", "UBERON:0002106")
    assert place.qualifiers == (("original_predicate", "RO:0004026"), ("primary_source", "mondo.json"))
    assert concepts(facts)[FABRY].name == "Fabry disease"  # named by the mappings
    assert {xref for each in facts if getattr(each, "id", "") == GAUCHER for xref in each.xrefs} == {
        "DOID:1926", "GARD:0008233", "ORPHA:355",
    }  # fmt: skip
    assert (GAUCHER, "biolink:member_of", "mondo:gard_rare", False) in claims(facts)
    assert refused(facts) == [("mondo_exactmatch_mesh.sssom.tsv", 10)]


def test_a_term_that_mappings_call_obsolete_is(tiny: Path, tmp_path: Path) -> None:
    name = "mondo_exactmatch_mesh.sssom.tsv"
    text = (tiny / "sources/mondo" / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(text.replace("\tFabry disease\t", "\tobsolete Fabry disease\t"), encoding="utf-8")
    found = concepts(read("mondo", tmp_path))
    assert found[FABRY].obsolete and not found[GAUCHER].obsolete


@pytest.mark.parametrize("name", ["mondo_exactmatch_mesh.sssom.tsv", "mondo-rare_edges.tsv", "mondo.obo"])
def test_one_file_is_read_alone(tiny: Path, name: str) -> None:
    assert claims(read("mondo", tiny / "sources/mondo" / name))


@pytest.mark.shared
@pytest.mark.slow
def test_the_real_release(shared: Path) -> None:
    facts = read("mondo", shared / "mondo")
    kinds = Counter(each.predicate for each in facts if isinstance(each, Relation))
    assert kinds["skos:exactMatch"] == 66_270 and kinds["biolink:subclass_of"] == 28_842
    assert claim_of(facts, GAUCHER, "skos:exactMatch", "ORPHA:355")
    assert claim_of(facts, FABRY, "skos:exactMatch", "MESH:D000795")
    assert not refused(facts)
