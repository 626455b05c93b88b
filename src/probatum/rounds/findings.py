"""What came of a human round: who attended, who drifted, how far the raters agree, which system is liked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from probatum.ledger.rating import Mark
from probatum.naming import call
from probatum.rounds.laying import Layout, Screen
from probatum.rounds.protocol import Criterion
from probatum.types import Judgement, Score

RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one rater is."""

    rater: str
    done: int  # screens with all that they ask for
    of: int


@dataclass(frozen=True, slots=True)
class Drift:
    """How a rater's level on a criterion moved, in points of the scale; 95% bootstrap interval."""

    rater: str
    criterion: str
    over_time: float  # second half of the sheet minus the first, each against the others' mean of the same answer
    low: float
    high: float
    n: int
    calibrated: float | None  # mean of the calibration ratings minus what the protocol expects, the last of each item
    repeated: float | None  # the calibration items at the end minus the same at the beginning


@dataclass(frozen=True, slots=True)
class Attention:
    """How a rater did on the checks."""

    rater: str
    passed: int
    failed: int


def asked(layout: Layout, screen: Screen) -> tuple[str, ...]:
    """The names of what a screen asks for; remarks are never asked for, only offered."""
    protocol = layout.protocol
    return tuple(each.name for each in (protocol.comparisons if screen.kind == "pair" else protocol.criteria))


def progress(layout: Layout, marks: Sequence[Mark]) -> list[Progress]:
    """How far every rater is, by name."""
    said: dict[tuple[str, int], set[str]] = {}
    for each in marks:
        if each.value is not None:
            said.setdefault((each.rater, each.place), set()).add(each.name)
    return [
        Progress(rater, sum(set(asked(layout, s)) <= said.get((rater, n), set()) for n, s in enumerate(sheet, 1)),
                 len(sheet))
        for rater, sheet in sorted(layout.sheets.items())
    ]  # fmt: skip


def judgements(layout: Layout, marks: Sequence[Mark], *, blind: bool = False) -> list[Judgement]:
    """Every rating and comparison of items in the order of raters and places; `blind` hides the systems' names.

    The systems of a comparison come out in one order whichever stood first on the screen.
    """
    hidden = aliases(layout) if blind else {name: name for name in layout.systems}
    found = []
    for each in marks:
        screen = layout.sheets[each.rater][each.place - 1]
        if each.value is not None and screen.kind in ("rating", "pair"):
            systems, value = tuple(hidden[name] for name in screen.systems), each.value
            if screen.kind == "pair" and systems[0] > systems[1]:
                systems, value = systems[::-1], 1 - value
            found.append(Judgement(screen.item, each.rater, systems, each.name, value))
    return found


def aliases(layout: Layout) -> dict[str, str]:
    """What each system is called while the round is blind: an order that its seed and its items decide."""
    key = f"{layout.protocol.seed} {' '.join(item.id for item in layout.items)}"
    order = sorted(layout.systems, key=lambda name: hashlib.sha256(f"{key} {name}".encode()).hexdigest())
    return {name: f"system {number}" for number, name in enumerate(order, 1)}


def agreement(said: Sequence[Judgement], *, resamples: int = 1000) -> dict[str, Mapping[str, Score]]:
    """How far the raters agree on each criterion: ordinal for ratings, nominal for comparisons.

    Intervals are 95% bootstrap over items, of so many `resamples`.
    """
    by_name: dict[str, list[Judgement]] = {}
    for each in said:
        by_name.setdefault(each.criterion, []).append(each)
    return {
        name: call(
            "metrics",
            "agreement",
            each,
            level="nominal" if len(each[0].systems) == 2 else "ordinal",
            resamples=resamples,
        )
        for name, each in sorted(by_name.items())
    }


def strengths(said: Sequence[Judgement]) -> dict[str, Score]:
    """Win, tie and loss rates, Elo and Bradley-Terry of the comparisons; nothing where there are none."""
    fights = [each for each in said if len(each.systems) == 2]
    # Raters came in an order of names that means nothing: Elo is the mean over many orders.
    return {**call("metrics", "wins", fights), **call("metrics", "elo", fights, shuffles=5)} if fights else {}


def means(said: Sequence[Judgement], *, seed: int = 0) -> dict[tuple[str, str], Score]:
    """The mean rating by (system, criterion), raters of one answer first, with a 95% bootstrap interval over items."""
    cells: dict[tuple[str, str], dict[str, list[float]]] = {}
    for each in said:
        if len(each.systems) == 1:
            cells.setdefault((each.systems[0], each.criterion), {}).setdefault(each.item, []).append(each.value)
    found = {}
    for key, items in sorted(cells.items()):
        values = [float(np.mean(ratings)) for ratings in items.values()]
        low, high = _interval(values, seed)
        signature = f"mean rating|raters first|bootstrap items:{RESAMPLES}|seed:{seed}"
        found[key] = Score(float(np.mean(values)), len(values), signature, low, high)
    return found


def attention(layout: Layout, marks: Sequence[Mark]) -> list[Attention]:
    """How every rater did on the attention checks that they have rated; more off than tolerated is a failure."""
    found = dict.fromkeys(sorted(layout.sheets), (0, 0))
    for (rater, place), values in sorted(_by_screen(marks).items()):
        screen = layout.sheets[rater][place - 1]
        if screen.kind == "attention":
            known = layout.known(screen)
            gaps = [abs(values[name] - value) for name, value in known.expected if name in values]
            if gaps:
                good = max(gaps) <= known.tolerance
                found[rater] = (found[rater][0] + good, found[rater][1] + (not good))
    return [Attention(rater, *counts) for rater, counts in found.items()]


