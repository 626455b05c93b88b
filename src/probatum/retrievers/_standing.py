"""Papers that were taken back: what is found of them stands behind all else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from probatum.types import Evidence

RETRACTED = ("status", "retracted")
MARK = "retracted"


def behind(found: Sequence[Evidence], *, retracted: bool) -> list[Evidence]:
    """The evidence with that of retracted papers last: score 0, and `found_by` saying so ("bm25, retracted").

    With `retracted` it keeps the place and the score that its words give it, and is marked alike.
    """
    standing, taken_back = list[Evidence](), list[Evidence]()
    for each in found:
        if RETRACTED not in each.fact.qualifiers:
            standing.append(each)
            continue
        name = each.found_by if each.found_by.endswith(MARK) else f"{each.found_by}, {MARK}"
        marked = replace(each, found_by=name)
        (standing if retracted else taken_back).append(marked if retracted else replace(marked, score=0.0))
    return standing + taken_back
