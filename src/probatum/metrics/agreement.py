"""How far raters agree beyond chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from probatum.errors import BadPlan
from probatum.metrics._clusters import RESAMPLES
from probatum.metrics._kappa import cohen
from probatum.naming import card
from probatum.types import Judgement, Score

LEVELS = ("nominal", "ordinal", "interval", "ratio")
Table = NDArray[np.float64]  # raters x items, nan where one said nothing


@card(
    "Agreement: Krippendorff, Fleiss, Cohen, intraclass correlation",
    survey="5.2",
    reference="doi:10.1080/19312450709336664",
)
def agreement(
    judgements: Sequence[Judgement], *, level: str = "ordinal", resamples: int = RESAMPLES, seed: int = 0
) -> Mapping[str, Score]:
    """Krippendorff's `alpha`; Fleiss' `kappa`, `cohen:A,B` and ICC (2,1), (3,1), (2,k) where the ratings are complete.

    1 is perfect agreement, 0 that of chance. `level`: nominal, ordinal, interval or ratio, what the scale means.
    A unit is one item, system and criterion; what a rater rated twice counts with the last. Missing ratings only cost
    what they miss in alpha; the others need every rater on every unit and are left out otherwise. Cohen's weights are
    none for nominal and quadratic for other levels. Intervals are 95% bootstrap over items.
    """
    if level not in LEVELS:
        raise BadPlan(f"level = {level!r} is not known here", mend=f"one of: {', '.join(LEVELS)}")
    table, raters, items = ratings(judgements)
    weights = "none" if level == "nominal" else "quadratic"
    rules: dict[str, tuple[Callable[[Table], float], str]] = {"alpha": (lambda rows: alpha(rows, level), level)}
    if not np.isnan(table).any() and len(raters) > 1:
        rules["kappa"] = (fleiss, "fleiss|nominal")
        for one, other in combinations(range(len(raters)), 2):
            key = f"cohen:{raters[one]},{raters[other]}"
            rules[key] = (lambda rows, a=one, b=other: cohen(rows[a], rows[b], weights), f"weights:{weights}")  # type: ignore[misc]
        for kind in ("2,1", "3,1", "2,k"):
            rules[f"icc({kind})"] = (lambda rows, form=kind: intraclass(rows)[form], "two-way")  # type: ignore[misc]
    places = [np.flatnonzero(items == item) for item in dict.fromkeys(items)]
    draws = np.random.default_rng(seed)
    drawn = [np.concatenate([places[each] for each in draws.integers(0, len(places), len(places))])
             for _ in range(resamples if places else 0)]  # fmt: skip
    scores: dict[str, Score] = {}
    for key, (rule, said) in rules.items():
        value = rule(table)
        if np.isnan(value):
            continue
        told = np.array([rule(table[:, columns]) for columns in drawn])
        low, high = np.nanpercentile(told, [2.5, 97.5]) if len(told) and not np.isnan(told).all() else (None, None)
        signature = f"{key}|{said}|raters:{len(raters)}|bootstrap items:{resamples}|seed:{seed}"
        scores[key] = Score(value, table.shape[1], signature, low, high)
    return scores


def ratings(judgements: Sequence[Judgement]) -> tuple[Table, list[str], NDArray[np.str_]]:
    """The ratings as raters x units, the raters, and the item of each unit."""
    raters = sorted({each.rater for each in judgements})
    units = list(dict.fromkeys((each.item, each.systems, each.criterion) for each in judgements))
    row, column = ({name: place for place, name in enumerate(each)} for each in (raters, units))
    table = np.full((len(raters), len(units)), np.nan)
    for each in judgements:
        table[row[each.rater], column[each.item, each.systems, each.criterion]] = each.value
    return table, raters, np.array([unit[0] for unit in units])


def alpha(table: Table, level: str = "ordinal") -> float:
    """Krippendorff's alpha of raters x units, nan for what was not rated; nan without two ratings or any variation."""
    rated = table[:, (~np.isnan(table)).sum(axis=0) >= 2]
    values = np.unique(rated[~np.isnan(rated)])
    if len(values) < 2:
        return float("nan")
    counts = np.stack([(rated == value).sum(axis=0) for value in values])  # values x units
    of_unit = counts.sum(axis=0)
    met = (counts / (of_unit - 1)) @ counts.T - np.diag((counts / (of_unit - 1)).sum(axis=1))  # coincidences
    totals = met.sum(axis=1)
    apart = _apart(values, totals, level)
    expected = (np.outer(totals, totals) - np.diag(totals)) / (totals.sum() - 1)
    return float(1 - (met * apart).sum() / (expected * apart).sum())


def _apart(values: Table, totals: Table, level: str) -> Table:
    """The squared distance of each pair of values."""
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    one, other = values[:, None], values[None, :]
    if level == "interval":
        return np.asarray((one - other) ** 2)
    if level == "ratio":
        sums = one + other
        return np.asarray(np.divide(one - other, sums, out=np.zeros_like(sums), where=sums != 0) ** 2)
    ends = np.concatenate([[0.0], np.cumsum(totals)])
    middle = ends[:-1] + totals / 2  # the ranks between two values, half of each end's own
    return np.asarray((middle[:, None] - middle[None, :]) ** 2)


def fleiss(table: Table) -> float:
    """Fleiss' kappa of complete ratings; nan without variation."""
    values = np.unique(table)
    counts = np.stack([(table == value).sum(axis=0) for value in values], axis=1)
    raters = table.shape[0]
    same = ((counts**2).sum(axis=1) - raters) / (raters * (raters - 1))
    chance = float(((counts.sum(axis=0) / counts.sum()) ** 2).sum())
    return float((same.mean() - chance) / (1 - chance)) if chance < 1 else float("nan")


def intraclass(table: Table) -> dict[str, float]:
    """ICC(2,1), (3,1) and (2,k) of complete ratings, by two-way analysis. Source: doi:10.1037/0033-2909.86.2.420."""
    raters, units = table.shape
    if units < 2:
        return dict.fromkeys(("2,1", "3,1", "2,k"), float("nan"))
    mean = table.mean()
    between = raters * float(((table.mean(axis=0) - mean) ** 2).sum()) / (units - 1)
    of_raters = units * float(((table.mean(axis=1) - mean) ** 2).sum()) / (raters - 1)
    whole = float(((table - mean) ** 2).sum())
    rest = (whole - between * (units - 1) - of_raters * (raters - 1)) / ((units - 1) * (raters - 1))
    below = {
        "2,1": between + (raters - 1) * rest + raters * (of_raters - rest) / units,
        "3,1": between + (raters - 1) * rest,
        "2,k": between + (of_raters - rest) / units,
    }
    return {form: (between - rest) / value if value else float("nan") for form, value in below.items()}
