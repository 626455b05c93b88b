"""Who may rate and who may look: accounts with a password, one-time links for raters, and sessions."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan, NeedsExtra
from probatum.ledger.audit import note
from probatum.ledger.rating_file import opened

ROLES = ("admin", "organiser", "rater")
SESSION = timedelta(days=30)
LINK = timedelta(days=30)
SHORTEST = 10  # characters of a password


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is there: a name with a role, and the round where a link led; empty where an account signed in."""

    name: str
    role: str
    round: str = ""


def enrol(folder: Path, name: str, role: str, password: str, at: str) -> None:
    """Adds an account; the password is kept as an argon2id hash alone. Raises `BadPlan`, `NeedsExtra`."""
    if role not in ROLES:
        raise BadPlan(f"role = {role!r} is not known here", where="accounts", mend=f"one of: {', '.join(ROLES)}")
    if not name.strip() or len(password) < SHORTEST:
        raise BadPlan(f"a name and a password of {SHORTEST} characters are needed", where="accounts")
    hashed = _hasher().hash(password)
    with closing(opened(folder)) as link, link:
        link.execute("BEGIN IMMEDIATE")
        if link.execute("SELECT 1 FROM accounts WHERE name = ?", (name,)).fetchone():
            raise BadPlan(f"there is an account {name!r}", where="accounts")
        link.execute("INSERT INTO accounts VALUES (?, ?, ?, ?)", (name, role, hashed, at))
        note(link, at, name, "account", {"role": role})


def sign_in(folder: Path, name: str, password: str, at: str) -> str:
    """The key of a new session; empty where name and password do not belong together, in the same time for both."""
    hasher = _hasher()
    with closing(opened(folder)) as link:
        row = link.execute("SELECT hash, role FROM accounts WHERE name = ?", (name,)).fetchone()
        known = row or (hasher.hash(secrets.token_hex(8)), "")
        if not (_fits(hasher, known[0], password) and row):
            return ""
        with link:
            note(link, at, name, "signed in", {})
            return _session(link, Visitor(name, known[1]), at)


def invite(folder: Path, round: str, rater: str, by: str, at: str) -> str:
    """The key of a link that lets a rater in once; only its hash is kept, and earlier links of the rater end."""
    key = secrets.token_urlsafe(32)
    with closing(opened(folder)) as link, link:
        link.execute("BEGIN IMMEDIATE")
        if not link.execute("SELECT 1 FROM raters WHERE round = ? AND rater = ?", (round, rater)).fetchone():
            raise BadPlan(f"no rater {rater!r} in the round {round!r}", where="rate links")
        link.execute("UPDATE links SET used = ? WHERE round = ? AND rater = ? AND used = ''", (at, round, rater))
        link.execute("INSERT INTO links (key, round, rater, made) VALUES (?, ?, ?, ?)", (_kept(key), round, rater, at))
        note(link, at, by, "link", {"round": round, "rater": rater})
    return key


def enter(folder: Path, key: str, at: str) -> str:
    """The key of a session for whoever brings a link's key; empty where the link was used, is too old or never was."""
    with closing(opened(folder)) as link, link:
        link.execute("BEGIN IMMEDIATE")
        oldest = (datetime.fromisoformat(at) - LINK).isoformat()
        sql = "SELECT round, rater FROM links WHERE key = ? AND used = '' AND made >= ?"
        row = link.execute(sql, (_kept(key), oldest)).fetchone()
        if row is None:
            return ""
        link.execute("UPDATE links SET used = ? WHERE key = ?", (at, _kept(key)))
        note(link, at, row[1], "entered", {"round": row[0]})
        return _session(link, Visitor(row[1], "rater", row[0]), at)


def visitor(folder: Path, key: str, at: str) -> Visitor | None:
    """Whose session a key is; None where there is none or it has ended."""
    if not key:
        return None
    with closing(opened(folder)) as link:
        sql = "SELECT name, role, round FROM sessions WHERE key = ? AND ends > ?"
        row = link.execute(sql, (_kept(key), at)).fetchone()
    return Visitor(*row) if row else None


def leave(folder: Path, key: str) -> None:
    """Ends a session."""
    with closing(opened(folder)) as link, link:
        link.execute("DELETE FROM sessions WHERE key = ?", (_kept(key),))


def _session(link: sqlite3.Connection, who: Visitor, at: str) -> str:
    key = secrets.token_urlsafe(32)
    ends = (datetime.fromisoformat(at) + SESSION).isoformat()
    link.execute("DELETE FROM sessions WHERE ends <= ?", (at,))
    link.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?)", (_kept(key), who.name, who.role, who.round, ends))
    return key


def _kept(key: str) -> str:
    # The keys are 256 random bits: a plain hash of them cannot be guessed back, as that of a password could.
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _hasher() -> Any:
    try:
        from argon2 import PasswordHasher  # noqa: PLC0415 - belongs to an extra
    except ImportError as error:
        raise NeedsExtra(f"accounts need {error.name}", mend='pip install "probatum[web]"') from error
    return PasswordHasher()  # argon2id with the parameters of RFC 9106's second choice


def _fits(hasher: Any, hashed: str, password: str) -> bool:
    from argon2.exceptions import VerifyMismatchError  # noqa: PLC0415

    try:
        return bool(hasher.verify(hashed, password))
    except VerifyMismatchError:
        return False
