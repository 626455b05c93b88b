"""The graph of all asserted relations, as arrays that are mapped into memory: neighbours, paths, ancestors."""

from __future__ import annotations

import json
import mmap
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from probatum.errors import StoreDamaged, UnknownName
from probatum.store import cheapest, trust, walk
from probatum.store.joining import clusters_of
from probatum.store.reader import Store

NAME = "graph-3"  # of the derived index; the number grows when its files change
SUBCLASS = "biolink:subclass_of"
PROPERTIES = {"biolink:category"}
ARRAYS = tuple(f"{way}_{what}" for way in ("out", "in") for what in ("offsets", "targets", "predicates"))
JOINED = tuple(f"joined_{name}" for name in (*ARRAYS, "out_costs", "in_costs"))


@dataclass(frozen=True, slots=True)
class Edge:
    """An assertion as the graph holds it; its claims are `store.relations(subject, predicate, object)`."""

    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way from one concept to another."""

    edges: tuple[Edge, ...]
    cost: float  # what its steps cost by `trust`; the smaller the better


class Graph:
    """Every assertion that is not negated, as an edge; its nodes are all ids of concepts and relations, sorted.

    Walks take the ids of one thing (`Store.same`) for one node: what is known of one of them is known of all, and the
    one that speaks for them is named. Threads may share it, and processes share its memory.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is one that `build` filled; raises `StoreDamaged`."""
        try:
            self._text = _mapped_text(folder / "ids.txt")
            self._starts = _mapped(folder / "starts.npy")
            self._predicates: list[str] = json.loads((folder / "predicates.json").read_text(encoding="utf-8"))
            arrays = [_mapped(folder / f"{name}.npy") for name in (*ARRAYS, *JOINED)]
            self._wholes, self._members = (_mapped(folder / f"{name}.npy") for name in ("wholes", "members"))
        except (OSError, ValueError) as error:
            mend = "remove that folder; it is built again"
            raise StoreDamaged(f"the graph cannot be read: {error}", where=str(folder), mend=mend) from error
        self._out, self._in = walk.Side(*arrays[:3]), walk.Side(*arrays[3:6])
        self._joined, self._costs = (walk.Side(*arrays[6:9]), walk.Side(*arrays[9:12])), tuple(arrays[12:])

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
        """The edges that begin or end at a node or at its other ids, each id's together, those that begin first."""
        chosen, found = self._chosen(predicates), list[Edge]()
        for node in self._same(self._number(id)):
            found += self._edges_of(node, chosen)
        return found

    def neighbours(
        self, id: str, *, predicates: Iterable[str] = (), hops: int = 1, limit: int = 0
    ) -> list[tuple[str, int]]:
        """(id, distance) of the nodes within some hops, edges walked either way, nearest first, then by id.

        At most `limit` of them (0: all). Raises `UnknownName` for an id that is no node.
        """
        nodes, distances = walk.near(self._joined, self._whole(id), self._chosen(predicates), hops, limit)
        return list(zip(self._ids(nodes), distances, strict=True))

    def shortest_paths(
        self, start: str, end: str, *, predicates: Iterable[str] = (), most: int = 5, hops: int = 5
    ) -> list[tuple[Edge, ...]]:
        """The paths of least length between two nodes, at most `most` and none longer than `hops`, in a fixed order.

        Edges are walked either way; each stands in its path as it is asserted. Raises `UnknownName`.
        """
        ends = self._whole(start), self._whole(end)
        found = walk.shortest(self._joined, *ends, self._chosen(predicates), hops)
        return [self._told(ends[0], path) for path in islice(found, most)]

    def best_path(self, start: str, end: str, *, predicates: Iterable[str] = (), hops: int = 6) -> Way | None:
        """The path between two nodes whose assertions are borne out best (see `trust`), or None where there is none.

        Only nodes that lie at most `hops` apart are looked at. Raises `UnknownName`.
        """
        ends = self._whole(start), self._whole(end)
        links, cost = cheapest.cheapest(self._priced, ends, self._chosen(predicates), hops)
        return Way(self._told(ends[0], links), cost) if links else None

    def ancestors(self, id: str, *, predicate: str = SUBCLASS) -> list[str]:
        """What a concept is a kind of, nearest first, then by id; cycles do no harm. Raises `UnknownName`."""
        return self._one_way(self._out, id, predicate)

    def descendants(self, id: str, *, predicate: str = SUBCLASS) -> list[str]:
        """What is a kind of a concept, nearest first, then by id; cycles do no harm. Raises `UnknownName`."""
        return self._one_way(self._in, id, predicate)

    @cached_property
    def _priced(self) -> cheapest.Priced:
        """The graph of things with its costs; the least is looked for once, by the first who asks for a best path."""
        least = min((float(each.min()) for each in self._costs if len(each)), default=1.0)
        return cheapest.Priced(self._joined, self._costs, least)

    def _one_way(self, side: walk.Side, id: str, predicate: str) -> list[str]:
        nodes, _ = walk.near((side,), self._number(id), self._chosen((predicate,)), len(self), 0)
        return self._ids(nodes)

    def _edges_of(self, node: int, chosen: walk.Chosen) -> list[Edge]:
        (id,) = self._ids([node])
        out, into = list(self._out.edges(node, chosen)), list(self._in.edges(node, chosen))
        far = self._ids([end for end, _ in (*out, *into)])
        names = [self._predicates[name] for _, name in (*out, *into)]
        edges = [Edge(id, name, other) for name, other in zip(names, far[: len(out)], strict=False)]
        return edges + [Edge(other, name, id) for name, other in zip(names[len(out) :], far[len(out) :], strict=True)]

    def _told(self, start: int, path: tuple[walk.Link, ...]) -> tuple[Edge, ...]:
        """The steps of a path as they are asserted, each of the ids that are asserted."""
        edges, at = [], start
        for name, back, far in path:
            step = next(
                (node, end)
                for node in self._same(at)
                for end, predicate in (self._in if back else self._out).towards(
                    node, np.array(self._same(far), dtype=np.int64)
                )
                if predicate == name
            )
            here, there = self._ids(step)
            edges.append(
                Edge(there, self._predicates[name], here) if back else Edge(here, self._predicates[name], there)
            )
            at = far
        return tuple(edges)

    def _same(self, node: int) -> list[int]:
        """The nodes of one thing, sorted."""
        whole = int(self._wholes[node])
        members = self._members  # sorted by (whole, node), only of things with several nodes
        start, end = np.searchsorted(members[:, 0], whole, "left"), np.searchsorted(members[:, 0], whole, "right")
        return [int(each) for each in members[start:end, 1]] or [node]

    def _whole(self, id: str) -> int:
        return int(self._wholes[self._number(id)])

    def _chosen(self, predicates: Iterable[str]) -> walk.Chosen:
        wanted = set(predicates)
        return np.array([name in wanted for name in self._predicates], dtype=np.bool_) if wanted else None

    def _ids(self, nodes: Sequence[int]) -> list[str]:
        places = np.asarray(nodes, dtype=np.int64)
        starts, ends = self._starts[places].tolist(), self._starts[places + 1].tolist()
        text = self._text
        return [str(text[start:end], "utf-8") for start, end in zip(starts, ends, strict=True)]

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
    """Writes the arrays of a store's graph: ids, predicates, both directions; and the same with things joined.

    What tells only to which class a concept belongs (`PROPERTIES`) is no edge: all ways would lead through the class.
    """
    wholes, (near, far, named), trusted, predicates = _gathered(folder, store)
    sorted_names = sorted(predicates)
    kinds = np.array([sorted_names.index(name) for name in predicates], dtype=np.int32)[named]
    (folder / "predicates.json").write_text(json.dumps(sorted_names), encoding="utf-8")
    for name, values in zip(ARRAYS, _sides(near, far, kinds, len(wholes)), strict=True):
        np.save(folder / f"{name}.npy", values)
    _save_joined(folder, (wholes[near], wholes[far], kinds), trusted, len(wholes))
    np.save(folder / "wholes.npy", wholes)


