"""A ranking as a page and a table show it: each diagnosis with what speaks for it, against it, and what to ask."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from probatum.store.reader import Store
from probatum.types import Candidate, Reason
from probatum.web import tables
from probatum.web.answers import relation_query
from probatum.web.references import Reference, reference

ASKED = 6  # questions proposed at once
LEADING = 5  # diagnoses among which the questions are to decide
COLUMNS = ("rank", "id", "name", "score", "for", "against", "ask", "inheritance", "genes", "references")


@dataclass(frozen=True, slots=True)
class Why:
    """A reason, with its likelihood ratio in words: `×12` makes it twelve times as likely, `÷5` a fifth."""

    concept: str
    name: str
    ratio: str
    weight: float
    text: str
    references: tuple[Reference, ...]
    source: str  # query of the page /source with the claims behind it; empty where they are about a related phenotype


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One row of the table."""

    rank: int
    id: str
    name: str
    reference: Reference
    score: float
    percent: str
    speaks_for: tuple[Why, ...]
    against: tuple[Why, ...]
    ask: tuple[Why, ...]
    inheritance: tuple[Why, ...]
    genes: tuple[Why, ...]


def diagnoses(candidates: Sequence[Candidate], store: Store, language: str) -> list[Diagnosis]:
    """The candidates in order, names in the language of the page where the store has them."""
    return [_diagnosis(rank, one, store, language) for rank, one in enumerate(candidates, start=1)]


def questions(ranked: Sequence[Diagnosis]) -> list[tuple[Why, str]]:
    """The phenotypes most worth asking for among the leading diagnoses, each with the diagnosis that expects it."""
    best: dict[str, tuple[Why, str]] = {}
    for one in ranked[:LEADING]:
        for why in one.ask:
            if why.concept not in best or why.weight > best[why.concept][0].weight:
                best[why.concept] = (why, one.name)
    return sorted(best.values(), key=lambda pair: (-pair[0].weight, pair[0].concept))[:ASKED]


def percent(score: float) -> str:
    """A probability as people read it; a score outside 0 to 1 as a plain number."""
    if not 0 <= score <= 1:
        return f"{score:.3g}"
    if score < 0.001:
        return "< 0.1%"
    if score > 0.99:
        return "> 99%"
    return f"{100 * score:.1f}%"


def ratio(weight: float) -> str:
    """A natural-log likelihood ratio as a factor: 2.48 is ×12, -1.61 is ÷5."""
    factor = math.exp(min(abs(weight), 20.0))
    if factor < 1.05:
        return "≈1"
    said = f"{factor:.0f}" if factor >= 10 else f"{factor:.1f}".removesuffix(".0")
    return f"{'×' if weight >= 0 else '÷'}{said}"


def table(ranked: Iterable[Diagnosis]) -> str:
    """The ranking as CSV (RFC 4180)."""
    return tables.table(COLUMNS, map(_row, ranked))


def _row(one: Diagnosis) -> list[str]:
    cited = sorted({found.id for why in (*one.speaks_for, *one.against) for found in why.references})
    groups = (one.speaks_for, one.against, one.ask, one.inheritance, one.genes)
    return [str(one.rank), one.id, one.name, f"{one.score:.6g}", *map(_said, groups), " ".join(cited)]


def _diagnosis(rank: int, one: Candidate, store: Store, language: str) -> Diagnosis:
    name = store.name_of(one.id, language)
    groups = {
        kind: tuple(_why(one.id, why, store, language) for why in one.reasons if why.kind == kind) for kind in _KINDS
    }
    return Diagnosis(
        rank, one.id, name if name != one.id else one.name, reference(one.id), one.score, percent(one.score),
        *(groups[kind] for kind in _KINDS),
    )  # fmt: skip


_KINDS = ("for", "against", "ask", "inheritance", "gene")


def _why(disease: str, why: Reason, store: Store, language: str) -> Why:
    name = store.name_of(why.concept, language) if why.concept else why.name
    shown = name if name != why.concept else why.name or name
    factor = ratio(why.weight) if why.kind in ("for", "against") else ""
    return Why(
        why.concept,
        shown,
        factor,
        why.weight,
        why.text,
        tuple(map(reference, why.references)),
        _source(disease, why, store),
    )


def _source(disease: str, why: Reason, store: Store) -> str:
    predicate = "biolink:has_mode_of_inheritance" if why.kind == "inheritance" else "biolink:has_phenotype"
    claim = next(store.relations(disease, predicate, why.concept), None) if why.concept else None
    return relation_query(disease, predicate, why.concept, claim.negated) if claim else ""


def _said(reasons: Sequence[Why]) -> str:
    return "; ".join(f"{why.name} ({why.concept}{', ' + why.text if why.text else ''})" for why in reasons)
