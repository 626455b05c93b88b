"""The graph of a store beside networkx: loading it, two hops, a shortest path; the same questions, answers compared.

    python bench/graph.py KB [--questions 100]

Needs networkx, which the project itself does not use. Loading is opening an index that stands on disk for ours, and
reading the same edges from the store for networkx, which has no form on disk that loads faster than its own pickle
(given too).
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx

from probatum.store.graph import Graph
from probatum.store.reader import Store

SEED = 5


def main() -> None:
    """Prints one JSON line a row: what was done, milliseconds of ours and of networkx."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("store", type=Path)
    given.add_argument("--questions", type=int, default=100)
    chosen = given.parse_args()
    with Store(chosen.store) as store:
        built = took(lambda: Graph.open(store))[0]
        opened, ours = took(lambda: Graph.open(store))
        read, theirs = took(lambda: as_networkx(store))
        pickled = pickle.dumps(theirs)
        unpickled = took(lambda: pickle.loads(pickled))[0]  # noqa: S301 - written just above
        diseases = [concept.id for concept in store.concepts("Disease") if concept.id in ours]
    show("load", opened, read, build_ms=round(1000 * built, 1), networkx_pickle_ms=round(1000 * unpickled, 1))
    draw = random.Random(SEED)
    some = draw.sample(diseases, min(chosen.questions, len(diseases)))
    pairs = [tuple(draw.sample(diseases, 2)) for _ in some]
    compare("2 hops", some, lambda id: ours.neighbours(id, hops=2), lambda id: two_hops(theirs, id))
    compare("2 hops, the first 100", some, lambda id: ours.neighbours(id, hops=2, limit=100), None)
    compare(
        "length of the shortest path",
        pairs,
        lambda ends: len(ours.shortest_paths(*ends, most=1)[0]),
        lambda ends: networkx.shortest_path_length(theirs, *ends),
    )
    compare("5 shortest paths", pairs, lambda ends: ours.shortest_paths(*ends), None)


def as_networkx(store: Store) -> Any:
    """The same edges, walked either way."""
    graph = networkx.Graph()
    graph.add_edges_from((subject, object_) for subject, _, object_ in store.assertions())
    return graph


def two_hops(graph: Any, start: str) -> list[tuple[str, int]]:
    """What `Graph.neighbours` gives, from networkx."""
    found = networkx.single_source_shortest_path_length(graph, start, cutoff=2)
    return sorted(((id, n) for id, n in found.items() if n), key=lambda pair: (pair[1], pair[0]))


def compare(
    what: str, questions: list[Any], ours: Callable[[Any], object], theirs: Callable[[Any], object] | None
) -> None:
    """Asks both in turn; their answers must be equal."""
    times: tuple[list[float], list[float]] = ([], [])
    for question in questions:
        mine, answer = took(lambda question=question: ours(question))
        times[0].append(mine)
        if theirs:
            other, expected = took(lambda question=question: theirs(question))
            times[1].append(other)
            if answer != expected:
                raise RuntimeError(f"{what} of {question}: the answers differ")
    medians = [statistics.median(some) if some else None for some in times]
    show(what, *medians, questions=len(questions), p99_ms=round(1000 * sorted(times[0])[int(0.99 * len(questions))], 2))


def took(run: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    start = time.perf_counter()
    result = run()
    return time.perf_counter() - start, result


def show(what: str, ours: float | None, theirs: float | None, **more: object) -> None:
    """One line."""
    row = {"what": what, "ours_ms": round(1000 * (ours or 0), 3)}
    print(json.dumps(row | ({"networkx_ms": round(1000 * theirs, 3)} if theirs else {}) | more))


if __name__ == "__main__":
    main()
