"""How often each of two systems is preferred, or neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.metrics._comparisons import comparisons
from probatum.naming import card
from probatum.types import Judgement, Score


@card("Win, tie and loss rates", survey="5.2.1")
def wins(judgements: Sequence[Judgement], *, seed: int = 0) -> Mapping[str, Score]:
    """`win:A>B`, `tie:A=B` and `win:B>A` for each pair of systems: shares of its comparisons, summing to 1.

    Intervals are 95% bootstrap over items, the judgements of one item drawn together.
    """
    by_pair: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for judgement, (first, second, won) in zip(judgements, comparisons(judgements), strict=True):
        pair, value = ((first, second), won) if first <= second else ((second, first), 1 - won)
        by_pair.setdefault(pair, []).append((judgement.item, value))
    scores: dict[str, Score] = {}
    for (first, second), said in sorted(by_pair.items()):
        values = np.array([value for _, value in said])
        clusters = clusters_of(len(said), [(item,) for item, _ in said])
        for key, hit in (
            (f"win:{first}>{second}", values > 0.5),
            (f"tie:{first}={second}", values == 0.5),
            (f"win:{second}>{first}", values < 0.5),
        ):
            low, high = interval(hit.astype(np.float64), np.ones(len(said)), clusters, seed)
            told = f"{key}|bootstrap items:{RESAMPLES}|seed:{seed}"
            scores[key] = Score(float(hit.mean()), len(said), told, low, high)
    return scores
