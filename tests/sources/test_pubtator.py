"""PubTator 3's exports."""

from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, claims, concepts, read, refused
from source_contract import check_contract

from probatum.types import Malformed, Passage

F = Facts("pubtator", reliability="extracted")
PAPER, DRUG, FEVER, GENE = "PMID:3000001", "MESH:C900001", "MESH:D099999", "NCBIGene:999001"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    pinned = [
        Malformed("export.json", 0, "entry 1: another text stands at these offsets", "3 7 FOO1"),
        F.concept(PAPER, "Tinyfenib and the FOO1 gene.", "Publication"),
        F.concept(DRUG, "tinyfenib", "ChemicalEntity"),
        F.concept(GENE, "FOO1", "Gene"),
        F.concept(FEVER, "Fever, Tiny", "Disease"),
    ]
    check_contract("pubtator", tiny / "sources/pubtator", pinned, tmp_path)


def test_what_programs_read_is_extracted_and_scored(tiny: Path) -> None:
    facts = read("pubtator", tiny / "sources/pubtator")
    assert claims(facts) == {
        (PAPER, "biolink:mentions", DRUG, False),
        (PAPER, "biolink:mentions", GENE, False),
        (PAPER, "biolink:mentions", FEVER, False),
        (DRUG, "biolink:negatively_correlated_with", FEVER, False),
        (FEVER, "biolink:related_to", GENE, False),
    }
    claim = claim_of(facts, DRUG, "biolink:negatively_correlated_with", FEVER)
    assert claim.origin.reliability == "extracted" and claim.origin.references == (PAPER,)
    assert (claim.qualifier("score"), claim.qualifier("original_predicate")) == ("0.9876", "Negative_Correlation")
    (text,) = (each for each in facts if isinstance(each, Passage))
    assert text.about == (DRUG, GENE, FEVER) and text.text.startswith("Tinyfenib slows")


@pytest.mark.shared
def test_the_recorded_exports(shared: Path) -> None:
    facts = read("pubtator", shared / "api-captures/pubtator")
    found = concepts(facts)
    assert found["MESH:C560077"].name == "trametinib" and found["NCBIGene:672"].name == "BRCA1"
    assert ("MESH:C560077", "biolink:negatively_correlated_with", "dbSNP:rs113488022", False) in claims(facts)
    assert sum(isinstance(each, Passage) for each in facts) == 2 and not refused(facts)
