"""ChatDoctor's three disease tables."""

from pathlib import Path

import pytest
from graph_facts import Facts, claims, concepts, passages, read, refused
from source_contract import check_contract

from probatum.errors import BadFormat

F = Facts("chatdoctor_diseases", reliability="extracted")
FABRY, FEET = "chatdoctor_diseases:Fabry_disease", "chatdoctor_diseases:Burning_feet"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    pinned = [
        F.concept(FABRY, "Fabry disease", "Disease"),
        F.concept(FEET, "Burning feet", "PhenotypicFeature"),
        F.claim(FABRY, "has_phenotype", FEET, f"{FABRY} Symptom {FEET}", original_predicate="Symptom"),
    ]
    check_contract("chatdoctor_diseases", tiny / "sources/chatdoctor_diseases", pinned, tmp_path)


def test_lists_become_claims_no_stronger_than_the_table(tiny: Path) -> None:
    facts = read("chatdoctor_diseases", tiny / "sources/chatdoctor_diseases")
    drug = "chatdoctor_diseases:Agalsidase_beta_(Fabrazyme)"
    assert (drug, "biolink:treats_or_applied_or_studied_to_treat", FABRY, False) in claims(facts)
    assert [name.text for name in concepts(facts)[drug].names] == ["Agalsidase beta", "Fabrazyme"]
    assert (FABRY, "biolink:has_phenotype", "chatdoctor_diseases:Patient's_fatigue", False) in claims(facts)
    assert not {predicate for _, predicate, _, _ in claims(facts)} & {"biolink:treats", "biolink:diagnoses"}
    assert "vessels – kidneys" in passages(facts)[f"{FABRY}#definition"].text
    assert refused(facts) == [("disease_database_mini.csv", 3), ("disease_symptom.csv", 3), ("format_dataset.csv", 3)]


def test_another_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("disease,Symptoms\n", encoding="utf-8")
    with pytest.raises(BadFormat, match="disease,Symptom or"):
        read("chatdoctor_diseases", tmp_path)
