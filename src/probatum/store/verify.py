"""Checks the store against what was written: the file's seal, every row's key, each release's digest, every index."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from probatum.errors import NeedsFile, StoreDamaged
from probatum.store import derived, rows, seal, view
from probatum.store.schema import DATABASE, RESTORE, connect, sound

MOST = 20  # findings that are told one by one
REBUILD = "remove the index's folder; it is built again when it is next needed"


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of the store found."""

    content: str  # hex of the content hash, empty where not even that can be read
    rows: int  # rows whose keys were computed again
    indexes: int  # derived indexes whose checksums were computed again
    sealed: bool  # whether the file's own checksum was held against it; not after a kill or while a reader has the log
    wrong: tuple[str, ...]  # what is wrong, where, and how to mend it; empty where the store is whole


@dataclass(slots=True)
class _Faults:
    """The first findings in words, and how many more there were: a ruined store has millions."""

    told: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, fault: str) -> None:
        self.count += 1
        if self.count <= MOST:
            self.told.append(fault)

    def __iter__(self) -> Iterator[str]:
        yield from self.told
        if self.count > MOST:
            yield f"and {self.count - MOST} more"


def verify(folder: Path) -> Report:
    """The report on the store in a folder, whatever its state; raises `NeedsFile` where there is none."""
    if not (folder / DATABASE).is_file():
        raise NeedsFile("there is no knowledge store here", where=str(folder), mend="probatum ingest hpo makes one")
    faults = _Faults()
    broken = seal.broken(folder)  # before the file is opened, which may move the log of a killed writer into it
    if broken:
        faults.add("the bytes are not those that were sealed")
    checked, found = 0, ""
    try:
        link = connect(folder, readonly=True)
        try:
            with sound(folder):
                link.execute("BEGIN")
                _structure(link, faults)
                checked = _keys(link, faults)
                _copies(link, faults)
                _withdrawals(link, faults)
                found = view.content(link)
        finally:
            link.close()
    except StoreDamaged as error:
        faults.add(error.what)
    wrong = [f"{folder / DATABASE}: {fault} ({RESTORE})" for fault in faults]
    wrong += [f"{fault} ({REBUILD})" for fault in derived.damaged(folder)]
    return Report(found, checked, len(derived.built(folder)), broken is not None, tuple(wrong))


def _structure(link: sqlite3.Connection, faults: _Faults) -> None:
    """What SQLite itself finds: pages, indexes, constraints, references."""
    for (said,) in link.execute(f"PRAGMA integrity_check({MOST})"):
        if said != "ok":
            faults.add(said)
    for table, _, parent, _ in link.execute("PRAGMA foreign_key_check"):
        faults.add(f"a row of {table} refers to one of {parent} that is not there")


def _keys(link: sqlite3.Connection, faults: _Faults) -> int:
    """Computes every row's key and every release's digest again; the number of rows."""
    releases = link.execute("SELECT id, source, version, digest FROM releases").fetchall()
    named = {number: (source, version) for number, source, version, _ in releases}
    totals = dict.fromkeys(named, 0)
    checked = 0
    for kind, read in KEYED:
        for number, key, count, row, names in read(link):
            checked += 1
            if number not in named or rows.key_of(kind, *named[number], row, names) != key:
                faults.add(f"the {kind} {' '.join(map(str, row[:3]))[:120]!r} is not what was written")
            else:
                totals[number] += int.from_bytes(key) * count
    for number, source, version, digest in releases:
        if totals[number] % rows.MODULUS != int.from_bytes(digest):
            faults.add(f"{source}@{version} does not have the rows that were written")
    return checked


Keyed = tuple[int, bytes, int, tuple[Any, ...], Iterable[tuple[str, ...]]]  # release, key, count, row, names


def _claims(link: sqlite3.Connection) -> Iterator[Keyed]:
    sql = """SELECT release, key, count, subject, predicate, object, negated, qualifiers, at, evidence, refs,
        reliability FROM claims JOIN relations ON relations.id = relation"""
    for number, key, count, *row in link.execute(sql):
        yield number, key, count, tuple(row), ()


