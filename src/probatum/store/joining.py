"""Joins the ids of one thing by the mappings that the store holds, after the policy in clusters.toml."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol

from probatum.store import rows
from probatum.store.clusters import FILE, NAME, Clusters, opened
from probatum.types import Relation

LONGEST = 20  # steps from a former id to the present one
DENIED = "a source denies it"

TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE TABLE witnesses (a TEXT, b TEXT, source TEXT, release TEXT, what TEXT, at TEXT, weight REAL);
CREATE TABLE xrefs (a TEXT, b TEXT, of_a TEXT, of_b TEXT, source TEXT, release TEXT, at TEXT, weight REAL);
CREATE TABLE against (a TEXT, b TEXT, why TEXT);
CREATE TABLE links (a TEXT, b TEXT, weight REAL, why TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE members (id TEXT PRIMARY KEY, whole TEXT, former INTEGER) WITHOUT ROWID;
"""
INDEXES = """
DROP TABLE xrefs; DROP TABLE against;
CREATE INDEX links_by_b ON links (b);
CREATE INDEX members_by_whole ON members (whole);
CREATE INDEX witnesses_by_ends ON witnesses (a, b);
"""
# Of the trusted cross-references those that say nothing clear: (table of them, why).
UNCLEAR = (
    ("SELECT of_a AS p, b AS q FROM xrefs GROUP BY 1, 2 HAVING count(DISTINCT a) > 1", "of_a = p AND b = q",
     "several concepts of the vocabulary have this cross-reference"),
    ("SELECT a AS p, of_b AS q FROM xrefs GROUP BY 1, 2 HAVING count(DISTINCT b) > 1", "a = p AND of_b = q",
     "the concept has several cross-references to this vocabulary"),
)  # fmt: skip


class Held(Protocol):
    """What a store gives for its clusters."""

    def relations(self, subject: str = "", predicate: str = "", object: str = "") -> Iterator[Relation]: ...  # noqa: D102

    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]: ...  # noqa: D102

    def numbers(self, source: str = "", version: str = "") -> list[int]: ...  # noqa: D102

    def derived(self, name: str, build: Callable[[Path], None]) -> Path: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Policy:
    """The table clusters.toml, ready for use."""

    least: float
    same: frozenset[str]
    other: frozenset[str]
    justification: dict[str, float]
    reliability: dict[str, float]
    trusted: dict[tuple[str, str], float]  # by the vocabularies of both ends
    groups: dict[str, int]
    silent_kinds: frozenset[str]
    silent_vocabularies: frozenset[str]
    order: dict[str, int]


@cache
def policy() -> Policy:
    """When two ids name one thing."""
    said = tomllib.loads(resources.files("probatum.store").joinpath("clusters.toml").read_text(encoding="utf-8"))
    pairs = {
        (one, two): row["weight"] for row in said["trusted"] for one in row["from"] for two in row["to"] if one != two
    }
    kinds = said["kinds"]
    return Policy(
        said["least"], frozenset(said["same"]), frozenset(said["other"]), said["justification"], said["reliability"],
        pairs, {kind: number for number, group in enumerate(kinds["groups"]) for kind in group},
        frozenset(kinds["silent_kinds"]), frozenset(kinds["silent_vocabularies"]),
        {prefix: place for place, prefix in enumerate(said["speaks"]["order"])},
    )  # fmt: skip


def clusters_of(store: Held) -> Clusters:
    """The clusters of a store, built on their first use."""
    return opened(store.derived(NAME, lambda folder: build(folder, store)))


def build(folder: Path, store: Held) -> None:
    """Writes the clusters of a store: every link with its witnesses, those left out with the reason, all members."""
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as link:
        link.executescript(TABLES)
        link.execute("BEGIN")
        follow = _Following(store)
        _mappings(link, store, follow)
        _cross_references(link, store, follow)
        _weigh(link)
        joined = _Joining(store)
        for a, b, why in joined.refused(
            link.execute("SELECT a, b, weight FROM links WHERE why = '' ORDER BY 3 DESC, 1, 2")
        ):
            link.execute("UPDATE links SET why = ? WHERE a = ? AND b = ?", (why, a, b))
        link.executemany("INSERT INTO members VALUES (?, ?, ?)", joined.members(follow))
        link.execute("COMMIT")
        link.executescript(f"{INDEXES} VACUUM;")


