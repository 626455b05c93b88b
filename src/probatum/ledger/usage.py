"""How the server is used, in numbers alone: what was asked by method and outcome, times, errors, marks of answers.

A row is a count for a day; no question, no answer, no address and nobody's name is ever kept.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import math
import secrets
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

LOG = logging.getLogger("probatum.usage")
FILE = "usage.sqlite"
MARKS = ("up", "down")
REASONS = ("wrong", "unsupported", "incomplete", "unclear", "harmful")  # why an answer was of no use
STEP = 1.05  # of one class of times to the next: a quantile is at most 5% too high
AFTER = 5.0  # seconds between two writings
DAYS = 30
_TABLES = """
CREATE TABLE IF NOT EXISTS counts (
    day TEXT, kind TEXT, name TEXT, outcome TEXT, class INTEGER, n INTEGER NOT NULL,
    PRIMARY KEY (day, kind, name, outcome, class)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS marks (
    slip TEXT PRIMARY KEY, day TEXT NOT NULL, method TEXT NOT NULL, mark TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS secret (one INTEGER PRIMARY KEY CHECK (one = 1), key TEXT NOT NULL);
"""
_Key = tuple[str, str, str, str, int]


@dataclass(frozen=True, slots=True)
class Times:
    """How often, and in how many milliseconds half and 99 of 100 were done; none where nothing was."""

    n: int
    p50: float | None
    p99: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """What the counts of some days say; tables fall by their counts."""

    since: str
    days: tuple[tuple[str, int, int], ...]  # day, questions, of these not answered; the last day first
    methods: tuple[tuple[str, int, int, Times], ...]  # method, questions, of these answered, times
    abstained: tuple[tuple[str, int], ...]  # code of the reason
    routes: tuple[tuple[str, Times, int], ...]  # route, times, of these failed by the server (5xx) or sent away (429)
    asked: Times
    served: Times
    failed: int
    up: int
    down: int
    marks: tuple[tuple[str, int, int], ...]  # method, up, down
    reasons: tuple[tuple[str, int], ...]

    @property
    def answered(self) -> int:
        """Questions that got an answer."""
        return self.asked.n - sum(n for _, n in self.abstained)


class Usage:
    """The counts of one store's server; what is noted waits in memory for some seconds, then goes into the ledger.

    Several processes may count into one folder. Where the folder cannot be written, the counts stay in memory.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, threading.Lock()
        self._waiting: Counter[_Key] = Counter()
        self._written, self._key = time.monotonic(), b""

    def asked(self, method: str, outcome: str, seconds: float) -> None:
        """Notes a question; `outcome` is the code of why there is no answer, empty where there is one."""
        self._note("asked", method, outcome, seconds)

    def served(self, route: str, status: int, seconds: float) -> None:
        """Notes a request by the pattern of its route, never by its address."""
        self._note("served", route, str(status), seconds)

    def due(self) -> bool:
        """Whether what waits should be written."""
        return bool(self._waiting) and time.monotonic() - self._written > AFTER

    def write(self) -> bool:
        """Writes what waits; False where that could not be: it waits on."""
        with self._lock:
            taken, self._waiting = self._waiting, Counter()
            self._written = time.monotonic()
        try:
            if taken:
                with closing(self._opened()) as link, link:
                    link.executemany(
                        "INSERT INTO counts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
                        [(*key, n) for key, n in taken.items()],
                    )
        except sqlite3.OperationalError as error:  # a folder that is only read, a full disk
            LOG.warning("counts of use stay in memory: %s", error)
            with self._lock:
                self._waiting.update(taken)
            return False
        return True

    def slip(self, method: str) -> str:
        """What an answer's page needs to be marked: random, signed, with the method; empty where none can be kept."""
        try:
            random = secrets.token_urlsafe(12)
            return f"{random}.{method}.{self._signed(random, method)}"
        except sqlite3.OperationalError:
            return ""

    def mark(self, slip: str, mark: str, reason: str = "") -> bool:
        """Keeps what somebody thought of an answer, in place of what its slip said before; False for a forged slip."""
        random, method, signed = (*slip.split("."), "", "")[:3]
        if mark not in MARKS or reason not in ("", *REASONS):
            return False
        if not hmac.compare_digest(signed.encode(), self._signed(random, method).encode()):
            return False
        with closing(self._opened()) as link, link:
            row = (random, _today(), method, mark, reason if mark == "down" else "")
            link.execute("INSERT OR REPLACE INTO marks VALUES (?, ?, ?, ?, ?)", row)
        return True

    def report(self, days: int = DAYS) -> Report:
        """The last so many days, today's among them."""
        since = (datetime.now(UTC) - timedelta(days=days - 1)).date().isoformat()
        rows: Counter[_Key] = Counter()
        marks: list[tuple[str, str, str]] = []
        if not self.write() or self._waiting:
            rows.update({key: n for key, n in dict(self._waiting).items() if key[0] >= since})
        if (self._folder / FILE).is_file():
            with closing(self._opened()) as link:
                for *key, n in link.execute("SELECT * FROM counts WHERE day >= ?", (since,)):
                    rows[key[0], key[1], key[2], key[3], key[4]] += n
                marks = link.execute("SELECT method, mark, reason FROM marks WHERE day >= ?", (since,)).fetchall()
        return _report(since, rows, marks)

    def _note(self, kind: str, name: str, outcome: str, seconds: float) -> None:
        within = math.ceil(math.log(max(seconds * 1000, 0.01), STEP))
        with self._lock:
            self._waiting[_today(), kind, name, outcome, within] += 1

    def _signed(self, random: str, method: str) -> str:
        if not self._key:
            with closing(self._opened()) as link, link:
                link.execute("INSERT OR IGNORE INTO secret VALUES (1, ?)", (secrets.token_hex(32),))
                self._key = bytes.fromhex(link.execute("SELECT key FROM secret").fetchone()[0])
        return hmac.new(self._key, f"{random}.{method}".encode(), hashlib.sha256).hexdigest()[:32]

    def _opened(self) -> sqlite3.Connection:
        link = sqlite3.connect(self._folder / FILE, timeout=5.0)
        try:
            link.execute("PRAGMA journal_mode = WAL")
            link.execute("PRAGMA synchronous = NORMAL")
            link.executescript(_TABLES)
        except sqlite3.OperationalError:
            link.close()
            raise
        return link


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _report(since: str, rows: Counter[_Key], marks: list[tuple[str, str, str]]) -> Report:
    asked = {key: n for key, n in rows.items() if key[1] == "asked"}
    served = {key: n for key, n in rows.items() if key[1] == "served"}
    days, missed, methods, whys = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for (day, _, name, outcome, _), n in asked.items():
        days[day] += n
        if outcome:
            missed[day] += n
            whys[outcome] += n
        else:
            methods[name] += n
    names = Counter[str]()
    for (_, _, name, _, _), n in asked.items():
        names[name] += n
    failed = Counter[str]()
    for (_, _, name, status, _), n in served.items():
        failed[name] += n * (status.startswith("5") or status == "429")
    votes = Counter((method, mark) for method, mark, _ in marks)
    routes = {key[2]: _times((k, n) for k, n in served.items() if k[2] == key[2]) for key in served}
    return Report(
        since, tuple((day, days[day], missed[day]) for day in sorted(days, reverse=True)),
        tuple((name, n, methods[name], _times((k, m) for k, m in asked.items() if k[2] == name))
              for name, n in _falling(names)),
        tuple(_falling(whys)),
        tuple((name, times, failed[name]) for name, times in sorted(routes.items(), key=lambda at: (-at[1].n, at[0]))),
        _times(asked.items()), _times(served.items()), failed.total(),
        sum(mark == "up" for _, mark, _ in marks), sum(mark == "down" for _, mark, _ in marks),
        tuple((name, votes[name, "up"], votes[name, "down"]) for name in sorted({method for method, _, _ in marks})),
        tuple(_falling(Counter(reason for _, _, reason in marks if reason))),
    )  # fmt: skip


def _falling(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda at: (-at[1], at[0]))


def _times(rows: Iterable[tuple[_Key, int]]) -> Times:
    classes = Counter[int]()
    for key, n in rows:
        classes[key[4]] += n
    return Times(classes.total(), _quantile(classes, 0.5), _quantile(classes, 0.99))


def _quantile(classes: Counter[int], share: float) -> float | None:
    """The upper end of the class that holds the smallest time which is not below `share` of all."""
    left = math.ceil(share * classes.total())
    for each in sorted(classes):
        left -= classes[each]
        if left <= 0:
            return round(STEP**each, 3)
    return None
