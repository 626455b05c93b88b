"""Walks through a graph of relations: what lies near a concept, and how two concepts hang together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Chosen = NDArray[np.bool_] | None  # for each predicate whether it may be walked; None: all may


class Marks:
    """A mark on every node, wiped in the time that it took to set: a search need not touch the whole graph."""

    __slots__ = ("_blank", "_marked", "of")

    def __init__(self, count: int, blank: float) -> None:
        self.of: NDArray[Any] = np.full(count, blank, dtype=np.bool_ if isinstance(blank, bool) else np.float32)
        self._blank, self._marked = blank, list[Numbers]()

    def put(self, nodes: Numbers, value: Any = True) -> None:
        """Marks nodes."""
        self.of[nodes] = value
        self._marked.append(nodes)

    def wipe(self) -> None:
        """Every mark as it was at first."""
        if sum(map(len, self._marked)) > len(self.of) // 4:
            self.of.fill(self._blank)
        else:
            for nodes in self._marked:
                self.of[nodes] = self._blank
        self._marked.clear()


@dataclass(frozen=True, slots=True)
class Side:
    """One direction of a graph in compressed sparse rows: the edges of node n are offsets[n] to offsets[n + 1]."""

    offsets: NDArray[np.int64]  # nodes + 1
    targets: NDArray[np.int32]  # by node, then target, then predicate
    predicates: NDArray[np.int32]
    # arrays that are lent
    spare: dict[str, list[Any]] = field(default_factory=dict, init=False, compare=False, repr=False)

    @contextmanager
    def marks(self, blank: float = False) -> Iterator[Marks]:
        """Marks on the nodes, blank, for one search; several threads may have some at once."""
        with self._lent(f"marks {blank}", lambda: Marks(len(self.offsets) - 1, blank)) as found:
            try:
                yield found
            finally:
                found.wipe()

    @contextmanager
    def places(self) -> Iterator[NDArray[np.int32]]:
        """A number for each node, whatever it was before."""
        with self._lent("places", lambda: np.empty(len(self.offsets) - 1, dtype=np.int32)) as found:
            yield found

    @contextmanager
    def _lent(self, name: str, make: Callable[[], Any]) -> Iterator[Any]:
        kept = self.spare.setdefault(name, [])
        try:
            found = kept.pop()  # one step: two threads never get the same
        except IndexError:
            found = make()
        try:
            yield found
        finally:
            kept.append(found)

    def beyond(self, nodes: Numbers, chosen: Chosen = None) -> Numbers:
        """The far ends of all edges of the nodes, with repeats."""
        return self.between(nodes, chosen)[1]

    def between(self, nodes: Numbers, chosen: Chosen = None) -> tuple[Numbers, Numbers]:
        """The near and the far end of each edge of the nodes."""
        near, edges = self.spread(nodes)
        if chosen is not None:
            fits = chosen[self.predicates[edges]]
            edges, near = edges[fits], near[fits]
        return near, self.targets[edges].astype(np.int64)

    def spread(self, nodes: Numbers) -> tuple[Numbers, Numbers]:
        """The near end and the place of each edge of the nodes."""
        counts = self.degrees(nodes)
        before = np.cumsum(counts) - counts
        edges = np.repeat(self.offsets[nodes] - before, counts) + np.arange(counts.sum())
        return np.repeat(nodes, counts), edges

    def degrees(self, nodes: Numbers) -> Numbers:
        """How many edges each node has."""
        found: Numbers = self.offsets[nodes + 1] - self.offsets[nodes]
        return found

    def towards(self, node: int, ends: Numbers, chosen: Chosen = None) -> Iterator[tuple[int, int]]:
        """(far end, predicate) of the edges of one node whose far end is among the given ones, sorted."""
        start, end = int(self.offsets[node]), int(self.offsets[node + 1])
        targets = self.targets[start:end]
        lows, highs = (np.searchsorted(targets, ends, way) for way in ("left", "right"))
        for place in np.flatnonzero(highs > lows):
            for edge in range(start + int(lows[place]), start + int(highs[place])):
                predicate = int(self.predicates[edge])
                if chosen is None or chosen[predicate]:
                    yield int(ends[place]), predicate

    def edges(self, node: int, chosen: Chosen = None) -> Iterator[tuple[int, int]]:
        """(far end, predicate) of each edge of one node, sorted."""
        start, end = int(self.offsets[node]), int(self.offsets[node + 1])
        for far, predicate in zip(self.targets[start:end].tolist(), self.predicates[start:end].tolist(), strict=True):
            if chosen is None or chosen[predicate]:
                yield far, predicate


FEW = 200  # so few nodes are sorted as quickly as marked

Sides = tuple[Side, ...]
Link = tuple[int, int, int]  # predicate, the place in `Sides` of the direction that is walked, far end


def rings(sides: Sides, start: int, chosen: Chosen = None) -> Iterator[Numbers]:
    """The nodes that are 1, 2, 3 ... edges away from the start, each ring sorted, until nothing new is found."""
    ring = np.array([start], dtype=np.int64)
    with sides[0].marks() as seen:
        seen.put(ring)
        while len(ring := _unseen(sides, ring, seen, chosen)):
            yield ring


def near(sides: Sides, start: int, chosen: Chosen, hops: int, limit: int) -> tuple[list[int], list[int]]:
    """At most `limit` nodes (0: all) within some hops, nearest first, then by number; and the distance of each."""
    nodes: list[int] = []
    distances: list[int] = []
    for hop, ring in enumerate(islice(rings(sides, start, chosen), hops), 1):
        some = ring[: limit - len(nodes)] if limit else ring
        nodes += some.tolist()
        distances += [hop] * len(some)
        if limit and len(nodes) == limit:
            break
    return nodes, distances


def shortest(sides: Sides, start: int, end: int, chosen: Chosen, hops: int) -> Iterator[tuple[Link, ...]]:
    """Every path of the least length between two nodes, edges walked either way, in a fixed order; none beyond `hops`.

    The search goes on from both ends, always from the smaller ring; then only nodes that lie on such paths are walked.
    """
    if start != end and (layers := _layers(sides, start, end, chosen, hops)):
        yield from _paths(sides, start, layers, chosen)


def _unseen(sides: Sides, ring: Numbers, seen: Marks, chosen: Chosen) -> Numbers:
    far = np.concatenate([side.beyond(ring, chosen) for side in sides])
    found = np.sort(once(far[~seen.of[far]], sides[0]))
    seen.put(found)
    return found


def once(nodes: Numbers, side: Side) -> Numbers:
    """Each of some nodes once, in no order: the last that wrote its place is kept, which costs less than sorting."""
    if len(nodes) < FEW:
        return np.unique(nodes)
    with side.places() as place:
        numbers = np.arange(len(nodes), dtype=np.int32)
        place[nodes] = numbers
        kept: Numbers = nodes[place[nodes] == numbers]
        return kept


def _layers(sides: Sides, start: int, end: int, chosen: Chosen, hops: int) -> list[Numbers]:
    """The nodes at each step of the shortest paths, from the second to the last; empty where there is no path."""
    rings = [[np.array([node], dtype=np.int64)] for node in (start, end)]
    with sides[0].marks() as one, sides[0].marks() as other:
        seen = (one, other)
        for each, (first,) in zip(seen, rings, strict=True):
            each.put(first)
        for _ in range(hops):
            this = 0 if len(rings[0][-1]) <= len(rings[1][-1]) else 1
            ring = _unseen(sides, rings[this][-1], seen[this], chosen)
            if not len(ring):
                return []
            rings[this].append(ring)
            # what both have seen lies on the other's outermost ring, or it would have been met before
            if len(middle := ring[seen[1 - this].of[ring]]):
                before = _narrowed(sides, middle, rings[0][:-1], chosen)
                after = _narrowed(sides, middle, rings[1][:-1], chosen)
                return [*before[::-1][1:], middle, *after] if len(before) else [*after]
    return []


def _narrowed(sides: Sides, middle: Numbers, outer: list[Numbers], chosen: Chosen) -> list[Numbers]:
    """Of each ring, from the middle outwards, the nodes from which a path leads to the middle."""
    found, inner = [], middle
    for ring in reversed(outer):
        inner = _touching(sides, ring, inner, chosen)
        found.append(inner)
    return found


def _touching(sides: Sides, ring: Numbers, inner: Numbers, chosen: Chosen) -> Numbers:
    """The nodes of a ring with an edge to an inner node; seen from where there are fewer edges to look at."""
    with sides[0].marks() as marks:
        if sum(int(side.degrees(ring).sum() - side.degrees(inner).sum()) for side in sides) > 0:
            for side in sides:
                marks.put(side.beyond(inner, chosen))
            kept: Numbers = ring[marks.of[ring]]
            return kept
        marks.put(inner)
        ends = (side.between(ring, chosen) for side in sides)
        return np.unique(np.concatenate([near[marks.of[far]] for near, far in ends]))


def _paths(sides: Sides, at: int, layers: list[Numbers], chosen: Chosen) -> Iterator[tuple[Link, ...]]:
    if not layers:
        yield ()
        return
    steps = (
        (far, predicate, way)
        for way, side in enumerate(sides)
        for far, predicate in side.towards(at, layers[0], chosen)
    )
    for far, predicate, way in sorted(steps):
        for rest in _paths(sides, far, layers[1:], chosen):
            yield ((predicate, way, far), *rest)


def side(near_ends: Any, far_ends: Any, predicates: Any, nodes: int) -> Side:
    """One direction of a graph, of three arrays that hold an edge at each place."""
    order = np.lexsort((predicates, far_ends, near_ends))
    offsets = np.zeros(nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(near_ends, minlength=nodes), out=offsets[1:])
    return Side(offsets, far_ends[order].astype(np.int32), predicates[order].astype(np.int32))
