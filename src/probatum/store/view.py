"""What a reader sees of the store: which releases, as of which day, without what is withdrawn or replaced.

On a reader's connection each table with something to hide is overlaid by a temporary view of the same name, so that
every query of this room sees the same knowledge; `main.claims` is the whole table. Where nothing is hidden there is no
view and no cost.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from probatum.errors import BadPlan, StoreRefused
from probatum.store import rows
from probatum.types import Release

MANNERS = ("replaces", "updates", "joins")
SHA256 = 64  # characters of a version that is a checksum: no date stands in it
_DAY = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Held:
    """A complete release as it lies in the store."""

    number: int
    release: Release
    loaded: str  # ISO date
    digest: int
    timed: bool  # whether some of its facts say from when to when they hold

    @property
    def source(self) -> str:
        """The source whose release it is."""
        return self.release.source

    @property
    def name(self) -> str:
        """SOURCE@RELEASE."""
        return f"{self.release.source}@{self.release.version}"

    @property
    def dated(self) -> str:
        """The day of the release: what it states, else the date in its version, else the day on which it was loaded."""
        return self._stated or self.loaded

    @property
    def order(self) -> tuple[object, ...]:
        """By the day that it states, then by the numbers in its version, then by the order of loading."""
        version = self.release.version
        found = re.findall(r"(\d+)|(\D+)", version) if len(version) < SHA256 else []
        parts = [(not digits, int(digits or 0), other) for digits, other in found]
        return self.source, self._stated, parts, self.number

    @property
    def _stated(self) -> str:
        return self.release.published or _day_in(self.release.version)


@dataclass(frozen=True, slots=True)
class View:
    """The releases that are shown, and what of their rows is."""

    shown: tuple[Held, ...]  # those of one source together, the older first
    hidden: tuple[Held, ...]  # complete, but older or younger than what is asked for
    loading: bool  # whether there are releases that are not complete
    as_of: str  # ISO date, or empty
    retracted: frozenset[str]

    @property
    def content(self) -> str:
        """32 hex digits: the content hash where nothing is hidden, and otherwise one of what is seen."""
        total = _sum(self.shown, self.retracted)
        return _hash(f"as of {self.as_of} {total}") if self._by_day else f"{total:032x}"

    @property
    def origins(self) -> dict[int, tuple[str, str, str]]:
        """Source, version and day of loading of each release that is shown, by its number."""
        return {one.number: (one.source, one.release.version, one.loaded) for one in self.shown}

    @property
    def _by_day(self) -> bool:
        return bool(self.as_of) and any(one.timed for one in self.shown)

    def overlay(self, link: sqlite3.Connection) -> None:
        """Makes the temporary views on a reader's connection."""
        day, ranks = self.as_of, {one.number: (one.source, place) for place, one in enumerate(self.shown)}

        def replaces(newer: int, older: int) -> bool:
            return newer in ranks and older in ranks and _is_after(ranks[newer], ranks[older])

        link.create_function("holds", 1, lambda written: _holds(written, day), deterministic=True)
        link.create_function("replaces", 2, replaces, deterministic=True)
        link.create_function("record_of", 1, rows.record_of, deterministic=True)
        link.execute("PRAGMA query_only = OFF")  # it forbids temporary views too
        for table, conditions in self._conditions().items():
            if conditions:
                chosen = " AND ".join(conditions)
                link.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} AS t WHERE {chosen}")
        link.execute("PRAGMA query_only = ON")

    def _updated(self) -> list[int]:
        """The numbers of the releases of which a later one may replace records."""
        found, updating = [], set()
        for one in reversed(self.shown):
            if one.source in updating:
                found.append(one.number)
            if one.release.manner == "updates":
                updating.add(one.source)
        return found

    def _conditions(self) -> dict[str, list[str]]:
        """What a row of each table must fulfil to be seen."""
        numbers = ",".join(str(one.number) for one in self.shown) or "0"
        released = [f"t.release IN ({numbers})"] if self.hidden or self.loading else []
        standing = ["NOT t.withdrawn"] if self.retracted else []
        holding = ["holds(t.qualifiers)"] if self._by_day else []
        older = ",".join(map(str, self._updated()))
        newest = [f"(t.release NOT IN ({older}) OR {NEWEST})"] if older else []
        of_fact = [*released, *standing, *holding, *newest]
        return {
            "releases": [f"t.id IN ({numbers})"] if released else [],
            "concepts": [*released, *newest],
            "names": [*released, *([CONCEPT_OF_NAME] if newest else [])],
            "aliases": [*released, *([CONCEPT_OF_ALIAS] if newest else [])],
            "claims": of_fact,
            "relations": [CLAIM_OF_RELATION] if of_fact else [],
            "passages": of_fact,
            "subjects": [*released, *([PASSAGE_OF_SUBJECT] if of_fact != released else [])],
            "quarantine": released,
        }


NEWEST = """NOT EXISTS (SELECT 1 FROM main.records r
    WHERE r.record = record_of(t.at) AND replaces(r.release, t.release))"""
CONCEPT_OF_NAME = "EXISTS (SELECT 1 FROM concepts c WHERE c.id = t.concept AND c.release = t.release AND c.key = t.key)"
CONCEPT_OF_ALIAS = """EXISTS (SELECT 1 FROM concepts c WHERE c.release = t.release
    AND c.id = CASE t.how WHEN 'merged' THEN t.new ELSE t.old END)"""
