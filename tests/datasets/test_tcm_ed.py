"""TCM-ED: three kinds of questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from probatum.datasets.tcm_ed import tcm_ed
from probatum.types import Example


def listed(path: Path, *given: Any) -> list[Example]:
    return list(tcm_ed(path, *given))


def test_tcm_ed_of_three_kinds(tiny: Path) -> None:
    found = {each.id: each for each in listed(tiny / "datasets/tcm_ed")}
    assert {id: each.answer.choice for id, each in found.items()} == {
        "CVR:7:1": "B",
        "CVR:7:2": "E",
        "FKU:1": "C",
        "KHC:3:1": "D",
    }
    assert found["CVR:7:2"].question.context == ("虚构病人，数苹果后头晕。",)
    assert found["CVR:7:2"].groups == ("CVR:7",) and found["CVR:7:1"].question.text == "其辨证是（  ）。"
    assert dict(found["KHC:3:1"].question.options)["D"] == "丁汤" and not found["KHC:3:1"].question.context
    assert found["FKU:1"].answer.text == "图上在头。"
