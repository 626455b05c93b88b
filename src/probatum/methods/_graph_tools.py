"""What can be asked of a small undirected graph: properties, paths, ranks, each a plain function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

from probatum.methods._graph_calls import Misread

Value = float | str | tuple[str, ...] | Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Small:
    """A graph as the neighbours of each node, both sorted; no node is its own neighbour."""

    beside: Mapping[str, tuple[str, ...]]

    def distances(self, start: str) -> dict[str, int]:
        """How many steps each node that can be reached lies away."""
        away, ring = {start: 0}, [start]
        while ring:
            ring = sorted({far for node in ring for far in self.beside[node]} - away.keys())
            away.update(dict.fromkeys(ring, max(away.values()) + 1))
        return away


def order(graph: Small) -> Value:
    """The number of nodes."""
    return len(graph.beside)


def size(graph: Small) -> Value:
    """The number of joined pairs."""
    return sum(map(len, graph.beside.values())) // 2


def density(graph: Small) -> Value:
    """The joined pairs over all pairs."""
    nodes = len(graph.beside)
    return 2 * float(sum(map(len, graph.beside.values())) // 2) / (nodes * (nodes - 1)) if nodes > 1 else 0.0


def degree(graph: Small, node: str) -> Value:
    """How many neighbours a node has."""
    return len(graph.beside[node])


def neighbours(graph: Small, node: str) -> Value:
    """The neighbours of a node."""
    return graph.beside[node]


def components(graph: Small) -> Value:
    """In how many parts the graph falls."""
    left, count = set(graph.beside), 0
    while left:
        left -= graph.distances(min(left)).keys()
        count += 1
    return count


def eccentricity(graph: Small, node: str) -> Value:
    """The greatest distance from a node; the graph must hang together."""
    away = graph.distances(node)
    if len(away) < len(graph.beside):
        raise Misread("the graph does not hang together: distances are not all finite")
    return max(away.values())


def diameter(graph: Small) -> Value:
    """The greatest distance of two nodes."""
    return max(_number(eccentricity(graph, node)) for node in graph.beside)


def radius(graph: Small) -> Value:
    """The least eccentricity."""
    return min(_number(eccentricity(graph, node)) for node in graph.beside)


def center(graph: Small) -> Value:
    """The nodes of least eccentricity."""
    least = radius(graph)
    return tuple(node for node in graph.beside if eccentricity(graph, node) == least)


def periphery(graph: Small) -> Value:
    """The nodes of greatest eccentricity."""
    most = diameter(graph)
    return tuple(node for node in graph.beside if eccentricity(graph, node) == most)


def distance(graph: Small, start: str, end: str) -> Value:
    """The length of the shortest path between two nodes."""
    away = graph.distances(start)
    if end not in away:
        raise Misread("no path joins the two")
    return away[end]


def shortest(graph: Small, start: str, end: str) -> Value:
    """The nodes of a shortest path, of several the first by name."""
    away = graph.distances(end)
    if start not in away:
        raise Misread("no path joins the two")
    path = [start]
    while path[-1] != end:
        path.append(next(far for far in graph.beside[path[-1]] if away.get(far) == away[path[-1]] - 1))
    return tuple(path)


def triangles(graph: Small, node: str) -> Value:
    """How many pairs of neighbours are joined."""
    return sum(two in graph.beside[one] for one, two in combinations(graph.beside[node], 2))


def transitivity(graph: Small) -> Value:
    """The closed triplets over all."""
    closed = sum(_number(triangles(graph, node)) for node in graph.beside)
    triplets = sum(len(far) * (len(far) - 1) // 2 for far in graph.beside.values())
    return closed / triplets if triplets else 0.0


def pagerank(graph: Small, node: str, damping: float = 0.85) -> Value:
    """The rank of a node (Brin and Page 1998), by iteration until nothing moves by more than 1e-12."""
    count = len(graph.beside)
    ranks = dict.fromkeys(graph.beside, 1 / count)
    for _ in range(10_000):
        lost = sum(rank for each, rank in ranks.items() if not graph.beside[each])
        new = {
            each: (1 - damping + damping * lost) / count
            + damping * sum(ranks[far] / len(graph.beside[far]) for far in graph.beside[each])
            for each in graph.beside
        }
        moved = sum(abs(new[each] - ranks[each]) for each in ranks)
        ranks = new
        if moved < 1e-12:
            break
    return ranks[node]


TOOLS: Mapping[str, tuple[Callable[..., Value], int]] = {  # name -> function, how many nodes it takes
    "property:order": (order, 0),
    "property:size": (size, 0),
    "property:density": (density, 0),
    "property:components": (components, 0),
    "property:diameter": (diameter, 0),
    "property:radius": (radius, 0),
    "property:center": (center, 0),
    "property:periphery": (periphery, 0),
    "property:transitivity": (transitivity, 0),
    "node:degree": (degree, 1),
    "node:neighbours": (neighbours, 1),
    "node:eccentricity": (eccentricity, 1),
    "node:triangles": (triangles, 1),
    "node:pagerank": (pagerank, 1),
    "path:distance": (distance, 2),
    "path:shortest": (shortest, 2),
}


def _number(value: Value) -> float:
    if not isinstance(value, int | float):
        raise Misread("a number was expected")
    return value