def _gathered(
    folder: Path, store: Store
) -> tuple[NDArray[np.int32], tuple[NDArray[np.int32], ...], NDArray[np.float64], list[str]]:
    """Who speaks for each node; the edges as (near, far, predicate); their trust; the predicates. Writes the ids.

    The ids themselves, which take most of the memory, are held no longer than this.
    """
    ids = list(store.ids())
    numbers = {id: number for number, id in enumerate(ids)}
    encoded = [id.encode() for id in ids]
    np.save(folder / "starts.npy", np.cumsum([0, *map(len, encoded)], dtype=np.int64))
    (folder / "ids.txt").write_bytes(b"".join(encoded))
    del ids, encoded
    names: dict[str, int] = {}
    subjects, predicates, objects, trusted = array("i"), array("i"), array("i"), array("d")
    for (subject, predicate, object_), value in zip(store.assertions(), trust.trusts(store), strict=True):
        if predicate not in PROPERTIES:
            subjects.append(numbers[subject])
            predicates.append(names.setdefault(predicate, len(names)))
            objects.append(numbers[object_])
            trusted.append(value)
    wholes, members = _wholes(store, numbers)
    np.save(folder / "members.npy", members)
    edges = tuple(np.asarray(values, dtype=np.int32) for values in (subjects, objects, predicates))
    return wholes, edges, np.asarray(trusted, dtype=np.float64), list(names)


