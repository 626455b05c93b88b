"""Any SSSOM table is a source: predicate, justification, confidence, tool and dates stay with the mapping."""

from __future__ import annotations

from pathlib import Path

from source_contract import check_contract

from probatum.sources.sssom import sssom
from probatum.types import Malformed, Origin, Relation, Release

EXACT = "skos:exactMatch"


def test_the_contract(tiny: Path, tmp_path: Path) -> None:
    def slots(**more: str) -> tuple[tuple[str, str], ...]:
        return tuple(sorted({"subject_label": "Gaucher disease", "mapping_tool": "own hands", **more}.items()))

    dated = {"mapping_date": "2023-04-05"}
    one = Relation(
        "MONDO:0018150", EXACT, "ORPHA:355", Origin("sssom", "2024-02-03", f"MONDO:0018150 {EXACT} ORPHA:355"), False,
        slots(confidence="0.98", object_label="Gaucher disease",
              mapping_justification="semapv:ManualMappingCuration", **dated),
    )  # fmt: skip
    two = Relation(
        "MONDO:0018150", EXACT, "UMLS:C0017205",
        Origin("sssom", "2024-02-03", "MONDO:0018150 owl:equivalentClass UMLS:C0017205", reliability="extracted"),
        False,
        slots(confidence="0.8", object_label="Gaucher Disease", mapping_justification="semapv:LexicalMatching",
              original_predicate="owl:equivalentClass", **dated),
    )  # fmt: skip
    sample = tiny / "sources" / "sssom"
    release, first, second, third, fourth = sssom(sample)
    assert isinstance(release, Release) and release.version == "2024-02-03"
    assert release.licence == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert isinstance(third, Relation) and third.negated and third.object == "ORPHA:355"
    assert isinstance(fourth, Malformed) and "nothing was found" in fourth.reason
    check_contract("sssom", sample, [first, second, third], tmp_path)
    assert (first, second) == (one, two)
