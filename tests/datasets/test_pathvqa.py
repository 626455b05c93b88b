"""PathVQA: the official pickle files without running them, lists in JSON, the Parquet mirror; types as the paper's."""

from __future__ import annotations

import hashlib
import json
import pickle
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from probatum.datasets.pathvqa import pathvqa
from probatum.errors import BadFormat, NeedsFile


def test_three_pinned_questions(tiny: Path) -> None:
    found = list(pathvqa(tiny / "datasets/pathvqa"))
    assert [(each.id, each.answer.text, dict(each.labels)) for each in found] == [
        ("test_qa:1", "two", {"open": "yes", "split": "test", "type": "how much"}),
        ("train_qa:1", "a duct", {"open": "yes", "split": "train", "type": "what"}),
        ("train_qa:2", "yes", {"open": "no", "split": "train", "type": "yes/no"}),
    ]
    image = found[1].question.media[0]
    assert image.sha256 == hashlib.sha256(b"own pathology image").hexdigest()
    assert found[1].groups == found[2].groups and found[0].groups == ("image:test_0001.jpg",)


def test_the_mirror_holds_the_images_themselves(tmp_path: Path) -> None:
    row = {"image": {"bytes": b"\x89PNG own", "path": None}, "question": "Where is it?", "answer": "bowel"}
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([row]), tmp_path / "validation-00000.parquet")
    (only,) = pathvqa(tmp_path)
    assert only.question.media[0].kind == "image/png" and dict(only.labels)["split"] == "dev"
    assert only.question.media[0].sha256 == hashlib.sha256(b"\x89PNG own").hexdigest()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([{"image": 1}]), tmp_path / "validation-00000.parquet")
    with pytest.raises(BadFormat, match="question, answer are not there"):
        list(pathvqa(tmp_path))
    (tmp_path / "validation-00000.parquet").write_bytes(b"PAR1 broken")
    with pytest.raises(BadFormat, match="not a whole Parquet file"):
        list(pathvqa(tmp_path))


def test_what_is_not_there_or_broken(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(pathvqa(tmp_path))
    (tmp_path / "train_qa.pkl").write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(BadFormat, match="a list of questions"):
        list(pathvqa(tmp_path))
    (tmp_path / "train_qa.pkl").unlink()
    for wrong in ({"image": "../a"}, {"image": None}, {"question": ""}, {"answer": 3}):
        row = {"image": "a", "question": "what?", "answer": "x"} | wrong
        (tmp_path / "train_qa.json").write_text(json.dumps([row]), encoding="utf-8")
        with pytest.raises(BadFormat, match=r"train_qa\.json:1"):
            list(pathvqa(tmp_path))
