"""Rows of the survey: sets of images with questions, reports and captions, each held to what working means for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from metrics.test_vqa_med import RECORDED, drawn

from probatum.metrics.vqa import vqa
from probatum.metrics.vqa_med import vqa_med
from probatum.naming import find
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Answer, Example

CATEGORY = {"pathvqa": "yes/no", "vqa_rad": "POS", "vqa_med": "modality", "slake": "KG"}


def test_vqa_sets(tiny: Path, tmp_path: Path) -> None:
    """Samples load with open and closed and their category; SLAKE's triples enter the graph; scores as evaluators'."""
    for name, category in CATEGORY.items():
        found: list[Example] = list(find("datasets", name)(tiny / "datasets" / name))
        assert {dict(each.labels)["open"] for each in found} == {"yes", "no"}, name
        assert category in {dict(each.labels)["type"] for each in found}, name
        assert all(each.question.media and each.answer.text and each.groups for each in found), name
        scores = vqa([(each.answer, each.answer) for each in found], groups=[each.groups for each in found])
        assert scores["closed_accuracy"].value == scores["open_accuracy"].value == 1
        assert scores["closed_accuracy"].n + scores["open_accuracy"].n == len(found)
        none = vqa([(each.answer, Answer("none of these")) for each in found])
        assert none["closed_accuracy"].value == 0
    write(tmp_path, find("sources", "slake")(tiny / "sources/slake"))
    (asked,) = (each for each in find("datasets", "slake")(tiny / "datasets/slake") if dict(each.labels).get("triple"))
    with Store(tmp_path) as store:
        walked = {each.qualifier("original_predicate") for each in store.relations(subject="slake:Kidney")}
        assert dict(asked.labels)["triple"] in walked
        assert "biolink:has_phenotype" in {each.predicate for each in store.relations(subject="slake:Renal_cyst")}
    assert vqa_med(drawn(500))["vqa_med_accuracy"].value == pytest.approx(RECORDED, abs=1e-6)
