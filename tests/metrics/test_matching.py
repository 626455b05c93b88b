"""Recall at k of texts and images, against counting by hand."""

from __future__ import annotations

import random

import pytest

from probatum.metrics.matching import matching, rank
from probatum.types import Answer, Candidate


def query(partner: str, scores: dict[str, float], direction: str = "i2t") -> tuple[Answer, Answer]:
    gold = Answer(candidates=(Candidate(partner, "", 1.0),), fields=(("direction", direction),))
    return gold, Answer(candidates=tuple(Candidate(name, "", score) for name, score in scores.items()))


def test_ranks_and_ties() -> None:
    assert rank(query("a", {"a": 0.9, "b": 0.1})) == 1
    assert rank(query("a", {"a": 0.5, "b": 0.5, "c": 0.9})) == 2.5
    assert rank(query("a", {"b": 0.5})) == float("inf")


def test_recall_by_direction() -> None:
    pairs = [query("a", {"a": 0.9, "b": 0.1}), query("a", {"a": 0.1, "b": 0.9}, "t2i")]
    scores = matching(pairs, cutoffs=(1, 2))
    assert scores["recall@1"].value == 0.5 and scores["recall@2"].value == 1
    assert scores["recall@1:i2t"].value == 1 and scores["recall@1:t2i"].value == 0
    assert scores["median_rank"].value == 1.5


def test_equals_counting_over_500_random_queries() -> None:
    chance = random.Random(2)
    rows = [[chance.random() for _ in range(20)] for _ in range(500)]
    pairs = [query("7", {str(place): score for place, score in enumerate(row)}) for row in rows]
    for k in (1, 5, 10):
        wanted = sum(sorted(row, reverse=True).index(row[7]) < k for row in rows) / 500
        assert matching(pairs)[f"recall@{k}"].value == pytest.approx(wanted)
