"""The graph's walks against the plain definitions of neighbour, path and ancestor, on graphs drawn by seed."""

from __future__ import annotations

import random
import shutil
from collections import deque
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from probatum.errors import StoreDamaged, UnknownName
from probatum.store.graph import SUBCLASS, Edge, Graph
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Origin, Relation, Release

AT = Origin("made", "1", "r")
HAS = "biolink:has_phenotype"


def made(folder: Path, edges: list[Edge], *more: Fact) -> Store:
    claims = [Relation(edge.subject, edge.predicate, edge.object, AT) for edge in edges]
    write(folder, [Release("made", "1", "CC0", "00"), *claims, *more])
    return Store(folder)


def drawn(seed: int, nodes: int = 40, edges: int = 70) -> list[Edge]:
    """Edges between random nodes: loops, doubles with other predicates, cycles and islands among them."""
    draw = random.Random(seed)
    ids = [f"X:{n}" for n in range(nodes)]
    found = {Edge(draw.choice(ids), draw.choice((SUBCLASS, HAS)), draw.choice(ids)) for _ in range(edges)}
    return sorted(found, key=lambda edge: (edge.subject, edge.predicate, edge.object))


def distances(edges: list[Edge], start: str, predicates: set[str]) -> dict[str, int]:
    """How far each node is, as a textbook searches: one node after the other."""
    found, queue = {start: 0}, deque([start])
    while queue:
        here = queue.popleft()
        for edge in edges:
            if edge.predicate in predicates and here in {edge.subject, edge.object}:
                for far in (edge.subject, edge.object):
                    if far not in found:
                        found[far] = found[here] + 1
                        queue.append(far)
    return found


def all_paths(edges: list[Edge], start: str, end: str, predicates: set[str]) -> set[tuple[Edge, ...]]:
    """Every shortest path, by trying all continuations that come nearer to the end."""
    left = distances(edges, end, predicates)

    def on(here: str) -> Iterator[tuple[Edge, ...]]:
        if here == end:
            yield ()
        for edge in edges:
            if edge.predicate in predicates and here in {edge.subject, edge.object}:
                far = edge.object if edge.subject == here else edge.subject
                if far in left and left[far] == left[here] - 1:
                    yield from ((edge, *rest) for rest in on(far))

    return set(on(start)) if start in left and start != end else set()


@pytest.mark.parametrize("seed", range(6))
def test_walks_are_what_they_are_defined_to_be(tmp_path: Path, seed: int) -> None:
    edges = drawn(seed)
    both, draw = {SUBCLASS, HAS}, random.Random(seed)
    with made(tmp_path, edges) as store:
        graph = Graph.open(store)
        ids = sorted({end for edge in edges for end in (edge.subject, edge.object)})
        assert (len(graph), graph.edges) == (len(ids), len(edges))
        for _ in range(25):
            start, end = draw.choice(ids), draw.choice(ids)
            for predicates in (both, {HAS}):
                far = distances(edges, start, predicates)
                near = sorted((distance, id) for id, distance in far.items() if 0 < distance <= 3)
                assert graph.neighbours(start, predicates=predicates, hops=3) == [(id, n) for n, id in near]
                assert graph.neighbours(start, predicates=predicates, hops=3, limit=4) == [
                    (id, n) for n, id in near[:4]
                ]
                paths = graph.shortest_paths(start, end, predicates=predicates, most=1000, hops=40)
                assert len(paths) == len(set(paths))
                assert set(paths) == all_paths(edges, start, end, predicates)
                assert graph.shortest_paths(start, end, predicates=predicates, most=2, hops=40) == paths[:2]
                if start != end and end in far:
                    assert graph.shortest_paths(start, end, predicates=predicates, hops=far[end] - 1) == []
            touching = [edge for edge in edges for end in (edge.subject, edge.object) if end == start]
            assert sorted(graph.edges_of(start), key=repr) == sorted(touching, key=repr)


def test_ancestors_and_descendants_go_one_way_and_end_in_cycles(tmp_path: Path) -> None:
    chain = ["X:1", "X:2", "X:3", "X:4", "X:2"]  # 2 -> 3 -> 4 -> 2 is a cycle
    edges = [Edge(low, SUBCLASS, high) for low, high in pairwise(chain)]
    edges += [Edge("X:1", SUBCLASS, "X:9"), Edge("X:1", HAS, "X:5")]
    with made(tmp_path, edges) as store:
        graph = Graph.open(store)
        assert graph.ancestors("X:1") == ["X:2", "X:9", "X:3", "X:4"]
        assert graph.ancestors("X:2") == ["X:3", "X:4"]
        assert graph.descendants("X:2") == ["X:1", "X:4", "X:3"]
        assert graph.descendants("X:1") == graph.ancestors("X:5") == []
        assert graph.descendants("X:5", predicate=HAS) == ["X:1"]
        assert graph.ancestors("X:1", predicate="biolink:unheard_of") == []


def test_what_is_denied_is_no_edge_and_lonely_concepts_are_nodes(tmp_path: Path) -> None:
    denied = Relation("OMIM:1", HAS, "HP:1", AT, negated=True)
    with made(tmp_path, [Edge("OMIM:1", HAS, "HP:2")], denied, Concept("HP:é", "Lonely", "", AT)) as store:
        graph = Graph.open(store)
        assert [graph.edges, len(graph)] == [1, 4]
        assert "HP:1" in graph and "HP:é" in graph and "HP:3" not in graph and "\ud800" not in graph
        assert graph.neighbours("OMIM:1") == [("HP:2", 1)]
        assert graph.neighbours("HP:é", hops=9) == graph.shortest_paths("HP:é", "HP:1") == []
        with pytest.raises(UnknownName, match="HP:3"):
            graph.neighbours("HP:3")


def test_an_empty_store_has_an_empty_graph() -> None:
    with Store() as store:
        assert [len(Graph.open(store)), Graph.open(store).edges] == [0, 0]


def test_it_is_the_same_bytes_again_and_damage_is_said(tmp_path: Path) -> None:
    with made(tmp_path, drawn(3)) as store:
        Graph.open(store)
        (folder,) = tmp_path.glob("indexes/*/graph-*")
        first = {path.name: path.read_bytes() for path in folder.iterdir()}
        shutil.rmtree(folder)
        Graph.open(store)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
        (folder / "out_targets.npy").write_bytes(b"\x93NUMPY")
        with pytest.raises(StoreDamaged, match="graph cannot be read"):
            Graph.open(store)
