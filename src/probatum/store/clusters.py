"""Which ids of different vocabularies name one thing: joined by mappings with their evidence, never by their names.

A cluster is derived from the facts and can be looked into; it goes when the mappings that made it are withdrawn.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import finalize

from probatum.errors import StoreDamaged

NAME = "clusters-2"  # of the derived index; the number grows when its file or the policy changes
FILE = "clusters.sqlite"


@dataclass(frozen=True, slots=True)
class Witness:
    """Who says that two ids name one thing."""

    source: str
    release: str
    what: str  # the predicate of the mapping, or xref
    at: str
    weight: float  # 0 to 1, by the policy


@dataclass(frozen=True, slots=True)
class Link:
    """Two ids and what joins them, or why it does not."""

    a: str
    b: str
    weight: float  # all witnesses together
    why: str  # why the link was left out; empty where it counts
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """One thing under all its ids."""

    whole: str  # the member that speaks for it
    members: tuple[str, ...]  # ids in use, the speaking one first, then sorted
    former: tuple[str, ...]  # ids that were merged into these or replaced by them
    links: tuple[Link, ...]  # strongest first; those that were left out after those that count


class Clusters:
    """The clusters of one store. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        """`folder` is one that `build` filled; raises `StoreDamaged`."""
        self._lock, self._path = threading.Lock(), folder / FILE
        try:
            self._link = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            finalize(self, self._link.close)
            self._rows("SELECT count(*) FROM members WHERE id = ''")
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def whole(self, id: str) -> str:
        """The id that speaks for the cluster of an id: that id itself where it stands alone."""
        return next((row[0] for row in self._rows("SELECT whole FROM members WHERE id = ?", id)), id)

    def same(self, id: str) -> tuple[str, ...]:
        """All ids of the thing that an id names: the speaking one first, then those in use, then former ones."""
        found = self._rows("SELECT id FROM members WHERE whole = ? ORDER BY former, id != whole, id", self.whole(id))
        return tuple(row[0] for row in found) or (id,)

    def cluster(self, id: str) -> Cluster:
        """The cluster of an id with each link of its members, those that were left out too."""
        whole = self.whole(id)
        sql = "SELECT id, former FROM members WHERE whole = ? ORDER BY id != whole, id"
        members = self._rows(sql, whole) or [(id, 0)]
        found: dict[tuple[str, str], Link] = {}
        for member, _ in members:
            for a, b, weight, why in self._rows("SELECT a, b, weight, why FROM links WHERE a = ?1 OR b = ?1", member):
                sql = (
                    "SELECT source, release, what, at, weight FROM witnesses WHERE a = ? AND b = ? ORDER BY 1, 2, 3, 4"
                )
                found[a, b] = Link(a, b, weight, why, tuple(Witness(*row) for row in self._rows(sql, a, b)))
        links = sorted(found.values(), key=lambda link: (bool(link.why), -link.weight, link.a, link.b))
        return Cluster(
            whole,
            tuple(member for member, former in members if not former),
            tuple(member for member, former in members if former),
            tuple(links),
        )

    def conflicts(self) -> Iterator[Link]:
        """Every link that was left out because it would have joined what does not go together, strongest first."""
        sql = "SELECT a, b, weight, why FROM links WHERE why != '' ORDER BY weight DESC, a, b"
        for a, b, weight, why in self._rows(sql):
            told = "SELECT source, release, what, at, weight FROM witnesses WHERE a = ? AND b = ? ORDER BY 1, 2, 3, 4"
            yield Link(a, b, weight, why, tuple(Witness(*row) for row in self._rows(told, a, b)))

    def all(self) -> Iterator[tuple[str, str]]:
        """(id, the one that speaks for it) of every id that does not stand alone, sorted."""
        yield from self._rows("SELECT id, whole FROM members ORDER BY id")

    def _rows(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._link.execute(sql, values).fetchall()
            except sqlite3.DatabaseError as error:
                raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> StoreDamaged:
        mend = "remove that folder; it is built again"
        return StoreDamaged(f"the clusters cannot be read: {error}", where=str(self._path), mend=mend)


@lru_cache(maxsize=8)
def opened(folder: Path) -> Clusters:
    """The clusters of a folder, opened once: a derived index never changes, its folder is named by its content."""
    return Clusters(folder)
