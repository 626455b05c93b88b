"""How well a relation fits a question: by what is asked for, how frequent it is, and how many claims speak for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache

from probatum.store.wording import HAS_PHENOTYPE
from probatum.text.frequency import read
from probatum.text.questions import intents
from probatum.types import Relation

UNKNOWN_FREQUENCY = 0.35  # about the middle of the frequencies that are stated
UNASKED = 0.1  # fit of a relation where another aspect is asked for
OPEN = 0.5  # fit of any relation where no aspect is asked for


def fit(relation: Relation, side: str, asked: Sequence[str]) -> float:
    """From 0.1 to 1: how well the kind of relation answers the aspects asked for."""
    first, partly = _answered(relation.predicate, side)
    if side == "object" and relation.predicate == HAS_PHENOTYPE and relation.subject.startswith("NCBIGene:"):
        first, partly = frozenset(("gene",)), frozenset()
    if not asked:
        return OPEN
    worth = [1.0 if aspect in first else 0.8 for aspect in asked if aspect in first or aspect in partly]
    return max(worth, default=UNASKED)


@cache
def _answered(predicate: str, side: str) -> tuple[frozenset[str], frozenset[str]]:
    """The aspects that a relation is for, seen from the side of the question's concept, and those it answers too."""
    this = predicate, side
    first = frozenset(each.name for each in intents() if this in each.answers)
    return first, frozenset(each.name for each in intents() if this in each.partly)


@lru_cache(maxsize=4_096)
def _stated(written: str) -> tuple[float, int]:
    """The middle of a written frequency and how many patients were counted: few ways of writing it are in use."""
    try:
        stated = read(written)
    except ValueError:  # another source's own way of writing it
        return UNKNOWN_FREQUENCY, 0
    return ((stated.low + stated.high) / 2 if written else UNKNOWN_FREQUENCY), stated.m or 0


def frequency(claim: Relation) -> float:
    """The middle of the stated frequency, 0 to 1; a usual value where none is stated or it cannot be read."""
    return _stated(claim.qualifier("frequency"))[0]


def sample(claim: Relation) -> int:
    """How many patients were counted for the claim's frequency; 0 where none were."""
    return _stated(claim.qualifier("frequency"))[1]


def best_first(claims: Sequence[Relation]) -> list[Relation]:
    """The claims of one assertion, that on most patients first, then those with a frequency, then by their record."""
    if len(claims) == 1:
        return list(claims)
    return sorted(
        claims,
        key=lambda claim: (
            -sample(claim), not claim.qualifier("frequency"), claim.origin.evidence == "IEA",
            claim.origin.at, claim.origin.references, claim.qualifiers,
        ),
    )  # fmt: skip


def score(claims: Sequence[Relation], side: str, asked: Sequence[str]) -> float:
    """The score of an assertion, 0 to about 3.3, from its claims: the fit counts most, then frequency, then support."""
    stated = [_stated(claim.qualifier("frequency")) for claim in claims]
    weights = [1 + math.log1p(patients) for _, patients in stated]
    often = sum(share * weight for (share, _), weight in zip(stated, weights, strict=True)) / sum(weights)
    support = math.log1p(sum(weights)) / 10
    return 2 * fit(claims[0], side, asked) + often + min(support, 0.3)
