"""cMedQA2: graded candidates, plain and packed."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from probatum.datasets.cmedqa2 import cmedqa2
from probatum.errors import BadFormat
from probatum.types import Example


def listed(path: Path, *given: Any) -> list[Example]:
    return list(cmedqa2(path, *given))


def test_cmedqa2_grades_its_candidates(tiny: Path, tmp_path: Path) -> None:
    folder = tiny / "datasets/cmedqa2"
    found = listed(folder)
    assert [(each.id, [one.score for one in each.answer.candidates]) for each in found] == [
        ("101", [0.0, 1.0, 1.0]),
        ("102", [1.0, 0.0]),
        ("103", [1.0]),
    ]
    assert found[0].answer.text == "多喝虚构水。"
    train = listed(folder, "train")
    assert [(each.id, each.score) for each in train[0].answer.candidates] == [("1", 1.0), ("3", 0.0), ("4", 0.0)]
    for name in ("question", "answer"):  # as the release packs them
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.write(folder / f"{name}.csv", f"{name}.csv")
    shutil.copy(folder / "test_candidates.txt", tmp_path)
    assert listed(tmp_path) == found
    (tmp_path / "test_candidates.txt").write_text("question_id,ans_id,cnt,label\n101,9,0,1\n")
    with pytest.raises(BadFormat, match=r"test_candidates\.txt:2: there is no answer '9'"):
        listed(tmp_path)
