"""What a coordination of names leaves to be understood: "short fingers and toes" holds short toes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from probatum.annotators._find import Finding, Reading
from probatum.annotators._sheet import JOINS, Sheet

_LONGEST_PART = 4  # words of the part of a name that is left to be understood


def understood(reading: Reading, findings: Sequence[Finding]) -> list[Finding]:
    """What a coordination with a finding leaves to be understood.

    "short fingers and toes" holds short toes: a beginning of the name before the joining word, with what follows it.
    "aplasia or hypoplasia of the thumb" holds aplasia of the thumb: what precedes it, with an end of the name after it.
    Words that already belong to a finding are not used again.
    """
    joins = (reading.sheet.flags & JOINS).tobytes() + b"\0"  # none behind the last word, nor before the first
    joined = [
        finding for finding in findings if finding[1] - finding[0] > 1 and (joins[finding[1]] or joins[finding[0] - 1])
    ]
    if not joined:
        return []
    free = _Free(reading.sheet, joins, {place for finding in findings for place in range(finding.start, finding.end)})
    extra: list[Finding] = []
    for finding in joined:
        name = [place for place in range(finding.start, finding.end) if reading.sheet.named(place)]
        extra.extend(_forward(reading, free, finding, name))
        extra.extend(_backward(reading, free, finding, name))
    return extra


class _Free(NamedTuple):
    """The words that a coordination may still use."""

    sheet: Sheet
    joining: bytes
    taken: set[int]

    def joins(self, place: int) -> bool:
        return 0 <= place < len(self.joining) and self.joining[place] > 0

    def part(self, place: int, step: int) -> list[int]:
        """The free words of names from a place on, in one direction, as many as a part of a name may have."""
        places: list[int] = []
        while len(places) < _LONGEST_PART and place not in self.taken:
            if self.joins(place) or not self.sheet.named(place):
                break
            places.append(place)
            place += step
        return places


def _forward(reading: Reading, free: _Free, finding: Finding, name: list[int]) -> list[Finding]:
    found: list[Finding] = []
    end = finding.end
    while free.joins(end):
        first = end + 1 + free.joins(end + 1)  # ", and"
        rest = free.part(first, 1)
        ways = [(kept, length) for kept in range(len(name) - 1, 0, -1) for length in range(len(rest), 0, -1)]
        more = None
        for way, entry in reading.names([name[:kept] + rest[:length] for kept, length in ways]):
            more = reading.choose(finding.start, first + ways[way][1], entry)
            if more is not None:
                break
        if more is None or more.doubtful:
            break
        found.append(more)
        end = more.end
    return found


def _backward(reading: Reading, free: _Free, finding: Finding, name: list[int]) -> list[Finding]:
    found: list[Finding] = []
    start = finding.start
    while free.joins(start - 1):
        last = start - 2 - free.joins(start - 2)
        before = free.part(last, -1)
        ways = [(length, dropped) for length in range(len(before), 0, -1) for dropped in range(1, len(name))]
        more = None
        for way, entry in reading.names([before[length - 1 :: -1] + name[dropped:] for length, dropped in ways]):
            more = reading.choose(last + 1 - ways[way][0], finding.end, entry)
            if more is not None:
                break
        if more is None or more.doubtful:
            break
        found.append(more)
        start = more.start
    return found
