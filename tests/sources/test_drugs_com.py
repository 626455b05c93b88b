"""Drugs.com: every field of a monograph is a passage that cites page and section."""

from __future__ import annotations

import shutil
from pathlib import Path

from source_contract import check_contract

from probatum.naming import card_of
from probatum.sources.drugs_com import drugs_com
from probatum.types import Concept, Malformed, Name, Origin, Passage, Relation

HERE, ADDRESS = "drugs_com:monograph/miglustat", "https://www.drugs.com/monograph/miglustat.html"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    at, there = Origin("drugs_com", "", ADDRESS), "drugs_com.class:miscellaneous-metabolic-agents"
    pinned = [
        Concept(HERE, "Miglustat", "Drug", at, (Name("Zavesca", "en", "narrow", "brand"),)),
        Concept(there, "Miscellaneous metabolic agents", "OntologyClass", Origin("drugs_com", "", there)),
        Relation(HERE, "biolink:member_of", there, at, qualifiers=(("original_predicate", "drug class"),)),
        Passage(
            f"{HERE}#uses",
            "Gaucher disease type 1 in adults who cannot be given the enzyme.",
            "Miglustat: Uses for Miglustat",
            "en",
            Origin("drugs_com", "", f"{ADDRESS} Uses for Miglustat"),
            "document",
            (HERE,),
            (
                ("comment", "Medically reviewed by A. N. Author, PharmD"),
                ("reviewed", "2025-02-10"),
                ("section", "uses"),
                ("url", ADDRESS),
            ),
        ),
    ]
    check_contract("drugs_com", tiny / "sources/drugs_com", pinned, tmp_path)
    assert card_of(drugs_com).gated and "no scraping" in card_of(drugs_com).terms


def test_every_field_is_cited_by_page_and_section(tiny: Path) -> None:
    found = [fact for fact in drugs_com(tiny / "sources/drugs_com") if isinstance(fact, Passage)]
    assert len(found) == len({fact.id for fact in found}) == 18
    for fact in found:
        address = dict(fact.qualifiers)["url"]
        assert address.startswith("https://www.drugs.com/") and fact.origin.at.startswith(f"{address} ")
    sides = next(fact for fact in found if fact.id == "drugs_com:warfarin#side_effects")
    assert sides.origin.at == "https://www.drugs.com/warfarin.html#side-effects Warfarin side effects"


def test_a_page_again_and_a_page_of_another_kind_are_put_aside(tiny: Path, tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        shutil.copy(tiny / "sources/drugs_com/warfarin.html", tmp_path / name)
    (tmp_path / "c.html").write_text("<html><body><h1>x</h1><p>y</p></body></html>", encoding="utf-8")
    bad = [(fact.path, fact.reason) for fact in drugs_com(tmp_path) if isinstance(fact, Malformed)]
    assert bad == [
        ("b.html", "a page that another file holds already"),
        ("c.html", "none of the headings of a monograph (uses, warnings, dosage ...)"),
    ]
