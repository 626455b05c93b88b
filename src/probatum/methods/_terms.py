"""The phenotypes of an ontology as numbers: each term's parents, ancestors and descendants in flat arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int32]
Real = NDArray[np.float32]
Truth = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Terms:
    """Terms in the order of their ids; `ancestors_of(term)` holds the term itself."""

    ids: tuple[str, ...]
    parent_starts: Whole
    parents: Whole
    ancestor_starts: Whole
    ancestors: Whole

    @cached_property
    def place(self) -> dict[str, int]:
        """The number of each id."""
        return {id_: number for number, id_ in enumerate(self.ids)}

    @cached_property
    def roots(self) -> frozenset[int]:
        """The terms with nothing above them and others below: they say nothing of a patient."""
        tops = np.flatnonzero(np.diff(self.parent_starts) == 0)
        return frozenset(term for term in tops.tolist() if len(self.descendants_of(term)) > 1)

    @cached_property
    def _below(self) -> tuple[Whole, NDArray[np.intp]]:
        """(starts, descendants): the ancestors turned round."""
        terms = np.repeat(np.arange(len(self.ids), dtype=np.int32), np.diff(self.ancestor_starts))
        order = np.argsort(self.ancestors, kind="stable")
        counts = np.bincount(self.ancestors, minlength=len(self.ids))
        return starts_of(counts), terms[order].astype(np.intp)

    def parents_of(self, term: int) -> Whole:
        """The terms right above."""
        return self.parents[self.parent_starts[term] : self.parent_starts[term + 1]]

    def ancestors_of(self, term: int) -> Whole:
        """The term and everything above it."""
        return self.ancestors[self.ancestor_starts[term] : self.ancestor_starts[term + 1]]

    def descendants_of(self, term: int) -> NDArray[np.intp]:
        """The term and everything below it."""
        starts, below = self._below
        return below[starts[term] : starts[term + 1]]

    def closure(self, terms: Iterable[int]) -> Whole:
        """The terms and everything above them, each once."""
        groups = [self.ancestors_of(term) for term in terms]
        return np.unique(np.concatenate(groups)) if groups else np.zeros(0, np.int32)

    def most_specific(self, terms: Sequence[int]) -> list[int]:
        """The terms that are not above another of them."""
        above = {int(up) for term in terms for up in self.ancestors_of(term) if up != term}
        return [term for term in terms if term not in above]


def terms_of(parents: Mapping[str, Iterable[str]]) -> Terms:
    """The terms of a hierarchy given as id -> ids right above; what is not itself a key is left out, cycles are cut."""
    ids = tuple(sorted(parents))
    place = {id_: number for number, id_ in enumerate(ids)}
    above = [sorted({place[up] for up in parents[id_] if up in place and up != id_}) for id_ in ids]
    closures: list[frozenset[int] | None] = [None] * len(ids)

    def closed(number: int, path: frozenset[int]) -> frozenset[int]:
        done = closures[number]
        if done is None:
            ways = (closed(up, path | {number}) for up in above[number] if up not in path)
            done = frozenset({number}).union(*ways)
            closures[number] = done
        return done

    groups = [sorted(closed(number, frozenset())) for number in range(len(ids))]
    return Terms(ids, *_flat(above), *_flat(groups))


def starts_of(counts: NDArray[Any]) -> Whole:
    """Where each group of a flat array begins, and, last, where it ends."""
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int32)


def _flat(groups: Sequence[Sequence[int]]) -> tuple[Whole, Whole]:
    flat = np.fromiter((each for group in groups for each in group), np.int32)
    return starts_of(np.array([len(group) for group in groups], np.int64)), flat
