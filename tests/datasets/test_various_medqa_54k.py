"""The instructions of Visual Med-Alpaca: Alpaca's layout, a model's answers marked as such."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.datasets.various_medqa_54k import various_medqa_54k
from probatum.errors import BadFormat, NeedsFile


def test_three_pinned_instructions(tiny: Path) -> None:
    first, second, third = various_medqa_54k(tiny / "datasets/various_medqa_54k")
    assert (first.question.text, first.answer.text) == ("What does insulin do?", "It lowers the glucose in the blood.")
    assert second.question.context == ("An own text on coughs.",) and second.labels == (("source", "own"),)
    assert third.origin and third.origin.reliability == "generated" and not first.question.context


@pytest.mark.parametrize("text", ['[{"instruction": "x"}]', '[{"instruction": "", "output": "y"}]', "[3]", '[{"a": '])
def test_what_is_not_there_or_broken(text: str, tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(various_medqa_54k(tmp_path))
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(BadFormat, match=r"a\.json"):
        list(various_medqa_54k(tmp_path))
