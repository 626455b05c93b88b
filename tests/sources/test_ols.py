"""Answers of OLS4 and of the HPO's search."""

from pathlib import Path

import pytest
from graph_facts import Facts, concepts, read, refused
from source_contract import check_contract

from probatum.types import Malformed, Name, Passage

F = Facts("ols")


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    warm = "A body that is a little too warm."
    names = Name("Slightly raised temperature", "en", "exact"), Name("Fiebre pequena", "es", "label")
    pinned = [
        F.concept("HP:0099999", "Tiny fever", "PhenotypicFeature", *names, xrefs=("UMLS:C9999999",)),
        Passage("HP:0099999#ols", warm, "Tiny fever", "en", F.origin("HP:0099999"), "definition", ("HP:0099999",)),
        Malformed("hpo.json", 3, "a term with an id and a name was expected", "{'id': 'HP:0099998'}"),
        F.concept("MONDO:0000001", "tiny fever", "Disease", Name("little fever", "en", "exact")),
    ]
    check_contract("ols", tiny / "sources/ols", pinned, tmp_path)
    found = concepts(read("ols", tiny / "sources/ols"))
    assert found["MESH:D099999"].kind == "OntologyClass"  # the vocabulary does not tell what its terms are


def test_another_answer_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"error": "gone"}', encoding="utf-8")
    (tmp_path / "y.json").write_text('{"response": {"docs": [], "numFound": 0}}', encoding="utf-8")
    assert refused(read("ols", tmp_path)) == [("x.json", 1)]


@pytest.mark.shared
def test_the_recorded_answers(shared: Path) -> None:
    found = concepts(read("ols", shared / "api-captures/ols4"))
    assert len(found) == 10 and found["MONDO:0005148"].kind == "Disease"
    assert "T2DM" in {name.text for name in found["MONDO:0005148"].names}
    # this answer was cut down to its ids when it was recorded
    assert len(refused(read("ols", shared / "api-captures/hpo"))) == 10
