"""Walks over is_a: what lies under a term, and the edges that would lead round in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def descendants(parents: Mapping[str, tuple[str, ...]], root: str) -> frozenset[str]:
    """The ids under `root`, itself included; `parents` gives the parents of each id, and may hold cycles."""
    children: dict[str, list[str]] = {}
    for child, above in parents.items():
        for parent in above:
            children.setdefault(parent, []).append(child)
    found, waiting = {root}, [root]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return frozenset(found)


def closing_edges(parents: Mapping[str, tuple[str, ...]]) -> frozenset[tuple[str, str]]:
    """The edges (child, parent) without which there is no cycle, walking ids and their parents in sorted order."""
    closing: set[tuple[str, str]] = set()
    done: set[str] = set()
    for start in sorted(parents):
        if start in done:
            continue
        path: dict[str, Iterator[str]] = {start: iter(sorted(parents[start]))}
        while path:
            child, above = next(reversed(path.items()))
            parent = next(above, None)
            if parent is None:
                path.pop(child)
                done.add(child)
            elif parent in path:
                closing.add((child, parent))
            elif parent not in done:
                path[parent] = iter(sorted(parents.get(parent, ())))
    return frozenset(closing)
