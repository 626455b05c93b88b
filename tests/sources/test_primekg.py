"""PrimeKG's kg.csv."""

from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, claims, concepts, read, refused
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.types import Relation

F = Facts("primekg")
DRUG, GAUCHER = "DRUGBANK:DB00053", "MONDO:0009265"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    more = {"original_predicate": "indication", "primary_source": "DrugBank|MONDO"}
    pinned = [
        F.concept(DRUG, "Imiglucerase", "Drug"),
        F.concept(GAUCHER, "Gaucher disease, type I", "Disease"),
        F.claim(DRUG, "treats", GAUCHER, f"indication {DRUG} {GAUCHER}", **more),
    ]
    check_contract("primekg", tiny / "sources/primekg", pinned, tmp_path)


def test_edges_are_turned_by_the_kinds_of_their_ends(tiny: Path) -> None:
    facts = read("primekg", tiny / "sources/primekg/kg.csv")
    group = "primekg:MONDO_grouped/18150_9266"
    assert claims(facts) == {
        (DRUG, "biolink:treats", GAUCHER, False),
        ("NCBIGene:2629", "biolink:gene_associated_with_condition", GAUCHER, False),
        (GAUCHER, "biolink:has_phenotype", "HP:0001744", False),
        (GAUCHER, "biolink:has_phenotype", "HP:0001083", True),
        (DRUG, "biolink:directly_physically_interacts_with", "NCBIGene:2629", False),
        (GAUCHER, "biolink:related_to", group, False),
    }
    both = [each for each in facts if isinstance(each, Relation) and each.predicate == "biolink:treats"]
    assert len(both) == 2 and both[0] == both[1]  # the file has each edge both ways; the store keeps it once
    assert claim_of(facts, GAUCHER, "biolink:related_to", group).qualifier("comment") == "parent-child"
    assert concepts(facts)[group].xrefs == ("MONDO:0018150", "MONDO:0009266")
    assert refused(facts) == [("kg.csv", 9)]


def test_another_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kg.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(BadFormat, match="the header relation,display_relation"):
        read("primekg", tmp_path)
