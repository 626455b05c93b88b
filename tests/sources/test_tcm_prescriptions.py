"""Tables of prescriptions."""

from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, claims, read, refused
from source_contract import check_contract

from probatum.errors import BadFormat

F = Facts("tcm_prescriptions", "zh")
CASE, ROOT = "tcm_prescriptions:处方_17", "tcm_prescriptions:黄芪"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    pinned = [
        F.concept(CASE, "处方 17", "MolecularMixture"),
        F.concept(ROOT, "黄芪", "Drug"),
        F.claim(CASE, "has_ingredient", ROOT, f"{CASE} 组成 {ROOT}", dose="15g", original_predicate="组成"),
    ]
    check_contract("tcm_prescriptions", tiny / "sources/tcm_prescriptions", pinned, tmp_path)


def test_doses_preparation_and_books_are_data(tiny: Path) -> None:
    facts = read("tcm_prescriptions", tiny / "sources/tcm_prescriptions")
    formula, licorice = "tcm_prescriptions:桂枝汤", "tcm_prescriptions:甘草"
    assert claim_of(facts, formula, "biolink:has_ingredient", licorice).qualifiers == (
        ("comment", "炙"), ("dose", "二两"), ("original_predicate", "组成"), ("primary_source", "伤寒论"),
    )  # fmt: skip
    other = claim_of(facts, "tcm_prescriptions:四君子汤", "biolink:has_ingredient", licorice)
    assert other.qualifier("dose") == "6g"  # from the cell of doses
    syndrome = claim_of(facts, formula, "biolink:applied_to_treat", "tcm_prescriptions:营卫不和")
    assert syndrome.qualifier("original_predicate") == "证候" and syndrome.qualifier("comment") == "水煎服"
    assert (formula, "biolink:has_attribute", "tcm_prescriptions:调和营卫", False) in claims(facts)
    assert (CASE, "biolink:applied_to_treat", "tcm_prescriptions:乏力", False) in claims(facts)
    assert refused(facts) == [("cases.jsonl", 2), ("formulas.csv", 4)]


def test_a_table_without_herbs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("方名,出处\n桂枝汤,伤寒论\n", encoding="utf-8")
    with pytest.raises(BadFormat, match="a column of herbs"):
        read("tcm_prescriptions", tmp_path)
