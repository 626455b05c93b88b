"""openFDA: labels, products, approvals and reports, each record known by its fields."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.sources.openfda import openfda
from probatum.types import Concept, Fact, Malformed, Origin, Passage, Relation, Release

LABEL = "00000000-0000-4000-8000-0000000000b1"


def origin(at: str, evidence: str = "") -> Origin:
    return Origin("openfda", "", at, evidence)


def facts(tiny: Path, name: str) -> list[Fact]:
    return list(openfda(tiny / f"sources/openfda/{name}.json"))


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    there = "openfda.substance:agalsidase-beta"
    pinned = [
        Malformed("count.json", 14, "a count without the question", '{"term": "NAUSEA", "count": 12}'),
        next(fact for fact in facts(tiny, "drugsfda") if isinstance(fact, Concept)),
        Concept(there, "AGALSIDASE BETA", "ChemicalEntity", origin(there)),
        Relation(
            "openfda:BLA103979",
            "biolink:has_active_ingredient",
            there,
            origin("BLA103979"),
            qualifiers=(
                ("comment", "product 001"),
                ("dose", "35MG/VIAL"),
                ("jurisdiction", "US"),
                ("route", "intravenous"),
                ("status", "Prescription"),
                ("valid_from", "2003-04-24"),
            ),
        ),
    ]
    folder = tiny / "sources/openfda"
    release = next(openfda(folder))
    assert isinstance(release, Release) and release.published == "2025-02-01"
    brand = pinned[1]
    assert isinstance(brand, Concept) and (brand.id, brand.name) == ("openfda:BLA103979", "FABRAZYME")
    pinned[1] = Concept(brand.id, brand.name, "Drug", origin("BLA103979"), brand.names)
    check_contract("openfda", folder, pinned, tmp_path)


def test_a_label_by_its_set_id_with_sections_classes_and_products(tiny: Path) -> None:
    read = facts(tiny, "label")
    said = {(fact.predicate.partition(":")[2], fact.object) for fact in read if isinstance(fact, Relation)}
    assert said == {
        ("has_active_ingredient", "UNII:6153CWM0CL"),
        ("has_part", "RXCUI:855288"),
        ("has_part", "RXCUI:855296"),
        ("has_part", "NDC:00000-0170"),
        ("member_of", "openfda.class:vitamin-k-antagonist-epc"),
        ("member_of", "openfda.class:vitamin-k-inhibitors-moa"),
    }
    passages = {fact.id.partition("#")[2]: fact for fact in read if isinstance(fact, Passage)}
    assert set(passages) == {"boxed_warning", "drug_interactions", "indications_and_usage", "pregnancy"}
    assert passages["pregnancy"].qualifiers == (
        ("jurisdiction", "US"),
        ("section", "pregnancy"),
        ("section_code", "LNC:42228-7"),
        ("url", f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={LABEL}"),
        ("valid_from", "2024-01-15"),
    )
    assert passages["pregnancy"].about == (f"SPL:{LABEL}",)


def test_a_product_of_the_directory(tiny: Path) -> None:
    said = {(fact.subject, fact.object): fact for fact in facts(tiny, "ndc") if isinstance(fact, Relation)}
    assert said["NDC:00000-0501", "UNII:362O9ITL9D"].qualifier("dose") == "500 mg/1"
    belongs = said["SPL:00000000-0000-4000-8000-0000000000b4", "NDC:00000-0501"]
    assert (belongs.qualifier("valid_from"), belongs.qualifier("status")) == ("2010-05-01", "M013")
    assert said["NDC:00000-0501", "openfda.dose_form:tablet"].qualifier("aspect") == "dose_form"


def test_a_report_speaks_of_suspected_drugs_alone(tiny: Path) -> None:
    found = [fact for fact in facts(tiny, "event") if isinstance(fact, Relation)]
    there = "openfda.reaction:international-normalised-ratio-increased"
    assert [(fact.subject, fact.predicate, fact.object) for fact in found] == [
        ("UNII:6153CWM0CL", "biolink:has_adverse_event", there),
        ("openfda.substance:amiodarone", "biolink:has_adverse_event", there),
    ]
    assert found[0].origin.evidence == "spontaneous report" and found[0].origin.at == "90000001"
    assert (found[0].qualifier("severity"), found[0].qualifier("valid_from")) == ("serious", "2024-03-05")


def test_a_file_that_is_no_answer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"results": [{"set_id": "1234', encoding="utf-8")
    with pytest.raises(BadFormat, match=r"x\.json"):
        list(openfda(tmp_path))


@pytest.mark.shared
def test_the_recorded_answers(shared: Path) -> None:
    read = list(openfda(shared / "api-captures/openfda"))
    assert Counter(type(fact).__name__ for fact in read) == {
        "Release": 1, "Malformed": 3, "Concept": 5, "Relation": 2,
    }  # fmt: skip
    gleevec = next(fact for fact in read if isinstance(fact, Relation))
    assert (gleevec.subject, gleevec.qualifier("valid_from")) == ("openfda:NDA021588", "2003-04-18")
    assert {fact.name for fact in read if isinstance(fact, Concept)} >= {"GLEEVEC", "KEYTRUDA", "KEYTRUDA QLEX"}
