"""A run file goes on after a kill, and is never mixed with another run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from probatum.errors import BadFormat, BadPlan
from probatum.ledger.runs import RunFile


def test_it_goes_on_where_it_was_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "run.jsonl"
    with RunFile(path, {"seed": 1}) as file:
        file.write({"id": "a", "ranked": [["x", 1.0]]})
        file.write({"id": "b", "text": "戈谢病"})
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"id": "c", "ra')  # what a kill leaves
    with RunFile(path, {"seed": 1}) as file:
        assert file.done == {"a": {"id": "a", "ranked": [["x", 1.0]]}, "b": {"id": "b", "text": "戈谢病"}}
        file.write({"id": "c"})
    assert [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()] == ["a", "b", "c"]


def test_another_run_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with RunFile(path, {"seed": 1}) as file:
        file.write({"id": "a"})
    with pytest.raises(BadPlan, match="another run"):
        RunFile(path, {"seed": 2})
    stray = tmp_path / "stray.jsonl"
    stray.write_text("{}\n")
    with pytest.raises(BadPlan):
        RunFile(stray, {"seed": 1})


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with RunFile(path, {}) as file:
        file.write({"id": "a"})
    path.write_bytes(b"not json\n")
    with pytest.raises(BadFormat, match=r"run\.jsonl"):
        RunFile(path, {})
