"""Writes a source's facts into the store: one writer, records and checkpoint in one transaction, resumed by default."""

from __future__ import annotations

import fcntl
import gc
import json
import logging
import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat, StoreRefused
from probatum.store import derived, rows, seal, view
from probatum.store.schema import BY_OBJECT, connect, sound
from probatum.types import Concept, Fact, Gone, Malformed, Mark, Passage, Relation, Release, Resumable

MEND = "mend the source function"
BATCH = 20_000  # facts a transaction: what a kill can cost, about a second's work

INSERT = {
    "relation": "INSERT INTO relations (subject, predicate, object, negated) VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
    "claim": """INSERT INTO claims VALUES ((SELECT id FROM relations WHERE subject = ? AND predicate = ? AND object = ?
        AND negated = ?), ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1""",
    "concept": "INSERT INTO concepts VALUES (?,?,?,?,?,?,?,?,?,?,?,1) ON CONFLICT DO UPDATE SET count = count + 1",
    "name": "INSERT INTO names VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
    "alias": "INSERT INTO aliases VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
    "passage": """INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,1)
        ON CONFLICT DO UPDATE SET count = count + 1""",
    "subject": "INSERT INTO subjects VALUES (?,?,?) ON CONFLICT DO NOTHING",
    "record": """INSERT INTO records VALUES (?,?,?,?)
        ON CONFLICT DO UPDATE SET count = count + excluded.count, key = max(key, excluded.key)""",
    "quarantine": "INSERT INTO quarantine VALUES (?,?,?,?,?)",
}
HELD = ("concepts", "names", "aliases", "claims", "passages", "subjects", "records", "quarantine", "marks")
Tables = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class _Load:
    """The release that is being written."""

    number: int
    release: Release
    named: tuple[str, str]  # source and version
    retracted: frozenset[str]


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


@dataclass(frozen=True, slots=True)
class _Laid:
    """What goes into one transaction."""

    tables: Tables
    facts: int
    total: int  # of the facts' keys
    timed: bool
    mark: str


def write(
    folder: Path,
    facts: Iterable[Fact],
    *,
    again: Callable[[], Iterable[Fact]] | None = None,
    heard: Callable[[int], None] | None = None,
) -> Written:
    """Puts one release into the store; the first fact must be its `Release`.

    `again` gives the same facts anew: with it, what is more than a batch is read and made into rows in another process
    where `formats.spreading.processes` lends one.

    The same release a second time writes nothing. A call that was killed is taken up where its last transaction ended:
    a `Resumable` source goes on at its last mark, another is read again up to there.
    `heard` is told the number of facts taken so far, for a progress bar. Raises `BadFormat`, `StoreRefused`.
    """
    stream = iter(facts)
    release = next(stream, None)
    if not isinstance(release, Release):
        raise BadFormat("a source must yield its Release first", mend=MEND)
    with sole_writer(folder) as link, _seldom_collected():
        number, consumed, complete = _begun(folder, link, release)
        load = _Load(number, release, (release.source, release.version), view.retracted(link))
        taken, quarantined = consumed, 0
        for laid in () if complete else _all_laid(link, load, stream, consumed, again):
            taken += laid.facts
            quarantined += _put(link, load, laid, taken)
            if heard:
                heard(taken)
        if not complete:
            link.execute(BY_OBJECT)
            link.execute("UPDATE releases SET state = 'complete' WHERE id = ?", (number,))
            link.execute("DELETE FROM marks WHERE release = ?", (number,))
        derived.clear(folder, view.of(link).content)
        written = taken - consumed - quarantined
        resumed = 0 if complete else consumed
        return Written(release.source, release.version, written, quarantined, resumed, view.content(link))


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
        derived.clear(folder, view.of(link).content)
        return len(numbers)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Lets the garbage collector look but rarely: facts hold no cycles, and its looks took a sixth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], 200 * BATCH), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def transaction(link: sqlite3.Connection) -> Iterator[None]:
    """All that is written within it, or nothing."""
    link.execute("BEGIN IMMEDIATE")
    try:
        yield
        link.execute("COMMIT")
    finally:
        if link.in_transaction:
            link.execute("ROLLBACK")


def _batches(facts: Iterable[Fact]) -> Iterator[tuple[list[Fact], str]]:
    """What goes into one transaction: facts, and the mark that they lead up to, if any."""
    batch: list[Fact] = []
    for fact in facts:
        if isinstance(fact, Mark):
            yield batch, fact.text
            batch = []
            continue
        batch.append(fact)
        if len(batch) == BATCH:
            yield batch, ""
            batch = []
    if batch:
        yield batch, ""


