"""Reads RIS: citations as reference managers and databases exchange them, a tag a line.

Layout: https://web.archive.org/web/20170707033254/http://www.researcherid.com/resources/html/help_upload.htm
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from probatum.formats.reading import QUOTED, lines
from probatum.types import Malformed, Pairs

MOST = 50_000  # lines of one record
_TAG = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*)| *)")
_NOISE = "Link to"  # what some exports of Embase put under each record


class Reference(NamedTuple):
    """One record: its first line and its tags in order, each with its value."""

    line: int
    fields: Pairs

    def first(self, *tags: str) -> str:
        """The first value of the first of these tags that has one."""
        return next((value for tag in tags for name, value in self.fields if name == tag and value), "")

    def all(self, *tags: str) -> tuple[str, ...]:
        """Every value of these tags, in the order of the file."""
        return tuple(value for name, value in self.fields if name in tags and value)


def references(path: Path) -> Iterator[Reference | Malformed]:
    """The records of one file: from TY to ER. A line without a tag goes on with the one before.

    What stands outside a record, and a record that does not end, is `Malformed`. Raises `NeedsFile`, `BadFormat`.
    """
    fields: list[tuple[str, str]] = []
    begun = 0
    for line in lines(path):
        if isinstance(line, Malformed):
            yield line
            continue
        number, text = line
        found = _TAG.fullmatch(text.strip())
        tag, value = (found[1], (found[2] or "").strip()) if found else ("", text.strip())
        if tag == "TY" or len(fields) > MOST:
            if fields:
                yield Malformed(path.name, begun, "a record that does not end (ER)", " ".join(fields[0])[:QUOTED])
            fields, begun = [("TY", value)], number
        elif tag == "ER" and fields:
            yield Reference(begun, tuple(fields))
            fields = []
        elif fields and tag:
            fields.append((tag, value))
        elif fields and value:
            if not value.startswith(_NOISE):
                fields[-1] = fields[-1][0], f"{fields[-1][1]} {value}".strip()
        elif value and not value.startswith(_NOISE):
            yield Malformed(path.name, number, "a record begins with 'TY  - '", value[:QUOTED])
    if fields:
        yield Malformed(path.name, begun, "a record that does not end (ER)", " ".join(fields[0])[:QUOTED])
