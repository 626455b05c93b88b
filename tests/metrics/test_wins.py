"""Shares of wins, ties and losses."""

from __future__ import annotations

from probatum.metrics.wins import wins
from probatum.types import Judgement


def test_shares_sum_to_one_whichever_stood_first() -> None:
    said = [(("a", "b"), 1.0), (("b", "a"), 0.0), (("a", "b"), 0.5), (("b", "a"), 1.0)]
    scores = wins([Judgement(str(n), "r", pair, "overall", value) for n, (pair, value) in enumerate(said)])
    assert {name: score.value for name, score in scores.items()} == {"win:a>b": 0.5, "tie:a=b": 0.25, "win:b>a": 0.25}
    assert scores["win:a>b"].n == 4 and scores["win:a>b"].low is not None
