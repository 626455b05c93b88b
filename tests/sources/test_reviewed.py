"""Reviewed relations: accepted ones are facts on a person's word, rejected ones are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from source_contract import check_contract

from probatum.errors import NeedsFile
from probatum.sources.reviewed import reviewed
from probatum.types import Malformed, Origin, Relation

CAUSES = "biolink:causes"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    pinned = [
        Relation(
            "MESH:D002945", CAUSES, "MESH:D034381",
            Origin("reviewed", "", "a1 0-29", "accepted by R1", ("PMID:9000003",)),
            qualifiers=(("read_by", "patterns"), ("trigger", "causes")),
        ),
        Relation(
            "MESH:D000638", CAUSES, "MESH:D013966",
            Origin("reviewed", "", "a3 0-29", "accepted by R2", ("PMID:9000001",)),
            qualifiers=(("confidence", "0.913"), ("read_by", "relations")),
        ),
        Relation(
            "MESH:D008094", CAUSES, "MESH:D014202", Origin("reviewed", "", "a4 0-28", "accepted by R2"), True,
            (("read_by", "patterns"), ("trigger", "not")),
        ),
    ]  # fmt: skip
    check_contract("reviewed", tiny / "sources/reviewed.jsonl", pinned, tmp_path)


def test_what_is_no_decision_is_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "reviewed.jsonl"
    file.write_text('{"id": 1}\nnonsense\n[]\n')
    assert [type(fact) for fact in list(reviewed(file))[1:]] == [Malformed] * 3
    with pytest.raises(NeedsFile, match="kb review export"):
        list(reviewed(tmp_path / "none"))
