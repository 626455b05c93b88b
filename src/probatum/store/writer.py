"""Writes a source's facts into the store: one writer, records and checkpoint in one transaction, resumed by default."""

from __future__ import annotations

import fcntl
import gc
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat, StoreRefused
from probatum.store import derived, rows, seal
from probatum.store.schema import BY_OBJECT, connect, sound
from probatum.types import Concept, Fact, Malformed, Passage, Relation, Release

BATCH = 20_000  # facts a transaction: what a kill can cost, about a second's work

INSERT = {
    "relation": "INSERT INTO relations (subject, predicate, object, negated) VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
    "claim": """INSERT INTO claims VALUES ((SELECT id FROM relations WHERE subject = ? AND predicate = ? AND object = ?
        AND negated = ?), ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1""",
    "concept": "INSERT INTO concepts VALUES (?,?,?,?,?,?,?,?,?,?,1) ON CONFLICT DO UPDATE SET count = count + 1",
    "name": "INSERT INTO names VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
    "alias": "INSERT INTO aliases VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
    "passage": "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?,?,1) ON CONFLICT DO UPDATE SET count = count + 1",
    "subject": "INSERT INTO subjects VALUES (?,?,?) ON CONFLICT DO NOTHING",
    "quarantine": "INSERT INTO quarantine VALUES (?,?,?,?,?)",
}
Tables = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Written:
    """What one ingest did."""

    source: str
    release: str
    written: int  # facts that this call put in; identical rows count each
    quarantined: int  # records that this call could not read and set aside
    resumed: int  # facts that an earlier, broken call had put in
    content: str  # hex of the content hash of the whole store afterwards


@contextmanager
def sole_writer(folder: Path) -> Iterator[sqlite3.Connection]:
    """A connection that is the store's only writer; the file is sealed when it has ended well.

    Raises `StoreRefused` where another process is writing or the folder cannot be written, and `StoreDamaged`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "writer.lock").open("a+b")
    except OSError as error:
        raise StoreRefused(str(error), where=str(folder), mend="give a folder that you may write to") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreRefused(
                "another process is writing to this store", where=str(folder), mend="wait until it has ended"
            ) from error
        link = connect(folder)
        try:
            with sound(folder):
                yield link
                if not (folder / seal.SEAL).exists():
                    seal.put(folder, link)
        finally:
            link.close()


def write(folder: Path, facts: Iterable[Fact], *, heard: Callable[[int], None] | None = None) -> Written:
    """Puts one release into the store; the first fact must be its `Release`.

    The same release a second time writes nothing. A call that was killed is taken up where its last transaction ended.
    `heard` is told the number of facts taken so far, for a progress bar. Raises `BadFormat`, `StoreRefused`.
    """
    stream = iter(facts)
    release = next(stream, None)
    if not isinstance(release, Release):
        raise BadFormat("a source must yield its Release first", mend="mend the source function")
    with sole_writer(folder) as link, _seldom_collected():
        number, consumed, complete = _begun(folder, link, release)
        taken, quarantined = consumed, 0
        for batch in _batches(() if complete else islice(stream, consumed, None)):
            taken += len(batch)
            quarantined += _put(link, number, release, batch, taken)
            if heard:
                heard(taken)
        if not complete:
            link.execute(BY_OBJECT)
            link.execute("UPDATE releases SET state = 'complete' WHERE id = ?", (number,))
        found = content(link)
        derived.clear(folder, found)
        written = taken - consumed - quarantined
        return Written(release.source, release.version, written, quarantined, 0 if complete else consumed, found)


def withdraw(folder: Path, source: str, version: str = "") -> int:
    """Takes a source, or one release of it, out of the store as if it had never been loaded.

    Gives the number of releases that are gone. Raises `StoreRefused` where there is no such release.
    """
    with sole_writer(folder) as link:
        sql = "SELECT id FROM releases WHERE source = ? AND (version = ? OR ? = '')"
        numbers = [row[0] for row in link.execute(sql, (source, version, version))]
        if not numbers:
            name = f"{source}@{version}" if version else source
            raise StoreRefused(
                f"{name} is not in this store", where=str(folder), mend="probatum kb releases lists them"
            )
        seal.lift(folder)
        _remove(link, numbers)
        derived.clear(folder, content(link))
        return len(numbers)


def content(link: sqlite3.Connection) -> str:
    """The content hash of all complete releases: the sum of their digests modulo 2**128, as 32 hex digits."""
    digests = link.execute("SELECT digest FROM releases WHERE state = 'complete'")
    return f"{sum(int.from_bytes(row[0]) for row in digests) % rows.MODULUS:032x}"


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Lets the garbage collector look once a batch: facts hold no cycles, and its looks took a sixth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], 20 * BATCH), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _transaction(link: sqlite3.Connection) -> Iterator[None]:
    link.execute("BEGIN IMMEDIATE")
    try:
        yield
        link.execute("COMMIT")
    finally:
        if link.in_transaction:
            link.execute("ROLLBACK")


def _batches(stream: Iterable[Fact]) -> Iterator[list[Fact]]:
    steady = iter(stream)
    while batch := list(islice(steady, BATCH)):
        yield batch


def _begun(folder: Path, link: sqlite3.Connection, release: Release) -> tuple[int, int, bool]:
    """The release's row: its number, the facts that stand there already, and whether it is whole."""
    name = f"{release.source}@{release.version}"
    sql = "SELECT id, consumed, state, sha256 FROM releases WHERE source = ? AND version = ?"
    found = link.execute(sql, (release.source, release.version)).fetchone()
    if found and found[2] == "complete":
        if found[3] == release.sha256:
            return found[0], found[1], True
        raise StoreRefused(
            f"{name} is in this store with other bytes (sha256 {found[3][:12]}, now {release.sha256[:12]})",
            mend=f"probatum kb withdraw {name}, then ingest it again",
        )
    seal.lift(folder)
    if found and found[3] == release.sha256:
        return found[0], found[1], False
    if found:  # a broken call had begun with other files: start anew
        _remove(link, [found[0]])
    now = datetime.now(UTC).isoformat(timespec="seconds")
    values = (release.source, release.version, release.licence, release.sha256, json.dumps(release.files), now)
    cursor = link.execute(
        "INSERT INTO releases (source, version, licence, sha256, files, loaded, state, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, 'loading', ?)",
        (*values, bytes(16)),
    )
    return int(cursor.lastrowid or 0), 0, False


