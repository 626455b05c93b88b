"""The area under the receiver's curve."""

from __future__ import annotations

import numpy as np

from probatum.metrics._clusters import Numbers


def area(truth: Numbers, scores: Numbers) -> float:
    """The chance that a member scores above one who is none, ties half; nan without either."""
    members = int(truth.sum())
    others = len(truth) - members
    if not members or not others:
        return float("nan")
    _, places, alike = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(alike) - (alike - 1) / 2)[places]  # of ties the mean
    return float((ranks[truth > 0].sum() - members * (members + 1) / 2) / (members * others))
