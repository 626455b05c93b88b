"""SLAKE: questions of two languages, open and closed, with category and relation; broken rows are refused."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from probatum.datasets.slake import slake
from probatum.errors import BadFormat, NeedsFile


def test_three_pinned_questions(tiny: Path) -> None:
    graph, english, chinese = slake(tiny / "datasets/slake")
    assert (graph.id, graph.answer.text, dict(graph.labels)["triple"]) == ("test:3", "Makes bile", "function")
    assert dict(english.labels) == {
        "base": "vqa", "language": "en", "location": "Abdomen", "modality": "CT", "open": "yes", "split": "train",
        "type": "Organ",
    }  # fmt: skip
    assert dict(chinese.answer.fields)["answer_type"] == "CLOSED" and chinese.question.language == "zh"
    image = chinese.question.media[0]
    assert image.sha256 == hashlib.sha256(b"own slake image").hexdigest()
    assert image.origin is not None and image.origin.at == "imgs/own1/source.jpg"
    assert english.groups == chinese.groups == ("image:own1/source.jpg",)
    assert [each.id for each in slake(tiny / "datasets/slake", "zh")] == ["train:2"]


def test_the_second_file_has_another_name_on_hugging_face(tiny: Path, tmp_path: Path) -> None:
    for name in ("validate.json", "validation.json"):
        file = tmp_path / name
        file.write_bytes((tiny / "datasets/slake/train.json").read_bytes())
        assert {dict(each.labels)["split"] for each in slake(tmp_path)} == {"dev"}
        file.unlink()


def test_what_is_not_there_or_broken(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(slake(tmp_path))
    sound = {"img_name": "a/b.jpg", "question": "?", "answer": "x", "q_lang": "en", "answer_type": "OPEN", "qid": 1}
    (tmp_path / "test.json").write_text(json.dumps([sound]), encoding="utf-8")
    with pytest.raises(BadFormat, match="part"):
        list(slake(tmp_path, "fr"))
    for wrong in (
        {"q_lang": "fr"}, {"answer_type": "BOTH"}, {"img_name": "../a.jpg"}, {"answer": ""}, {"triple": ["a"]},
        {"img_name": "/etc/a.jpg"}, {"img_name": "..\\a.jpg"}, {"triple": "a"},
    ):  # fmt: skip
        (tmp_path / "test.json").write_text(json.dumps([{**sound, **wrong}]), encoding="utf-8")
        with pytest.raises(BadFormat, match=r"test\.json:1"):
            list(slake(tmp_path))
    (tmp_path / "test.json").write_text('[{"img_name": ', encoding="utf-8")
    with pytest.raises(BadFormat, match=r"test\.json"):
        list(slake(tmp_path))
