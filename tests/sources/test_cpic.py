"""CPIC's pairs, recommendations, guidelines, frequencies."""

from dataclasses import replace
from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, passages, read, refused
from source_contract import check_contract

from probatum.types import Relation

F = Facts("cpic")
GENE, DRUG = "cpic:gene/CYP2C19", "RXCUI:32968"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    said = {
        "aspect": "response", "clinpgx_level": "1A", "guideline": "CYP2C19 and Clopidogrel",
        "original_predicate": "pair", "pgx_testing": "Actionable PGx",
    }  # fmt: skip
    claim = replace(
        F.claim(GENE, "affects", DRUG, "", **said), origin=F.origin("pair/1", "PMID:21716271", evidence="A")
    )
    pinned = [F.concept(GENE, "CYP2C19", "Gene"), F.concept(DRUG, "clopidogrel", "Drug"), claim]
    check_contract("cpic", tiny / "sources/cpic", pinned, tmp_path)


def test_a_recommendation_has_its_strength_and_for_whom(tiny: Path) -> None:
    facts = read("cpic", tiny / "sources/cpic")
    advice = claim_of(facts, "cpic:phenotype/CYP2C19_Poor_Metabolizer", "biolink:affects", DRUG)
    assert (advice.qualifier("strength"), advice.origin.evidence) == ("Strong", "Strong")
    assert advice.qualifier("population") == "CVI ACS PCI" and not advice.qualifier("grade")
    whole = passages(facts)["cpic:recommendation/9"]
    assert whole.text.splitlines()[0] == "Choose another drug." and whole.about == (DRUG, GENE)
    assert claim_of(facts, "PHARMGKB:PA166251443", "biolink:associated_with", DRUG)
    often = claim_of(facts, "cpic:allele/CYP2C19*2", "biolink:has_attribute", "cpic:people/East_Asian")
    assert (often.qualifier("frequency"), often.qualifier("subjects")) == ("0.28", "100")
    assert claim_of(facts, "cpic:gene/CES1", "biolink:affects", DRUG).qualifier("status") == "provisional"
    assert refused(facts) == [("pair.json", 3), ("pair.json", 3)]


@pytest.mark.shared
def test_the_recorded_answers(shared: Path) -> None:
    facts = read("cpic", shared / "api-captures/cpic")
    assert not refused(facts) and len(passages(facts)) == 50
    strengths = {each.origin.evidence for each in facts if isinstance(each, Relation) and each.qualifier("strength")}
    assert strengths == {"Strong", "Moderate", "Optional", "No Recommendation"}
    pair = claim_of(facts, GENE, "biolink:affects", DRUG)
    assert pair.origin.evidence == "A" and "PMID:35034351" in pair.origin.references
