"""NHS Health A to Z: conditions in plain words, with the dates of their review; what is overdue can be marked."""

from __future__ import annotations

from pathlib import Path

from source_contract import check_contract

from probatum.sources.nhs_health import nhs_health
from probatum.types import Concept, Name, Origin, Passage, Release

HERE = "nhs_health:conditions/deep-vein-thrombosis-dvt"
ADDRESS = "https://www.nhs.uk/conditions/deep-vein-thrombosis-dvt/"
DATES = (("review_due", "2026-03-22"), ("reviewed", "2023-03-22"))


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    at, name = Origin("nhs_health", "", ADDRESS), "DVT (deep vein thrombosis)"
    pinned = [
        Concept(HERE, name, "Disease", at, (Name("DVT", "en", "exact"), Name("deep vein thrombosis", "en", "exact"))),
        Passage(
            f"{HERE}#description", "A clot in a deep vein, mostly of the leg.", name, "en", at, "definition", (HERE,),
            (*DATES, ("section", "description"), ("url", ADDRESS)),
        ),
        Passage(
            f"{HERE}#page", "A DVT is a clot in a deep vein. It can be dangerous.", name, "en", at, "document", (HERE,),
            (*DATES, ("url", ADDRESS)),
        ),
    ]  # fmt: skip
    check_contract("nhs_health", tiny / "sources/nhs_health", pinned, tmp_path)


def test_what_was_due_for_review_is_marked_on_a_given_day(tiny: Path) -> None:
    def stale(as_of: str) -> dict[str, bool]:
        return {
            fact.title.partition(":")[0]: ("status", "stale") in fact.qualifiers
            for fact in nhs_health(tiny / "sources/nhs_health", as_of=as_of)
            if isinstance(fact, Passage)
        }

    assert stale("2025-01-01") == {"DVT (deep vein thrombosis)": False, "Gaucher disease": True}
    assert set(stale("2026-12-31").values()) == {True} and set(stale("").values()) == {False}
    plain, marked = (next(nhs_health(tiny / "sources/nhs_health", as_of=day)) for day in ("", "2025-01-01"))
    assert isinstance(plain, Release) and isinstance(marked, Release)
    assert marked.version == f"{plain.version}+2025-01-01" and marked.sha256 == plain.sha256


def test_kinds_follow_the_part_of_the_site(tiny: Path, tmp_path: Path) -> None:
    text = (tiny / "sources/nhs_health/gaucher-disease.json").read_text(encoding="utf-8")
    for part in ("symptoms", "tests-and-treatments", "live-well"):
        (tmp_path / f"{part}.json").write_text(text.replace("/conditions/", f"/{part}/"), encoding="utf-8")
    kinds = {fact.id: fact.kind for fact in nhs_health(tmp_path) if isinstance(fact, Concept)}
    assert kinds == {
        "nhs_health:live-well/gaucher-disease": "InformationContentEntity",
        "nhs_health:symptoms/gaucher-disease": "PhenotypicFeature",
        "nhs_health:tests-and-treatments/gaucher-disease": "Procedure",
    }
