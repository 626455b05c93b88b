"""Paths and neighbourhoods over joined ids, and the path that is borne out best, against a plain search."""

from __future__ import annotations

import heapq
import math
import random
from collections import Counter
from pathlib import Path

import pytest

from probatum.store.graph import Edge, Graph
from probatum.store.reader import Store
from probatum.store.trust import DEGREE, DENIED, LOOSE, REFERRED, RELIABLE, STEP
from probatum.store.writer import write
from probatum.types import Fact, Origin, Relation, Release

TREATS, RELATED, EXACT = "biolink:treats", "biolink:related_to", "skos:exactMatch"
SOURCES = ("one", "two", "three")


def held(folder: Path, claims: list[Relation]) -> Store:
    for number, source in enumerate(SOURCES):
        facts: list[Fact] = [claim for claim in claims if claim.origin.source == source]
        write(folder, [Release(source, "1", "CC0", f"{number}" * 64), *facts])
    return Store(folder)


def claim(
    a: str,
    what: str,
    b: str,
    source: str = "one",
    *references: str,
    negated: bool = False,
    reliability: str = "curated",
) -> Relation:
    return Relation(a, what, b, Origin(source, "1", f"{a} {b}", "", references, reliability=reliability), negated)


def plain_best(claims: list[Relation], start: str, end: str) -> float:
    """The least cost by the stated formula and a textbook search from one end."""
    doubts: dict[tuple[str, str, str], dict[str, float]] = {}
    denied = {(each.subject, each.predicate, each.object) for each in claims if each.negated}
    places = dict(zip(("curated", "extracted", "generated"), RELIABLE, strict=True))
    for key in sorted({(each.subject, each.predicate, each.object) for each in claims if not each.negated}):
        of = [each for each in claims if (each.subject, each.predicate, each.object) == key and not each.negated]
        for source in SOURCES:
            here = [each for each in of if each.origin.source == source]
            if here:
                vouches = max(places[each.origin.reliability] for each in here)
                vouches += REFERRED if any(each.origin.references for each in here) else 0
                doubts.setdefault(key, {})[source] = 1 - vouches
    edges = {key: found for key, found in doubts.items() if key[0] != key[2]}
    degrees = Counter(end for key in edges for end in (key[0], key[2]))
    costs: dict[str, list[tuple[str, float]]] = {}
    for key, found in edges.items():
        trust = (1 - math.prod(found.values())) * LOOSE.get(key[1], 1) * (DENIED if key in denied else 1)
        busy = (math.log1p(degrees[key[0]]) + math.log1p(degrees[key[2]])) / 2
        for here, there in ((key[0], key[2]), (key[2], key[0])):
            costs.setdefault(here, []).append((there, STEP - math.log(trust) + DEGREE * busy))
    waiting, done = [(0.0, start)], dict[str, float]()
    while waiting:
        cost, here = heapq.heappop(waiting)
        if here not in done:
            done[here] = cost
            for there, more in costs.get(here, ()):
                heapq.heappush(waiting, (cost + more, there))
    return done.get(end, math.inf)


@pytest.mark.parametrize("seed", range(4))
def test_the_best_path_is_the_cheapest_by_the_formula(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    ids = [f"X:{number}" for number in range(25)]
    claims = [
        claim(
            draw.choice(ids), draw.choice((TREATS, RELATED)), draw.choice(ids), draw.choice(SOURCES),
            *draw.choice(((), ("PMID:1",))), negated=draw.random() < 0.1,
            reliability=draw.choice(("curated", "extracted", "generated")),
        )
        for _ in range(60)
    ]  # fmt: skip
    asserted = {(each.subject, each.predicate, each.object) for each in claims if not each.negated}
    with held(tmp_path, claims) as store:
        graph = Graph.open(store)
        for _ in range(30):
            start, end = draw.sample(sorted({end for key in asserted for end in (key[0], key[2])}), 2)
            way, wanted = graph.best_path(start, end, hops=25), plain_best(claims, start, end)
            if way is None:
                assert wanted == math.inf
                continue
            assert way.cost == pytest.approx(wanted, rel=1e-4)
            assert all((edge.subject, edge.predicate, edge.object) in asserted for edge in way.edges)
            at = start
            for edge in way.edges:
                at = edge.object if edge.subject == at else edge.subject
            assert at == end


def test_what_is_known_of_one_id_is_known_of_all(tmp_path: Path) -> None:
    claims = [
        claim("DRUGBANK:DB1", TREATS, "MONDO:1"),
        claim("OMIM:1", "biolink:has_phenotype", "HP:1", "two"),
        claim("MONDO:1", EXACT, "OMIM:1"),
        claim("ORPHA:1", EXACT, "MONDO:1"),
        claim("NCBIGene:1", "biolink:gene_associated_with_condition", "ORPHA:1", "three"),
    ]
    with held(tmp_path, claims) as store:
        assert store.same("OMIM:1") == ("MONDO:1", "OMIM:1", "ORPHA:1")
        graph = Graph.open(store)
        near = [("DRUGBANK:DB1", 1), ("HP:1", 1), ("NCBIGene:1", 1)]
        assert graph.neighbours("ORPHA:1") == graph.neighbours("MONDO:1") == near
        assert graph.neighbours("DRUGBANK:DB1", hops=2) == [("MONDO:1", 1), ("HP:1", 2), ("NCBIGene:1", 2)]
        treats = Edge("DRUGBANK:DB1", TREATS, "MONDO:1")
        assert treats in graph.edges_of("OMIM:1")
        (path,) = graph.shortest_paths("DRUGBANK:DB1", "HP:1")
        assert path == (treats, Edge("OMIM:1", "biolink:has_phenotype", "HP:1"))
        best = graph.best_path("NCBIGene:1", "DRUGBANK:DB1")
        assert best and best.edges == (Edge("NCBIGene:1", "biolink:gene_associated_with_condition", "ORPHA:1"), treats)
        assert graph.best_path("OMIM:1", "ORPHA:1") is None  # the same thing


def test_two_sources_outweigh_one_and_what_is_denied_is_shunned(tmp_path: Path) -> None:
    claims = [
        claim("X:1", TREATS, "X:2"), claim("X:2", TREATS, "X:9"),
        claim("X:1", TREATS, "X:3"), claim("X:1", TREATS, "X:3", "two"), claim("X:3", TREATS, "X:9"),
        claim("X:1", TREATS, "X:4"), claim("X:1", TREATS, "X:4", "two"), claim("X:1", TREATS, "X:4", "three"),
        claim("X:4", TREATS, "X:9"), claim("X:4", TREATS, "X:9", "two", negated=True),
    ]  # fmt: skip
    with held(tmp_path, claims) as store:
        best = Graph.open(store).best_path("X:1", "X:9")
    assert best is not None and best.edges[0].object == "X:3"
