"""Builds what searches need before anybody searches: each index that is made on its first use otherwise."""

from __future__ import annotations

from probatum.store import derived
from probatum.store.graph import Graph
from probatum.store.joining import clusters_of
from probatum.store.linking import linker
from probatum.store.reader import Store


def prepare(store: Store) -> tuple[str, ...]:
    """The names of the indexes that were not there and now are: identities, names, auto-completion, the graph.

    They stay until the knowledge changes. Raises `StoreRefused` where they cannot be written.
    """
    before = set(derived.built(store.path))
    clusters_of(store)
    linker(store)
    store.suggest("a")
    Graph.open(store)
    return tuple(sorted(path.name for path in set(derived.built(store.path)) - before))
