"""How well an assertion is borne out, and what a step over it costs a path that looks for the best evidence.

A source vouches for an assertion with RELIABLE of the most reliable of its claims, REFERRED more where one of them
names a publication; sources are independent: trust = 1 - product(1 - source). It is halved where a source denies the
same assertion, and multiplied by the weight of loose predicates. A step costs STEP - ln(trust) + DEGREE times the mean
of ln(1 + degree) of its ends: short paths over well-borne assertions that do not lead through everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from probatum.store.reader import Store

RELIABLE = (0.8, 0.5, 0.2)  # curated, extracted, generated: in the order of `rows.RELIABILITY`
REFERRED = 0.1
DENIED = 0.5
STEP, DEGREE = 1.0, 0.15
LOOSE = {  # predicates that say that two things are met together, not what one does to the other
    "biolink:related_to": 0.5,
    "biolink:related_to_at_instance_level": 0.5,
    "biolink:associated_with": 0.7,
    "biolink:correlated_with": 0.7,
    "biolink:coexists_with": 0.6,
    "biolink:occurs_together_in_literature_with": 0.4,
    "biolink:similar_to": 0.6,
    "biolink:chemically_similar_to": 0.5,
    "biolink:member_of": 0.05,  # of a list: a subset of an ontology, say
    "skos:closeMatch": 0.7,
    "skos:relatedMatch": 0.4,
    "skos:broadMatch": 0.6,
    "skos:narrowMatch": 0.6,
}

Costs = NDArray[np.float32]


def trusts(store: Store) -> Iterator[float]:
    """The trust, 0 to 1, of every assertion that is not negated, in the order of `Store.assertions`."""
    denied = {row[:3] for row in store.rows("SELECT subject, predicate, object FROM relations WHERE negated")}
    sources = dict(store.rows("SELECT id, source FROM releases"))
    # In the order of the index, so that nothing has to be sorted.
    sql = """SELECT subject, predicate, object, release, reliability, refs != '[]' FROM relations
        CROSS JOIN claims ON relation = relations.id WHERE NOT negated ORDER BY subject, predicate, object"""
    for identity, found in groupby(store.rows(sql), key=itemgetter(0, 1, 2)):
        said: dict[str, tuple[int, bool]] = {}
        for *_, release, place, refers in found:
            before = said.get(sources[release], (place, False))
            said[sources[release]] = min(before[0], place), before[1] or bool(refers)
        yield trust(iter(said.values()), identity[1], identity in denied)


def trust(sources: Iterator[tuple[int, bool]], predicate: str, denied: bool) -> float:
    """The trust in an assertion for which each source vouches with (place of its reliability, whether it refers)."""
    doubt = 1.0
    for place, refers in sources:
        doubt *= 1 - RELIABLE[place] - (REFERRED if refers else 0.0)
    return max((1 - doubt) * LOOSE.get(predicate, 1.0) * (DENIED if denied else 1.0), 1e-6)


def costs(trusted: NDArray[np.float64], near: Any, far: Any, nodes: int) -> Costs:
    """What a step over each edge costs, given its trust and its two ends."""
    degrees = np.bincount(near, minlength=nodes) + np.bincount(far, minlength=nodes)
    busy = np.log1p(degrees.astype(np.float64))
    found: Costs = (STEP - np.log(trusted) + DEGREE * (busy[near] + busy[far]) / 2).astype(np.float32)
    return found
