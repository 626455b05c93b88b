"""Monographs: fields by their headings, whatever the page calls them, each with the section that it stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.drugs_com_html import Field, monograph


def test_a_page_for_patients(tiny: Path) -> None:
    read = monograph((tiny / "sources/drugs_com/warfarin.html").read_bytes(), "warfarin.html")
    assert (read.title, read.address, read.generic) == ("Warfarin", "https://www.drugs.com/warfarin.html", "warfarin")
    assert read.brands == ("Coumadin", "Jantoven") and read.forms == ("oral tablet",)
    assert read.classes == ("Coumarins and indandiones",)
    assert (read.reviewer, read.reviewed) == ("A. N. Author, PharmD", "2024-06-03")
    assert [field.name for field in read.fields] == [
        "uses", "warnings", "before_taking", "dosage", "dosage", "missed_dose", "overdose", "avoid", "side_effects",
        "interactions", "pregnancy",
    ]  # fmt: skip
    assert read.fields[4] == Field(
        "dosage",
        "Usual dose for adults",
        "dosage",
        "The usual dose to begin with is 2 to 5 mg once a day.\nlater 2 to 10 mg once a day, after the INR",
    )


def test_lines_on_pregnancy_are_a_field_where_no_heading_is(tiny: Path) -> None:
    read = monograph((tiny / "sources/drugs_com/warfarin.html").read_bytes(), "warfarin.html")
    assert read.fields[-1] == Field(
        "pregnancy",
        "Before taking this medicine",
        "before-taking",
        "Warfarin harms an unborn baby; do not become pregnant while you take it.\nAsk before you breastfeed.",
    )


def test_a_page_for_professionals(tiny: Path) -> None:
    read = monograph((tiny / "sources/drugs_com/miglustat.html").read_bytes(), "miglustat.html")
    assert (read.title, read.generic, read.brands, read.reviewed) == ("Miglustat", "", ("Zavesca",), "2025-02-10")
    assert {field.name: field.heading for field in read.fields} == {
        "uses": "Uses for Miglustat",
        "dosage": "Adults",
        "warnings": "Contraindications",
        "pregnancy": "Pregnancy",
        "breastfeeding": "Lactation",
        "interactions": "Interactions for Miglustat",
        "side_effects": "Adverse Effects",
    }
    assert read.field("pregnancy") == "It may harm the fetus." and read.field("storage") == ""


def test_other_pages_are_refused() -> None:
    with pytest.raises(BadFormat, match="none of the headings"):
        monograph(b"<html><body><h1>News</h1><h2>Weather</h2><p>Rain.</p></body></html>", "x.html")
