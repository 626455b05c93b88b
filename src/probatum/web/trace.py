"""What an answer's trace and evidence tell besides its text: a discussion, what was dropped and why, the way."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from probatum.types import Evidence, Relation, Step

_SPOKEN = re.compile(r"(?:round (?P<round>\d+) )?(?P<what>analysis|option_analysis|vote|advice): (?P<who>.+)")
_DROPPED = re.compile(r"dropped:\s*(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing that an expert said: analysis, option_analysis, vote or advice, and in which round (0: in none)."""

    what: str
    round: int
    text: str


@dataclass(frozen=True, slots=True)
class Expert:
    """One expert of a discussion, with all that was said, in order."""

    name: str
    spoken: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a way: the claim's mark, its predicate, and whether it is walked against its direction."""

    start: str
    end: str
    predicate: str
    negated: bool
    backwards: bool
    mark: int


def discussion(steps: Sequence[Step]) -> tuple[Expert, ...]:
    """The experts of a discussion in the order in which they first spoke; none where there was none."""
    found: dict[str, list[Spoken]] = {}
    for step in steps:
        if said := _SPOKEN.fullmatch(step.what):
            found.setdefault(said["who"], []).append(Spoken(said["what"], int(said["round"] or 0), step.said))
    return tuple(Expert(name, tuple(spoken)) for name, spoken in found.items())


def dropped(steps: Sequence[Step]) -> tuple[str, ...]:
    """What was left out, and why, in the order in which it fell."""
    return tuple(said[1] for step in steps if (said := _DROPPED.match(step.said)))


def others(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that stand neither in the discussion nor among what was dropped."""
    return tuple(each for each in steps if not _SPOKEN.fullmatch(each.what) and not _DROPPED.match(each.said))


def way(
    evidence: Sequence[Evidence], ends: Sequence[Collection[str]], name_of: Callable[[str], str]
) -> tuple[Hop, ...]:
    """The shortest way through the cited claims from the first to the last of `ends` (sets of ids, two at least).

    Nothing where they are not joined. The names are `name_of`'s.
    """
    if len(ends) < 2:
        return ()
    beside: dict[str, list[tuple[str, Relation, int]]] = {}
    for mark, each in enumerate(evidence, 1):
        if isinstance(each.fact, Relation):
            beside.setdefault(each.fact.subject, []).append((each.fact.object, each.fact, mark))
            beside.setdefault(each.fact.object, []).append((each.fact.subject, each.fact, mark))
    came: dict[str, tuple[str, Relation, int] | None] = {id: None for id in sorted(ends[0]) if id in beside}
    waiting = deque(came)
    while waiting:
        at = waiting.popleft()
        if at in ends[-1]:
            return _walked(at, came, name_of)
        for other, claim, mark in beside[at]:
            if other not in came:
                came[other] = (at, claim, mark)
                waiting.append(other)
    return ()


def _walked(
    at: str, came: dict[str, tuple[str, Relation, int] | None], name_of: Callable[[str], str]
) -> tuple[Hop, ...]:
    hops: list[Hop] = []
    while step := came[at]:
        before, claim, mark = step
        backwards = claim.subject != before
        hops.append(Hop(name_of(before), name_of(at), claim.predicate, claim.negated, backwards, mark))
        at = before
    return tuple(reversed(hops))