def _passages(link: sqlite3.Connection) -> Iterator[Keyed]:
    sql = """SELECT release, key, count, id, text, title, language, kind, about, qualifiers, at, evidence, refs,
        reliability FROM passages"""
    for number, key, count, *row in link.execute(sql):
        yield number, key, count, tuple(row), ()


def _concepts(link: sqlite3.Connection) -> Iterator[Keyed]:
    sql = """SELECT release, key, count, id, name, kind, obsolete, links, at, evidence, refs, reliability
        FROM concepts"""
    named = """SELECT language, scope, text, kind FROM names WHERE concept = ? AND release = ? AND key = ?
        ORDER BY language, scope, text, kind"""
    for number, key, count, *row in link.execute(sql):
        yield number, key, count, tuple(row), link.execute(named, (row[0], number, key))


def _gone(link: sqlite3.Connection) -> Iterator[Keyed]:
    for number, key, count, record in link.execute("SELECT release, key, count, record FROM records WHERE count > 0"):
        yield number, key, count, (record,), ()


KEYED: tuple[tuple[str, Callable[[sqlite3.Connection], Iterator[Keyed]]], ...] = (
    ("relation", _claims),
    ("passage", _passages),
    ("concept", _concepts),
    ("gone", _gone),
)

# Rows that repeat what others say, so that they are found fast: each pair must hold the same.
COPIES = {
    "relations": ("SELECT id FROM relations", "SELECT relation FROM claims"),
    "names": ("SELECT concept, release, key FROM names", "SELECT id, release, key FROM concepts"),
    "aliases": (
        "SELECT old, new, how, release FROM aliases",
        """SELECT value, concepts.id, 'merged', release FROM concepts, json_each(links, '$[0]')
        UNION SELECT concepts.id, value, 'replaced', release FROM concepts, json_each(links, '$[1]')""",
    ),
    "subjects": (
        "SELECT concept, passage, release FROM subjects",
        "SELECT value, passages.id, release FROM passages, json_each(about)",
    ),
    "records": (
        "SELECT record, release FROM records",
        "SELECT record, release FROM records WHERE count > 0 UNION "
        + " UNION ".join(
            f"""SELECT record_of(at), release FROM {table}
            WHERE release IN (SELECT id FROM releases WHERE manner = 'updates')"""
            for table in ("claims", "concepts", "passages")
        ),
    ),
}


def _copies(link: sqlite3.Connection, faults: _Faults) -> None:
    link.create_function("record_of", 1, rows.record_of, deterministic=True)
    for table, (held, implied) in COPIES.items():
        (extra,) = link.execute(f"SELECT count(*) FROM ({held} EXCEPT SELECT * FROM ({implied}))").fetchone()
        lost = 0
        if table != "names":  # a concept may have none; a lost one breaks the concept's key
            (lost,) = link.execute(f"SELECT count(*) FROM (SELECT * FROM ({implied}) EXCEPT {held})").fetchone()
        if extra or lost:
            faults.add(f"of {table}, {extra} stand for nothing and {lost} are missing")


def _withdrawals(link: sqlite3.Connection, faults: _Faults) -> None:
    """What rests on retracted papers alone, and nothing else, is withdrawn."""
    papers = view.retracted(link)

    def rests(refs: str, id: str) -> bool:
        return bool(papers) and rows.withdrawn(rows.texts(refs), rows.record_of(id), papers)

    link.create_function("rests", 2, rests, deterministic=True)
    for table, id in (("claims", "''"), ("passages", "id")):
        (odd,) = link.execute(f"SELECT count(*) FROM {table} WHERE withdrawn <> rests(refs, {id})").fetchone()
        if odd:
            faults.add(f"of {table}, {odd} are withdrawn and should stand, or the other way round")
