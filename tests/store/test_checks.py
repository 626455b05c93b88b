"""The quality checks: each finds what it is for, and nothing in a store that is in order."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest
from lxml import html

from probatum.errors import BadPlan
from probatum.store.checks import Report, check, checks
from probatum.store.checks_page import page
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation, Release

TODAY = date(2026, 1, 1)
AT = Origin("own", "2025-12-01", "r", "PCS", ("PMID:1",))
TREATS, EXACT, SUB = "biolink:treats", "skos:exactMatch", "biolink:subclass_of"
GENE_OF = "biolink:gene_associated_with_condition"
RARE = {"OMIM:230800": "Gaucher disease", "OMIM:232300": "Pompe disease", "OMIM:301500": "Fabry disease"}


def sound() -> list[Fact]:
    """A release without a fault: three rare diseases, their genes and treatments, a sign of the heart."""
    found: list[Fact] = [Release("own", "2025-12-01", "CC0-1.0", "0" * 64)]
    found.append(Concept("HP:0001626", "Abnormality of the cardiovascular system", "PhenotypicFeature", AT))
    found.append(Concept("HP:0001638", "Cardiomyopathy", "PhenotypicFeature", AT, (Name("心肌病", "zh"),)))
    found.append(Relation("HP:0001638", SUB, "HP:0001626", AT))
    for n, (id, name) in enumerate(RARE.items()):
        found.append(Concept(id, name, "Disease", AT, xrefs=(f"MESH:D{n}",)))
        found.append(Concept(f"NCBIGene:{n}", f"GENE{n}", "Gene", AT))
        found.append(Concept(f"RXCUI:{n}", f"Enzyme {n}", "Drug", AT))
        found.append(Relation(f"NCBIGene:{n}", GENE_OF, id, AT))
        told = (("confidence", "0.9"), ("dose", "60 U/kg"), ("grade", "low"), ("jurisdiction", "GB"), ("year", "2020"))
        found.append(Relation(f"RXCUI:{n}", TREATS, id, AT, False, told))
        found.append(Relation(id, "biolink:has_phenotype", "HP:0001638", AT, False, (("frequency", "3/7"),)))
        found.append(Passage(f"{id}#definition", f"A lysosomal disease, {n}.", name, "en", AT, "definition", (id,)))
    for id in ("HP:0001626", "HP:0001638"):
        found.append(Passage(f"{id}#definition", f"Of the heart: {id}.", "", "en", AT, "definition", (id,)))
    return found


def second() -> list[Fact]:
    at = replace(AT, source="texts", release="2025-11-01")
    due = (("review_due", "2027-01-01"), ("reviewed", "2025"))
    titled = [
        Passage(f"t{n}", f"Text {n}.", "About it", "en", at, about=(id,), qualifiers=due) for n, id in enumerate(RARE)
    ]
    return [Release("texts", "2025-11-01", "CC0-1.0", "1" * 64), *titled]


def report(folder: Path, *more: Fact, release: Release | None = None, **asked: object) -> Report:
    first, *rest = sound()
    write(folder, [release or first, *rest, *more])
    write(folder, second())
    with Store(folder) as store:
        return check(store, TODAY, **asked)  # type: ignore[arg-type]


def test_a_store_in_order_passes_every_check_and_its_coverage_is_told(tmp_path: Path) -> None:
    found = report(tmp_path)
    assert [(one.name, one.examples) for one in found.failed] == []
    assert len(found.results) == len(checks()) >= 30
    assert {one.category for one in found.results} == {"conformance", "completeness", "plausibility"}
    empty = {one.name for one in found.results if not one.rows}
    assert empty == {"machine_evidence", "redirections", "successors", "one_to_many"}
    heart = next(one for one in found.covers.specialties if one.name == "Cardiology")
    assert (heart.concepts, heart.related, heart.texts, heart.diseases, heart.sources) == (2, 1, 2, 3, ("own",))
    assert [(one.code, one.concepts) for one in found.covers.languages] == [("en", 11), ("zh", 1)]
    fabry = found.covers.rare_diseases[2]
    assert (fabry.ids, fabry.genes, fabry.treatments) == (("OMIM:301500",), ("NCBIGene:2",), ("RXCUI:2",))
    assert fabry.sources == ("own", "texts")
    assert {one.release: one.concepts for one in found.covers.sources} == {"own@2025-12-01": 11, "texts@2025-11-01": 0}


def claim(subject: str = "RXCUI:0", predicate: str = TREATS, object_: str = "OMIM:232300", **told: str) -> Relation:
    return Relation(subject, predicate, object_, AT, False, tuple(sorted(told.items())))


def concept(id: str, name: str = "Other", **more: object) -> Concept:
    return Concept(id, name, "Disease", AT, **more)  # type: ignore[arg-type]


def text(id: str, words: str = "Words.", **told: str) -> Passage:
    return Passage(id, words, "", "en", AT, about=("OMIM:230800",), qualifiers=tuple(sorted(told.items())))


FAULTS: dict[str, list[Fact]] = {
    "concept_ids": [concept("no curie")],
    "relation_ids": [claim(object_="OMIM: 1")],
    "xref_ids": [concept("OMIM:1", xrefs=("MESH",))],
    "predicates": [claim(predicate="own:cures")],
    "kinds": [replace(concept("OMIM:1"), kind="Illness")],
    "languages": [concept("OMIM:1", names=(Name("Husten", "german!"),))],
    "days": [claim(valid_from="1 May 2020")],
    "dose_units": [claim(object_=f"OMIM:{id}", dose="some") for id in ("230800", "232300", "301500")],
    "frequencies": [claim("OMIM:230800", "biolink:has_phenotype", "HP:0001626", frequency="often")],
    "references": [replace(claim(), origin=replace(AT, references=("Smith et al.",)))],
    "grades": [claim(grade="B")],
    "jurisdictions": [claim(jurisdiction="Britain")],
    "confidences": [claim(confidence="90")],
    "quarantine": [Malformed("own.tsv", 7, "odd")],
    "names": [concept("OMIM:1", "OMIM:1")],
    "dangling": [claim(object_="OMIM:404"), claim(object_="OMIM:405")],
    "evidence": [
        replace(claim(object_=f"OMIM:{n}"), origin=replace(AT, evidence="", references=())) for n in range(40)
    ],
    "machine_evidence": [
        replace(claim(), origin=replace(AT, evidence="", references=(), reliability="extracted")),
    ],
    "licences": [],
    "definitions": [concept(f"OMIM:{n}", f"Disease {n}") for n in range(40)],
    "unconnected": [concept(f"OMIM:{n}", f"Disease {n}") for n in range(40)],
    "texts": [text("t", " ")],
    "successors": [concept("OMIM:1", obsolete=True)],
    "rare_diseases": [],
    "duplicates": [concept("OMIM:1", "Same name"), concept("OMIM:2", "same  NAME")],
    "duplicate_texts": [text("t1"), text("t2")],
    "obsolete_ends": [concept("OMIM:1", obsolete=True, replaced_by=("OMIM:230800",)), claim(object_="OMIM:1")],
    "redirections": [concept("OMIM:1", obsolete=True, replaced_by=("OMIM:404",))],
    "cycles": [claim("OMIM:230800", SUB, "OMIM:232300"), claim("OMIM:232300", SUB, "OMIM:230800")],
    "one_to_many": [claim("OMIM:230800", EXACT, "MONDO:1"), claim("OMIM:230800", EXACT, "MONDO:2")],
    "loops": [claim("OMIM:230800", "biolink:related_to", "OMIM:230800")],
    "denied": [replace(claim(object_="OMIM:230800"), negated=True)],
    "retracted": [text("PMID:1", status="retracted")],
    "overdue": [text("t", review_due="2025-12-31")],
    "date_ranges": [claim(valid_from="2025-02-01", valid_to="2024")],
    "generated": [
        replace(claim(object_=f"OMIM:{n}"), origin=replace(AT, reliability="generated")) for n in range(10)
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FAULTS.keys() - {"licences", "rare_diseases"}))
def test_each_check_finds_what_it_is_for(tmp_path: Path, name: str) -> None:
    settings = {"dangling.least": "2"} if name == "dangling" else {}
    found = report(tmp_path, *FAULTS[name], only=[name], settings=settings)
    (one,) = found.results
    assert not one.passed and one.violated >= 1 and one.examples and one.percent > one.threshold
    assert 0 < one.violated <= one.rows


def test_of_all_checks_none_is_without_a_fault_here() -> None:
    assert checks().keys() - FAULTS.keys() == {"reliability", "versions", "old_releases"}


def test_what_is_wrong_with_a_release_as_a_whole(tmp_path: Path) -> None:
    first = replace(sound()[0], licence=" ")
    assert isinstance(first, Release)
    found = {one.name: one for one in report(tmp_path, release=first, settings={"old_releases.days": "10"}).results}
    assert not found["licences"].passed and found["licences"].examples == ("own@2025-12-01",)
    assert found["old_releases"].violated == 2 and not found["old_releases"].passed
    with Store(tmp_path, releases=["texts@2025-11-01"], as_of="2025-11-15") as store:
        lost = {one.name: one for one in check(store, TODAY).results}["rare_diseases"]
    assert lost.violated == lost.rows == 12


def test_thresholds_can_be_set(tmp_path: Path) -> None:
    faults = FAULTS["grades"]
    found = report(tmp_path, *faults, only=["grades"], settings={"grades.threshold": "50"})
    assert found.results[0].passed and found.results[0].threshold == 50
    for key, value in (("grades.limit", "1"), ("marks.threshold", "1"), ("grades.threshold", "many")):
        with Store(tmp_path) as store, pytest.raises(BadPlan):
            check(store, TODAY, settings={key: value})
    with Store(tmp_path) as store, pytest.raises(BadPlan, match="no check"):
        check(store, TODAY, only=["marks"])


def test_the_page_shows_every_check_and_is_harmless(tmp_path: Path) -> None:
    found = report(tmp_path, concept("bad <script>alert(1)</script>"))
    shown = page(found)
    assert "<script" not in shown and "&lt;script&gt;" in shown
    tree = html.fromstring(shown)
    words = " ".join(tree.text_content().split())
    assert all(one.what in words for one in found.results)
    assert len(tree.xpath("//td[@class='failed']")) == len(found.failed) == 1
    assert len(tree.xpath("//table")) == 8 and "Gaucher disease" in words and "Cardiology" in words
    assert asdict(found)["covers"]["rare_diseases"][0]["name"] == "Gaucher disease"
