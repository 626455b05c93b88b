"""Intervals of means over cases that are not independent: cases that share a publication are drawn together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
    low, high = intervals(values[:, None], weights[:, None], clusters, seed)
    return float(low[0]), float(high[0])


def intervals(values: Numbers, weights: Numbers, clusters: NDArray[np.intp], seed: int) -> tuple[Numbers, Numbers]:
    """As `interval` for each column at once, with the same draws for all; zeros where there are no rows."""
    if not len(values):
        return np.zeros(values.shape[1]), np.zeros(values.shape[1])
    sums = drawn_sums(
        np.concatenate([values * weights, np.broadcast_to(weights, values.shape)], axis=1), clusters, seed
    )
    means = sums[:, : values.shape[1]] / np.maximum(sums[:, values.shape[1] :], 1e-12)
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    return low, high


def drawn_sums(rows: Numbers, clusters: NDArray[np.intp], seed: int) -> Numbers:
    """The sums of the rows (items x columns) in each of the bootstrap's draws of clusters: draws x columns.

    Of one cluster all draws are alike, and one of them is given.
    """
    number = int(clusters.max()) + 1
    sums: Numbers = np.stack([np.bincount(clusters, column, number) for column in rows.T], axis=1).astype(np.float64)
    if number == 1:
        return sums
    draws = np.random.default_rng(seed)
    told = np.empty((RESAMPLES, rows.shape[1]))
    for turn in range(RESAMPLES):
        told[turn] = np.bincount(draws.integers(0, number, number), minlength=number) @ sums
    return told


def resampled(
    rows: Numbers, clusters: NDArray[np.intp], value: Callable[[Numbers], Numbers], seed: int
) -> tuple[Numbers, Numbers]:
    """The 95% percentile bootstrap interval of any statistic of rows, clusters drawn with replacement."""
    order = np.argsort(clusters, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(clusters))[:-1])
    if len(members) == 1:
        return value(rows), value(rows)
    draws = np.random.default_rng(seed)
    told = []
    for _ in range(RESAMPLES):
        drawn = draws.integers(0, len(members), len(members))
        places = drawn if len(members) == len(rows) else np.concatenate([members[each] for each in drawn])
        told.append(value(rows[places]))
    low, high = np.percentile(np.asarray(told), [2.5, 97.5], axis=0)
    return low, high
