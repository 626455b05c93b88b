"""Intervals of means over cases that are not independent: cases that share a publication are drawn together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1_000
Numbers = NDArray[np.float64]


def clusters_of(count: int, groups: Sequence[tuple[str, ...]]) -> NDArray[np.intp]:
    """The number of each case's cluster: cases are joined by any group that they share."""
    parents = list(range(count))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    first: dict[str, int] = {}
    for place, names in enumerate(groups[:count]):
        for name in names:
            parents[root(place)] = root(first.setdefault(name, place))
    roots = [root(place) for place in range(count)]
    numbers = {each: number for number, each in enumerate(dict.fromkeys(roots))}
    return np.array([numbers[each] for each in roots], np.intp)


def interval(values: Numbers, weights: Numbers, clusters: NDArray[np.intp], seed: int) -> tuple[float, float]:
    """The 95% percentile bootstrap interval of a weighted mean, clusters drawn with replacement."""
    number = int(clusters.max()) + 1
    sums = np.bincount(clusters, values * weights, number)
    sizes = np.bincount(clusters, weights, number)
    draws = np.random.default_rng(seed)
    means = np.empty(RESAMPLES)
    for turn in range(RESAMPLES):
        times = np.bincount(draws.integers(0, number, number), minlength=number)
        means[turn] = (times @ sums) / max(float(times @ sizes), 1e-12)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
