"""Says how old a person was on a day, so that records can be read without keeping a single date of theirs."""

from __future__ import annotations

import re

_DAY = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:[T ]?\d.*)?")


def day(written: str) -> tuple[int, ...]:
    """Year, month and day, as far as they are told, of an ISO 8601 or HL7 time (2014-02-27T20:40, 20140227204013)."""
    found = _DAY.fullmatch(written.strip())
    return tuple(int(part) for part in found.groups() if part) if found else ()


def age(born: str, on: str) -> str:
    """The age on a day as an ISO 8601 duration of years and months (P34Y2M).

    Years alone where one of the two times has no month; empty where one of them cannot be read or the day comes before
    birth by more than a month.
    """
    birth, then = day(born), day(on)
    if not birth or not then:
        return ""
    if len(birth) < 2 or len(then) < 2:
        years = then[0] - birth[0]
        return f"P{years}Y" if years >= 0 else ""
    months = (then[0] - birth[0]) * 12 + then[1] - birth[1]
    if len(birth) > 2 and len(then) > 2 and then[2] < birth[2]:
        months -= 1
    if months < -1:
        return ""
    years, rest = divmod(max(months, 0), 12)
    return f"P{years}Y{rest}M" if rest else f"P{years}Y"
