"""The path between two nodes of a graph that costs least, found from both ends at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from probatum.store.walk import Chosen, Link, Marks, Numbers, Side, Sides, once, shortest

Costs = NDArray[np.float32]  # what a step over each edge of a side costs
SOME = 3  # shortest paths of which the cheapest bounds the search


@dataclass(frozen=True, slots=True)
class Priced:
    """A graph with what each of its steps costs."""

    sides: Sides
    costs: tuple[Costs, ...]  # of the edges of each side
    least: float  # more than 0; no step costs less


def cheapest(graph: Priced, ends: tuple[int, int], chosen: Chosen, hops: int) -> tuple[tuple[Link, ...], float]:
    """The path of least cost between two nodes that lie at most `hops` apart, and its cost; empty where there is none.

    Dijkstra's search from both ends, edges walked either way, all nodes at once that no edge can bring nearer (no step
    costs less than `least`: delta-stepping, Meyer and Sanders 2003, doi:10.1016/S0196-6774(03)00076-2). The shortest
    path bounds it from the outset; what neither search has settled lies a step more apart than both have come, which
    ends it early. Among equal paths the one of the smaller numbers is found.
    """
    sides, (start, end) = graph.sides, ends
    some = {path: _cost_of(graph, start, path) for path in islice(shortest(sides, start, end, chosen, hops), SOME)}
    if not some:
        return (), 0.0
    first = min(some, key=some.__getitem__)
    best, meeting = some[first], -1
    with sides[0].marks(np.inf) as one, sides[0].marks(np.inf) as other:
        searches = _Search.begin(graph, one, start), _Search.begin(graph, other, end)
        while searches[0].low + searches[1].low + graph.least < best:
            this = 0 if searches[0].work <= searches[1].work else 1
            nodes = searches[this].go_on(graph, searches[1 - this], best=best, chosen=chosen)
            if len(nodes):
                whole = one.of[nodes] + other.of[nodes]
                place = int(whole.argmin())
                if whole[place] < best:
                    best, meeting = float(whole[place]), int(nodes[place])
        if meeting < 0:
            return first, best
        before = reversed(list(_back(graph, one.of, meeting, chosen)))
        after = list(_back(graph, other.of, meeting, chosen))
    links = [(predicate, 1 - way, here) for here, predicate, way, _ in before]
    return (*links, *((predicate, way, there) for _, predicate, way, there in after)), best


@dataclass(slots=True)
class _Search:
    """How far a search from one end has come."""

    far: Marks  # the cost of each node that was reached
    waiting: Numbers  # the nodes whose edges were not walked yet, each once
    low: float = 0.0  # the least cost of these
    nearest: Numbers = field(default_factory=lambda: np.empty(0, dtype=np.int64))  # those that no edge can bring nearer
    work: int = 0  # how many edges of the nearest the next step has to look at

    @classmethod
    def begin(cls, graph: Priced, far: Marks, node: int) -> _Search:
        """A search that stands where it begins."""
        nodes = np.array([node], dtype=np.int64)
        far.put(nodes, 0)
        search = cls(far, nodes)
        search._look(graph)
        return search

    def go_on(self, graph: Priced, other: _Search, *, best: float, chosen: Chosen) -> Numbers:
        """Walks the edges of the nearest nodes; the nodes that came nearer and may lie on a path that costs less.

        Of those that the other search has not reached, the rest of the way costs a step more than it has come.
        """
        far, theirs, found = self.far.of, other.far.of, []
        left = best - other.low - graph.least
        for side, cost in zip(graph.sides, graph.costs, strict=True):
            here, edges = side.spread(self.nearest)
            there, now = side.targets[edges], far[here] + cost[edges]
            better = (now < far[there]) & ((now < left) | (now + theirs[there] < best))
            if chosen is not None:
                better &= chosen[side.predicates[edges]]
            reached, now = there[better].astype(np.int64), now[better]
            fresh = reached[np.isinf(far[reached])]
            self.far.put(fresh, np.inf)
            np.minimum.at(far, reached, now)
            found.append((reached, fresh))
        later = self.waiting[far[self.waiting] >= self.low + graph.least]
        self.waiting = np.concatenate([later, once(np.concatenate([fresh for _, fresh in found]), graph.sides[0])])
        self._look(graph)
        return np.concatenate([reached for reached, _ in found])

    def _look(self, graph: Priced) -> None:
        """Finds what comes next."""
        costs = self.far.of[self.waiting]
        self.low = float(costs.min()) if len(costs) else np.inf
        self.nearest = self.waiting[costs < self.low + graph.least]
        self.work = sum(int(side.degrees(self.nearest).sum()) for side in graph.sides)


def _back(graph: Priced, far: Costs, at: int, chosen: Chosen) -> Iterator[tuple[int, int, int, int]]:
    """(here, predicate, way, next) of each step from a node back to where the search began."""
    while far[at] > 0:
        steps = []
        for way, (side, cost) in enumerate(zip(graph.sides, graph.costs, strict=True)):
            start, end = _span(side, at)
            there = side.targets[start:end]
            for edge in np.flatnonzero(far[there] + cost[start:end] == far[at]).tolist():
                predicate = int(side.predicates[start + edge])
                if chosen is None or chosen[predicate]:
                    steps.append((int(there[edge]), predicate, way))
        there_, predicate, way = min(steps)
        yield at, predicate, way, there_
        at = there_


def _cost_of(graph: Priced, at: int, links: Sequence[Link]) -> float:
    """What a path costs that was found by its length."""
    total = np.float32(0)
    for predicate, way, far in links:
        side = graph.sides[way]
        start, end = _span(side, at)
        fits = (side.targets[start:end] == far) & (side.predicates[start:end] == predicate)
        total += graph.costs[way][start:end][fits].min()
        at = far
    return float(total)


def _span(side: Side, node: int) -> tuple[int, int]:
    return int(side.offsets[node]), int(side.offsets[node + 1])