CLAIM_OF_RELATION = "EXISTS (SELECT 1 FROM claims c WHERE c.relation = t.id)"
PASSAGE_OF_SUBJECT = "EXISTS (SELECT 1 FROM passages p WHERE p.id = t.passage AND p.release = t.release)"


def of(link: sqlite3.Connection, as_of: str = "", releases: Sequence[str] = ()) -> View:
    """The view of a store: of each source its newest release, or the newest of a day, or those named SOURCE@RELEASE.

    A release that updates is shown with those before it down to the one that replaced all; one that joins always.
    Raises `BadPlan` for a day that is none, `StoreRefused` for a release that is not there.
    """
    day = _checked(as_of)
    complete = held(link)
    if lost := sorted(set(releases) - {one.name for one in complete}):
        mend = "probatum kb releases lists them; a release is written as hpo@2025-01-16"
        raise StoreRefused(f"{lost[0]!r} is not a release in this store", mend=mend)
    shown: list[Held] = []
    for source, group in groupby(complete, key=attrgetter("source")):
        pinned = {name for name in releases if name.rpartition("@")[0] == source}
        shown += _shown(list(group), day, pinned)
    numbers = {one.number for one in shown}
    hidden = tuple(one for one in complete if one.number not in numbers)
    (loading,) = link.execute("SELECT count(*) FROM main.releases WHERE state <> 'complete'").fetchone()
    return View(tuple(shown), hidden, bool(loading), day, retracted(link))


def held(link: sqlite3.Connection) -> list[Held]:
    """The complete releases, those of one source together, the older first."""
    sql = """SELECT id, source, version, licence, sha256, files, published, manner, loaded, digest, timed
        FROM main.releases WHERE state = 'complete'"""
    found = []
    for number, source, version, licence, sha256, files, published, manner, loaded, digest, timed in link.execute(sql):
        release = Release(source, version, licence, sha256, rows.texts(files), published, manner)
        found.append(Held(number, release, loaded[:10], int.from_bytes(digest), bool(timed)))
    return sorted(found, key=attrgetter("order"))


def content(link: sqlite3.Connection) -> str:
    """The content hash of the whole store: the sum of the digests of all complete releases and of the retractions.

    Modulo 2**128, as 32 hex digits.
    """
    return f"{_sum(held(link), retracted(link)):032x}"


def retracted(link: sqlite3.Connection) -> frozenset[str]:
    """The papers that were withdrawn."""
    return frozenset(row[0] for row in link.execute("SELECT paper FROM main.retractions"))


def bounded(qualifiers: str) -> bool:
    """Whether stored qualifiers say from when or to when a fact holds."""
    return '"valid_' in qualifiers or '"year"' in qualifiers


def _shown(releases: list[Held], day: str, pinned: set[str]) -> list[Held]:
    """Of one source's releases, the older first, those that are shown."""
    known = [one for one in releases if not day or one.dated <= day]
    if pinned:
        lines: Iterable[list[Held]] = (
            _line(known[: place + 1]) for place, one in enumerate(known) if one.name in pinned
        )
    else:
        joining = [[one] for one in known if one.release.manner == "joins"]
        lines = [*joining, _line([one for one in known if one.release.manner != "joins"])]
    numbers = {one.number for line in lines for one in line}
    return [one for one in known if one.number in numbers]


def _line(releases: list[Held]) -> list[Held]:
    """The last release and, where it updates, those before it down to the one that replaced all."""
    if releases and releases[-1].release.manner == "joins":
        return releases[-1:]
    others = [one for one in releases if one.release.manner != "joins"]
    start = len(others) - 1
    while start > 0 and others[start].release.manner == "updates":
        start -= 1
    return others[max(start, 0) :]


def _is_after(newer: tuple[str, int], older: tuple[str, int]) -> bool:
    return newer[0] == older[0] and newer[1] > older[1]


def _sum(releases: Iterable[Held], papers: Iterable[str]) -> int:
    """The digests and what else decides what is seen: which releases update, which papers are retracted."""
    marks = [f"updates {one.name}" for one in releases if one.release.manner == "updates"]
    marks += [f"retracted {paper}" for paper in papers]
    total = sum(one.digest for one in releases) + sum(int(_hash(mark), 16) for mark in marks)
    return total % rows.MODULUS


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _checked(day: str) -> str:
    try:
        return date.fromisoformat(day).isoformat() if day else ""
    except ValueError as error:
        raise BadPlan(f"{day!r} is not a day", where="as of", mend="write it as 2024-12-31") from error


def _day_in(version: str) -> str:
    for found in _DAY.finditer(version) if len(version) < SHA256 else ():
        try:
            return date(*map(int, found.groups())).isoformat()
        except ValueError:
            continue
    return ""


def _holds(written: str, day: str) -> bool:
    """Whether qualifiers let a fact hold on a day; dates may be years or months, other words bound nothing."""
    if not bounded(written):
        return True
    said = dict(rows.pairs(written))
    start, end, year = said.get("valid_from", ""), said.get("valid_to", ""), said.get("year", "")
    return not (
        (_is_date(start) and start > day[: len(start)])
        or (_is_date(end) and end < day[: len(end)])
        or (_is_date(year) and year > day[: len(year)])
    )


def _is_date(text: str) -> bool:
    return re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text) is not None