def _all_laid(
    link: sqlite3.Connection,
    load: _Load,
    stream: Iterator[Fact],
    consumed: int,
    again: Callable[[], Iterable[Fact]] | None,
) -> Iterator[_Laid]:
    """Each batch that does not stand yet, as rows; the first is made here, and small sources have no other."""
    batches = _batches(_rest(stream, load.release, consumed, _marked(link, load.number)))
    if again is None:
        yield from (_laid(load, *batch) for batch in batches)
        return
    from probatum.formats import spreading  # noqa: PLC0415 - multiprocessing is only for who spreads

    for batch in islice(batches, 1):
        yield (first := _laid(load, *batch))
        if first.facts < BATCH and not first.mark:
            return
        if isinstance(stream, Generator):
            stream.close()  # and with it its files
        there = _marked(link, load.number)  # the batch stands by now, perhaps with a new mark
        yield from spreading.aside(partial(_laid_anew, again, load, consumed + first.facts, there))


def _laid_anew(
    again: Callable[[], Iterable[Fact]], load: _Load, consumed: int, marked: tuple[int, str]
) -> Iterator[_Laid]:
    """Each batch that lies behind the facts that were taken, as rows, from the source's beginning or its last mark."""
    stream = iter(again())
    if next(stream, None) != load.release:
        raise BadFormat(f"{load.named[0]} is another release now", mend="leave its files alone while they are read")
    with _seldom_collected():
        logging.disable()  # what the source has to say up to there, it has said
        rest = _rest(stream, load.release, consumed, marked)
        first = next(rest, None)
        logging.disable(logging.NOTSET)
        if first is not None:
            yield from (_laid(load, *batch) for batch in _batches(chain([first], rest)))


def _marked(link: sqlite3.Connection, number: int) -> tuple[int, str]:
    """The last mark of the release that is being written, and the number of facts before it; (0, "") without."""
    return link.execute("SELECT facts, text FROM marks WHERE release = ?", (number,)).fetchone() or (0, "")


def _rest(stream: Iterator[Fact], release: Release, consumed: int, marked: tuple[int, str]) -> Iterator[Fact]:
    """What of a release's facts does not stand yet, the source going on at its last mark if it can."""
    if not (isinstance(release, Resumable) and isinstance(stream, Generator)):
        return islice(stream, consumed, None)
    facts, text = marked
    try:
        first = stream.send(text)
    except StopIteration:
        return iter(())
    there = facts if text and first == Mark(text) else 0
    return _behind(chain([first], stream), consumed - there)


def _behind(stream: Iterator[Fact], passed: int) -> Iterator[Fact]:
    """The stream without so many of its facts and the marks among them."""
    while passed:
        fact = next(stream, None)
        if fact is None:
            return
        passed -= not isinstance(fact, Mark)
    yield from stream


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
    files = json.dumps(release.files)
    values = (release.source, release.version, release.licence, release.sha256, files, *_stated(release), now)
    cursor = link.execute(
        "INSERT INTO releases (source, version, licence, sha256, files, published, manner, loaded, state, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'loading', ?)",
        (*values, bytes(16)),
    )
    return int(cursor.lastrowid or 0), 0, False


def _stated(release: Release) -> tuple[str, str]:
    """The day of publication and the manner, if they are what they must be."""
    if release.manner not in view.MANNERS:
        raise BadFormat(f"a release cannot be one that {release.manner!r}", mend=f"one of {', '.join(view.MANNERS)}")
    try:
        return release.published and date.fromisoformat(release.published).isoformat(), release.manner
    except ValueError as error:
        raise BadFormat(f"{release.published!r} is not a day", mend=MEND) from error


def _laid(load: _Load, batch: Sequence[Fact], mark: str) -> _Laid:
    """The rows of a batch, by table."""
    tables: Tables = {name: [] for name in INSERT}
    total = 0
    for fact in batch:
        try:
            total += int.from_bytes(_lay(tables, load, fact))
        except UnicodeEncodeError as error:  # half a surrogate pair, which JSON can spell and UTF-8 cannot
            _set_aside(tables, load.number, fact, error)
    qualifiers = {row[6] for row in tables["claim"]} | {row[8] for row in tables["passage"]}
    return _Laid(tables, len(batch), total % rows.MODULUS, any(map(view.bounded, qualifiers)), mark)


