"""NHS Medicines: pages of the content API and saved pages become drugs and dated passages."""

from __future__ import annotations

import shutil
from pathlib import Path

from source_contract import check_contract

from probatum.sources.nhs_medicines import nhs_medicines
from probatum.types import Concept, Malformed, Name, Origin, Passage, Relation

HERE, ADDRESS = "nhs_medicines:paracetamol-for-adults", "https://www.nhs.uk/medicines/paracetamol-for-adults/"
DATES = (("modified", "2024-02-07"), ("review_due", "2026-06-20"), ("reviewed", "2023-06-20"))


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    at, about = Origin("nhs_medicines", "", ADDRESS), f"{ADDRESS}about/#about"
    names = (
        Name("Acetaminophen", "en", "exact"),
        Name("Paracetamol", "en", "broad"),
        Name("Panadol", "en", "narrow", "brand"),
        Name("Calpol", "en", "narrow", "brand"),
    )
    text = "Brand names: Panadol, Calpol. A painkiller that also brings a fever down; our own sample page."
    pinned = [
        Concept(HERE, "Paracetamol for adults", "Drug", at, names),
        Passage(
            f"{HERE}#description", text, "Paracetamol for adults", "en", at, "definition", (HERE,),
            (*DATES, ("section", "description"), ("url", ADDRESS)),
        ),
        Passage(
            f"{HERE}#overview",
            "Paracetamol eases aches such as a headache and lowers a fever.\nIt is sold without a prescription.",
            "Paracetamol for adults: overview", "en", Origin("nhs_medicines", "", about), "document", (HERE,),
            (*DATES, ("section", "overview"), ("url", about)),
        ),
    ]  # fmt: skip
    check_contract("nhs_medicines", tiny / "sources/nhs_medicines", pinned, tmp_path)


def test_links_say_that_pages_belong_together(tiny: Path) -> None:
    found = [fact for fact in nhs_medicines(tiny / "sources/nhs_medicines") if isinstance(fact, Relation)]
    assert [(fact.subject, fact.object, fact.qualifier("comment")) for fact in found] == [
        (HERE, "nhs_health:conditions/headaches", "headache"),
        (HERE, "nhs_medicines:warfarin", "warfarin"),
        ("nhs_medicines:warfarin", "nhs_health:conditions/deep-vein-thrombosis-dvt", "deep vein thrombosis"),
    ]
    assert all(fact.qualifier("reviewed") and fact.qualifier("original_predicate") == "link" for fact in found)


def test_pages_within_a_medicine_count_to_it(tiny: Path, tmp_path: Path) -> None:
    text = (tiny / "sources/nhs_medicines/warfarin.html").read_text(encoding="utf-8")
    for inner in ("about-warfarin", "side-effects-of-warfarin"):
        changed = text.replace("/medicines/warfarin/", f"/medicines/warfarin/{inner}/")
        changed = changed.replace('"name":"Warfarin"', '"name":"About warfarin"')
        (tmp_path / f"{inner}.html").write_text(changed, encoding="utf-8")
    facts = list(nhs_medicines(tmp_path))
    assert [(fact.id, fact.name) for fact in facts if isinstance(fact, Concept)] == [
        ("nhs_medicines:warfarin", "Warfarin")
    ]
    passages = [fact for fact in facts if isinstance(fact, Passage)]
    assert len({fact.id for fact in passages}) == len(passages) == 12
    assert {fact.about for fact in passages} == {("nhs_medicines:warfarin",)}


def test_pages_of_the_other_part_and_pages_again_are_put_aside(tiny: Path, tmp_path: Path) -> None:
    shutil.copy(tiny / "sources/nhs_health/gaucher-disease.json", tmp_path)
    for name in ("a.html", "b.html"):
        shutil.copy(tiny / "sources/nhs_medicines/warfarin.html", tmp_path / name)
    bad = [(fact.path, fact.reason) for fact in nhs_medicines(tmp_path) if isinstance(fact, Malformed)]
    assert bad == [
        ("b.html", "a page that another file holds already"),
        ("gaucher-disease.json", "a page of another part of the site than nhs_medicines reads"),
    ]
