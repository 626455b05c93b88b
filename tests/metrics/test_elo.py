"""Ratings from comparisons against golden values."""

from __future__ import annotations

import pytest
from golden import golden

from probatum.errors import BadPlan
from probatum.metrics.elo import bradley_terry, elo, elo_of
from probatum.types import Judgement

WON = {"model_a": 1.0, "model_b": 0.0, "tie": 0.5}


def battles() -> list[Judgement]:
    return [
        Judgement(str(place), "r", (one, other), "overall", WON[winner])
        for place, (one, other, winner) in enumerate(golden("ratings")["battles"])
    ]


def test_elo_and_bradley_terry() -> None:
    wanted, scores = golden("ratings"), elo(battles(), resamples=100)
    for name in "abc":
        told = scores[f"elo:{name}"]
        assert told.value == pytest.approx(wanted["elo_k4_base10_scale400_init1000_online"][name], abs=1e-6)
        strength = wanted["bradley_terry_mle_scale400_mean1000_ties_as_half"][name]
        assert scores[f"bradley_terry:{name}"].value == pytest.approx(strength, abs=1e-4)
        assert told.low is not None and told.high is not None and told.low < told.value < told.high
        assert elo(battles(), k=32, resamples=0)[f"elo:{name}"].value == pytest.approx(
            wanted["elo_k32"][name], abs=1e-6
        )


def test_elo_hangs_on_the_order_and_bradley_terry_does_not() -> None:
    fights = [("a", "b", 1.0), ("b", "c", 1.0), ("c", "a", 1.0), ("a", "b", 0.0), ("b", "c", 0.5)]
    assert elo_of(fights) != elo_of(fights[::-1])
    assert bradley_terry(fights) == pytest.approx(bradley_terry(fights[::-1]))
    shuffled = elo([Judgement(str(n), "r", f[:2], "c", f[2]) for n, f in enumerate(fights)], shuffles=20, resamples=0)
    assert sum(shuffled[f"elo:{name}"].value for name in "abc") == pytest.approx(3000)


def test_who_only_won_has_no_finite_strength() -> None:
    fights = [("best", "a", 1.0), ("best", "b", 1.0), ("a", "b", 1.0), ("b", "a", 1.0)]
    assert bradley_terry(fights) == pytest.approx({"a": 1000.0, "b": 1000.0})
    assert bradley_terry(fights[:3]) == {}


def test_a_rating_of_one_system_is_no_comparison() -> None:
    with pytest.raises(BadPlan, match="two systems"):
        elo([Judgement("1", "r", ("a",), "overall", 4.0)])