def _put(link: sqlite3.Connection, number: int, release: Release, batch: Sequence[Fact], taken: int) -> int:
    """Writes one batch with its checkpoint in one transaction; the number of malformed records in it."""
    tables: Tables = {name: [] for name in INSERT}
    total = 0
    for fact in batch:
        try:
            total += int.from_bytes(_lay(tables, number, release, fact))
        except UnicodeEncodeError as error:  # half a surrogate pair, which JSON can spell and UTF-8 cannot
            _set_aside(tables, number, fact, error)
    with _transaction(link):
        for name, values in tables.items():
            if values:
                link.executemany(INSERT[name], values)
        digest = link.execute("SELECT digest FROM releases WHERE id = ?", (number,)).fetchone()[0]
        total = (int.from_bytes(digest) + total) % rows.MODULUS
        link.execute("UPDATE releases SET consumed = ?, digest = ? WHERE id = ?", (taken, total.to_bytes(16), number))
    return len(tables["quarantine"])


def _lay(tables: Tables, number: int, release: Release, fact: Fact) -> bytes:
    """Lays a fact's rows on their tables; its key, empty for a record in quarantine."""
    if isinstance(fact, Malformed):
        "".join((fact.path, fact.reason, fact.text)).encode()  # what is no Unicode text fails here, not in SQLite
        tables["quarantine"].append((number, fact.path, fact.line, fact.reason, fact.text[:200]))
        return b""
    if isinstance(fact, Release):
        raise BadFormat("a source yielded a second Release", mend="mend the source function")
    named = (release.source, release.version)
    if (fact.origin.source, fact.origin.release) != named:
        other = f"{fact.origin.source}@{fact.origin.release}"
        raise BadFormat(f"a fact of {named[0]}@{named[1]} says it is of {other}", mend="mend the source function")
    if isinstance(fact, Relation):
        return _lay_relation(tables, number, named, fact)
    if isinstance(fact, Passage):
        row = rows.of_passage(fact)
        key = rows.key_of("passage", *named, row)
        tables["passage"].append((row[0], number, key, *row[1:]))
        tables["subject"] += [(concept, fact.id, number) for concept in fact.about]
        return key
    return _lay_concept(tables, number, named, fact)


def _lay_relation(tables: Tables, number: int, named: tuple[str, str], fact: Relation) -> bytes:
    row = rows.of_relation(fact)
    key = rows.key_of("relation", *named, row)
    identity = row[:4]
    if not tables["relation"] or tables["relation"][-1] != identity:  # claims of one assertion tend to stand together
        tables["relation"].append(identity)
    tables["claim"].append((*identity, key, number, *row[4:]))
    return key


def _lay_concept(tables: Tables, number: int, named: tuple[str, str], fact: Concept) -> bytes:
    row, names = rows.of_concept(fact), rows.of_names(fact.names)
    key = rows.key_of("concept", *named, row, names)
    tables["concept"].append((row[0], number, key, *row[1:]))
    tables["name"] += [(fact.id, number, key, text, *rest, kind) for *rest, text, kind in names]
    tables["alias"] += [(*alias, number) for alias in rows.aliases(fact.id, row[4])]
    return key


def _set_aside(tables: Tables, number: int, fact: Fact, error: UnicodeEncodeError) -> None:
    at = (ascii(fact.path), fact.line) if isinstance(fact, Malformed) else ("", 0)
    tables["quarantine"].append((number, *at, f"not Unicode text: {error.reason}", ascii(fact)[:200]))


def _remove(link: sqlite3.Connection, numbers: Sequence[int]) -> None:
    with _transaction(link):
        for number in numbers:
            for table in ("concepts", "names", "aliases", "claims", "passages", "subjects", "quarantine"):
                link.execute(f"DELETE FROM {table} WHERE release = ?", (number,))
            link.execute("DELETE FROM releases WHERE id = ?", (number,))
        link.execute("DELETE FROM relations WHERE NOT EXISTS (SELECT 1 FROM claims WHERE relation = relations.id)")
