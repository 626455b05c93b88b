"""Agreement of two raters beyond chance."""

from __future__ import annotations

import numpy as np

from probatum.metrics._clusters import Numbers


def cohen(first: Numbers, second: Numbers, weights: str = "none") -> float:
    """Cohen's kappa of two raters; `weights` none, linear or quadratic over the values in order."""
    values = np.unique(np.concatenate([first, second]))
    one, other = np.searchsorted(values, first), np.searchsorted(values, second)
    places = np.arange(len(values))
    gaps = np.abs(places[:, None] - places[None, :]).astype(np.float64)
    costs = {"none": (gaps > 0).astype(np.float64), "linear": gaps, "quadratic": gaps**2}[weights]
    met = np.zeros_like(costs)
    np.add.at(met, (one, other), 1)
    expected = np.outer(met.sum(axis=1), met.sum(axis=0)) / met.sum()
    return float(1 - (costs * met).sum() / (costs * expected).sum()) if (costs * expected).sum() else float("nan")
