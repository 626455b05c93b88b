"""Pages of the NHS website as JSON and as HTML: parts, addresses, dates of review."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.nhs_page import Part, nhs_page, public


def read(tiny: Path, place: str):
    return nhs_page((tiny / "sources" / place).read_bytes(), place)


def test_a_medicine_of_the_content_api(tiny: Path) -> None:
    page = read(tiny, "nhs_medicines/paracetamol-for-adults.json")
    assert (page.name, page.others, page.brands) == (
        "Paracetamol for adults",
        ("Acetaminophen",),
        ("Panadol", "Calpol"),
    )
    assert (page.modified, page.reviewed, page.review_due) == ("2024-02-07", "2023-06-20", "2026-06-20")
    assert page.place == "medicines/paracetamol-for-adults" and page.genre == ("Medicine",)
    assert [(part.aspect, part.heading) for part in page.parts] == [
        ("overview", ""),
        ("suitability", "Who can take paracetamol"),
        ("suitability", "Who should ask first"),
        ("usage or schedule", "Dosage"),
        ("usage or schedule", "Call 111 if:"),
        ("side effects", "Side effects"),
        ("interactions", "Taking it with other medicines"),
        ("pregnancy", "Pregnancy and breastfeeding"),
    ]
    assert page.parts[0].links == (("https://www.nhs.uk/conditions/headaches/", "headache"),)


def test_a_condition_of_the_content_api(tiny: Path) -> None:
    page = read(tiny, "nhs_health/gaucher-disease.json")
    assert page.address == "https://www.nhs.uk/conditions/gaucher-disease/" and page.others == ()
    assert page.parts[2] == Part(
        "Treatment for Gaucher disease",
        "",
        "https://www.nhs.uk/conditions/gaucher-disease/",
        "The missing enzyme can be given into a vein every two weeks (imiglucerase or velaglucerase).\n"
        "Some adults with type 1 take eliglustat or miglustat by mouth instead.",
        (),
    )


def test_a_saved_page(tiny: Path) -> None:
    page = read(tiny, "nhs_medicines/warfarin.html")
    assert (page.name, page.brands, page.genre) == ("Warfarin", ("Marevan",), ("Medicine",))
    assert (page.modified, page.reviewed, page.review_due) == ("2022-01-20", "2022-01-19", "2025-01-19")
    assert [(part.heading, part.address.partition("#")[2]) for part in page.parts] == [
        ("About warfarin", "about-warfarin"),
        ("How and when to take it", "dosage"),
        ("Side effects: Bleeding", "side-effects"),
        ("Cautions with other medicines", "interactions"),
        ("Pregnancy and breastfeeding", "pregnancy"),
    ]
    assert page.parts[-1].text == "It can harm an unborn baby; it is safe while breastfeeding."


def test_a_page_is_stale_once_its_review_was_due(tiny: Path) -> None:
    page = read(tiny, "nhs_health/gaucher-disease.json")
    assert page.review_due == "2023-05-11"
    assert page.is_stale("2023-05-12") and not page.is_stale("2023-05-11")


def test_addresses_are_those_of_the_public() -> None:
    assert public("https://api.nhs.uk/conditions/acne/") == "https://www.nhs.uk/conditions/acne/"
    assert public("https://api.service.nhs.uk/nhs-website-content/conditions/acne") == public("/conditions/acne/")
    assert public("https://www.nhs.uk/medicines/x/#dosage") == "https://www.nhs.uk/medicines/x/#dosage"
    assert public("https://example.org/a") == "https://example.org/a" and public("#top") == "#top"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "a page with a name"),
        ({"name": "A to Z", "@type": "SearchResultsPage"}, "a list of pages"),
        ({"name": "x"}, "url"),
        ({"name": "x", "url": "https://api.nhs.uk/conditions/x/", "hasPart": "no"}, "without any text"),
    ],
)
def test_other_json_is_refused(value: object, said: str) -> None:
    with pytest.raises(BadFormat, match=said):
        nhs_page(json.dumps(value).encode(), "x.json")
    with pytest.raises(BadFormat, match="canonical"):
        nhs_page(b"<html><title>t</title><body><h1>x</h1><p>y</p></body></html>", "x.html")
