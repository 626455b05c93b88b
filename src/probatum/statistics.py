"""Whether two systems differ on the same items, and how sure a share is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, chi2, norm

EXACT_BELOW = 25  # discordant pairs under which McNemar's test is exact
RESAMPLES = 10_000
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """How much the first of two systems exceeds the second on the same items."""

    mean: float
    low: float  # 95% interval
    high: float
    p: float  # two-sided, of no difference
    n: int
    test: str


def mcnemar(first: Sequence[bool], second: Sequence[bool]) -> tuple[float, str]:
    """(p, test) of two systems right or wrong on the same items: exact under 25 discordant pairs, else corrected.

    Source: doi:10.1007/BF02295996.
    """
    pairs = [(bool(one), bool(other)) for one, other in zip(first, second, strict=True)]
    better, worse = pairs.count((True, False)), pairs.count((False, True))
    discordant = better + worse
    if discordant < EXACT_BELOW:
        p = min(1.0, 2 * float(binom.cdf(min(better, worse), discordant, 0.5))) if discordant else 1.0
        return p, "mcnemar exact"
    return float(chi2.sf((abs(better - worse) - 1) ** 2 / discordant, 1)), "mcnemar corrected"


def paired(
    first: Sequence[float], second: Sequence[float], clusters: Sequence[str] = (), *, seed: int = 0
) -> Difference:
    """The mean difference of two systems' values on the same items, with a bootstrap interval and p.

    Items are drawn with replacement, those of one cluster (a document, a patient) together. p is twice the smaller
    share of draws of the centred difference beyond the one seen. Source: doi:10.1201/9780429246593.
    """
    apart = np.asarray(first, np.float64) - np.asarray(second, np.float64)
    if not len(apart):
        return Difference(0.0, 0.0, 0.0, 1.0, 0, "paired bootstrap")
    names = list(clusters) or [str(place) for place in range(len(apart))]
    _, of = np.unique(np.array(names), return_inverse=True)
    sums, sizes = np.bincount(of, apart), np.bincount(of).astype(np.float64)
    draws = np.random.default_rng(seed)
    means = np.empty(RESAMPLES)
    for turn in range(RESAMPLES):
        times = np.bincount(draws.integers(0, len(sums), len(sums)), minlength=len(sums))
        means[turn] = (times @ sums) / (times @ sizes)
    mean = float(apart.mean())
    low, high = np.percentile(means, [2.5, 97.5])
    beyond = float((np.abs(means - mean) >= abs(mean) - 1e-12).mean())
    p = max(beyond, 1 / RESAMPLES) if mean else 1.0
    return Difference(mean, float(low), float(high), p, len(apart), f"paired bootstrap {RESAMPLES}")


def wilson(hits: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """The interval of a share of n. Source: doi:10.1080/01621459.1927.10502953."""
    if not n:
        return 0.0, 1.0
    z = float(norm.ppf((1 + level) / 2))
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def holm(ps: Sequence[float]) -> list[float]:
    """The p values after Holm's correction for as many tests, in their order. Source: jstor:4615733."""
    order = np.argsort(ps, kind="stable")
    steps = [min(1.0, (len(ps) - rank) * ps[place]) for rank, place in enumerate(order)]
    return _back(np.maximum.accumulate(steps) if steps else np.array([]), order)


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """The p values after the false discovery rate's correction, in their order. Source: jstor:2346101."""
    order = np.argsort(ps, kind="stable")
    steps = [min(1.0, len(ps) * ps[place] / (rank + 1)) for rank, place in enumerate(order)]
    return _back(np.minimum.accumulate(steps[::-1])[::-1] if steps else np.array([]), order)


def _back(adjusted: Numbers, order: NDArray[np.intp]) -> list[float]:
    told = np.empty(len(order))
    told[order] = adjusted
    return [float(each) for each in told]
