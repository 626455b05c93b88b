"""The graph of all asserted relations, as arrays that are mapped into memory: neighbours, paths, ancestors."""

from __future__ import annotations

import json
import mmap
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from probatum.errors import StoreDamaged, UnknownName
from probatum.store import walk
from probatum.store.reader import Store

NAME = "graph-1"  # of the derived index; the number grows when its files change
SUBCLASS = "biolink:subclass_of"
ARRAYS = tuple(f"{way}_{what}" for way in ("out", "in") for what in ("offsets", "targets", "predicates"))


@dataclass(frozen=True, slots=True)
class Edge:
    """An assertion as the graph holds it; its claims are `store.relations(subject, predicate, object)`."""

    subject: str
    predicate: str
    object: str


class Graph:
    """Every assertion that is not negated, as an edge; its nodes are all ids of concepts and relations, sorted.

    Threads may share it, and processes share its memory.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is one that `build` filled; raises `StoreDamaged`."""
        try:
            self._text = _mapped_text(folder / "ids.txt")
            self._starts = _mapped(folder / "starts.npy")
            self._predicates: list[str] = json.loads((folder / "predicates.json").read_text(encoding="utf-8"))
            arrays = [_mapped(folder / f"{name}.npy") for name in ARRAYS]
        except (OSError, ValueError) as error:
            mend = "remove that folder; it is built again"
            raise StoreDamaged(f"the graph cannot be read: {error}", where=str(folder), mend=mend) from error
        self._out, self._in = walk.Side(*arrays[:3]), walk.Side(*arrays[3:])

    @classmethod
    def open(cls, store: Store) -> Self:
        """The graph of a store, built on its first use."""
        return cls(store.derived(NAME, lambda folder: build(folder, store)))

    def __len__(self) -> int:
        """The number of nodes."""
        return len(self._starts) - 1

    def __contains__(self, id: str) -> bool:
        return self._found(id) is not None

    @property
    def edges(self) -> int:
        """The number of edges."""
        return len(self._out.targets)

    def edges_of(self, id: str, *, predicates: Iterable[str] = ()) -> list[Edge]:
        """The edges that begin or end at a node, those that begin there first, each part sorted by the other end."""
        node, chosen = self._number(id), self._chosen(predicates)
        out, into = list(self._out.edges(node, chosen)), list(self._in.edges(node, chosen))
        far = self._ids([end for end, _ in (*out, *into)])
        names = [self._predicates[name] for _, name in (*out, *into)]
        edges = [Edge(id, name, other) for name, other in zip(names, far[: len(out)], strict=False)]
        return edges + [Edge(other, name, id) for name, other in zip(names[len(out) :], far[len(out) :], strict=True)]

    def neighbours(
        self, id: str, *, predicates: Iterable[str] = (), hops: int = 1, limit: int = 0
    ) -> list[tuple[str, int]]:
        """(id, distance) of the nodes within some hops, edges walked either way, nearest first, then by id.

        At most `limit` of them (0: all). Raises `UnknownName` for an id that is no node.
        """
        sides, chosen = (self._out, self._in), self._chosen(predicates)
        nodes, distances = walk.near(sides, self._number(id), chosen, hops, limit)
        return list(zip(self._ids(nodes), distances, strict=True))

    def shortest_paths(
        self, start: str, end: str, *, predicates: Iterable[str] = (), most: int = 5, hops: int = 5
    ) -> list[tuple[Edge, ...]]:
        """The paths of least length between two nodes, at most `most` and none longer than `hops`, in a fixed order.

        Edges are walked either way; each stands in its path as it is asserted. Raises `UnknownName`.
        """
        ends = self._number(start), self._number(end)
        found = walk.shortest((self._out, self._in), *ends, self._chosen(predicates), hops)
        return [self._told(start, path) for path in islice(found, most)]

    def ancestors(self, id: str, *, predicate: str = SUBCLASS) -> list[str]:
        """What a concept is a kind of, nearest first, then by id; cycles do no harm. Raises `UnknownName`."""
        return self._one_way(self._out, id, predicate)

    def descendants(self, id: str, *, predicate: str = SUBCLASS) -> list[str]:
        """What is a kind of a concept, nearest first, then by id; cycles do no harm. Raises `UnknownName`."""
        return self._one_way(self._in, id, predicate)

    def _one_way(self, side: walk.Side, id: str, predicate: str) -> list[str]:
        nodes, _ = walk.near((side,), self._number(id), self._chosen((predicate,)), len(self), 0)
        return self._ids(nodes)

    def _told(self, start: str, path: tuple[walk.Link, ...]) -> tuple[Edge, ...]:
        edges = []
        at = start
        for (name, back, _), far in zip(path, self._ids([node for *_, node in path]), strict=True):
            edges.append(Edge(far, self._predicates[name], at) if back else Edge(at, self._predicates[name], far))
            at = far
        return tuple(edges)

    def _chosen(self, predicates: Iterable[str]) -> walk.Chosen:
        wanted = set(predicates)
        return np.array([name in wanted for name in self._predicates], dtype=np.bool_) if wanted else None

    def _ids(self, nodes: Sequence[int]) -> list[str]:
        places = np.asarray(nodes, dtype=np.int64)
        starts, ends = self._starts[places].tolist(), self._starts[places + 1].tolist()
        return [self._text[start:end].decode() for start, end in zip(starts, ends, strict=True)]

    def _number(self, id: str) -> int:
        found = self._found(id)
        if found is None:
            raise UnknownName(f"no relation or concept of this store bears the id {id!r}")
        return found

    def _found(self, id: str) -> int | None:
        """The place of an id among the sorted ones, by halving."""
        wanted, low, high = id.encode(errors="replace"), 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._text[int(self._starts[middle]) : int(self._starts[middle + 1])] < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self._ids([low]) == [id] else None


