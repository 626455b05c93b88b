"""How often the choice is right, over all items and over those that were answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.metrics._given import is_unparsed
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Score


@card("Accuracy and coverage", survey="5.1.1, eq. 1")
def accuracy(pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0) -> Mapping[str, Score]:
    """`accuracy` over all items, `coverage` (the share answered) and `accuracy_answered`, each 0 to 1.

    A choice is right where it is the gold choice, letter for letter (several letters sorted); an abstention and an
    output of which no choice could be read are never right, and the latter are counted as `unparsed`. Where nothing was
    answered `accuracy_answered` has no value.
    Intervals are 95% bootstrap over items, or over what shares one of `groups`.
    """
    right = per_item(pairs)
    answered = np.array([bool(given.choice) for _, given in pairs], np.float64)
    clusters = clusters_of(len(pairs), groups)
    unparsed = sum(is_unparsed(given) for _, given in pairs)
    empty = sum(not given.text.strip() and not given.choice for _, given in pairs)
    scores: dict[str, Score] = {}
    for name, values, weights in (
        ("accuracy", right, np.ones(len(pairs))),
        ("coverage", answered, np.ones(len(pairs))),
        ("accuracy_answered", right, answered),
    ):
        said = f"{name}|exact choice|bootstrap:{RESAMPLES}|seed:{seed}"
        total = float(weights.sum())
        value = float((values * weights).sum() / total) if total else 0.0
        low, high = interval(values, weights, clusters, seed) if total else (None, None)
        none = "" if total else "nothing was answered"
        scores[name] = Score(value, int(total), said, low, high, unparsed=unparsed, empty=empty, none=none)
    return scores


def per_item(pairs: Sequence[Pair]) -> np.ndarray:
    """1 for each pair whose choice is right, else 0."""
    return np.array([bool(gold.choice) and gold.choice == given.choice for gold, given in pairs], np.float64)
