"""Assertions that speak against each other though they name their things by other ids: DOID here, MESH there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from probatum.store.reader import Store

Pair = tuple[int, int]  # the numbers of two assertions
_ENDS = "SELECT id, subject, predicate, object FROM relations"


def denied(store: Store, concept: str = "") -> Iterator[Pair]:
    """What is asserted of a thing under one id and denied under another: (assertion, denial), by the denial."""
    for denial, subject, predicate, object_ in _held(store, concept, "negated"):
        for ends in _others(store, subject, object_):
            for number in _found(store, ends, predicate):
                if _touches(concept, (subject, object_, *ends)):
                    yield number, denial


def turned(store: Store, pairs: Iterable[Sequence[str]], concept: str = "") -> Iterator[Pair]:
    """Assertions of two predicates that speak against each other, of one thing under two ids; `pairs` name both."""
    counts: dict[str, int] = {} if concept else _counts(store)  # of one thing either side is as quickly gone through
    for pair in pairs:
        rarer, other = sorted(pair, key=lambda predicate: (counts.get(predicate, 0), predicate))
        for number, subject, _, object_ in _held(store, concept, "NOT negated AND predicate = ?", rarer):
            for ends in _others(store, subject, object_):
                for found in _found(store, ends, other):
                    if _touches(concept, (subject, object_, *ends)):
                        yield number, found


def _held(store: Store, concept: str, condition: str, *values: str) -> Iterator[tuple[int, str, str, str]]:
    """The assertions that fit, of the whole store or of one thing under all its ids, sorted."""
    about, ids = "", list(store.same(concept)) if concept else []
    if ids:  # one look-up an end: a single condition with OR would look at every assertion
        some = ",".join("?" * len(ids))
        ends = " UNION ".join(f"SELECT id FROM relations WHERE {end} IN ({some})" for end in ("subject", "object"))
        about = f" AND id IN ({ends})"
    yield from store.rows(f"{_ENDS} WHERE {condition}{about} ORDER BY 2, 3, 4", *values, *ids, *ids)


def _others(store: Store, subject: str, object_: str) -> Iterator[tuple[str, str]]:
    """The other pairs of ids that the two things go by."""
    return (ends for ends in product(store.same(subject), store.same(object_)) if ends != (subject, object_))


def _found(store: Store, ends: tuple[str, str], predicate: str) -> Iterator[int]:
    sql = "SELECT id FROM relations WHERE subject = ? AND predicate = ? AND object = ? AND NOT negated"
    return (number for (number,) in store.rows(sql, ends[0], predicate, ends[1]))


def _counts(store: Store) -> dict[str, int]:
    return dict(store.rows("SELECT predicate, count(*) FROM relations GROUP BY predicate"))


def _touches(concept: str, ends: Sequence[str]) -> bool:
    return not concept or concept in ends