def prefix_of(id: str) -> str:
    """The vocabulary of an id."""
    return id.partition(":")[0]


class _Following:
    """Former ids and the present ones that they lead to, where that is one and no more."""

    def __init__(self, store: Held) -> None:
        numbers = ",".join(map(str, store.numbers())) or "0"
        sql = f"""SELECT DISTINCT old, new FROM aliases WHERE release IN ({numbers}) AND old != new
            AND NOT EXISTS (SELECT 1 FROM concepts WHERE id = old AND NOT obsolete AND release IN ({numbers}))
            ORDER BY old, new"""
        self.next = {
            old: news[0] for old, found in groupby(store.rows(sql), key=itemgetter(0))
            if len(news := [row[1] for row in found]) == 1
        }  # fmt: skip

    def __call__(self, id: str) -> str:
        for _ in range(LONGEST):
            if (new := self.next.get(id)) is None:
                break
            id = new
        return id


def _mappings(link: sqlite3.Connection, store: Held, follow: _Following) -> None:
    said = policy()
    for predicate in sorted(said.same | said.other):
        against = [predicate] if predicate in said.other else []
        for claim in store.relations(predicate=predicate):
            a, b = sorted((follow(claim.subject), follow(claim.object)))
            if a == b:
                continue
            at = claim.origin
            if claim.negated and not against:
                link.execute("INSERT INTO against VALUES (?, ?, ?)", (a, b, f"{DENIED}: {at.source}"))
            elif against and not claim.negated:
                link.execute("INSERT INTO against VALUES (?, ?, ?)", (a, b, f"{at.source} says {predicate}"))
            elif not claim.negated:
                weight = _weight(claim)
                values = (a, b, at.source, at.release, predicate, at.at, weight)
                link.execute("INSERT INTO witnesses VALUES (?, ?, ?, ?, ?, ?, ?)", values)


def _weight(claim: Relation) -> float:
    said = policy()
    base = said.justification.get(claim.qualifier("mapping_justification"), said.justification["others"])
    stated = claim.qualifier("confidence")
    try:
        confidence = min(max(float(stated), 0.0), 1.0) if stated else 1.0
    except ValueError:  # a word, not a number: it says nothing here
        confidence = 1.0
    return base * confidence * said.reliability.get(claim.origin.reliability, 0.0)


def _cross_references(link: sqlite3.Connection, store: Held, follow: _Following) -> None:
    trusted, numbers = policy().trusted, ",".join(map(str, store.numbers())) or "0"
    sql = f"""SELECT concepts.id, links, concepts.at, source, version FROM concepts
        JOIN releases ON releases.id = release WHERE release IN ({numbers}) AND NOT obsolete"""

    def found() -> Iterator[tuple[object, ...]]:
        for id, links, at, source, release in store.rows(sql):
            if links.endswith(",[]]"):  # the last of the four groups, the cross-references, is empty
                continue
            for xref in rows.groups(links)[3]:
                a, b = follow(id), follow(xref)
                weight = trusted.get((prefix_of(a), prefix_of(b)))
                if weight is not None:
                    yield a, b, prefix_of(a), prefix_of(b), source, release, at, weight

    link.executemany("INSERT INTO xrefs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", found())
    link.execute("CREATE INDEX witnesses_for_now ON witnesses (a, b, source)")
    link.execute("CREATE INDEX xrefs_by_b ON xrefs (of_a, b)")
    link.execute("CREATE INDEX xrefs_by_a ON xrefs (a, of_b)")
    for unclear, condition, why in UNCLEAR:
        link.execute(
            f"""INSERT INTO against SELECT DISTINCT min(a, b), max(a, b), ? FROM xrefs JOIN ({unclear}) ON {condition}
            WHERE NOT EXISTS (SELECT 1 FROM witnesses w WHERE w.a = min(xrefs.a, xrefs.b)
            AND w.b = max(xrefs.a, xrefs.b))""",
            (why,),
        )
    link.execute("INSERT INTO witnesses SELECT min(a, b), max(a, b), source, release, 'xref', at, weight FROM xrefs")


