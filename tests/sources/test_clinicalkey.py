"""ClinicalKey: typed items with their media, and what stands in what."""

from __future__ import annotations

from pathlib import Path

from source_contract import check_contract

from probatum.naming import card_of
from probatum.sources.clinicalkey import clinicalkey
from probatum.types import Concept, Malformed, Origin, Passage, Relation

BOOK, ADDRESS = "3-s2.0-C20200000001", "https://www.clinicalkey.com/#!/browse/book/3-s2.0-C20200000001"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    here, at = f"clinicalkey:{BOOK}", Origin("clinicalkey", "", ADDRESS)
    pinned = [
        Concept("clinicalkey.type:book", "book", "OntologyClass", Origin("clinicalkey", "", "clinicalkey.type:book")),
        Concept(
            here, "A Textbook of Storage Diseases", "InformationContentEntity", at, xrefs=("ISBN:978-0-00-000000-2",)
        ),
        Relation(
            here,
            "biolink:has_attribute",
            "clinicalkey.type:book",
            at,
            qualifiers=(("aspect", "content_type"), ("media_type", "text")),
        ),
        Passage(
            f"{here}#citation",
            "Author, A. N.; Author, Another. A Textbook of Storage Diseases. Our Own Press. 2023.",
            "A Textbook of Storage Diseases",
            "en",
            at,
            "definition",
            (here,),
            (
                ("content_type", "book"),
                ("media_type", "text"),
                ("section", "citation"),
                ("url", ADDRESS),
                ("year", "2023"),
            ),
        ),
    ]
    check_contract("clinicalkey", tiny / "sources/clinicalkey", pinned, tmp_path)
    assert card_of(clinicalkey).gated


def test_pictures_and_films_bear_their_media(tiny: Path) -> None:
    found = {fact.id: fact for fact in clinicalkey(tiny / "sources/clinicalkey") if isinstance(fact, Passage)}
    caption = found["clinicalkey:3-s2.0-B9780000000000000012-f01#caption"]
    assert caption.text == "Cells with a crumpled cytoplasm."
    said = dict(caption.qualifiers)
    assert (said["media_type"], said["media_url"]) == ("image/jpeg", "https://example.org/gaucher-cells.jpg")
    assert dict(found["clinicalkey:V1#transcript"].qualifiers)["duration"] == "PT4M10S"
    assert dict(found["clinicalkey:V2#citation"].qualifiers)["media_type"] == "video"


def test_parts_and_foreign_numbers(tiny: Path) -> None:
    facts = list(clinicalkey(tiny / "sources/clinicalkey"))
    parts = [
        (fact.subject, fact.object)
        for fact in facts
        if isinstance(fact, Relation) and fact.predicate == "biolink:part_of"
    ]
    assert parts == [
        ("clinicalkey:3-s2.0-B9780000000000000012", f"clinicalkey:{BOOK}"),
        ("clinicalkey:3-s2.0-B9780000000000000012-f01", "clinicalkey:3-s2.0-B9780000000000000012"),
        ("clinicalkey:1-s2.0-S0000000000000001", "clinicalkey:J1"),
    ]
    xrefs = {fact.id: fact.xrefs for fact in facts if isinstance(fact, Concept)}
    assert xrefs["clinicalkey:6-s2.0-NCT00000001"] == ("clinicaltrials:NCT00000001",)
    assert xrefs["clinicalkey:1-s2.0-S0000000000000001"] == ("doi:10.1000/our.1", "PMID:12345678")


def test_two_items_of_one_id_are_told(tiny: Path, tmp_path: Path) -> None:
    text = (tiny / "sources/clinicalkey/monographs_and_journals.csv").read_text(encoding="utf-8")
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    (tmp_path / "b.csv").write_text(text.replace("by their CYP2D6", "by anything"), encoding="utf-8")
    bad = [fact for fact in clinicalkey(tmp_path) if isinstance(fact, Malformed)]
    assert [(fact.path, fact.line, fact.text) for fact in bad] == [("b.csv", 2, "6-s2.0-55")]
