"""Dates as clinical sources write them, as ISO 8601: "20 June 2021", "Jun 3, 2024", "20210620", "Nov 2023"."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?", re.DOTALL)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4,6}.*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_MONTH = re.compile(r"([A-Za-z]{3,9})\.?,?\s+(\d{4})")


def iso(written: str) -> str:
    """The date that a text is, as YYYY-MM-DD, or YYYY-MM where no day is given; empty where it is none."""
    text = written.strip()
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _made(*map(int, found.groups()))
    if re.fullmatch(r"\d{4}-(?:0[1-9]|1[0-2])", text):
        return text
    if found := _DAY_FIRST.fullmatch(text):
        return _made(int(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_FIRST.fullmatch(text):
        return _made(int(found[3]), _month(found[1]), int(found[2]))
    if (found := _MONTH.fullmatch(text)) and (month := _month(found[1])):
        return f"{found[2]}-{month:02}"
    return ""


def first_iso(text: str) -> str:
    """The first date that stands in a text, as `iso` gives it; empty where there is none."""
    for pattern in (_DAY_FIRST, _MONTH_FIRST, re.compile(r"\d{4}-\d{2}-\d{2}"), _MONTH):
        for found in pattern.finditer(text):
            if read := iso(found[0]):
                return read
    return ""


def _month(word: str) -> int:
    return _MONTHS.get(word[:3].lower(), 0)


def _made(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
