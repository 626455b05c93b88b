"""ICD-10-CM: the tabular list and the order file."""

from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, claims, concepts, passages, read, refused
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.types import Fact, Name, Passage

F = Facts("icd10cm")
GAUCHER, BLOCK, CATEGORY = "ICD10CM:E75.22", "ICD10CM:E70-E88", "ICD10CM:E75"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    chapter, title = "icd10cm:chapter/4", "Endocrine, nutritional and metabolic diseases (E00-E89)"
    at = F.origin(f"{chapter}#notes")
    note = "Excludes1: disorders of the newborn (P70-P74)"
    pinned: list[Fact] = [
        F.concept(chapter, title, "OntologyClass"),
        Passage(at.at, note, title, "en", at, "definition", (chapter,), (("section", "notes"),)),
        F.concept(BLOCK, "Metabolic disorders (E70-E88)", "OntologyClass"),
        F.claim(BLOCK, "subclass_of", chapter, f"{BLOCK} {chapter}"),
    ]
    check_contract("icd10cm", tiny / "sources/icd10cm", pinned, tmp_path)


def test_notes_are_claims_about_the_codes_that_they_name(tiny: Path) -> None:
    facts = read("icd10cm", tiny / "sources/icd10cm/icd10cm_tabular_2026.xml")
    told = claims(facts)
    assert ("ICD10CM:G60.1", "biolink:subclass_of", CATEGORY, True) in told  # excludes1
    assert ("ICD10CM:E71.52", "biolink:subclass_of", "ICD10CM:E75.2", True) in told  # excludes2
    assert ("ICD10CM:E85", "biolink:manifestation_of", "ICD10CM:C85.9", False) in told  # codeFirst
    more = claim_of(facts, CATEGORY, "biolink:coexists_with", "ICD10CM:Z16.1")
    assert more.qualifiers == (
        ("comment", "code for associated intellectual disability (F70-F79, Z16.1)"),
        ("original_predicate", "useAdditionalCode"),
    )
    assert not any("F70" in end for claim in told for end in (claim[0], claim[2]))  # a range stays in the passage
    assert "types I to III (E77.0-E77.1)" in passages(facts)[f"{CATEGORY}#notes"].text
    (name,) = concepts(facts)[GAUCHER].names
    assert name == Name("Deficiency of the enzyme that breaks glucocerebroside", "en", "narrow", "inclusionTerm")
    assert {("ICD10CM:E75.21", "ICD10CM:E75.2"), ("ICD10CM:E75.2", CATEGORY), (CATEGORY, BLOCK)} <= {
        (subject, object) for subject, _, object, negated in told if not negated
    }
    assert [line for _, line in refused(facts)] == [23, 29]


def test_the_order_file_says_what_may_be_billed(tiny: Path) -> None:
    facts = read("icd10cm", tiny / "sources/icd10cm/icd10cm_order_2026.txt")
    assert claims(facts) == {
        ("ICD10CM:E75.2", "biolink:subclass_of", CATEGORY, False),
        (GAUCHER, "biolink:subclass_of", "ICD10CM:E75.2", False),
        (GAUCHER, "biolink:member_of", "icd10cm:billable", False),
    }
    assert concepts(facts)[CATEGORY].names[0].kind == "short_title"
    assert refused(facts) == [("icd10cm_order_2026.txt", 4)]


@pytest.mark.parametrize(
    "text",
    [
        "<other/>",
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><ICD10CM.tabular><chapter><name>&a;</name></chapter></ICD10CM.tabular>',
        "<ICD10CM.tabular><chapter><name>1</name>",
    ],
)
def test_other_or_hostile_xml_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "tabular.xml").write_text(text, encoding="utf-8")
    with pytest.raises(BadFormat):
        read("icd10cm", tmp_path)
