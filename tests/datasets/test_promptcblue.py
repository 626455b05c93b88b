"""PromptCBLUE: prompts with their task, one task alone, what is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.datasets.promptcblue import promptcblue
from probatum.errors import BadFormat, NeedsFile


def test_three_pinned_prompts_and_one_task(tiny: Path) -> None:
    sample = tiny / "datasets/promptcblue.jsonl"
    first, second, third = promptcblue(sample)
    assert (first.id, first.answer.text) == ("promptcblue:train-1", "疾病实体：痛风")
    assert first.question.text == "找出句中的疾病：\n病人得了痛风。"
    assert dict(first.labels) == {"choices": "疾病; 药物", "task": "CMeEE-V2", "type": "ner"}
    assert dict(second.labels)["task"] == "CHIP-STS" and (third.id, third.answer.text) == ("promptcblue:3", "")
    assert [each.id for each in promptcblue(sample, "CHIP-STS")] == ["promptcblue:train-2"]


def test_what_is_not_there_or_broken(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(promptcblue(tmp_path))
    for row in (
        '{"input": "x"}',
        '{"input": 3, "task_dataset": "a"}',
        '{"task_dataset": "a", "answer_choices": 1}',
        "{",
    ):
        (tmp_path / "dev.json").write_text(row + "\n", encoding="utf-8")
        with pytest.raises(BadFormat, match=r"dev\.json:1"):
            list(promptcblue(tmp_path))
