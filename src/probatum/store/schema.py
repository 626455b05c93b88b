"""The tables of the knowledge store, and how one SQLite file with them is opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from probatum.errors import StoreDamaged

DATABASE = "knowledge.sqlite"
VERSION = 1

# A release is complete once all its facts are in; readers never see one that is still loading.
# `digest` is the sum of the keys of its rows modulo 2**128: independent of order, exact under withdrawal.
TABLES = """
CREATE TABLE releases (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, version TEXT NOT NULL, licence TEXT NOT NULL, sha256 TEXT NOT NULL,
    files TEXT NOT NULL, loaded TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('loading', 'complete')),
    consumed INTEGER NOT NULL DEFAULT 0, digest BLOB NOT NULL, UNIQUE (source, version));
CREATE TABLE concepts (
    id TEXT NOT NULL, release INTEGER NOT NULL REFERENCES releases, key BLOB NOT NULL, name TEXT NOT NULL,
    kind TEXT NOT NULL, obsolete INTEGER NOT NULL, links TEXT NOT NULL, at TEXT NOT NULL, evidence TEXT NOT NULL,
    refs TEXT NOT NULL, count INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (id, release, key)) WITHOUT ROWID;
CREATE TABLE names (
    concept TEXT NOT NULL, release INTEGER NOT NULL REFERENCES releases, text TEXT NOT NULL, language TEXT NOT NULL,
    scope TEXT NOT NULL, kind TEXT NOT NULL,
    PRIMARY KEY (concept, release, language, scope, text, kind)) WITHOUT ROWID;
CREATE TABLE aliases (
    old TEXT NOT NULL, new TEXT NOT NULL, how TEXT NOT NULL, release INTEGER NOT NULL REFERENCES releases,
    PRIMARY KEY (old, new, how, release)) WITHOUT ROWID;
CREATE TABLE relations (
    id INTEGER PRIMARY KEY, subject TEXT NOT NULL, predicate TEXT NOT NULL, object TEXT NOT NULL,
    negated INTEGER NOT NULL, UNIQUE (subject, predicate, object, negated));
CREATE INDEX relations_by_object ON relations (object, predicate);
CREATE TABLE claims (
    relation INTEGER NOT NULL REFERENCES relations, key BLOB NOT NULL, release INTEGER NOT NULL REFERENCES releases,
    qualifiers TEXT NOT NULL, at TEXT NOT NULL, evidence TEXT NOT NULL, refs TEXT NOT NULL,
    count INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (relation, key)) WITHOUT ROWID;
CREATE TABLE passages (
    id TEXT NOT NULL, release INTEGER NOT NULL REFERENCES releases, key BLOB NOT NULL, text TEXT NOT NULL,
    title TEXT NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL, at TEXT NOT NULL,
    evidence TEXT NOT NULL, refs TEXT NOT NULL, count INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (id, release, key)) WITHOUT ROWID;
CREATE TABLE subjects (
    concept TEXT NOT NULL, passage TEXT NOT NULL, release INTEGER NOT NULL REFERENCES releases,
    PRIMARY KEY (concept, passage, release)) WITHOUT ROWID;
CREATE TABLE quarantine (
    release INTEGER NOT NULL REFERENCES releases, path TEXT NOT NULL, line INTEGER NOT NULL, reason TEXT NOT NULL,
    text TEXT NOT NULL);
"""


def connect(folder: Path, *, readonly: bool = False) -> sqlite3.Connection:
    """A connection to the store in `folder`, its tables made where there are none; raises `StoreDamaged`.

    The connection may be used from several threads; its owner holds a lock around each use.
    """
    path = folder / DATABASE
    try:
        link = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30.0)
        version = link.execute("PRAGMA user_version").fetchone()[0]
        if version == 0 and not readonly:
            link.execute("PRAGMA journal_mode = WAL")
            link.executescript(f"BEGIN IMMEDIATE;{TABLES}PRAGMA user_version = {VERSION};COMMIT;")
            version = VERSION
        link.execute("PRAGMA synchronous = NORMAL")
        if readonly:
            link.execute("PRAGMA query_only = ON")
    except sqlite3.DatabaseError as error:
        raise _damaged(path, str(error)) from error
    if version != VERSION:
        raise _damaged(path, f"it is of schema version {version}, this program reads {VERSION}")
    return link


def _damaged(path: Path, why: str) -> StoreDamaged:
    return StoreDamaged(
        f"not a readable knowledge store: {why}",
        where=str(path),
        mend="restore it from a backup, or move it away and ingest the sources again",
    )
