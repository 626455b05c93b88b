"""Walks through a graph of relations: what lies near a concept, and how two concepts hang together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Chosen = NDArray[np.bool_] | None  # for each predicate whether it may be walked; None: all may


@dataclass(frozen=True, slots=True)
class Side:
    """One direction of a graph in compressed sparse rows: the edges of node n are offsets[n] to offsets[n + 1]."""

    offsets: NDArray[np.int64]  # nodes + 1
    targets: NDArray[np.int32]  # by node, then target, then predicate
    predicates: NDArray[np.int32]

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


SPARSE = 32  # below one node in so many, the far ends of a ring are sorted

Sides = tuple[Side, ...]
Link = tuple[int, int, int]  # predicate, the place in `Sides` of the direction that is walked, far end


def rings(sides: Sides, start: int, chosen: Chosen = None) -> Iterator[Numbers]:
    """The nodes that are 1, 2, 3 ... edges away from the start, each ring sorted, until nothing new is found."""
    seen = np.zeros(len(sides[0].offsets) - 1, dtype=np.bool_)
    ring = np.array([start], dtype=np.int64)
    seen[start] = True
    while len(ring):
        ring = _unseen(sides, ring, seen, chosen)
        if len(ring):
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


Costs = NDArray[np.float32]  # what a step over each edge of a side costs, more than 0


def cheapest(
    sides: Sides, costs: Sequence[Costs], ends: tuple[int, int], chosen: Chosen, hops: int
) -> tuple[tuple[Link, ...], float]:
    """The path of least cost between two nodes that lie at most `hops` apart, and its cost; empty where there is none.

    Dijkstra's search from both ends, edges walked either way, all nodes at once that no edge can bring nearer (no step
    costs less than LEAST: delta-stepping, Meyer and Sanders 2003, doi:10.1016/S0196-6774(03)00076-2). The shortest
    path bounds it from the outset. Among equal paths the one of the smaller numbers is found.
    """
    start, end = ends
    some = {
        path: _cost_of(sides, costs, start, path) for path in islice(shortest(sides, start, end, chosen, hops), SOME)
    }
    if not some:
        return (), 0.0
    first = min(some, key=some.__getitem__)
    best, meeting = some[first], -1
    searches = tuple(_Search.begin(node, len(sides[0].offsets) - 1) for node in ends)
    while all(len(each.open) for each in searches) and searches[0].low + searches[1].low < best:
        this = 0 if searches[0].work(sides) <= searches[1].work(sides) else 1
        other = searches[1 - this]
        nodes = searches[this].go_on(sides, costs, left=best - other.low, chosen=chosen)
        if len(nodes):
            whole = searches[this].far[nodes] + other.far[nodes]
            place = int(whole.argmin())
            if whole[place] < best:
                best, meeting = float(whole[place]), int(nodes[place])
    if meeting < 0:
        return first, best
    before = reversed(list(_back(sides, costs, searches[0].far, meeting, chosen)))
    after = _back(sides, costs, searches[1].far, meeting, chosen)
    links = [(predicate, 1 - way, here) for here, predicate, way, _ in before]
    return (*links, *((predicate, way, there) for _, predicate, way, there in after)), best


LEAST = 1.0  # what the cheapest step may cost
SOME = 20  # shortest paths of which the cheapest bounds the search


@dataclass(slots=True)
class _Search:
    """How far a search from one end has come."""

    far: Costs  # the cost of each node that was reached
    open: Numbers  # the nodes whose edges were not walked yet, each once
    low: float  # the least cost of an open node

    @classmethod
    def begin(cls, node: int, count: int) -> _Search:
        """A search that stands where it begins."""
        far = np.full(count, np.inf, dtype=np.float32)
        far[node] = 0
        return cls(far, np.array([node], dtype=np.int64), 0.0)

    def work(self, sides: Sides) -> int:
        """How many edges the next step has to look at."""
        return sum(int(side.degrees(self._nearest()).sum()) for side in sides)

    def go_on(self, sides: Sides, costs: Sequence[Costs], *, left: float, chosen: Chosen) -> Numbers:
        """Walks the edges of the nearest open nodes; the nodes that came nearer, none that costs `left` or more."""
        nodes, found, fresh = self._nearest(), [], []
        for side, cost in zip(sides, costs, strict=True):
            here, edges = side.spread(nodes)
            there, now = side.targets[edges], self.far[here] + cost[edges]
            better = (now < self.far[there]) & (now < left)
            if chosen is not None:
                better &= chosen[side.predicates[edges]]
            reached = there[better].astype(np.int64)
            fresh.append(reached[np.isinf(self.far[reached])])
            np.minimum.at(self.far, reached, now[better])
            found.append(reached)
        waiting = self.open[self.far[self.open] >= self.low + LEAST]
        self.open = np.concatenate([waiting, np.unique(np.concatenate(fresh))])
        self.low = float(self.far[self.open].min()) if len(self.open) else np.inf
        return np.concatenate(found)

    def _nearest(self) -> Numbers:
        """The open nodes that no edge can bring nearer."""
        return self.open[self.far[self.open] < self.low + LEAST]


def _back(
    sides: Sides, costs: Sequence[Costs], far: Costs, at: int, chosen: Chosen
) -> Iterator[tuple[int, int, int, int]]:
    """(here, predicate, way, next) of each step from a node back to where the search began."""
    while far[at] > 0:
        steps = []
        for way, (side, cost) in enumerate(zip(sides, costs, strict=True)):
            start, end = int(side.offsets[at]), int(side.offsets[at + 1])
            there = side.targets[start:end]
            for edge in np.flatnonzero(far[there] + cost[start:end] == far[at]).tolist():
                predicate = int(side.predicates[start + edge])
                if chosen is None or chosen[predicate]:
                    steps.append((int(there[edge]), predicate, way))
        there_, predicate, way = min(steps)
        yield at, predicate, way, there_
        at = there_


def _cost_of(sides: Sides, costs: Sequence[Costs], at: int, links: Sequence[Link]) -> float:
    """What a path costs that was found by its length."""
    total = np.float32(0)
    for predicate, way, far in links:
        side = sides[way]
        start, end = int(side.offsets[at]), int(side.offsets[at + 1])
        fits = (side.targets[start:end] == far) & (side.predicates[start:end] == predicate)
        total += costs[way][start:end][fits].min()
        at = far
    return float(total)


def _unseen(sides: Sides, ring: Numbers, seen: NDArray[np.bool_], chosen: Chosen) -> Numbers:
    far = np.concatenate([side.beyond(ring, chosen) for side in sides])
    fresh = far[~seen[far]]
    if len(fresh) < len(seen) // SPARSE:
        found = np.unique(fresh)
    else:  # marking all nodes costs less than sorting so many
        marks = np.zeros(len(seen), dtype=np.bool_)
        marks[fresh] = True
        found = np.flatnonzero(marks)
    seen[found] = True
    return found


def _layers(sides: Sides, start: int, end: int, chosen: Chosen, hops: int) -> list[Numbers]:
    """The nodes at each step of the shortest paths, from the second to the last; empty where there is no path."""
    count = len(sides[0].offsets) - 1
    rings = [[np.array([node], dtype=np.int64)] for node in (start, end)]
    seen = [np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)]
    seen[0][start] = seen[1][end] = True
    for _ in range(hops):
        this = 0 if len(rings[0][-1]) <= len(rings[1][-1]) else 1
        ring = _unseen(sides, rings[this][-1], seen[this], chosen)
        if not len(ring):
            return []
        rings[this].append(ring)
        if len(middle := np.intersect1d(ring, rings[1 - this][-1], assume_unique=True)):
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
    marks = np.zeros(len(sides[0].offsets) - 1, dtype=np.bool_)
    if sum(int(side.degrees(ring).sum() - side.degrees(inner).sum()) for side in sides) > 0:
        for side in sides:
            marks[side.beyond(inner, chosen)] = True
        return ring[marks[ring]]
    marks[inner] = True
    ends = (side.between(ring, chosen) for side in sides)
    return np.unique(np.concatenate([near[marks[far]] for near, far in ends]))


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
