"""The cheapest path over arrays alone, against a textbook search; many searches at once, and nothing left of them."""

from __future__ import annotations

import heapq
import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from probatum.store.cheapest import Priced, cheapest
from probatum.store.walk import Side, near, shortest, side

NODES, EDGES, KINDS = 600, 1_500, 4
Edges = list[tuple[int, int, int, float]]


def made(seed: int) -> tuple[Priced, Edges]:
    """A graph with a few nodes of many edges, as arrays and as a list."""
    draw = random.Random(seed)
    ends = {
        (draw.randrange(NODES), int(NODES * draw.random() ** 3), draw.randrange(KINDS)): round(draw.uniform(1.2, 4), 3)
        for _ in range(EDGES)
    }
    edges = [(*key, cost) for key, cost in ends.items() if key[0] != key[1]]
    here, there, kinds = (np.array([edge[place] for edge in edges], dtype=np.int32) for place in range(3))
    costs = np.array([edge[3] for edge in edges], dtype=np.float32)
    sides = side(here, there, kinds, NODES), side(there, here, kinds, NODES)
    ordered = costs[np.lexsort((kinds, there, here))], costs[np.lexsort((kinds, here, there))]
    return Priced(sides, ordered, float(costs.min())), edges


def plain(edges: Edges, start: int, end: int, kinds: set[int]) -> float:
    """The least cost, by a search from one end."""
    beside: dict[int, list[tuple[int, float]]] = {}
    for one, other, kind, cost in edges:
        if kind in kinds:
            beside.setdefault(one, []).append((other, cost))
            beside.setdefault(other, []).append((one, cost))
    waiting, done = [(0.0, start)], dict[int, float]()
    while waiting:
        cost, node = heapq.heappop(waiting)
        if node not in done:
            done[node] = cost
            for other, more in beside.get(node, ()):
                heapq.heappush(waiting, (cost + more, other))
    return done.get(end, 0.0)


@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_cheapest_whatever_may_be_walked(seed: int) -> None:
    graph, edges = made(seed)
    draw = random.Random(seed)
    known = {(one, other, kind): cost for one, other, kind, cost in edges}
    for number in range(60):
        start, end = draw.sample(range(NODES), 2)
        kinds = set(range(KINDS)) if number % 2 else {0, 1}
        links, cost = cheapest(graph, (start, end), np.array([kind in kinds for kind in range(KINDS)]), NODES)
        assert cost == pytest.approx(plain(edges, start, end, kinds), rel=1e-5)
        at, total = start, 0.0
        for kind, way, far in links:
            assert kind in kinds
            total += known[(far, at, kind) if way else (at, far, kind)]
            at = far
        assert (at == end) == bool(links) and total == pytest.approx(cost, rel=1e-5)


def test_threads_share_a_graph_and_every_search_begins_on_a_clean_slate() -> None:
    graph, _ = made(9)
    draw = random.Random(9)
    pairs = [tuple(draw.sample(range(NODES), 2)) for _ in range(40)]

    def asked(ends: tuple[int, ...]) -> tuple[object, ...]:
        paths = shortest(graph.sides, *ends, None, 9)
        some = next(paths, None)
        paths.close()  # type: ignore[attr-defined]
        return cheapest(graph, (ends[0], ends[1]), None, 9), some, near(graph.sides, ends[0], None, 2, 0)

    alone = [asked(ends) for ends in pairs]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(asked, pairs * 3)) == alone * 3
    lent: Side = graph.sides[0]
    with lent.marks() as seen, lent.marks(np.inf) as far:
        assert not seen.of.any() and np.isinf(far.of).all()
