"""LabeledIn: labelled indications, each on the word of its label."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from source_contract import check_contract

from probatum.errors import NeedsFile
from probatum.sources.labeledin import labeledin
from probatum.types import Concept, Malformed, Name, Origin, Passage, Relation

SET = "00000000-0000-4000-8000-00000000000"


def origin(at: str, evidence: str = "expert annotation") -> Origin:
    return Origin("labeledin", "2014-09-04", at, evidence)


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    here, drug = f"SPL:{SET}1", "RXCUI:641525"
    indicated = (("jurisdiction", "US"), ("original_predicate", "indication"))
    pinned = [
        Relation(here, "biolink:has_active_ingredient", drug, origin(f"{SET}1")),
        Relation(here, "biolink:has_part", "RXCUI:755829", origin(f"{SET}1"), qualifiers=(("aspect", "product"),)),
        Relation(drug, "biolink:treats", "UMLS:C0017205", origin(f"{SET}1"), qualifiers=indicated),
    ]
    check_contract("labeledin", tiny / "sources/labeledin", pinned, tmp_path)


def test_texts_and_names(tiny: Path) -> None:
    facts = list(labeledin(tiny / "sources/labeledin"))
    passage = next(fact for fact in facts if isinstance(fact, Passage))
    assert passage.about == (f"SPL:{SET}1", "RXCUI:641525", "UMLS:C0017205")
    assert passage.origin == origin(f"{SET}1#indications", "")
    names = {fact.id: (fact.name, fact.names) for fact in facts if isinstance(fact, Concept)}
    assert names["UMLS:C0017205"] == ("Gaucher disease", ())
    assert names["UMLS:C0034065"] == ("Clots in the lung", ())
    assert len(names) == 5


def test_rows_alone_and_a_folder_without_rows(tiny: Path, tmp_path: Path) -> None:
    facts = list(labeledin(tiny / "sources/labeledin/LabeledIn_Structured_Results.txt"))
    assert not any(isinstance(fact, Passage) for fact in facts)
    assert {fact.name for fact in facts if isinstance(fact, Concept)} == {
        f"UMLS:{cui}" for cui in ("C0017205", "C0149871", "C0034065", "C0015967", "C0030193")
    }
    (tmp_path / "other.txt").write_text("x", encoding="utf-8")
    with pytest.raises(NeedsFile, match="Structured"):
        list(labeledin(tmp_path))


@pytest.mark.shared
def test_the_whole_release(shared: Path) -> None:
    counts: Counter[str] = Counter()
    treats: set[tuple[str, str]] = set()
    synonyms: set[Name] = set()
    for fact in labeledin(shared / "labeledin"):
        counts[type(fact).__name__] += 1
        if isinstance(fact, Relation) and fact.predicate == "biolink:treats":
            treats.add((fact.subject, fact.object))
        if isinstance(fact, Malformed):
            counts[fact.reason] += 1
        if isinstance(fact, Concept):
            synonyms.update(fact.names)
    assert counts["Passage"] == 500 and counts["Malformed"] == counts["'C000296' is no UMLS id"] == 1, counts
    # 1,335 pairs as others count them too (thinklab.com/discussion/46), one of them with the broken id
    assert len(treats) == 1334
    assert ("RXCUI:11289", "UMLS:C0004238") in treats and synonyms
