"""The evidence of an answer as a drawing: who says what of whom, laid out on the server in columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from probatum.types import Passage, Relation

MOST = 150  # nodes; beyond that nobody reads a drawing
COLUMN = 270  # pixels from one column to the next
ROW = 34
BOX = 190  # width of a node
MARGIN = 8
LETTERS = 24  # half-width characters that fit into a node
SWEEPS = 4  # passes of the barycentre ordering (Sugiyama et al. 1981); more changed nothing on drawings of this size


@dataclass(frozen=True, slots=True)
class Node:
    """A concept or a document; x and y are its left edge and its middle, in pixels."""

    id: str
    name: str
    short: str
    kind: str  # the concept's kind, or `document`
    x: int
    y: int
    mark: int  # the first piece of evidence that it comes from


@dataclass(frozen=True, slots=True)
class Edge:
    """An assertion between two nodes, or a document's subject; `path` is its line, (x, y) the place of its marks."""

    subject: str
    predicate: str
    object: str
    negated: bool
    marks: tuple[int, ...]
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes and edges with their places; `left_out` nodes did not fit."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int


Fact = Relation | Passage
_Key = tuple[str, str, str, bool]


def draw(facts: Sequence[Fact], name_of: Callable[[str], str], kind_of: Callable[[str], str]) -> Drawing:
    """The drawing of numbered facts (the first is 1): subjects left, objects right, neighbours side by side."""
    titles = {fact.id: fact.title or fact.id for fact in facts if isinstance(fact, Passage)}
    marks = _marks(facts)
    first: dict[str, int] = {}
    for key, numbers in marks.items():
        for id in (key[0], key[2]):
            first[id] = min(first.get(id, numbers[0]), numbers[0])
    for number, fact in enumerate(facts, start=1):
        if isinstance(fact, Passage):
            first.setdefault(fact.id, number)
    kept = set(sorted(first, key=lambda id: (first[id], id))[:MOST])
    keys = [key for key in marks if key[0] in kept and key[2] in kept]
    columns = _columns(sorted(kept, key=lambda id: (first[id], id)), keys)
    height = max((len(column) for column in columns), default=0) * ROW + 2 * MARGIN
    places = {
        id: (MARGIN + at * COLUMN, round(MARGIN + (row + 0.5) * (height - 2 * MARGIN) / len(column)))
        for at, column in enumerate(columns)
        for row, id in enumerate(column)
    }
    nodes = []
    for id, (x, y) in places.items():
        name = titles.get(id) or name_of(id)
        nodes.append(Node(id, name, shortened(name), "document" if id in titles else kind_of(id), x, y, first[id]))
    degree = {id: sum(id in (key[0], key[2]) for key in keys) for id in kept}
    edges = tuple(_edge(key, tuple(marks[key]), places, degree) for key in keys)
    width = 2 * MARGIN + BOX + max(len(columns) - 1, 0) * COLUMN
    return Drawing(width, height, tuple(nodes), edges, len(first) - len(kept))


def shortened(name: str, letters: int = LETTERS) -> str:
    """A name that fits into a node: a Chinese character takes the room of two Latin ones."""
    room = letters
    for at, letter in enumerate(name):
        room -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if room < 0:
            return name[: max(at - 1, 1)].rstrip() + "…"
    return name


def _marks(facts: Iterable[Fact]) -> dict[_Key, list[int]]:
    marks: dict[_Key, list[int]] = {}
    for number, fact in enumerate(facts, start=1):
        if isinstance(fact, Relation):
            keys = [(fact.subject, fact.predicate, fact.object, fact.negated)]
        else:
            keys = [(fact.id, "biolink:mentions", about, False) for about in fact.about]
        for key in keys:
            if key[0] != key[2]:
                marks.setdefault(key, []).append(number)
    return marks


def _columns(ids: Sequence[str], keys: Sequence[_Key]) -> list[list[str]]:
    """The ids in columns: one to the right of whatever points at it, then ordered so that lines cross little."""
    level = dict.fromkeys(ids, 0)
    for _ in range(2):  # three columns at most, which also ends circles
        for subject, _, object, _ in keys:
            level[object] = min(max(level[object], level[subject] + 1), 2)
    used = sorted(set(level.values()))
    columns = [[id for id in ids if level[id] == at] for at in used]
    neighbours: dict[str, list[str]] = {id: [] for id in ids}
    for subject, _, object, _ in keys:
        neighbours[subject].append(object)
        neighbours[object].append(subject)
    for sweep in range(SWEEPS):
        row = {id: (at + 0.5) / len(column) for column in columns for at, id in enumerate(column)}
        for column in columns if sweep % 2 else reversed(columns):
            weight = {id: _mean([row[other] for other in neighbours[id]], row[id]) for id in column}
            column.sort(key=lambda id, weight=weight: weight[id])  # type: ignore[misc]
            row.update({id: (at + 0.5) / len(column) for at, id in enumerate(column)})
    return columns


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _edge(key: _Key, marks: tuple[int, ...], places: dict[str, tuple[int, int]], degree: dict[str, int]) -> Edge:
    (x1, y1), (x2, y2) = places[key[0]], places[key[2]]
    start, end = (x1 + BOX, x2) if x2 > x1 else (x1, x2 + BOX) if x2 < x1 else (x1 + BOX, x2 + BOX)
    bend = (end - start) // 2 if x1 != x2 else 40
    path = f"M{start} {y1} C{start + bend} {y1} {end - bend if x1 != x2 else end + bend} {y2} {end} {y2}"
    # The marks stand at the end with fewer lines, where they do not cover each other.
    near_start = degree[key[0]] < degree[key[2]]
    x, y = (start + (20 if end > start else -20), y1) if near_start else (end - (20 if end > start else -20), y2)
    return Edge(*key, marks, path, x, y)
