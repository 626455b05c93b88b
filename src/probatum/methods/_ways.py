"""How two things that a question names hang together: the way between them that is borne out best, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from probatum.desk import Desk
from probatum.methods._against import evidence_of
from probatum.methods._asked import Asked
from probatum.store.graph import Graph
from probatum.store.query import Route, routes
from probatum.text.questions import steps
from probatum.types import Evidence

HOPS = 6
READINGS = 3  # concepts that one stretch of the question may mean
PER_STEP = 2  # claims of one step, each of another source


def way(asked: Asked, desk: Desk) -> list[Evidence]:
    """The claims of the best way between the first two things that are joined; nothing where none was asked for.

    For a mechanism only steps by which one thing acts on another are walked.
    """
    mechanism = "mechanism" in asked.aspects
    if not mechanism and "connection" not in asked.beside:
        return []
    only = ",".join(sorted(steps("mechanism"))) if mechanism else "?"
    for one, other in combinations(asked.stretches, 2):
        if found := list(_between(one, other, desk, only)):  # of what the names may mean, what is borne out best
            return list(_claims(asked, desk, min(found, key=lambda route: route.cost)))
    return []


def _between(one: Sequence[str], other: Sequence[str], desk: Desk, only: str) -> Iterator[Route]:
    graph = Graph.open(desk.store)
    for start, end in product(one[:READINGS], other[:READINGS]):
        ends = [next((id for id in desk.store.same(each) if id in graph), "") for each in (start, end)]
        if all(ends) and ends[0] != ends[1]:
            yield from routes(desk.store, *ends, hops=HOPS, predicates=only)


def _claims(asked: Asked, desk: Desk, route: Route) -> Iterator[Evidence]:
    for step in route.steps:
        sources: set[str] = set()
        for claim in step.claims:
            if claim.origin.source not in sources and len(sources) < PER_STEP and not desk.withheld.hides(claim):
                sources.add(claim.origin.source)
                yield evidence_of(asked, desk.store, claim)
