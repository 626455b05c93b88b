"""Writes a source's facts into the store: one writer, records and checkpoint in one transaction, resumed by default."""

from __future__ import annotations

import fcntl
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from probatum.errors import BadFormat, StoreRefused
from probatum.store import rows
from probatum.store.derived import INDEXES
from probatum.store.schema import connect
from probatum.types import Concept, Fact, Malformed, Passage, Relation, Release

BATCH = 5_000  # facts a transaction: what a kill can cost

KEPT_INDEXES = 2  # contents whose derived indexes stay: today's, and the one that open readers may still use

INSERT = {
    "relation": "INSERT INTO relations (subject, predicate, object, negated) VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
    "claim": """INSERT INTO claims VALUES ((SELECT id FROM relations WHERE subject = ? AND predicate = ? AND object = ?
        AND negated = ?), ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1""",
    "concept": "INSERT INTO concepts VALUES (?,?,?,?,?,?,?,?,?,?,1) ON CONFLICT DO UPDATE SET count = count + 1",
    "name": "INSERT INTO names VALUES (?,?,?,?,?,?) ON CONFLICT DO NOTHING",
    "alias": "INSERT INTO aliases VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
    "passage": "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?,?,1) ON CONFLICT DO UPDATE SET count = count + 1",
    "subject": "INSERT INTO subjects VALUES (?,?,?) ON CONFLICT DO NOTHING",
    "quarantine": "INSERT INTO quarantine VALUES (?,?,?,?,?)",
}


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
    """A connection that is the store's only writer; raises `StoreRefused` where another process holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "writer.lock").open("a+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreRefused(
                "another process is writing to this store", where=str(folder), mend="wait until it has ended"
            ) from error
        link = connect(folder)
        try:
            yield link
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
    with sole_writer(folder) as link:
        number, consumed, complete = _begun(link, release)
        taken = written = consumed
        quarantined = 0
        for batch in _batches(() if complete else islice(stream, consumed, None)):
            taken += len(batch)
            quarantined += _put(link, number, batch, taken)
            if heard:
                heard(taken)
        if not complete:
            link.execute("UPDATE releases SET state = 'complete' WHERE id = ?", (number,))
            link.execute("PRAGMA optimize")
        written = taken - consumed - quarantined
        found = content(link)
        _clear_indexes(folder / INDEXES, found)
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
        for number in numbers:
            _removed(link, number)
        _clear_indexes(folder / INDEXES, content(link))
        return len(numbers)


def content(link: sqlite3.Connection) -> str:
    """The content hash of all complete releases: the sum of their digests modulo 2**128, as 32 hex digits."""
    digests = link.execute("SELECT digest FROM releases WHERE state = 'complete'")
    return f"{sum(int.from_bytes(row[0]) for row in digests) % rows.MODULUS:032x}"


def _batches(stream: Iterable[Fact]) -> Iterator[list[Fact]]:
    steady = iter(stream)
    while batch := list(islice(steady, BATCH)):
        yield batch


def _begun(link: sqlite3.Connection, release: Release) -> tuple[int, int, bool]:
    """The release's row: its number, the facts that stand there already, and whether it is whole."""
    sql = "SELECT id, consumed, state, sha256 FROM releases WHERE source = ? AND version = ?"
    found = link.execute(sql, (release.source, release.version)).fetchone()
    if found and found[3] == release.sha256:
        return found[0], found[1], found[2] == "complete"
    if found and found[2] == "complete":
        name = f"{release.source}@{release.version}"
        raise StoreRefused(
            f"{name} is in this store with other bytes (sha256 {found[3][:12]}, now {release.sha256[:12]})",
            mend=f"probatum kb withdraw {name}, then ingest it again",
        )
    if found:  # a broken call had begun with other files: start anew
        _removed(link, found[0])
    now = datetime.now(UTC).isoformat(timespec="seconds")
    files = json.dumps(release.files)
    values = (release.source, release.version, release.licence, release.sha256, files, now, bytes(16))
    cursor = link.execute(
        "INSERT INTO releases (source, version, licence, sha256, files, loaded, state, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, 'loading', ?)",
        values,
    )
    return int(cursor.lastrowid or 0), 0, False


def _put(link: sqlite3.Connection, number: int, batch: Sequence[Fact], taken: int) -> int:
    """Writes one batch with its checkpoint in one transaction; the number of malformed records in it."""
    tables: dict[str, list[tuple[object, ...]]] = {name: [] for name in INSERT}
    total = 0
    for fact in batch:
        if isinstance(fact, Malformed):
            tables["quarantine"].append((number, fact.path, fact.line, fact.reason, fact.text[:200]))
        elif isinstance(fact, Release):
            raise BadFormat("a source yielded a second Release", mend="mend the source function")
        else:
            key = rows.key_of(fact)
            total += int.from_bytes(key)
            _lay(tables, number, fact, key)
    link.execute("BEGIN IMMEDIATE")
    try:
        for name, values in tables.items():
            if values:
                link.executemany(INSERT[name], values)
        digest = link.execute("SELECT digest FROM releases WHERE id = ?", (number,)).fetchone()[0]
        total = (int.from_bytes(digest) + total) % rows.MODULUS
        link.execute("UPDATE releases SET consumed = ?, digest = ? WHERE id = ?", (taken, total.to_bytes(16), number))
        link.execute("COMMIT")
    finally:
        if link.in_transaction:
            link.execute("ROLLBACK")
    return len(tables["quarantine"])


def _lay(
    tables: dict[str, list[tuple[object, ...]]], number: int, fact: Concept | Relation | Passage, key: bytes
) -> None:
    origin = fact.origin
    ending = (origin.at, origin.evidence, rows.packed(origin.references))
    if isinstance(fact, Relation):
        identity = (fact.subject, fact.predicate, fact.object, int(fact.negated))
        tables["relation"].append(identity)
        tables["claim"].append((*identity, key, number, rows.packed(fact.qualifiers), *ending))
    elif isinstance(fact, Passage):
        about = rows.packed(sorted(fact.about))
        row = (fact.id, number, key, fact.text, fact.title, fact.language, fact.kind, about, *ending)
        tables["passage"].append(row)
        tables["subject"] += [(concept, fact.id, number) for concept in fact.about]
    else:
        told = (fact.name, fact.kind, int(fact.obsolete), rows.links(fact))
        tables["concept"].append((fact.id, number, key, *told, *ending))
        tables["name"] += [(fact.id, number, n.text, n.language, n.scope, n.kind) for n in fact.names]
        tables["alias"] += [(old, fact.id, "merged", number) for old in fact.alternatives]
        tables["alias"] += [(fact.id, new, "replaced", number) for new in fact.replaced_by]


def _removed(link: sqlite3.Connection, number: int) -> None:
    link.execute("BEGIN IMMEDIATE")
    try:
        for table in ("concepts", "names", "aliases", "claims", "passages", "subjects", "quarantine"):
            link.execute(f"DELETE FROM {table} WHERE release = ?", (number,))
        link.execute("DELETE FROM relations WHERE NOT EXISTS (SELECT 1 FROM claims WHERE relation = relations.id)")
        link.execute("DELETE FROM releases WHERE id = ?", (number,))
        link.execute("COMMIT")
    finally:
        if link.in_transaction:
            link.execute("ROLLBACK")


def _clear_indexes(folder: Path, current: str) -> None:
    """Removes the derived indexes of contents long gone; a reader that still maps such a file keeps its bytes."""
    others = [path for path in (folder.iterdir() if folder.is_dir() else ()) if path.name != current]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[KEPT_INDEXES - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