def _weigh(link: sqlite3.Connection) -> None:
    """Sums up the witnesses of each pair, source by source, and says what speaks against it."""
    sql = "SELECT a, b, max(weight) FROM witnesses GROUP BY a, b, source ORDER BY a, b"

    def weighed() -> Iterator[tuple[str, str, float]]:
        for (a, b), found in groupby(link.execute(sql), key=itemgetter(0, 1)):
            doubt = 1.0
            for row in found:
                doubt *= 1 - row[2]
            yield a, b, round(1 - doubt, 6)

    link.execute("CREATE TABLE sums (a TEXT, b TEXT, weight REAL)")
    link.executemany("INSERT INTO sums VALUES (?, ?, ?)", weighed())
    link.execute("CREATE INDEX against_by_ends ON against (a, b)")
    link.execute(
        """INSERT INTO links SELECT a, b, weight, coalesce((SELECT min(why) FROM against
        WHERE against.a = sums.a AND against.b = sums.b), CASE WHEN weight < ? THEN 'too weak' ELSE '' END)
        FROM sums""",
        (policy().least,),
    )
    link.execute("DROP TABLE sums")
    link.execute("DROP INDEX witnesses_for_now")


class _Joining:
    """Joins ids link by link, the strongest first; two of one vocabulary or of unlike kinds never come together."""

    def __init__(self, store: Held) -> None:
        self._store, self._numbers = store, ",".join(map(str, store.numbers())) or "0"
        self._above: dict[str, str] = {}
        self._inside: dict[str, dict[str, str]] = {}  # of each root: the member of each vocabulary
        self._kinds: dict[str, set[int | str]] = {}
        self._given_up: set[str] = set()  # ids that every source that describes them calls obsolete

    def refused(self, links: Iterable[tuple[str, str, float]]) -> list[tuple[str, str, str]]:
        """Joins what goes together; (a, b, why) of the rest."""
        found = []
        for a, b, _ in links:
            one, two = self._root(a), self._root(b)
            if one != two and (why := self._join(one, two)):
                found.append((a, b, why))
        return found

    def members(self, follow: _Following) -> Iterator[tuple[str, str, int]]:
        """(id, the one that speaks for it, whether it is a former id) of everything that does not stand alone."""
        said, spoken = policy().order, dict[str, str]()
        for root, inside in self._inside.items():
            spoken[root] = min(inside.values(), key=lambda id: (*self._rank(id, said), id))
        groups: dict[str, str] = {
            id: spoken[self._root(id)] for id in self._above if len(self._inside[self._root(id)]) > 1
        }
        yield from ((id, whole, 0) for id, whole in groups.items())
        targets = set()
        for old in follow.next:
            new = follow(old)
            if old not in groups and old != new:
                yield old, groups.get(new, new), 1
                if new not in groups and new not in targets:
                    targets.add(new)
                    yield new, new, 0

    def _rank(self, id: str, order: dict[str, int]) -> tuple[bool, int]:
        return id in self._given_up, order.get(prefix_of(id), len(order))

    def _join(self, one: str, two: str) -> str:
        common = self._inside[one].keys() & self._inside[two].keys()
        if common:
            prefix = min(common)
            both = sorted((self._inside[one][prefix], self._inside[two][prefix]))
            return f"would make {both[0]} and {both[1]} one"
        if self._kinds[one] and self._kinds[two] and self._kinds[one].isdisjoint(self._kinds[two]):
            return "would make one of things of different kinds"
        if len(self._inside[one]) < len(self._inside[two]):
            one, two = two, one
        self._above[two] = one
        self._inside[one] |= self._inside.pop(two)
        self._kinds[one] |= self._kinds.pop(two)
        return ""

    def _root(self, id: str) -> str:
        if id not in self._above:
            self._add(id)
        while self._above[id] != id:
            self._above[id] = self._above[self._above[id]]
            id = self._above[id]
        return id

    def _add(self, id: str) -> None:
        said, prefix = policy(), prefix_of(id)
        self._above[id], self._inside[id], self._kinds[id] = id, {prefix: id}, set()
        sql = f"SELECT DISTINCT kind, obsolete FROM concepts WHERE id = ? AND release IN ({self._numbers})"
        found = list(self._store.rows(sql, id))
        if found and all(obsolete for _, obsolete in found):
            self._given_up.add(id)
        if prefix not in said.silent_vocabularies:
            kinds = {kind for kind, _ in found} - said.silent_kinds
            self._kinds[id] = {said.groups.get(kind, kind) for kind in kinds}
