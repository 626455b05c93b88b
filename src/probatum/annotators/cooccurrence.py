"""Chemicals and diseases that stand together in a text, with how surprising that is in the store's literature."""

from __future__ import annotations

import math
from functools import lru_cache, partial

from probatum.annotators._pairs import pairs
from probatum.annotators._reading import KINDS, mentions_by, read_off, with_relations
from probatum.naming import card
from probatum.shapes import Annotate
from probatum.store.reader import Store
from probatum.types import Mention, Pairs, Relation

TOGETHER = "biolink:occurs_together_in_literature_with"


@card(
    "Co-occurrence of concepts, with statistics",
    survey="3.2.1",
    reference="https://doi.org/10.1162/coli.1990.16.1.22",
    languages=("en",),
)
def cooccurrence(
    store: Store, *, mentions: str = "dictionary", model: str = "", within: str = "sentence", farthest: int = 40
) -> Annotate:
    """A callable that gives a text's mentions and, after them, a relation for each chemical and disease that meet.

    `within` is sentence (at most `farthest` tokens apart) or text. Qualifiers: `sentences` in which they meet, and
    where the store has passages about both: `npmi` (normalised pointwise mutual information over passages, -1 to 1)
    and `g2` (log-likelihood ratio). The relation says no more than that they stand together.
    """
    count = _Counts(store)
    relate = partial(_together, count=count, within=within, farthest=farthest)
    return with_relations(mentions_by(store, mentions, model), relate)


def _together(text: str, found: list[Mention], *, count: _Counts, within: str, farthest: int) -> list[Relation]:
    return [
        read_off(
            pair,
            TOGETHER,
            text,
            "cooccurrence",
            (("sentences", str(len(pair.meetings))), *count(pair.subject, pair.object)),
        )
        for pair in pairs(text, found, KINDS)
        if within == "text" or any(meeting.distance <= farthest for meeting in pair.meetings)
    ]


class _Counts:
    """In how many passages of the store concepts stand, alone and together. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self._all = int(store.stats()["passages"])
        self._about = lru_cache(maxsize=4096)(
            lambda concept: frozenset(passage.id for passage in store.passages(about=concept))
        )

    def __call__(self, one: str, other: str) -> Pairs:
        """npmi and g2 of two concepts as qualifiers; none where a concept stands in no passage."""
        a, b = self._about(one), self._about(other)
        if not a or not b or not self._all:
            return ()
        both = len(a & b)
        return (
            ("g2", f"{g2(both, len(a), len(b), self._all):.2f}"),
            ("npmi", f"{npmi(both, len(a), len(b), self._all):.3f}"),
        )


def npmi(both: int, one: int, other: int, everything: int) -> float:
    """Normalised pointwise mutual information of two events, -1 (never together) to 1 (only together).

    Bouma 2009, Proceedings of GSCL: ln(p(x,y) / p(x)p(y)) / -ln p(x,y).
    """
    if not both:
        return -1.0
    if both == everything:
        return 1.0
    return math.log(both * everything / (one * other)) / -math.log(both / everything)


def g2(both: int, one: int, other: int, everything: int) -> float:
    """The log-likelihood ratio of a two by two table (Dunning 1993); 0 where the events are independent."""
    table = ((both, one - both), (other - both, everything - one - other + both))
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    cells = ((table[r][c], rows[r] * columns[c] / everything) for r in range(2) for c in range(2) if table[r][c])
    return 2 * sum(seen * math.log(seen / expected) for seen, expected in cells)
