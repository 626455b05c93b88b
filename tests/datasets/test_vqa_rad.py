"""VQA-RAD: closed and open questions with their category, the image by its hash, scored as the metric scores."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from probatum.datasets.vqa_rad import vqa_rad
from probatum.errors import BadFormat, NeedsFile
from probatum.metrics.vqa import vqa
from probatum.types import Answer


def test_three_pinned_questions_and_their_score(tiny: Path) -> None:
    found = list(vqa_rad(tiny / "datasets/vqa_rad"))
    assert [(each.id, each.answer.text, dict(each.answer.fields)["answer_type"]) for each in found] == [
        ("1", "No", "CLOSED"),
        ("2", "left", "OPEN"),
        ("3", "2", "OPEN"),
    ]
    assert dict(found[1].labels) == {"open": "yes", "organ": "CHEST", "split": "test", "type": "POS"}
    assert found[0].groups == found[1].groups == ("image:own1.jpg",) and found[2].question.media[0].kind == "image/png"
    given = [Answer("no"), Answer("on the left side"), Answer("three")]
    scores = vqa([(each.answer, answer) for each, answer in zip(found, given, strict=True)])
    assert (scores["closed_accuracy"].value, scores["open_recall"].value, scores["open_accuracy"].value) == (1, 0.5, 0)


def test_the_image_is_known_by_its_bytes(tiny: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny / "datasets/vqa_rad", tmp_path / "set")
    (folder / "VQA_RAD Image Folder").mkdir()
    (folder / "VQA_RAD Image Folder/own1.jpg").write_bytes(b"own")
    media = next(vqa_rad(folder)).question.media[0]
    assert media.sha256 == hashlib.sha256(b"own").hexdigest()
    assert media.origin is not None and media.origin.at == "VQA_RAD Image Folder/own1.jpg"


def test_what_is_not_there_or_broken(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(vqa_rad(tmp_path))
    sound = {"qid": 1, "image_name": "a.jpg", "question": "?", "answer": "x", "answer_type": "OPEN"}
    for wrong in ({"answer_type": "MAYBE"}, {"image_name": "../a.jpg"}, {"answer": None}, {"question": ""}):
        (tmp_path / "x.json").write_text(json.dumps([{**sound, **wrong}]), encoding="utf-8")
        with pytest.raises(BadFormat, match=r"x\.json:1"):
            list(vqa_rad(tmp_path))
