"""Precision, recall and F1 against golden values and scikit-learn."""

from __future__ import annotations

import random

import pytest
from golden import golden

from probatum.metrics.classification import classification
from probatum.types import Answer, Candidate

UNSURE = {"uncertain_as_negative(pos={1})": (1,), "uncertain_as_positive(pos={1,3})": (1, 3)}


def scored(values: list[float], names: list[str]) -> Answer:
    return Answer(candidates=tuple(Candidate(name, "", value) for name, value in zip(names, values, strict=True)))


def test_every_average_is_scikit_learns() -> None:
    wanted = golden("classification")
    pairs = [(Answer(choice=a), Answer(choice=b)) for a, b in zip(wanted["y_true"], wanted["y_pred"], strict=True)]
    scores = classification(pairs)
    assert scores["mcc"].value == pytest.approx(wanted["mcc"], abs=1e-6)
    for average in ("micro", "macro", "weighted"):
        for measure, short in (("precision", "P"), ("recall", "R"), ("f1", "F1")):
            assert scores[f"{average}_{measure}"].value == pytest.approx(wanted[average][short], abs=1e-6)
    for name in "ABC":
        assert scores[f"f1:{name}"].value == pytest.approx(wanted["per_class"][name]["f1-score"], abs=1e-6)


@pytest.mark.parametrize("rule", UNSURE)
def test_findings_of_chest_radiographs(rule: str) -> None:
    shared = golden("chexbert_f1")

    def labelled(row: list[int]) -> Answer:
        return scored([float(each in UNSURE[rule]) for each in row], shared["conditions"])

    pairs = [(labelled(ref), labelled(hyp)) for ref, hyp in zip(shared["ref"], shared["hyp"], strict=True)]
    for number, classes in ((14, shared["conditions"]), (5, shared["top5"])):
        scores = classification(pairs, classes=classes, averages=("micro", "macro", "weighted", "samples"))
        for average in ("micro", "macro", "weighted", "samples"):
            wanted = shared[rule][f"{average}-F1-{number}"]
            assert scores[f"{average}_f1"].value == pytest.approx(wanted, abs=1e-6)


def test_500_random_items_as_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    chance = random.Random(3)
    gold = [chance.choice("ABCDE") for _ in range(500)]
    given = [each if chance.random() < 0.6 else chance.choice("ABCDE") for each in gold]
    scores = classification([(Answer(choice=a), Answer(choice=b)) for a, b in zip(gold, given, strict=True)])
    for average in ("micro", "macro", "weighted"):
        wanted = metrics.precision_recall_fscore_support(gold, given, average=average)[:3]
        told = [scores[f"{average}_{measure}"].value for measure in ("precision", "recall", "f1")]
        assert told == pytest.approx(wanted, abs=1e-9)
    assert scores["mcc"].value == pytest.approx(metrics.matthews_corrcoef(gold, given), abs=1e-9)


def test_macro_is_the_mean_of_the_classes_own_f1() -> None:
    pairs = [(Answer(choice=a), Answer(choice=b)) for a, b in (("A", "A"), ("A", "B"), ("B", "B"))]
    scores = classification(pairs)
    assert scores["macro_f1"].value == pytest.approx((scores["f1:A"].value + scores["f1:B"].value) / 2)
    assert classification([])["micro_f1"].n == 0
