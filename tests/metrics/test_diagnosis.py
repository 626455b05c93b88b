"""Ranks with ties, misses and several gold ids; means over cases and over diseases; intervals over publications."""

from __future__ import annotations

import math

import pytest

from probatum.metrics._clusters import clusters_of
from probatum.metrics.diagnosis import diagnosis, rank_of
from probatum.types import Answer, Candidate


def ranked(**scores: float) -> Answer:
    return Answer(candidates=tuple(Candidate(id_, "", score) for id_, score in scores.items()))


@pytest.mark.parametrize(
    ("gold", "given", "rank"),
    [
        (ranked(a=1), ranked(a=0.9, b=0.5), 1),
        (ranked(a=1), ranked(b=0.9, a=0.5), 2),
        (ranked(a=1), ranked(b=0.5, a=0.5, c=0.5), 2),  # three alike share the ranks 1, 2 and 3
        (ranked(a=1), ranked(c=0.9, b=0.5, a=0.5), 2.5),
        (ranked(a=1, c=1), ranked(b=0.9, a=0.5, c=0.7), 2),  # the best of several gold ids
        (ranked(a=1), ranked(b=0.9), math.inf),
        (ranked(a=1), Answer(), math.inf),
        (Answer(), ranked(a=1), math.inf),
    ],
)
def test_ranks(gold: Answer, given: Answer, rank: float) -> None:
    assert rank_of(gold, given) == rank


def test_means_over_cases_and_over_diseases() -> None:
    first, second, absent = ranked(a=0.9, b=0.1), ranked(b=0.9, a=0.1), ranked(c=1)
    pairs = [(ranked(a=1), first), (ranked(a=1), first), (ranked(a=1), second), (ranked(b=1), absent)]
    scores = diagnosis(pairs)
    assert scores["top1"].value == pytest.approx(2 / 4) and scores["top3"].value == pytest.approx(3 / 4)
    assert scores["mrr"].value == pytest.approx((1 + 1 + 1 / 2 + 0) / 4)
    assert scores["macro_top1"].value == pytest.approx((2 / 3 + 0) / 2)  # disease a: two of three; disease b: none
    assert scores["macro_mrr"].value == pytest.approx((2.5 / 3 + 0) / 2)
    assert (scores["top1"].n, scores["macro_top1"].n) == (4, 2) and "series_top1" not in scores
    grouped = diagnosis(pairs, groups=[("p",), ("p",), ("q",), ("q", "r")])["series_top1"]
    assert grouped.value == pytest.approx((1 + 0) / 2) and grouped.n == 2, "each publication alike"


def test_cases_that_share_a_publication_are_drawn_together() -> None:
    assert list(clusters_of(4, [("p",), ("q",), ("p", "r"), ("s",)])) == [0, 1, 0, 2]
    assert list(clusters_of(3, [("p",), ("p", "q"), ("q",)])) == [0, 0, 0]
    pairs = [(ranked(a=1), ranked(a=1))] * 10 + [(ranked(a=1), ranked(b=1))] * 10
    alone = diagnosis(pairs)["top1"]
    together = diagnosis(pairs, groups=[("p",)] * 10 + [("q",)] * 10)["top1"]
    assert alone.value == together.value == 0.5
    assert alone.low is not None and alone.high is not None
    assert (together.low, together.high) == (0.0, 1.0) and 0.2 < alone.low < 0.5 < alone.high < 0.8


def test_the_same_seed_gives_the_same_interval_and_no_cases_give_zero() -> None:
    pairs = [(ranked(a=1), ranked(a=1)), (ranked(a=1), ranked(b=1))] * 5
    assert diagnosis(pairs, seed=3) == diagnosis(pairs, seed=3)
    assert "seed:3" in diagnosis(pairs, seed=3)["top1"].signature
    assert all(score.n == 0 and score.value == 0 for score in diagnosis([]).values())
