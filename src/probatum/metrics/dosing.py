"""Whether an answer says dose, route, frequency and duration of a medicine as the reference does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.naming import card
from probatum.shapes import Pair
from probatum.text import regimens
from probatum.text.doses import Dose
from probatum.types import Answer, Score

PARTS = ("dose", "route", "frequency", "duration")
_CLOSE = 1e-6


@card("Correct dose, route, frequency and duration", survey="6.1", languages=("en", "zh"))
def dosing(pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0) -> Mapping[str, Score]:
    """`dosing_dose`, `_route`, `_frequency`, `_duration`: the share right of what the reference says; `dosing_all`.

    Each part counts over the items whose reference says it: right where the answer says the same (doses in one unit
    and per the same weight or surface; a range must be the same range), wrong where it says another or nothing.
    `dosing_wrong` is the share of items in which some part is said and said wrongly: the dangerous ones. A part is read
    from the field of its name in the answer, else from its text. Own definition; there is no standard. 0 to 1 each.
    Intervals are 95% bootstrap over items, or over what shares one of `groups`.
    """
    rows = [_compared(gold, given) for gold, given in pairs]
    clusters = clusters_of(len(pairs), groups)
    empty = sum(not given.text.strip() and not given.fields for _, given in pairs)
    scores: dict[str, Score] = {}

    def add(name: str, right: list[float], counts: list[float]) -> None:
        values, weights = np.array(right), np.array(counts)
        total = float(weights.sum())
        low, high = interval(values, weights, clusters, seed) if total else (0.0, 0.0)
        value = float((values * weights).sum() / total) if total else 0.0
        said = f"{name}|exact|bootstrap:{RESAMPLES}|seed:{seed}"
        scores[name] = Score(value, int(total), said, low, high, empty=empty)

    for part in PARTS:
        add(f"dosing_{part}", [row.get(part, "") == "right" for row in rows], [part in row for row in rows])
    add("dosing_all", [bool(row) and set(row.values()) == {"right"} for row in rows], [bool(row) for row in rows])
    add("dosing_wrong", ["wrong" in row.values() for row in rows], [bool(row) for row in rows])
    return scores


def _compared(gold: Answer, given: Answer) -> dict[str, str]:
    """right, wrong or absent for each part that the reference says."""
    wanted, said = _parts(gold), _parts(given)
    found: dict[str, str] = {}
    for part, value in wanted.items():
        other = said.get(part)
        found[part] = "absent" if other is None else "right" if _same(value, other) else "wrong"
    return found


def _parts(answer: Answer) -> dict[str, Dose | str | float]:
    fields = dict(answer.fields)
    read = regimens.read(" ".join([*(fields[part] for part in PARTS if part in fields)] or [answer.text]))
    parts = {"dose": read.dose, "route": read.route or None, "frequency": read.times, "duration": read.days}
    return {part: value for part, value in parts.items() if value is not None}


def _same(first: Dose | str | float, second: Dose | str | float) -> bool:
    if isinstance(first, Dose) and isinstance(second, Dose):
        if (first.unit, first.per) != (second.unit, second.per):
            return False
        return _near(first.low, second.low) and _near(first.high, second.high)
    if isinstance(first, float) and isinstance(second, float):
        return _near(first, second)
    return first == second


def _near(first: float, second: float) -> bool:
    return abs(first - second) <= _CLOSE * max(abs(first), abs(second), 1.0)
