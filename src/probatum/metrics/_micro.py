"""Micro-averaged precision, recall and F1 of sets of things found in texts, with intervals over texts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, Numbers, clusters_of
from probatum.shapes import Pair
from probatum.types import Answer, Score

Items = Callable[[Answer], set[Hashable]]


def micro(
    pairs: Sequence[Pair],
    views: Mapping[str, Items],
    *,
    groups: Sequence[tuple[str, ...]] = (),
    seed: int = 0,
    how: str = "strict",
    unparsed: int = 0,
) -> dict[str, Score]:
    """Precision, recall and F1 (0 to 1) of each view of the answers, as `name_f1`, of `name:kind` as `name_f1:kind`.

    A view of which there is nothing, neither to find nor found, is left out. Intervals are 95% bootstrap over texts, or
    what shares one of `groups`. `how` stands in the signatures.
    """
    clusters = clusters_of(len(pairs), groups)
    scores: dict[str, Score] = {}
    for view, items in views.items():
        counts = np.array([_counts(items(gold), items(given)) for gold, given in pairs], np.float64).reshape(-1, 3)
        if not counts.sum():
            continue
        told = _prf(counts.sum(axis=0))
        low, high = _interval(counts, clusters, seed)
        name, colon, kind = view.partition(":")
        for place, measure in enumerate(("precision", "recall", "f1")):
            signature = f"{view}|{measure}|micro|{how}|empty:0|bootstrap:{RESAMPLES}|seed:{seed}"
            value, between = float(told[place]), (float(low[place]), float(high[place]))
            scores[f"{name}_{measure}{colon}{kind}"] = Score(value, len(pairs), signature, *between, unparsed)
    return scores


def _counts(gold: set[Hashable], given: set[Hashable]) -> tuple[int, int, int]:
    """(right, given, gold) of one text."""
    return len(gold & given), len(given), len(gold)


def _prf(counts: Numbers) -> Numbers:
    right, given, gold = counts
    return np.array([right / max(given, 1), right / max(gold, 1), 2 * right / max(given + gold, 1)])


def _interval(
    counts: Numbers, clusters: Sequence[int] | np.typing.NDArray[np.intp], seed: int
) -> tuple[Numbers, Numbers]:
    number = int(np.max(clusters)) + 1
    sums = np.stack([np.bincount(clusters, column, number) for column in counts.T], axis=1)
    if number == 1:
        return _prf(sums[0]), _prf(sums[0])
    draws = np.random.default_rng(seed)
    told = np.empty((RESAMPLES, 3))
    for turn in range(RESAMPLES):
        times = np.bincount(draws.integers(0, number, number), minlength=number).astype(np.float64)
        told[turn] = _prf(times @ sums)
    low, high = np.percentile(told, [2.5, 97.5], axis=0)
    return low, high
