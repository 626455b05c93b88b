"""Several sets as one, in exact proportions and in an order that is the same every time."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from probatum.errors import BadPlan

Item = TypeVar("Item")


def counts(weights: Mapping[str, float], total: int) -> dict[str, int]:
    """How many items each set gives so that they are `total` and no share is off by one item or more.

    By largest remainders, ties to the set that is named first; weights need not add up to one. Raises `BadPlan` for a
    weight below 0 and for weights that are all 0.
    """
    exact = {name: Fraction(str(weight)) for name, weight in weights.items()}
    if any(weight < 0 for weight in exact.values()) or not sum(exact.values()):
        raise BadPlan(f"weights {dict(weights)}", mend="weights are numbers from 0, some of them above")
    whole = sum(exact.values())
    wanted = {name: weight * total / whole for name, weight in exact.items()}
    told = {name: int(share) for name, share in wanted.items()}
    rest = sorted(wanted, key=lambda name: told[name] - wanted[name])
    for name in rest[: total - sum(told.values())]:
        told[name] += 1
    return told


def mixture(
    sets: Mapping[str, Sequence[Item]], weights: Mapping[str, float], total: int = 0, *, seed: int = 0
) -> list[Item]:
    """So many items of the sets in the proportion of the weights, spread evenly through the whole.

    A set that has too few is gone through again, each time in another seeded order, so that no item comes twice more
    often than another; `total` 0: as many as the sets give without any item coming twice. Every stretch of the whole
    has each set's share to within an item per set: 1% of replay is every hundredth item. Raises `BadPlan`.
    """
    if unknown := [name for name in weights if name not in sets]:
        raise BadPlan(f"no set {unknown[0]!r}", mend=f"there are: {', '.join(sets)}")
    if empty := [name for name, weight in weights.items() if weight > 0 and not sets[name]]:
        raise BadPlan(f"the set {empty[0]!r} is empty")
    whole = sum(weights.values())
    if not total and whole > 0:
        total = int(
            min(Fraction(len(sets[n])) * Fraction(str(whole)) / Fraction(str(w)) for n, w in weights.items() if w > 0)
        )
        while any(count > len(sets[name]) for name, count in counts(weights, total).items()):
            total -= 1
    wanted = counts(weights, total)
    placed = []
    for rank, (name, count) in enumerate(wanted.items()):
        drawn = _drawn(sets[name], count, f"{seed} {rank}")
        placed += [((2 * at + 1) / (2 * count), rank, item) for at, item in enumerate(drawn)]
    return [item for _, _, item in sorted(placed, key=lambda each: each[:2])]


def replayed(items: Sequence[Item], replay: Sequence[Item], share: float, *, seed: int = 0) -> list[Item]:
    """The items in their order with as many of `replay` spread evenly among them as make that `share` of the whole.

    The number is rounded to a whole one; replay that is too small is gone through again. Raises `BadPlan` for a share
    that is not from 0 to below 1.
    """
    if not 0 <= share < 1:
        raise BadPlan(f"replay share {share}", mend="a share from 0 to below 1")
    exact = Fraction(str(share))
    wanted = round(exact * len(items) / (1 - exact)) if replay else 0
    drawn = _drawn(replay, wanted, f"{seed}")
    placed = [((2 * at + 1) / (2 * len(items)), 0, item) for at, item in enumerate(items)]
    placed += [((2 * at + 1) / (2 * wanted), 1, item) for at, item in enumerate(drawn)]
    return [item for _, _, item in sorted(placed, key=lambda each: each[:2])]


def _drawn(items: Sequence[Item], count: int, seed: str) -> list[Item]:
    """So many of the items: all in one seeded order, then all in another, until there are enough."""
    draws = random.Random(seed)  # noqa: S311 - a draw, not a secret
    told: list[Item] = []
    while len(told) < count:
        told += draws.sample(items, len(items))
    return told[:count]
