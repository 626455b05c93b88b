"""Two releases, or two stores, are compared by what is known, not by where it stands or when it was loaded."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from probatum.errors import StoreRefused
from probatum.store.diff import FIRST, diff
from probatum.store.writer import write
from probatum.types import Concept, Fact, Name, Origin, Passage, Relation, Release


def facts(version: str, *, frequency: str = "1/2", extra: int = 0) -> list[Fact]:
    at = Origin("made", version, f"line of {version}", "PCS", ("PMID:1",))
    cough = Concept("HP:2", "Cough", "PhenotypicFeature", at, (Name("Husten", "de"),))
    seen = Relation("OMIM:1", "biolink:has_phenotype", "HP:2", at, False, (("frequency", frequency),))
    text = Passage("p1", "A sudden expulsion of air.", "Cough", "en", at, "definition", ("HP:2",))
    more = [replace(cough, id=f"HP:3{n:04}", name=f"More {n}") for n in range(extra)]
    return [Release("made", version, "CC0", version), cough, seen, text, *more]


def changes(folder: Path, old: str, new: str) -> dict[str, object]:
    found = asdict(diff(folder, old, new))
    return {name: value for name, value in found.items() if value not in (0, (), old, new)}


def test_a_release_that_says_the_same_is_no_difference(tmp_path: Path) -> None:
    for version in ("1", "2"):
        write(tmp_path, facts(version))
    assert changes(tmp_path, "made@1", "made@2") == {}


def test_each_kind_of_difference_is_counted_and_named(tmp_path: Path) -> None:
    write(tmp_path, facts("1"))
    cough, seen, text = facts("2", frequency="2/3")[1:]
    at = cough.origin
    denied = replace(seen, negated=True)
    renamed = replace(cough, names=(Name("Tussis", "la"),))
    fever = Concept("HP:1", "Fever", "PhenotypicFeature", at)
    write(tmp_path, [Release("made", "2", "CC0", "2"), renamed, fever, seen, denied, replace(text, id="p0")])
    assert changes(tmp_path, "made@1", "made@2") == {
        "concepts_added": 1, "concepts_changed": 1, "relations_added": 1, "relations_changed": 1,
        "passages_added": 1, "passages_removed": 1,
        "first": (
            "+ concept HP:1 Fever", "~ concept HP:2 Cough",
            "~ relation OMIM:1 biolink:has_phenotype HP:2", "+ relation OMIM:1 not biolink:has_phenotype HP:2",
            "+ passage p0 Cough", "- passage p1 Cough",
        ),
    }  # fmt: skip
    back = changes(tmp_path, "made@2", "made@1")
    assert (back["concepts_removed"], back["passages_added"], back["relations_removed"]) == (1, 1, 1)


def test_two_stores_are_compared_and_long_lists_cut(tmp_path: Path) -> None:
    write(tmp_path / "a", facts("1"))
    write(tmp_path / "b", facts("1", extra=40))
    found = diff(tmp_path / "nowhere", str(tmp_path / "a"), str(tmp_path / "b"))
    assert found.concepts_added == 40 and len(found.first) == FIRST
    assert found.relations_changed == found.passages_changed == found.concepts_removed == 0


def test_one_claim_more_is_a_change(tmp_path: Path) -> None:
    write(tmp_path, facts("1"))
    write(tmp_path, [*facts("2"), facts("2")[2]])
    assert changes(tmp_path, "made@1", "made@2") == {
        "relations_changed": 1, "first": ("~ relation OMIM:1 biolink:has_phenotype HP:2",),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["made@3", "made", "other@1", ""])
def test_a_release_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, facts("1"))
    with pytest.raises(StoreRefused, match="kb releases"):
        diff(tmp_path, "made@1", name)
