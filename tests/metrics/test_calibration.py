"""Brier score and calibration error of the first candidate, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from probatum.metrics.calibration import calibration, calibration_error, first
from probatum.types import Answer, Candidate

GOLD = Answer(candidates=(Candidate("a", "", 1.0),))


def claims(id_: str, score: float) -> Answer:
    return Answer(candidates=(Candidate(id_, "", score), Candidate("z", "", 0.0)))


def test_what_the_first_candidate_claims() -> None:
    assert first(GOLD, claims("a", 0.8)) == (0.8, 1.0)
    assert first(GOLD, claims("b", 0.8)) == (0.8, 0.0)
    tie = Answer(candidates=(Candidate("b", "", 0.4), Candidate("a", "", 0.4)))
    assert first(GOLD, tie) == (0.4, 0.5)
    assert first(GOLD, Answer()) == (0.0, 0.0)
    assert first(GOLD, claims("a", 7.0)) == (1.0, 1.0)


def test_brier_is_the_mean_squared_difference() -> None:
    scores = calibration([(GOLD, claims("a", 0.8)), (GOLD, claims("b", 0.6)), (GOLD, Answer())])
    assert scores["brier"].value == pytest.approx((0.2**2 + 0.6**2 + 0) / 3)
    assert scores["brier"].n == 3 and scores["ece"].low is None


def test_a_forecast_that_is_kept_has_no_calibration_error() -> None:
    kept = [(GOLD, claims("a", 0.5)), (GOLD, claims("b", 0.5))] * 10
    assert calibration(kept)["ece"].value == pytest.approx(0)
    boastful = [(GOLD, claims("a", 1.0)), (GOLD, claims("b", 1.0))] * 10
    assert calibration(boastful)["ece"].value == pytest.approx(0.5)


def test_bins_hold_equally_many_cases() -> None:
    said, right = np.array([0.1, 0.9, 0.2, 0.8]), np.array([0.0, 1.0, 1.0, 1.0])
    assert calibration_error(said, right) == pytest.approx((0.1 + 0.8 + 0.2 + 0.1) / 4)  # fewer cases than bins


def test_no_cases_no_claim() -> None:
    assert {name: (score.value, score.n) for name, score in calibration([]).items()} == {"brier": (0, 0), "ece": (0, 0)}
