"""What a store holds of each release: how many facts, what was set aside, on whose acceptance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from probatum.store.consent import acceptances
from probatum.store.reader import Store
from probatum.types import Malformed


@dataclass(frozen=True, slots=True)
class Holding:
    """One release in the store."""

    source: str
    release: str
    licence: str
    dated: str  # ISO day of the release
    loaded: str  # ISO day on which it was read
    facts: int
    quarantined: int
    shown: bool  # whether answers rest on it; another release of the source may have taken its place
    accepted: str  # who accepted its terms, and when; empty where nobody had to


def holdings(store: Store) -> list[Holding]:
    """Every complete release, sorted by source and day."""
    accepted = {one.source: f"{one.who}, {one.noted[:10]}" for one in acceptances(store)}
    facts = dict(store.rows("SELECT id, consumed FROM main.releases"))
    aside = dict(store.rows("SELECT release, count(*) FROM main.quarantine GROUP BY release"))
    shown = set(store.view.shown)
    return [
        Holding(
            one.source, one.release.version, one.release.licence, one.dated, one.loaded, facts.get(one.number, 0),
            aside.get(one.number, 0), one in shown, accepted.get(one.source, ""),
        )
        for one in sorted((*store.view.shown, *store.view.hidden), key=lambda held: held.order)
    ]  # fmt: skip


def quarantine(store: Store, source: str, limit: int = 200) -> Iterator[Malformed]:
    """The records of a source that could not be read, by file and line, at most `limit`."""
    sql = """SELECT path, line, reason, text FROM main.quarantine JOIN main.releases ON id = release WHERE source = ?
        ORDER BY path, line LIMIT ?"""
    return (Malformed(*row) for row in store.rows(sql, source, limit))


def kinds(store: Store) -> tuple[str, ...]:
    """The kinds of things that the store describes, sorted."""
    return tuple(row[0] for row in store.rows("SELECT DISTINCT kind FROM concepts ORDER BY 1") if row[0])
