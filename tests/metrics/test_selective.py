"""Confidence and abstention against golden values."""

from __future__ import annotations

import numpy as np
import pytest
from golden import golden

from probatum.metrics.selective import kept_at, risk_coverage, selective
from probatum.types import Answer, Candidate


def test_confidence_and_abstention() -> None:
    wanted = golden("calibration_abstention")
    pairs = []
    for sure, right in zip(wanted["confidence"], wanted["correct"], strict=True):
        choice = "A" if right else "B"
        pairs.append((Answer(choice="A"), Answer(choice=choice, candidates=(Candidate(choice, "", sure),))))
    scores = selective(pairs)
    for name, key in (
        ("brier", "brier"),
        ("ece-10", "ECE_10_equal_width_right_closed"),
        ("mce-10", "MCE_10"),
        ("ece-15", "ECE_15_equal_width_right_closed"),
        ("mce-15", "MCE_15"),
        ("aurc", "AURC"),
        ("auroc", "auroc_conf_vs_correct"),
    ):
        assert scores[name].value == pytest.approx(wanted[key], abs=1e-6)
    for coverage in ("0.5", "0.8"):
        told = scores[f"accuracy@{coverage}"].value
        assert told == pytest.approx(wanted["selective_accuracy_at_coverage"][coverage], abs=1e-6)


def test_the_surest_items_come_first() -> None:
    sure, right = np.array([0.2, 0.9, 0.5]), np.array([0.0, 1.0, 1.0])
    assert risk_coverage(sure, right)[:, 1] == pytest.approx([0, 0, 1 / 3])
    assert kept_at(sure, right, 0.1).tolist() == [1.0]


def test_an_abstention_has_no_confidence() -> None:
    sure = Answer(choice="A", candidates=(Candidate("A", "", 1.0),))
    scores = selective([(Answer(choice="A"), sure), (Answer(choice="A"), Answer(abstained="no evidence: none"))])
    assert scores["brier"].value == pytest.approx(0) and scores["accuracy@0.5"].value == 1


def test_what_answers_nothing_has_no_calibration() -> None:
    silent = [(Answer(choice="A"), Answer(abstained="no-model: none"))] * 3
    scores = selective(silent)
    without = {name for name, score in scores.items() if score.none}
    assert without == {"brier", "ece-10", "mce-10", "ece-15", "mce-15"} and scores["accuracy@0.5"].value == 0
    wrong = (Answer(choice="A"), Answer(choice="B", candidates=(Candidate("B", "", 0.0),)))
    assert not any(score.none for score in selective([*silent, wrong]).values())  # that is an answer, and a modest one
