"""Structured Product Labeling: products, ingredients, sections and their codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.spl import Ingredient, LabelSection, Product, drug_label


def test_a_label_with_its_products(tiny: Path) -> None:
    label = drug_label((tiny / "sources/dailymed/warfarin.xml").read_bytes(), "w.xml")
    assert (label.set_id, label.version, label.effective) == ("00000000-0000-4000-8000-0000000000b1", "7", "2024-01-15")
    assert (label.kind, label.labeler) == ("HUMAN PRESCRIPTION DRUG LABEL", "Our Own Labeler")
    assert label.title == "These highlights are our own sample."
    assert label.products == (
        Product(
            "00000-0170",
            "Coumadin",
            "warfarin sodium",
            ("C42998", "TABLET"),
            (("C38288", "ORAL"),),
            (
                Ingredient("6153CWM0CL", "WARFARIN SODIUM", True, "5 mg / 1", (("5Q7ZVV76EI", "WARFARIN"),)),
                Ingredient("O8232NY3SJ", "STARCH, CORN", False, "", ()),
            ),
            "NDA009218",
            "1954-06-01",
        ),
    )


def test_sections_in_their_order_with_those_around_them(tiny: Path) -> None:
    boxed, uses, within = drug_label((tiny / "sources/dailymed/warfarin.xml").read_bytes(), "w.xml").sections
    assert boxed == LabelSection(
        "00000000-0000-4000-8000-0000000000c1",
        "34066-1",
        "BOXED WARNING SECTION",
        "WARNING: BLEEDING",
        (),
        "It can cause bleeding that kills. Measure the INR.",
        "2024-01-15",
    )
    assert uses.text == "For adults:\nclots in veins\nclots that come of a fibrillating heart"
    assert (
        within.above == (("34073-7", "7 DRUG INTERACTIONS"),)
        and within.text == "Enzyme | Inhibitors\nCYP2C9 | amiodarone"
    )


def test_the_older_spelling_of_ingredients() -> None:
    old = b"""<document xmlns="urn:hl7-org:v3"><setId root="00000000-aaaa"/>
    <component><structuredBody><component><section>
    <subject><manufacturedProduct><manufacturedMedicine>
    <code code="1-2" codeSystem="2.16.840.1.113883.6.69"/><name>X<suffix>XR</suffix></name>
    </manufacturedMedicine></manufacturedProduct></subject>
    <subject><manufacturedProduct><manufacturedProduct><name>Y</name>
    <activeIngredient><activeIngredientSubstance><code code="A" codeSystem="2.16.840.1.113883.4.9"/><name>a</name>
    </activeIngredientSubstance></activeIngredient></manufacturedProduct></manufacturedProduct></subject>
    </section></component></structuredBody></component></document>"""
    first, second = drug_label(old, "o.xml").products
    assert (first.name, first.ndc) == ("X XR", "1-2")
    assert (second.name, second.ingredients) == ("Y", (Ingredient("A", "a", True, "", ()),))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not XML"),
        (b"<document/>", "urn:hl7-org:v3"),
        (b'<document xmlns="urn:hl7-org:v3"/>', "set id"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><document xmlns="urn:hl7-org:v3"/>', "document type"),
    ],
)
def test_other_files_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadFormat, match=said):
        drug_label(data, "x.xml")