def build(folder: Path, store: Store) -> None:
    """Writes the arrays of a store's graph: ids.txt with starts.npy, predicates.json, and both directions."""
    ids = list(store.ids())
    numbers = {id: number for number, id in enumerate(ids)}
    names: dict[str, int] = {}
    subjects, predicates, objects = array("q"), array("q"), array("q")
    for subject, predicate, object_ in store.assertions():
        subjects.append(numbers[subject])
        predicates.append(names.setdefault(predicate, len(names)))
        objects.append(numbers[object_])
    sorted_names = sorted(names)
    ranks = np.array([sorted_names.index(name) for name in names], dtype=np.int64)
    ends = np.asarray(subjects, dtype=np.int64), np.asarray(objects, dtype=np.int64)
    kinds = ranks[np.asarray(predicates, dtype=np.int64)]
    arrays: list[NDArray[Any]] = []
    for near, far in (ends, ends[::-1]):
        side = walk.side(near, far, kinds, len(ids))
        arrays += [side.offsets, side.targets, side.predicates]
    for name, values in zip(ARRAYS, arrays, strict=True):
        np.save(folder / f"{name}.npy", values)
    encoded = [id.encode() for id in ids]
    np.save(folder / "starts.npy", np.cumsum([0, *map(len, encoded)], dtype=np.int64))
    (folder / "ids.txt").write_bytes(b"".join(encoded))
    (folder / "predicates.json").write_text(json.dumps(sorted_names), encoding="utf-8")


def _mapped(path: Path) -> NDArray[Any]:
    # what fits a page is read: an empty array cannot be mapped
    return np.asarray(np.load(path, mmap_mode="r" if path.stat().st_size > mmap.PAGESIZE else None, allow_pickle=False))


def _mapped_text(path: Path) -> bytes | mmap.mmap:
    if path.stat().st_size <= mmap.PAGESIZE:
        return path.read_bytes()
    with path.open("rb") as stream:
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