def drift(layout: Layout, marks: Sequence[Mark], *, seed: int = 0) -> list[Drift]:
    """How each rater's level moved on each criterion over the sheet and against the calibration items.

    An answer that nobody else rated says nothing of drift and is left out.
    """
    screens = _by_screen(marks)
    others: dict[tuple[str, tuple[str, ...], str], dict[str, float]] = {}
    for (rater, place), values in screens.items():
        screen = layout.sheets[rater][place - 1]
        if screen.kind == "rating":
            for name, given in values.items():
                others.setdefault((screen.item, screen.systems, name), {})[rater] = given
    found = []
    for rater, sheet in sorted(layout.sheets.items()):
        for criterion in layout.protocol.criteria:
            own = [(n, s, screens.get((rater, n), {}).get(criterion.name)) for n, s in enumerate(sheet, 1)]
            gaps = []
            for place, screen, value in own:
                if value is not None and screen.kind == "rating":
                    rest = others[screen.item, screen.systems, criterion.name]
                    if near := [other for name, other in rest.items() if name != rater]:
                        gaps.append((place > len(sheet) / 2, value - float(np.mean(near))))
            rated = [(screen, each) for _, screen, each in own if each is not None]
            found.append(_drift(layout, (rater, criterion), gaps, rated, seed))
    return found


def _drift(
    layout: Layout, of: tuple[str, Criterion], gaps: Sequence[tuple[bool, float]],
    rated: Sequence[tuple[Screen, float]], seed: int,
) -> Drift:  # fmt: skip
    rater, criterion = of
    early, late = ([gap for is_late, gap in gaps if is_late == wanted] for wanted in (False, True))
    moved, low, high = 0.0, 0.0, 0.0
    if early and late:
        moved = float(np.mean(late) - np.mean(early))
        draws = np.random.default_rng(seed)
        again = [
            draws.choice(late, (RESAMPLES, len(late))).mean(axis=1),
            draws.choice(early, (RESAMPLES, len(early))).mean(axis=1),
        ]
        low, high = (float(each) for each in np.percentile(again[0] - again[1], [2.5, 97.5]))
    seen: dict[str, list[float]] = {}
    for screen, value in rated:
        if screen.kind == "calibration":
            seen.setdefault(screen.item, []).append(value)
    expected = {each.id: dict(each.expected).get(criterion.name) for each in layout.protocol.calibration}
    off = [values[-1] - wanted for id_, values in seen.items() if (wanted := expected[id_]) is not None]
    again_off = [other - one for values in seen.values() for one, other in pairwise(values)]
    calibrated, repeated = (float(np.mean(each)) if each else None for each in (off, again_off))
    return Drift(rater, criterion.name, moved, low, high, len(gaps), calibrated, repeated)


def may_stop(layout: Layout, marks: Sequence[Mark]) -> tuple[bool, str]:
    """Whether the protocol's stop rule is met, and why."""
    if all(each.done == each.of for each in progress(layout, marks)):
        return True, "every screen is rated"
    protocol = layout.protocol
    if not protocol.stop_width:
        return False, "until every screen is rated"
    said = judgements(layout, marks, blind=True)
    raters: dict[tuple[str, tuple[str, ...], str], int] = {}
    for each in said:
        key = (each.item, each.systems, each.criterion)
        raters[key] = raters.get(key, 0) + 1
    units = _units(layout)
    whole = sum(
        all(raters.get((item.id, *unit), 0) >= protocol.raters_per_item for unit in units) for item in layout.items
    )
    if whole < protocol.stop_items:
        return False, f"{whole} of {protocol.stop_items} items are fully rated"
    widths = {}
    for name, scores in agreement(said).items():
        alpha = scores.get("alpha")
        widths[name] = alpha.high - alpha.low if alpha and alpha.high is not None and alpha.low is not None else 2.0
    widest = max(widths, key=lambda name: widths[name])
    return widths[widest] <= protocol.stop_width, f"alpha of {widest} has an interval {widths[widest]:.2f} wide"


def _units(layout: Layout) -> set[tuple[tuple[str, ...], str]]:
    """What is judged of every item: systems (as they are called while blind) and criterion."""
    hidden, units = aliases(layout), set()
    for sheet in layout.sheets.values():
        for screen in sheet:
            if screen.kind in ("rating", "pair"):
                systems = tuple(hidden[name] for name in screen.systems)
                units |= {(tuple(sorted(systems)), name) for name in asked(layout, screen)}
    return units


def _by_screen(marks: Sequence[Mark]) -> dict[tuple[str, int], dict[str, float]]:
    found: dict[tuple[str, int], dict[str, float]] = {}
    for each in marks:
        if each.value is not None:
            found.setdefault((each.rater, each.place), {})[each.name] = each.value
    return found


def _interval(values: Sequence[float], seed: int) -> tuple[float, float]:
    draws = np.random.default_rng(seed)
    again = draws.choice(np.asarray(values), (RESAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(again, [2.5, 97.5])
    return float(low), float(high)