def _put(link: sqlite3.Connection, load: _Load, laid: _Laid, taken: int) -> int:
    """Writes one batch with its checkpoint in one transaction; the number of malformed records in it."""
    with transaction(link):
        for name, values in laid.tables.items():
            if values:
                link.executemany(INSERT[name], values)
        digest = link.execute("SELECT digest FROM releases WHERE id = ?", (load.number,)).fetchone()[0]
        total = (int.from_bytes(digest) + laid.total) % rows.MODULUS
        link.execute(
            "UPDATE releases SET consumed = ?, digest = ?, timed = max(timed, ?) WHERE id = ?",
            (taken, total.to_bytes(16), laid.timed, load.number),
        )
        if laid.mark:
            link.execute("INSERT OR REPLACE INTO marks VALUES (?, ?, ?)", (load.number, taken, laid.mark))
    return len(laid.tables["quarantine"])


def _lay(tables: Tables, load: _Load, fact: Fact) -> bytes:
    """Lays a fact's rows on their tables; its key, empty for a record in quarantine."""
    if isinstance(fact, Malformed):
        "".join((fact.path, fact.reason, fact.text)).encode()  # what is no Unicode text fails here, not in SQLite
        tables["quarantine"].append((load.number, fact.path, fact.line, fact.reason, fact.text[:200]))
        return b""
    lay = LAID.get(type(fact))
    if lay is None or isinstance(fact, Release | Mark):
        raise BadFormat(f"a source yielded a {type(fact).__name__} where facts were expected", mend=MEND)
    origin, named = fact.origin, load.named
    if origin.source != named[0] or origin.release != named[1]:
        said = f"a fact of {named[0]}@{named[1]} says it is of {origin.source}@{origin.release}"
        raise BadFormat(said, mend=MEND)
    key = lay(tables, load, fact)
    if load.release.manner == "updates" and lay is not _lay_gone:
        # it takes the place of all that earlier releases hold of the record
        tables["record"].append((rows.record_of(origin.at), load.number, b"", 0))
    return key


def _lay_relation(tables: Tables, load: _Load, fact: Relation) -> bytes:
    # of these there are millions: each name is looked up once, and no tuple is made to be taken apart again
    row = subject, predicate, object_, negated, qualifiers, at, evidence, refs, place = rows.of_relation(fact)
    key = rows.key_of_relation(*load.named, row)
    identity, laid = (subject, predicate, object_, negated), tables["relation"]
    if not laid or laid[-1] != identity:  # claims of one assertion tend to stand together
        laid.append(identity)
    gone = rows.withdrawn(fact.origin.references, "", load.retracted) if load.retracted else False
    tables["claim"].append(
        (subject, predicate, object_, negated, key, load.number, qualifiers, at, evidence, refs, place, gone)
    )
    return key


def _lay_passage(tables: Tables, load: _Load, fact: Passage) -> bytes:
    row = rows.of_passage(fact)
    key = rows.key_of("passage", *load.named, row)
    gone = rows.withdrawn(fact.origin.references, rows.record_of(fact.id), load.retracted)
    tables["passage"].append((row[0], load.number, key, *row[1:], int(gone)))
    tables["subject"] += [(concept, fact.id, load.number) for concept in fact.about]
    return key


def _lay_gone(tables: Tables, load: _Load, fact: Gone) -> bytes:
    if load.release.manner != "updates":
        raise BadFormat(f"{load.release.source} takes a record back in a release that does not update", mend=MEND)
    key = rows.key_of("gone", *load.named, (fact.record,))
    tables["record"].append((fact.record, load.number, key, 1))
    return key


def _lay_concept(tables: Tables, load: _Load, fact: Concept) -> bytes:
    row, names, number = rows.of_concept(fact), rows.of_names(fact.names), load.number
    key = rows.key_of("concept", *load.named, row, names)
    tables["concept"].append((row[0], number, key, *row[1:]))
    tables["name"] += [(fact.id, number, key, text, *rest, kind) for *rest, text, kind in names]
    tables["alias"] += [(*alias, number) for alias in rows.aliases(fact.id, row[4])]
    return key


LAID: dict[type, Callable[[Tables, _Load, Any], bytes]] = {
    Relation: _lay_relation,
    Passage: _lay_passage,
    Concept: _lay_concept,
    Gone: _lay_gone,
}


def _set_aside(tables: Tables, number: int, fact: Fact, error: UnicodeEncodeError) -> None:
    at = (ascii(fact.path), fact.line) if isinstance(fact, Malformed) else ("", 0)
    tables["quarantine"].append((number, *at, f"not Unicode text: {error.reason}", ascii(fact)[:200]))


def _remove(link: sqlite3.Connection, numbers: Sequence[int]) -> None:
    with transaction(link):
        for number in numbers:
            for table in HELD:
                link.execute(f"DELETE FROM {table} WHERE release = ?", (number,))
            link.execute("DELETE FROM releases WHERE id = ?", (number,))
        link.execute("DELETE FROM relations WHERE NOT EXISTS (SELECT 1 FROM claims WHERE relation = relations.id)")
