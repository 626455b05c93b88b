"""The course of a training stands in a file while it runs, step by step, with tokens, time and memory."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from probatum import verbs
from probatum.training.curves import FILE


def test_each_step_is_written_as_it_comes(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []

    def heard(stage: str, step: int, total: int, loss: float) -> None:
        written = (tmp_path / FILE).read_text(encoding="utf-8").splitlines()
        assert json.loads(written[-1])["loss"] == loss  # it stands there before anybody else hears of it
        seen.append((stage, step, total))

    verbs.train("pmc_llama", "tiny", tmp_path, given={"steps": "3"}, heard=heard)
    lines = [json.loads(line) for line in (tmp_path / FILE).read_text(encoding="utf-8").splitlines()]
    assert [(line["stage"], line["step"], line["of"]) for line in lines] == seen
    assert seen == [(stage, step, 3) for stage in ("1-cpt", "2-sft") for step in (1, 2, 3)]
    record = [json.loads(line) for line in (tmp_path / "runs.jsonl").read_text(encoding="utf-8").splitlines()]
    for stage in record:
        mine = [line for line in lines if line["stage"] == stage["id"]]
        assert [line["loss"] for line in mine] == stage["losses"]
        assert mine[-1]["tokens"] == stage["tokens"] > mine[0]["tokens"] > 0
        assert all(line["mb"] > 50 and line["at"] > 0 for line in mine)
        assert sorted(line["seconds"] for line in mine) == [line["seconds"] for line in mine]
