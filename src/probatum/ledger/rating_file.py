"""The file of human rounds: accounts, links, rounds, marks and the audit log, brought up to date as it is opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from probatum.errors import StoreRefused

FILE = "rating.sqlite"
# One entry a version, only ever added to: a file of an earlier version is brought up to the last one as it is opened.
MIGRATIONS = (
    """
    CREATE TABLE accounts (name TEXT PRIMARY KEY, role TEXT NOT NULL, hash TEXT NOT NULL, made TEXT NOT NULL);
    CREATE TABLE links (
        key TEXT PRIMARY KEY, round TEXT NOT NULL, rater TEXT NOT NULL, made TEXT NOT NULL,
        used TEXT NOT NULL DEFAULT '');
    CREATE TABLE sessions (
        key TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, round TEXT NOT NULL, ends TEXT NOT NULL);
    CREATE TABLE rounds (
        id TEXT PRIMARY KEY, title TEXT NOT NULL, layout TEXT NOT NULL, seal TEXT NOT NULL, made TEXT NOT NULL,
        unblinded TEXT NOT NULL DEFAULT '');
    CREATE TABLE raters (
        round TEXT NOT NULL REFERENCES rounds (id), rater TEXT NOT NULL, place INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (round, rater));
    CREATE TABLE audit (
        number INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, said TEXT NOT NULL,
        hash TEXT NOT NULL);
    CREATE TABLE marks (
        number INTEGER PRIMARY KEY REFERENCES audit (number), round TEXT NOT NULL, rater TEXT NOT NULL,
        place INTEGER NOT NULL, name TEXT NOT NULL, value REAL, text TEXT NOT NULL, at TEXT NOT NULL);
    CREATE INDEX marks_of ON marks (round, rater, place, name, number);
    CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
    CREATE TRIGGER audit_keeps BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
    CREATE TRIGGER marks_stay BEFORE UPDATE ON marks BEGIN SELECT RAISE(ABORT, 'marks only grow'); END;
    CREATE TRIGGER marks_keep BEFORE DELETE ON marks BEGIN SELECT RAISE(ABORT, 'marks only grow'); END;
    CREATE TRIGGER sealed BEFORE UPDATE OF layout, seal ON rounds
        BEGIN SELECT RAISE(ABORT, 'the round is sealed'); END;
    CREATE TRIGGER unblinded_once BEFORE UPDATE OF unblinded ON rounds WHEN OLD.unblinded <> ''
        BEGIN SELECT RAISE(ABORT, 'the round was unblinded'); END;
    """,
)


def opened(folder: Path) -> sqlite3.Connection:
    """A connection to the file in a folder, of the version of today; raises `StoreRefused` for one of a later version.

    Each `with` over it is one transaction; it waits 30 s for another writer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    link = sqlite3.connect(folder / FILE, timeout=30.0)
    link.execute("PRAGMA journal_mode = WAL")
    link.execute("PRAGMA foreign_keys = ON")
    version = _version(link)
    if version > len(MIGRATIONS):
        link.close()
        raise StoreRefused(f"{FILE} is of version {version}, this program knows {len(MIGRATIONS)}", mend="upgrade")
    while version < len(MIGRATIONS):
        link.isolation_level = None  # scripts end a transaction that Python began: this one is begun by hand
        link.execute("BEGIN EXCLUSIVE")
        if (version := _version(link)) < len(MIGRATIONS):  # another process may have been first
            for statement in _statements(MIGRATIONS[version]):
                link.execute(statement)
            version += 1
            link.execute(f"PRAGMA user_version = {version}")
        link.execute("COMMIT")
        link.isolation_level = "DEFERRED"
    return link


def _version(link: sqlite3.Connection) -> int:
    return int(link.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> list[str]:
    statements, begun = [], ""
    for line in script.strip().splitlines():
        begun += line + "\n"
        if sqlite3.complete_statement(begun):
            statements.append(begun)
            begun = ""
    return statements
