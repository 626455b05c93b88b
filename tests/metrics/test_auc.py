"""Areas under the curve against golden values and scikit-learn."""

from __future__ import annotations

import random

import numpy as np
import pytest
from golden import golden

from probatum.metrics.auc import auc
from probatum.types import Answer, Candidate


def scored(values: list[float], names: list[str] | None = None) -> Answer:
    names = names or [str(place) for place in range(len(values))]
    return Answer(candidates=tuple(Candidate(name, "", value) for name, value in zip(names, values, strict=True)))


def test_auc_is_scikit_learns() -> None:
    many, several = golden("auc")["multiclass"], golden("auc")["multilabel"]
    pairs = [(Answer(choice=str(y)), scored(row)) for y, row in zip(many["y"], many["scores"], strict=True)]
    assert auc(pairs)["auc_macro"].value == pytest.approx(many["macro_auc_ovr"], abs=1e-6)
    pairs = [(scored(y), scored(row)) for y, row in zip(several["y"], several["scores"], strict=True)]
    assert auc(pairs)["auc_macro"].value == pytest.approx(several["macro_auc"], abs=1e-6)


def test_500_random_items_as_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    chance = random.Random(3)
    gold = [chance.choice("ABCDE") for _ in range(500)]
    rows = [[round(chance.random() + (name == each), 1) for name in "ABCDE"] for each in gold]
    truth = np.array([[name == each for name in "ABCDE"] for each in gold])
    wanted = metrics.roc_auc_score(truth, np.array(rows), average="macro")
    pairs = [(Answer(choice=a), scored(row, list("ABCDE"))) for a, row in zip(gold, rows, strict=True)]
    assert auc(pairs)["auc_macro"].value == pytest.approx(wanted, abs=1e-9)


def test_a_class_that_no_item_has_is_left_out_and_counted() -> None:
    pairs = [(Answer(choice=a), scored([x, 1 - x, 0.0], ["A", "B", "C"])) for a, x in (("A", 0.9), ("B", 0.2))]
    score = auc(pairs)["auc_macro"]
    assert score.value == 1 and "left_out:1" in score.signature
