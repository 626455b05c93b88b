"""The audit log: who did what with human rounds and private data, each entry bound to all before it by its hash."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from probatum.errors import StoreDamaged
from probatum.ledger.rating_file import FILE, opened


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done."""

    number: int  # from 1, without a gap
    at: str  # ISO
    who: str
    what: str  # round, link, entered, mark, unblinded, account, signed in, exported, scrubbed
    said: str  # JSON
    hash: str  # sha256 over the hash before and all of the above


def note(link: sqlite3.Connection, at: str, who: str, what: str, said: Mapping[str, Any]) -> int:
    """Appends an entry inside the caller's transaction; its number."""
    if not link.in_transaction:
        link.execute("BEGIN IMMEDIATE")  # nobody else may append between the look and the entry
    last = link.execute("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1").fetchone() or (0, "")
    number, text = int(last[0]) + 1, json.dumps(said, sort_keys=True, ensure_ascii=False)
    row = (number, at, who, what, text, chained(last[1], number, at, who, what, text))
    link.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", row)
    return number


def record(folder: Path, at: str, who: str, what: str, said: Mapping[str, Any]) -> int:
    """Appends an entry of its own to the log in a folder, which is made where there is none; its number."""
    with closing(opened(folder)) as link, link:
        return note(link, at, who, what, said)


def chained(before: str, *parts: int | str) -> str:
    """The hash of an entry after the entry with the hash `before`."""
    return hashlib.sha256(json.dumps([before, *parts], ensure_ascii=False).encode()).hexdigest()


def entries(folder: Path) -> Iterator[Entry]:
    """All entries in their order; none where there is no file."""
    if (folder / FILE).is_file():
        with closing(opened(folder)) as link:
            for row in link.execute("SELECT number, at, who, what, said, hash FROM audit ORDER BY number").fetchall():
                yield Entry(*row)


def verify(folder: Path) -> tuple[int, str]:
    """How many entries there are, and the last hash; raises `StoreDamaged` at the first that is not what was written.

    Every mark is held against the entry that was made of it. Entries cut off at the end show only beside a hash that
    was noted elsewhere: note the one that is given here.
    """
    before, count, marked = "", 0, dict[int, str]()
    for entry in entries(folder):
        said = (entry.number, entry.at, entry.who, entry.what, entry.said)
        if entry.number != count + 1 or entry.hash != chained(before, *said):
            raise StoreDamaged(f"entry {count + 1} of the audit log is not what was written", where=str(folder / FILE))
        before, count = entry.hash, entry.number
        if entry.what == "mark":
            marked[entry.number] = entry.said
    for number, text in _marks(folder):
        if marked.pop(number, None) != text:
            raise StoreDamaged(f"mark {number} is not what the audit log says", where=str(folder / FILE))
    if marked:
        raise StoreDamaged(f"mark {min(marked)} of the audit log is gone", where=str(folder / FILE))
    return count, before


def _marks(folder: Path) -> list[tuple[int, str]]:
    if not (folder / FILE).is_file():
        return []
    with closing(opened(folder)) as link:
        rows = link.execute("SELECT number, round, rater, place, name, value, text FROM marks").fetchall()
    names = ("round", "rater", "place", "name", "value", "text")
    return [
        (row[0], json.dumps(dict(zip(names, row[1:], strict=True)), sort_keys=True, ensure_ascii=False)) for row in rows
    ]
