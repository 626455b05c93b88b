"""Medical-Dialogue-System: the Chinese consultations, in blocks and as JSON."""

from __future__ import annotations

from pathlib import Path

from probatum.datasets.medical_dialogue_system import medical_dialogue_system


def test_blocks_and_lists_of_utterances(tiny: Path) -> None:
    first, second, third = medical_dialogue_system(tiny / "datasets/medical_dialogue_system")
    assert (first.id, first.answer.text) == ("2020:7", "少数一些豆子。")
    assert (second.id, second.answer.text) == ("2020:8", "少数一些米粒。")
    assert (third.id, third.question.text, third.answer.text) == ("own_test:1", "帽子太紧。", "摘下来。")
    assert dict(third.labels) == {"split": "test"} and first.origin and first.origin.at.endswith("zh/7")
