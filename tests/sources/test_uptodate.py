"""UpToDate: graded recommendations keep their grade as written and as GRADE's strength and certainty."""

from __future__ import annotations

from pathlib import Path

from source_contract import check_contract

from probatum.naming import card_of
from probatum.sources.uptodate import uptodate
from probatum.types import Concept, Origin, Passage, Relation

HERE = "uptodate:fabry-disease-treatment-our-sample"
ADDRESS = "https://www.uptodate.com/contents/fabry-disease-treatment-our-sample"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    def recommendation(number: int, text: str, evidence: str, references: tuple[str, ...], *grades: str) -> Passage:
        modified, reviewed = ("modified", "2024-10-03"), ("reviewed", "2024-11")
        section, strength = ("section", "SUMMARY AND RECOMMENDATIONS"), ("strength", grades[1])
        return Passage(
            f"{HERE}#recommendation-{number}",
            text,
            f"Fabry disease: Treatment: recommendation, {evidence}",
            "en",
            Origin("uptodate", "", f"{ADDRESS}#H9", evidence, references),
            "document",
            (HERE,),
            (("grade", grades[0]), modified, reviewed, section, strength, ("url", f"{ADDRESS}#H9")),
        )

    at = Origin("uptodate", "", f"{ADDRESS} version 12.0")
    first = "For men with the classic form we recommend to begin enzyme replacement at diagnosis rather than to wait"
    second = "For adults whose GLA variant answers to it, we suggest migalastat as another first choice (Grade 2C)."
    trials = ("PMID:11439963", "PMID:17179052")
    pinned = [
        Concept(HERE, "Fabry disease: Treatment", "InformationContentEntity", at, alternatives=("uptodate:99901",)),
        recommendation(1, f"{first} (Grade 1B).", "Grade 1B", trials, "moderate", "strong"),
        recommendation(2, second, "Grade 2C", (), "low", "weak"),
    ]
    check_contract("uptodate", tiny / "sources/uptodate", pinned, tmp_path)
    assert card_of(uptodate).gated


def test_calculators_drugs_topics_and_publications_are_linked(tiny: Path) -> None:
    facts = list(uptodate(tiny / "sources/uptodate"))
    linked = {
        (fact.subject, fact.object): fact.qualifier("original_predicate")
        for fact in facts
        if isinstance(fact, Relation)
    }
    gaucher = "uptodate:gaucher-disease-treatment"
    assert linked == {
        (HERE, "uptodate.drug:agalsidase-beta"): "drug information",
        (HERE, "uptodate.calculator:egfr-ckd-epi-2021"): "calculator",
        (HERE, gaucher): "topic",
        (HERE, "PMID:21092187"): "reference",
        (HERE, "PMID:11439963"): "reference",
        (HERE, "PMID:17179052"): "reference",
        (gaucher, "uptodate.drug:imiglucerase"): "drug information",
        (gaucher, "PMID:25688781"): "reference",
    }
    kinds = {fact.id: (fact.name, fact.kind) for fact in facts if isinstance(fact, Concept)}
    assert kinds["uptodate.calculator:egfr-ckd-epi-2021"] == ("egfr ckd epi 2021", "InformationContentEntity")
    assert kinds["uptodate.drug:imiglucerase"] == ("imiglucerase", "Drug")
    assert kinds[gaucher][0] == "Gaucher disease: Treatment"


def test_sections_name_the_contributors_and_dates(tiny: Path) -> None:
    found = {fact.id: fact for fact in uptodate(tiny / "sources/uptodate") if isinstance(fact, Passage)}
    said = dict(found[f"{HERE}#enzyme-replacement-whom-to-treat"].qualifiers)
    assert (said["reviewed"], said["modified"], said["url"]) == ("2024-11", "2024-10-03", f"{ADDRESS}#H3")
    assert said["comment"].startswith("author: A. N. Author, MD; author: Another Author, MD; section editor:")
    drug = found[f"{HERE}#recommendation-3"]
    assert drug.about == (HERE, "uptodate.drug:agalsidase-beta")
