"""How many of the items that an answer should give it gives: drug indications, symptoms, examinations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.naming import card
from probatum.shapes import Pair
from probatum.text.normal import fold
from probatum.types import Answer, Score

LEVELS = (("any", 0.0), ("half", 1 / 2), ("two_thirds", 2 / 3))


@card(
    "Items given: at least one, half, two thirds",
    survey="C.12",
    reference="https://github.com/CMKRG/QiZhenGPT",
    languages=("en", "zh"),
)
def indications(pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0) -> Mapping[str, Score]:
    """`hits_any`, `hits_half`, `hits_two_thirds`: shares of answers that name so many of the items; `hits_recall`.

    The items are the names of gold's candidates (other names of one item parted by '|'), else gold's fields. One is
    given where one of its names stands in the answer's text or among its candidates; upper and lower case and width
    make no difference. The drug-indication rule of QiZhenGPT with its three levels. An answer without items to give is
    left out; an empty one counts 0. Intervals are 95% bootstrap over items, or over what shares one of `groups`.
    """
    shares = [share(gold, given) for gold, given in pairs]
    weights = np.array([each is not None for each in shares], np.float64)
    values = np.array([each or 0.0 for each in shares])
    clusters, total = clusters_of(len(pairs), groups), float(weights.sum())
    empty = sum(not given.text.strip() and not given.candidates for _, given in pairs)
    told = {f"hits_{name}": (values >= bar - 1e-9) & (values > 0) for name, bar in LEVELS} | {"hits_recall": values}
    scores: dict[str, Score] = {}
    for name, each in told.items():
        column = each.astype(np.float64)
        low, high = interval(column, weights, clusters, seed) if total else (0.0, 0.0)
        value = float((column * weights).sum() / total) if total else 0.0
        said = f"{name}|names in text|bootstrap:{RESAMPLES}|seed:{seed}"
        scores[name] = Score(value, int(total), said, low, high, empty=empty)
    return scores


def share(gold: Answer, given: Answer) -> float | None:
    """The share of gold's items that an answer gives; None where gold has none."""
    items = [each.name or each.id for each in gold.candidates] or [value for _, value in gold.fields]
    if not items:
        return None
    said = fold(" \n ".join([given.text, *(each.name for each in given.candidates)]))
    hits = sum(any(name.strip() and fold(name.strip()) in said for name in item.split("|")) for item in items)
    return hits / len(items)
