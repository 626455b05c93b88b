"""How well items fall into their classes: precision, recall and F1, pooled and as means over the classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, Numbers, clusters_of, drawn_sums, intervals
from probatum.metrics._given import is_unparsed, labels
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Score

MEASURES = ("precision", "recall", "f1")


@card("Precision, recall and F1: micro, macro, weighted, per class; Matthews correlation", survey="5.1.1, eq. 2-4")
def classification(
    pairs: Sequence[Pair],
    *,
    groups: Sequence[tuple[str, ...]] = (),
    classes: Sequence[str] = (),
    averages: Sequence[str] = ("micro", "macro", "weighted"),
    seed: int = 0,
) -> Mapping[str, Score]:
    """`micro_*`, `macro_*`, `weighted_*` precision, recall and f1, `f1:CLASS` each, and `mcc`; 0 to 1 (mcc from -1).

    An item has the class of its choice; where gold has none, the classes of its candidates with a score above 0 (many
    labels an item). Micro pools the counts; macro is the mean of the classes' own F1, not the F1 of the means. What has
    no support and no prediction counts 0. `classes`: those that count (default: all of gold, in order).
    `averages`: which of them are given. Intervals are 95% bootstrap over items, or over what shares one of `groups`.
    """
    gold = [labels(answer) for answer, _ in pairs]
    given = [labels(answer) for _, answer in pairs]
    names = list(classes) or sorted({label for each in gold for label in each})
    rows = np.array([_row(wanted, said, names) for wanted, said in zip(gold, given, strict=True)], np.float64)
    rows = rows.reshape(len(pairs), len(names), 3)
    clusters = clusters_of(len(pairs), groups)
    unparsed = sum(is_unparsed(answer) for _, answer in pairs)
    drawn = drawn_sums(rows.reshape(len(pairs), -1), clusters, seed) if pairs else np.zeros((0, 0))
    scores: dict[str, Score] = {}

    def add(key: str, value: float, low: float | None = None, high: float | None = None) -> None:
        said = f"{key}|classes:{len(names)}|zero_division:0|bootstrap:{RESAMPLES}|seed:{seed}"
        scores[key] = Score(value, len(pairs), said, low, high, unparsed=unparsed)

    for average in averages:
        told = _averaged(rows.sum(axis=0), average) if average != "samples" else _samples(rows)
        if average == "samples":
            low, high = intervals(prf(rows.sum(axis=1)), np.ones((len(pairs), 1)), clusters, seed)
        else:
            again = _averaged(drawn.reshape(len(drawn), len(names), 3), average) if len(drawn) else told[None]
            low, high = np.percentile(again, [2.5, 97.5], axis=0)
        for place, measure in enumerate(MEASURES):
            add(f"{average}_{measure}", float(told[place]), float(low[place]), float(high[place]))
    for name, counts in zip(names, rows.sum(axis=0), strict=True):
        add(f"f1:{name}", float(prf(counts)[2]))
    if all(len(each) <= 1 for each in gold):
        add("mcc", matthews(["".join(each) for each in gold], ["".join(each) for each in given]))
    return scores


def _row(wanted: Sequence[str], said: Sequence[str], names: Sequence[str]) -> list[tuple[int, int, int]]:
    """(right, given, gold) for each class."""
    return [(name in wanted and name in said, name in said, name in wanted) for name in names]


def prf(counts: Numbers) -> Numbers:
    """Precision, recall and F1 of (right, given, gold) in the last axis; 0 where there is nothing to divide by."""
    right, given, gold = counts[..., 0], counts[..., 1], counts[..., 2]
    parts = [right / np.maximum(given, 1), right / np.maximum(gold, 1), 2 * right / np.maximum(given + gold, 1)]
    return np.stack(parts, axis=-1)


def _samples(rows: Numbers) -> Numbers:
    """The mean over the items of each item's own measures."""
    return np.asarray(prf(rows.sum(axis=1)).mean(axis=0)) if len(rows) else np.zeros(3)


def _averaged(counts: Numbers, average: str) -> Numbers:
    """The measures over the classes of summed counts: ... x classes x 3 gives ... x 3."""
    if average == "micro" or not counts.shape[-2]:
        return prf(counts.sum(axis=-2))
    each = prf(counts)
    if average == "macro":
        return np.asarray(each.mean(axis=-2))
    gold = counts[..., 2:3]
    weights = np.where(gold.sum(axis=-2, keepdims=True) > 0, gold, 1.0)  # without any gold all classes count alike
    return np.asarray((each * weights).sum(axis=-2) / weights.sum(axis=-2))


def matthews(gold: Sequence[str], given: Sequence[str]) -> float:
    """The correlation of two labellings with many classes, -1 to 1. Source: doi:10.1371/journal.pone.0041882."""
    names = {name: place for place, name in enumerate(sorted({*gold, *given}))}
    table = np.zeros((len(names), len(names)))
    for wanted, said in zip(gold, given, strict=True):
        table[names[wanted], names[said]] += 1
    total, right = table.sum(), np.trace(table)
    wanted_, said_ = table.sum(axis=1), table.sum(axis=0)
    spread = (total**2 - said_ @ said_) * (total**2 - wanted_ @ wanted_)
    return float((right * total - wanted_ @ said_) / np.sqrt(spread)) if spread else 0.0
