"""Judgements of two systems beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from probatum.errors import BadPlan
from probatum.types import Judgement


def comparisons(judgements: Sequence[Judgement]) -> list[tuple[str, str, float]]:
    """(first, second, what the first won) of each judgement; raises `BadPlan` where one is not of two systems."""
    fights = []
    for each in judgements:
        if len(each.systems) != 2 or not 0 <= each.value <= 1:
            raise BadPlan(f"item {each.item!r}: a comparison is of two systems, with a value from 0 to 1")
        fights.append((each.systems[0], each.systems[1], each.value))
    return fights
