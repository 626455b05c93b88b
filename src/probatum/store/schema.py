"""The tables of the knowledge store, and how one SQLite file with them is opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from probatum.errors import ProbatumError, StoreDamaged, StoreRefused

DATABASE = "knowledge.sqlite"
VERSION = 2
MARK = 0x50524F42  # "PROB" in the file's header tells our databases from those of other programs

# A release is complete once all its facts are in; readers never see one that is still loading.
# `digest` is the sum of the keys of its rows modulo 2**128: independent of order, exact under withdrawal. `withdrawn`
# follows from `refs` and the table of retractions, `reliability` counts in the order of `rows.RELIABILITY`.
TABLES = """
CREATE TABLE releases (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, version TEXT NOT NULL, licence TEXT NOT NULL, sha256 TEXT NOT NULL,
    files TEXT NOT NULL, published TEXT NOT NULL, manner TEXT NOT NULL, loaded TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('loading', 'complete')), consumed INTEGER NOT NULL DEFAULT 0,
    timed INTEGER NOT NULL DEFAULT 0, digest BLOB NOT NULL, UNIQUE (source, version));
CREATE TABLE concepts (
    id TEXT NOT NULL, release INTEGER NOT NULL REFERENCES releases, key BLOB NOT NULL, name TEXT NOT NULL,
    kind TEXT NOT NULL, obsolete INTEGER NOT NULL, links TEXT NOT NULL, at TEXT NOT NULL, evidence TEXT NOT NULL,
    refs TEXT NOT NULL, reliability INTEGER NOT NULL, count INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (id, release, key)) WITHOUT ROWID;
CREATE TABLE names (
    concept TEXT NOT NULL, release INTEGER NOT NULL REFERENCES releases, key BLOB NOT NULL, text TEXT NOT NULL,
    language TEXT NOT NULL, scope TEXT NOT NULL, kind TEXT NOT NULL,
    PRIMARY KEY (concept, release, key, language, scope, text, kind)) WITHOUT ROWID;
CREATE TABLE aliases (
    old TEXT NOT NULL, new TEXT NOT NULL, how TEXT NOT NULL, release INTEGER NOT NULL REFERENCES releases,
    PRIMARY KEY (old, new, how, release)) WITHOUT ROWID;
CREATE TABLE relations (
    id INTEGER PRIMARY KEY, subject TEXT NOT NULL, predicate TEXT NOT NULL, object TEXT NOT NULL,
    negated INTEGER NOT NULL, UNIQUE (subject, predicate, object, negated));
CREATE TABLE claims (
    relation INTEGER NOT NULL REFERENCES relations, key BLOB NOT NULL, release INTEGER NOT NULL REFERENCES releases,
    qualifiers TEXT NOT NULL, at TEXT NOT NULL, evidence TEXT NOT NULL, refs TEXT NOT NULL,
    reliability INTEGER NOT NULL, withdrawn INTEGER NOT NULL, count INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (relation, key)) WITHOUT ROWID;
CREATE TABLE passages (
    id TEXT NOT NULL, release INTEGER NOT NULL REFERENCES releases, key BLOB NOT NULL, text TEXT NOT NULL,
    title TEXT NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL, qualifiers TEXT NOT NULL,
    at TEXT NOT NULL, evidence TEXT NOT NULL, refs TEXT NOT NULL, reliability INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL, count INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (id, release, key)) WITHOUT ROWID;
CREATE TABLE subjects (
    concept TEXT NOT NULL, passage TEXT NOT NULL, release INTEGER NOT NULL REFERENCES releases,
    PRIMARY KEY (concept, passage, release)) WITHOUT ROWID;
CREATE TABLE records (
    record TEXT NOT NULL, release INTEGER NOT NULL REFERENCES releases, key BLOB NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (record, release)) WITHOUT ROWID;
CREATE TABLE quarantine (
    release INTEGER NOT NULL REFERENCES releases, path TEXT NOT NULL, line INTEGER NOT NULL, reason TEXT NOT NULL,
    text TEXT NOT NULL);
CREATE TABLE retractions (
    paper TEXT PRIMARY KEY, asked TEXT NOT NULL, reason TEXT NOT NULL, noted TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE acceptances (
    source TEXT PRIMARY KEY, who TEXT NOT NULL, terms TEXT NOT NULL, noted TEXT NOT NULL) WITHOUT ROWID;
"""

# A writer's pages: enough memory that an index of some hundred thousand ids stays in it, and few, long copies of the
# write-ahead log into the file. The memory is a ceiling, whatever the size of the store.
# Made when the first release is whole: kept up row by row it would cost a fifth of the time of a load.
BY_OBJECT = "CREATE INDEX IF NOT EXISTS relations_by_object ON relations (object, predicate)"
# `marks` holds, while a release is loading, where its source can go on after `facts` facts.
WRITING = """PRAGMA cache_size = -98304; PRAGMA wal_autocheckpoint = 16384;
CREATE TABLE IF NOT EXISTS marks (release INTEGER PRIMARY KEY REFERENCES releases, facts INTEGER NOT NULL,
    text TEXT NOT NULL);"""


def connect(folder: Path, *, readonly: bool = False) -> sqlite3.Connection:
    """A connection to the store in `folder`; a writer's makes the tables where there are none.

    Several threads may use it if its owner holds a lock around each use. Raises `StoreDamaged`, `StoreRefused`.
    """
    path = folder / DATABASE
    with sound(folder):
        link = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30.0)
        try:
            _opened(link, path, readonly)
        except BaseException:
            link.close()
            raise
    return link


def _opened(link: sqlite3.Connection, path: Path, readonly: bool) -> None:
    def said(pragma: str) -> int:
        return int(link.execute(f"PRAGMA {pragma}").fetchone()[0])

    tables = link.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not readonly and not tables and said("user_version") == 0:
        link.execute("PRAGMA journal_mode = WAL")
        marks = f"PRAGMA user_version = {VERSION}; PRAGMA application_id = {MARK};"
        link.executescript(f"BEGIN IMMEDIATE; {TABLES} {marks} COMMIT;")
    if said("application_id") != MARK:
        raise _damaged(path, "it holds no knowledge" if not tables else "another program wrote it")
    if said("user_version") != VERSION:
        raise _of_other_version(path, said("user_version"))
    link.execute("PRAGMA synchronous = NORMAL")
    link.executescript("PRAGMA query_only = ON" if readonly else WRITING)


@contextmanager
def sound(folder: Path) -> Iterator[None]:
    """Turns what SQLite says of a broken file into `StoreDamaged`, of a full or forbidden disk into `StoreRefused`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if type(error) not in {sqlite3.DatabaseError, sqlite3.OperationalError}:
            raise  # a mistake of ours, not of the file
        raise _trouble(folder / DATABASE, error) from error


def _trouble(path: Path, error: sqlite3.DatabaseError) -> ProbatumError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF  # the low byte is the primary code
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}:
        return _damaged(path, str(error))
    return StoreRefused(str(error), where=str(path), mend="see to the disk's space and rights, then try again")


def _of_other_version(path: Path, found: int) -> StoreRefused:
    if found < VERSION:
        why, mend = "an earlier", "move the store away and ingest the sources again"
    else:
        why, mend = "a later", "update this program"
    said = f"the store was written by {why} program (schema version {found}, this one reads {VERSION})"
    return StoreRefused(said, where=str(path), mend=mend)


def _damaged(path: Path, why: str) -> StoreDamaged:
    return StoreDamaged(f"not a readable knowledge store: {why}", where=str(path), mend=RESTORE)


RESTORE = "restore it from a backup, or move it away and ingest the sources again"
