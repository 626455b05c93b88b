"""A table of triples of several sources."""

from pathlib import Path

from graph_facts import Facts, claim_of, concepts, read, refused
from source_contract import check_contract

F = Facts("lmkg")
DRUG, FABRY = "DRUGBANK:DB05018", "ORPHA:324"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    at = f"{DRUG} treats {FABRY}"
    pinned = [
        F.concept(DRUG, "migalastat", "Drug"),
        F.concept(FABRY, "Fabry disease", "Disease"),
        F.claim(DRUG, "treats", FABRY, at, "PMID:27509102", primary_source="DrugCentral", score="0.97"),
    ]
    check_contract("lmkg", tiny / "sources/lmkg", pinned, tmp_path)


def test_every_row_keeps_its_source_and_what_it_denies(tiny: Path) -> None:
    facts = read("lmkg", tiny / "sources/lmkg")
    assert {each.qualifier("primary_source") for each in facts if hasattr(each, "qualifier")} == {
        "DrugCentral", "HandMade", "Textbook", "CMeKG",
    }  # fmt: skip
    assert claim_of(facts, "DRUGBANK:DB00053", "biolink:treats", FABRY).negated
    assert (
        claim_of(facts, "lmkg:戈谢病", "biolink:has_phenotype", "lmkg:脾大").qualifier("original_predicate") == "症状"
    )
    told = concepts(facts)
    assert told["lmkg:戈谢病"].names[0].language == "zh" and told["lmkg:large_spleen"].kind == "PhenotypicFeature"
    assert refused(facts) == [("triples.csv", 7)]
