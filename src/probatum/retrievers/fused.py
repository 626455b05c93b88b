"""What several retrievers find, as one list: a fact that stands high in any of them stands high."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from probatum.errors import BadPlan
from probatum.naming import call, card
from probatum.retrievers._standing import behind
from probatum.shapes import Retrieve
from probatum.store.reader import Store
from probatum.types import Evidence, Passage, Question, Relation

Key = tuple[Hashable, ...]


@card("Reciprocal rank fusion", reference="doi:10.1145/1571941.1572114", languages=("en", "zh", "es"))
def fused(
    store: Store,
    *,
    of: tuple[str, ...] | str = ("bm25", "graph"),
    k: int = 60,
    pool: int = 200,
    retracted: bool = False,
) -> Retrieve:
    """A retriever that joins the retrievers `of` by reciprocal rank: a fact's score is the sum of 1 / (k + its rank).

    k = 60 is the value of Cormack, Clarke and Buettcher (2009), who found the result insensitive to it. Each retriever
    is asked for `pool` facts, or for more where more are to be kept. Passages are ranked among passages and relations
    among relations, so that many relations of a concept do not push its passages down; at most `keep` of either are
    given, in one list by score; what retracted papers say stands last unless `retracted`. Ties go by the order of
    `of`, which may be a text with commas ("bm25,graph,dense"). Raises `BadPlan` where `of` is empty or holds
    `fused`, `UnknownName` for a retriever that does not stand.
    """
    wanted = [name.strip() for name in (of.split(",") if isinstance(of, str) else of)]
    if not all(wanted) or not wanted or "fused" in wanted:
        raise BadPlan(f"of = {of!r} must name one or more other retrievers", mend="as of=bm25,graph")
    asked = {"retracted": True} if retracted else {}
    members: list[Retrieve] = [call("retrievers", name, store, **asked) for name in wanted]

    def search(question: Question, keep: int) -> list[Evidence]:
        scores: dict[Key, float] = {}
        first: dict[Key, Evidence] = {}
        for member in members:
            ranks = {Relation: 0, Passage: 0}
            for evidence in member(question, max(pool, keep)):
                kind, fact = type(evidence.fact), identity(evidence.fact)
                ranks[kind] += 1
                scores[fact] = scores.get(fact, 0.0) + 1 / (k + ranks[kind])
                first.setdefault(fact, evidence)
        best = sorted(scores, key=scores.__getitem__, reverse=True)  # stable: equal scores keep their order
        left = {Relation: keep, Passage: keep}
        kept: list[Evidence] = []
        for fact in best:
            kind = type(first[fact].fact)
            if not any(left.values()):
                break
            if left[kind]:
                left[kind] -= 1
                kept.append(replace(first[fact], score=scores[fact]))
        return behind(kept, retracted=retracted)

    return search


def identity(fact: Relation | Passage) -> Key:
    """What makes two findings one: the passage's id, or the claim with its origin."""
    if isinstance(fact, Passage):
        return ("passage", fact.id)
    claim = (fact.subject, fact.predicate, fact.object, fact.negated, fact.qualifiers)
    return (*claim, fact.origin.source, fact.origin.release, fact.origin.at)