def _sides(near: NDArray[Any], far: NDArray[Any], kinds: NDArray[Any], nodes: int) -> Iterator[NDArray[Any]]:
    for ends in ((near, far), (far, near)):
        side = walk.side(*ends, kinds, nodes)
        yield from (side.offsets, side.targets, side.predicates)


def _wholes(store: Store, numbers: dict[str, int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """For each node the one that speaks for its thing; and (that one, node) of things with several nodes, sorted."""
    things: dict[str, list[int]] = {}
    for id, whole in clusters_of(store).all():
        if id in numbers:
            things.setdefault(whole, []).append(numbers[id])
    wholes = np.arange(len(numbers), dtype=np.int32)
    pairs = []
    for whole, nodes in things.items():
        speaks = numbers.get(whole, nodes[0])
        if len(nodes) > 1:
            wholes[nodes] = speaks
            pairs += [(speaks, node) for node in nodes]
    return wholes, np.array(sorted(pairs), dtype=np.int32).reshape(-1, 2)


def _save_joined(
    folder: Path, edges: tuple[NDArray[Any], NDArray[Any], NDArray[Any]], trusted: NDArray[np.float64], nodes: int
) -> None:
    """The graph of things: no edge within one, of several with the same ends and predicate the best borne out."""
    near, far, kinds = edges
    order = np.lexsort((-trusted, kinds, far, near))
    order = order[near[order] != far[order]]
    first = np.ones(len(order), dtype=np.bool_)
    if len(order):
        first[1:] = np.any([values[order][1:] != values[order][:-1] for values in edges], axis=0)
    kept = order[first]
    near, far, kinds = near[kept], far[kept], kinds[kept]
    found = trust.costs(trusted[kept], near, far, nodes)
    arrays = [*_sides(near, far, kinds, nodes)]
    arrays += [found[np.lexsort((kinds, far, near))], found[np.lexsort((kinds, near, far))]]
    for name, values in zip(JOINED, arrays, strict=True):
        np.save(folder / f"{name}.npy", values)


def _mapped(path: Path) -> NDArray[Any]:
    # what fits a page is read: an empty array cannot be mapped
    return np.asarray(np.load(path, mmap_mode="r" if path.stat().st_size > mmap.PAGESIZE else None, allow_pickle=False))


def _mapped_text(path: Path) -> bytes | mmap.mmap:
    if path.stat().st_size <= mmap.PAGESIZE:
        return path.read_bytes()
    with path.open("rb") as stream:
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
