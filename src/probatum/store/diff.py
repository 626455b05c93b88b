"""What came, went and changed between two releases of a source, or between two stores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, fields
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from probatum.store.reader import Store
from probatum.store.schema import DATABASE

FIRST = 10  # of each kind of difference, how many are named

Side = Iterator[tuple[Any, Any]]  # what identifies a thing, what is said of it; sorted by the first


@dataclass(frozen=True, slots=True)
class Difference:
    """How the newer differs from the older: counts, and the first of each kind by id."""

    old: str
    new: str
    concepts_added: int
    concepts_removed: int
    concepts_changed: int  # another name, kind, synonym, link or state of a concept that both have
    relations_added: int
    relations_removed: int
    relations_changed: int  # an assertion that both have, with other claims: frequency, evidence, references ...
    passages_added: int
    passages_removed: int
    passages_changed: int
    first: tuple[str, ...]  # as "+ concept HP:1 Cough", "- relation ...", "~ passage ..."


@dataclass(slots=True)
class _Found:
    counts: Counter[str] = field(default_factory=Counter)
    first: list[str] = field(default_factory=list)

    def add(self, how: str, kind: str, what: str) -> None:
        self.counts[f"{kind}s_{how}"] += 1
        if self.counts[f"{kind}s_{how}"] <= FIRST:
            self.first.append(f"{SIGNS[how]} {kind} {what}")


SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def diff(folder: Path, old: str, new: str) -> Difference:
    """The difference between two releases (SOURCE@RELEASE) of the store in `folder`, or two folders that hold stores.

    Releases and places of record are not compared, only what is known and on which evidence. Both sides are read as
    streams. Raises `StoreRefused` for a release that is not there, and what `Store` raises.
    """
    with ExitStack() as open_stores:
        sides = [_opened(open_stores, folder, name) for name in (old, new)]
        found = _Found()
        for kind, read, told in KINDS:
            _compared(found, kind, read(*sides[0]), read(*sides[1]), told)
    numbers = {one.name: found.counts[one.name] for one in fields(Difference)[2:-1]}
    return Difference(old, new, first=tuple(found.first), **numbers)


def _opened(open_stores: ExitStack, folder: Path, name: str) -> tuple[Store, str]:
    """A store and the condition on its rows that makes up one side."""
    if (Path(name) / DATABASE).is_file():
        store = open_stores.enter_context(Store(Path(name)))
        return store, f"release IN ({','.join(map(str, store.numbers())) or 0})"
    store = open_stores.enter_context(Store(folder, releases=(name,)))
    shown = store.numbers(name.rpartition("@")[0])  # the release, and those that it updates
    return store, f"release IN ({','.join(map(str, shown))})"


def _compared(found: _Found, kind: str, old: Side, new: Side, told: Callable[[Any, Any], str]) -> None:
    """Walks through both sides at once, as two sorted lists are merged."""
    before, after = next(old, None), next(new, None)
    while before or after:
        if after is None or (before and before[0] < after[0]):
            found.add("removed", kind, told(*before or ()))
            before = next(old, None)
        elif before is None or after[0] < before[0]:
            found.add("added", kind, told(*after))
            after = next(new, None)
        else:
            if before[1] != after[1]:
                found.add("changed", kind, told(*after))
            before, after = next(old, None), next(new, None)


def _concepts(store: Store, condition: str) -> Side:
    sql = f"""SELECT id, name, kind, obsolete, links, reliability, count, release, key FROM concepts
        WHERE {condition} ORDER BY id"""
    names = """SELECT language, scope, text, kind FROM names WHERE concept = ? AND release = ? AND key = ?
        ORDER BY language, scope, text, kind"""
    for id, rows in groupby(store.rows(sql), key=itemgetter(0)):
        yield id, sorted((*row[1:7], tuple(store.rows(names, id, *row[7:]))) for row in rows)


def _relations(store: Store, condition: str) -> Side:
    sql = f"""SELECT subject, predicate, object, negated, source, qualifiers, evidence, refs, reliability, count
        FROM relations CROSS JOIN claims ON relation = relations.id JOIN releases ON releases.id = release
        WHERE {condition} ORDER BY subject, predicate, object, negated"""
    for identity, rows in groupby(store.rows(sql), key=itemgetter(0, 1, 2, 3)):
        claims: Counter[tuple[Any, ...]] = Counter()
        for row in rows:
            claims[row[4:-1]] += row[-1]
        yield identity, claims


def _passages(store: Store, condition: str) -> Side:
    sql = f"""SELECT id, title, text, language, kind, about, qualifiers, evidence, refs, reliability, count
        FROM passages WHERE {condition} ORDER BY id"""
    for id, rows in groupby(store.rows(sql), key=itemgetter(0)):
        yield id, sorted(row[1:] for row in rows)


def _relation_told(identity: tuple[str, str, str, int], said: Any) -> str:
    subject, predicate, object_, negated = identity
    return f"{subject} {'not ' if negated else ''}{predicate} {object_}"


KINDS: tuple[tuple[str, Callable[[Store, str], Side], Callable[[Any, Any], str]], ...] = (
    ("concept", _concepts, lambda id, said: f"{id} {said[0][0]}"),
    ("relation", _relations, _relation_told),
    ("passage", _passages, lambda id, said: f"{id} {said[0][0]}"),
)
