"""How far a radiology report says what the reference says: its findings, the places, and how they belong together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from probatum.errors import NeedsFile
from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Score

KINDS = ("simple", "partial", "complete")


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity of a report, with its relations to others by their key."""

    tokens: str
    label: str  # 'Observation::definitely present', 'Anatomy::definitely present' ...
    relations: tuple[tuple[str, str], ...] = ()  # (relation, key of the other entity)


Graph = Mapping[str, Entity]


@card("F1-RadGraph", survey="5.1.2", reference="doi:10.1016/j.patter.2023.100802")
def radgraph(
    pairs: Sequence[Pair],
    *,
    groups: Sequence[tuple[str, ...]] = (),
    extract: Callable[[str], Graph] | None = None,
    seed: int = 0,
) -> Mapping[str, Score]:
    """`radgraph_simple`, `_partial` (the one usually published) and `_complete`: mean F1 over the reports, 0 to 1.

    Simple compares entities with their labels; partial also whether each has a relation; complete the relations with
    what they point at. `extract` reads a report's graph and has to be given (`NeedsFile` says so): the numbers belong
    to it. A report without entities counts 0. Intervals are 95% bootstrap over reports, or over `groups`.
    """
    if extract is None:
        raise NeedsFile(
            "F1-RadGraph needs what reads a report's graph, such as the RadGraph model",
            mend="give extract=, a function from a report to its entities; a model: physionet.org/content/radgraph",
        )
    values = np.array([one(extract(gold.text), extract(given.text)) for gold, given in pairs], np.float64)
    values = values.reshape(-1, len(KINDS))
    clusters, alike = clusters_of(len(pairs), groups), np.ones(len(pairs))
    empty = sum(not given.text.strip() for _, given in pairs)
    scores: dict[str, Score] = {}
    for place, kind in enumerate(KINDS):
        low, high = interval(values[:, place], alike, clusters, seed) if len(values) else (0.0, 0.0)
        value = float(values[:, place].mean()) if len(values) else 0.0
        said = f"radgraph_{kind}|bootstrap:{RESAMPLES}|seed:{seed}"
        scores[f"radgraph_{kind}"] = Score(value, len(values), said, low, high, empty=empty)
    return scores


def one(wanted: Graph, said: Graph) -> tuple[float, ...]:
    """F1 simple, partial and complete of two graphs."""
    return tuple(_f1(_said(wanted, kind), _said(said, kind)) for kind in KINDS)


def _said(graph: Graph, kind: str) -> set[tuple[object, ...]]:
    if kind == "simple":
        return {(each.tokens, each.label) for each in graph.values()}
    if kind == "partial":
        return {(each.tokens, each.label, bool(each.relations)) for each in graph.values()}
    return {(each.tokens, each.label, *rest) for each in graph.values() for rest in _pointed(graph, each)}


def _pointed(graph: Graph, entity: Entity) -> list[tuple[str, ...]]:
    """What an entity points at, each with the relation; one empty entry where it points at nothing."""
    return [(name, graph[key].tokens) for name, key in entity.relations] or [()]


def _f1(wanted: set[tuple[object, ...]], said: set[tuple[object, ...]]) -> float:
    return 2 * len(wanted & said) / max(len(wanted) + len(said), 1)
