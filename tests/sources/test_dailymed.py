"""DailyMed: labels by set id, products by NDC, substances by UNII, sections by LOINC."""

from __future__ import annotations

from pathlib import Path

from source_contract import check_contract

from probatum.sources.dailymed import dailymed
from probatum.types import Concept, Malformed, Name, Origin, Passage, Relation

FABRY, WARFARIN = (f"00000000-0000-4000-8000-0000000000b{number}" for number in (2, 1))


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    at = Origin("dailymed", "", f"{FABRY} version 3")
    pinned = [
        Concept(f"SPL:{FABRY}", "Fabrazyme", "Drug", at, (Name("agalsidase beta", "en", "exact"),)),
        Concept("NDC:00000-0040", "Fabrazyme", "Drug", at, (Name("agalsidase beta", "en", "broad"),)),
        Relation(f"SPL:{FABRY}", "biolink:has_part", "NDC:00000-0040", at, qualifiers=(("aspect", "product"),)),
        Concept("UNII:RZD65TSM9U", "AGALSIDASE BETA", "ChemicalEntity", Origin("dailymed", "", "UNII:RZD65TSM9U")),
        Relation(
            "NDC:00000-0040",
            "biolink:has_active_ingredient",
            "UNII:RZD65TSM9U",
            at,
            qualifiers=(("dose", "35 mg / 7 mL"),),
        ),
    ]
    check_contract("dailymed", tiny / "sources/dailymed", pinned, tmp_path)


def test_sections_bear_name_code_date_and_address(tiny: Path) -> None:
    found = {fact.id: fact for fact in dailymed(tiny / "sources/dailymed") if isinstance(fact, Passage)}
    boxed = found[f"dailymed:{WARFARIN}#boxed_warning"]
    address = f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={WARFARIN}"
    assert boxed.qualifiers == (
        ("comment", "HUMAN PRESCRIPTION DRUG LABEL"),
        ("jurisdiction", "US"),
        ("section", "boxed_warning"),
        ("section_code", "LNC:34066-1"),
        ("url", address),
        ("valid_from", "2024-01-15"),
    )
    assert boxed.origin.at == f"{address}#00000000-0000-4000-8000-0000000000c1"
    within = found[f"dailymed:{WARFARIN}#drug_interactions"]
    assert within.title == "Coumadin: 7 DRUG INTERACTIONS: 7.1 CYP450"


def test_products_substances_forms_and_routes(tiny: Path) -> None:
    said = {
        (fact.subject, fact.predicate.partition(":")[2], fact.object): fact
        for fact in dailymed(tiny / "sources/dailymed")
        if isinstance(fact, Relation)
    }
    product = "NDC:00000-0170"
    assert said[product, "has_active_ingredient", "UNII:6153CWM0CL"].qualifier("dose") == "5 mg / 1"
    assert (product, "has_ingredient", "UNII:O8232NY3SJ") in said
    assert ("UNII:6153CWM0CL", "has_part", "UNII:5Q7ZVV76EI") in said
    assert said[product, "has_attribute", "NCIT:C42998"].qualifier("aspect") == "dose_form"
    assert said[product, "has_attribute", "NCIT:C38288"].qualifier("aspect") == "route"
    belongs = said[f"SPL:{WARFARIN}", "has_part", product]
    assert (belongs.qualifier("status"), belongs.qualifier("valid_from")) == ("NDA009218", "1954-06-01")


def test_the_highest_version_of_a_label_counts(tiny: Path, tmp_path: Path) -> None:
    text = (tiny / "sources/dailymed/fabrazyme.xml").read_text(encoding="utf-8")
    for name, version in (("a", "2"), ("b", "11"), ("c", "3")):
        (tmp_path / f"{name}.xml").write_text(text.replace('value="3"', f'value="{version}"'), encoding="utf-8")
    (tmp_path / "d.xml").write_bytes(b"<broken")
    facts = list(dailymed(tmp_path))
    assert {fact.origin.at for fact in facts if isinstance(fact, Concept) and fact.kind == "Drug"} == {
        f"{FABRY} version 11"
    }
    bad = [fact for fact in facts if isinstance(fact, Malformed)]
    assert sorted((fact.path, fact.line) for fact in bad) == [("a.xml", 0), ("c.xml", 0), ("d.xml", 1)]
