"""RJUA-QA: evidence and findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from probatum.datasets.rjua_qa import rjua_qa
from probatum.types import Example


def listed(path: Path, *given: Any) -> list[Example]:
    return list(rjua_qa(path, *given))


def test_rjua_qa_keeps_its_evidence_and_its_findings(tiny: Path) -> None:
    found = listed(tiny / "datasets/rjua_qa.jsonl")
    assert found[1].answer.fields == (
        ("advice", "休息"),
        ("advice", "复查"),
        ("disease", "虚构症"),
        ("disease", "样本症"),
    )
    assert found[0].question.context == ("虚构指南：唱歌者宜休息。",) and found[0].id == "rjua_qa:1"
