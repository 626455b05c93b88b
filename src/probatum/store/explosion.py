"""Search expansion: a concept stands for all that is narrower than it, as a heading does in a literature search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from probatum.store.graph import Graph
from probatum.store.reader import Store
from probatum.types import Passage

MAPPED = "skos:broadMatch"  # from a record outside the tree to the heading that is wider than it
MOST = 5_000


def exploded(graph: Graph, ids: Iterable[str], *, most: int = MOST) -> list[str]:
    """The concepts and all that is narrower, each once: themselves, then by their distance, then what maps to these.

    At most `most`; ids that the graph does not hold come out as they are.
    """
    given = list(dict.fromkeys(ids))
    found = dict.fromkeys(given)
    for id in given:
        if id in graph:
            found.update(dict.fromkeys(graph.descendants(id)))
    for id in list(found)[:most]:
        if id in graph:
            edges = graph.edges_of(id, predicates=(MAPPED,))
            found.update(dict.fromkeys(edge.subject for edge in edges if edge.object == id))
    return list(found)[:most]


def passages_under(store: Store, ids: Iterable[str], *, most: int = MOST) -> Iterator[Passage]:
    """The passages about the concepts or what is narrower, each once, those about the concepts themselves first."""
    seen: set[str] = set()
    for id in exploded(Graph.open(store), ids, most=most):
        for passage in store.passages(about=id):
            if passage.id not in seen:
                seen.add(passage.id)
                yield passage
