"""CCKS 2019: spans in code points with the labels of the task; spans that do not stand are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.datasets.ccks_2019 import ccks_2019
from probatum.errors import BadFormat, NeedsFile
from probatum.metrics.extraction import extraction
from probatum.types import Answer, Mention


def test_three_pinned_records_and_their_score(tiny: Path) -> None:
    found = list(ccks_2019(tiny / "datasets/ccks_2019.jsonl"))
    assert [each.id for each in found] == ["ccks_2019:1", "ccks_2019:2", "ccks_2019:3"]
    assert found[0].answer.found == (
        Mention(3, 6, "胃溃疡", "", kind="疾病和诊断"),
        Mention(8, 12, "奥美拉唑", "", kind="药物"),
    )
    given = [Answer(found=found[0].answer.found[:1]), found[1].answer, Answer()]
    scores = extraction([(each.answer, answer) for each, answer in zip(found, given, strict=True)])
    assert [scores[f"mention_{each}"].value for each in ("precision", "recall", "f1")] == pytest.approx([1, 2 / 3, 0.8])


def test_what_is_not_there_or_broken(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(ccks_2019(tmp_path))
    spans = ('{"label_type": "药物", "start_pos": 2, "end_pos": 9}', '{"start_pos": 0, "end_pos": 1}', "3")
    for entities in (*(f"[{span}]" for span in spans), "{}"):
        (tmp_path / "x.json").write_text(f'{{"originalText": "一二三", "entities": {entities}}}\n', encoding="utf-8")
        with pytest.raises(BadFormat, match=r"x\.json:1"):
            list(ccks_2019(tmp_path))
