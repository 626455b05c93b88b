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

from probatum.errors import BadFormat, StoreRefused
from probatum.store import derived, laying, rows, seal, view
from probatum.store.schema import BY_OBJECT, connect, sound
from probatum.types import Fact, Mark, Release, Resumable

BATCH = 20_000  # facts a transaction: what a kill can cost, about a second's work

HELD = ("concepts", "names", "aliases", "claims", "passages", "subjects", "records", "quarantine", "marks")


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
        raise BadFormat("a source must yield its Release first", mend=laying.MEND)
    with sole_writer(folder) as link, _seldom_collected():
        number, consumed, complete = _begun(folder, link, release)
        load = laying.Load(number, release, (release.source, release.version), view.retracted(link))
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
    load: laying.Load,
    stream: Iterator[Fact],
    consumed: int,
    again: Callable[[], Iterable[Fact]] | None,
) -> Iterator[laying.Laid]:
    """Each batch that does not stand yet, as rows; the first is made here, and small sources have no other."""
    from probatum.formats import spreading  # noqa: PLC0415 - multiprocessing is only for who spreads

    batches = _batches(_rest(stream, load.release, consumed, _marked(link, load.number)))
    for batch in islice(batches, 1):
        yield (first := laying.laid(load, *batch))
        if again is not None and (first.facts == BATCH or first.mark) and spreading.spare():
            if isinstance(stream, Generator):
                stream.close()  # and with it its files
            there = _marked(link, load.number)  # the batch stands by now, perhaps with a new mark
            yield from spreading.aside(partial(_laid_anew, again, load, consumed + first.facts, there))
            return
    yield from (laying.laid(load, *batch) for batch in batches)


def _laid_anew(
    again: Callable[[], Iterable[Fact]], load: laying.Load, consumed: int, marked: tuple[int, str]
) -> Iterator[laying.Laid]:
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
            yield from (laying.laid(load, *batch) for batch in _batches(chain([first], rest)))


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
        raise BadFormat(f"{release.published!r} is not a day", mend=laying.MEND) from error


def _put(link: sqlite3.Connection, load: laying.Load, laid: laying.Laid, taken: int) -> int:
    """Writes one batch with its checkpoint in one transaction; the number of malformed records in it."""
    with transaction(link):
        for name, values in laid.tables.items():
            if values:
                link.executemany(laying.INSERT[name], values)
        digest = link.execute("SELECT digest FROM releases WHERE id = ?", (load.number,)).fetchone()[0]
        total = (int.from_bytes(digest) + laid.total) % rows.MODULUS
        link.execute(
            "UPDATE releases SET consumed = ?, digest = ?, timed = max(timed, ?) WHERE id = ?",
            (taken, total.to_bytes(16), laid.timed, load.number),
        )
        if laid.mark:
            link.execute("INSERT OR REPLACE INTO marks VALUES (?, ?, ?)", (load.number, taken, laid.mark))
    return len(laid.tables["quarantine"])


def _remove(link: sqlite3.Connection, numbers: Sequence[int]) -> None:
    with transaction(link):
        for number in numbers:
            for table in HELD:
                link.execute(f"DELETE FROM {table} WHERE release = ?", (number,))
            link.execute("DELETE FROM releases WHERE id = ?", (number,))
        link.execute("DELETE FROM relations WHERE NOT EXISTS (SELECT 1 FROM claims WHERE relation = relations.id)")
