"""The other side: what denies a chosen assertion or turns it round, and what a drug does besides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from probatum.desk import Desk
from probatum.formats.biolink import predicate
from probatum.methods._asked import Asked
from probatum.store.reader import Store
from probatum.store.wording import in_words
from probatum.text.questions import steps
from probatum.types import Evidence, Relation

HARMS = 3  # of one drug, for each kind of harm
MOST_CLAIMS = 2_000  # claims of one concept that are looked at
Identity = tuple[str, str, str, bool]


def against(asked: Asked, chosen: Sequence[Evidence], desk: Desk, most: int) -> list[Evidence]:
    """What speaks against the chosen relations, at most `most` pieces: denials and opposite assertions of the same two.

    Where the question asks for it, also why the drugs among them should not be taken: contraindications first, of
    those what the question names, then adverse events.
    """
    facts = [evidence.fact for evidence in chosen if isinstance(evidence.fact, Relation)]
    seen = {_identity(fact) for fact in facts}
    found: list[Evidence] = []
    for claim in (*_opposed(desk.store, facts), *_harms(asked, desk.store, facts)):
        if len(found) < most and _identity(claim) not in seen and not desk.withheld.hides(claim):
            seen.add(_identity(claim))
            found.append(evidence_of(asked, desk.store, claim))
    return found


def evidence_of(asked: Asked, store: Store, claim: Relation) -> Evidence:
    """A claim as evidence, in the language of the question."""
    return Evidence(claim, in_words(store, claim, asked.language), 0.0, "graph")


def _opposed(store: Store, facts: Sequence[Relation]) -> Iterator[Relation]:
    for fact in facts:
        opposite, objects = set(predicate(fact.predicate).opposite), set(store.same(fact.object))
        for subject in store.same(fact.subject):
            for claim in islice(store.relations(subject=subject), MOST_CLAIMS):
                denies = claim.predicate == fact.predicate and claim.negated != fact.negated
                turns = claim.predicate in opposite and not claim.negated and not fact.negated
                if claim.object in objects and (denies or turns):
                    yield claim


def _harms(asked: Asked, store: Store, facts: Sequence[Relation]) -> Iterator[Relation]:
    if "against" not in asked.beside:
        return
    drugs = dict.fromkeys(store.same(fact.subject)[0] for fact in facts if not fact.negated)
    for drug in drugs:
        for kind in sorted(steps("harm")):
            claims = [
                claim
                for id in store.same(drug)
                for claim in islice(store.relations(subject=id, predicate=kind), MOST_CLAIMS)
                if not claim.negated
            ]
            yield from sorted(claims, key=lambda claim: claim.object not in asked.links)[:HARMS]


def _identity(claim: Relation) -> Identity:
    return claim.subject, claim.predicate, claim.object, claim.negated
