"""What several retrievers find, as one list: a fact that stands high in any of them stands high."""

from __future__ import annotations

from dataclasses import replace

from probatum.errors import BadPlan
from probatum.naming import call, card
from probatum.retrievers._standing import Key, Place, RanksFirst, behind, identity
from probatum.shapes import Retrieve
from probatum.store.reader import Store
from probatum.types import Evidence, Question, Relation


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

    ranking = [member if isinstance(member, RanksFirst) else None for member in members]

    def search(question: Question, keep: int) -> list[Evidence]:
        scores: dict[Key, float] = {}
        first: dict[Key, tuple[int, Place]] = {}
        given: list[dict[Key, Evidence]] = [{} for _ in members]
        for number, (member, ranks) in enumerate(zip(members, ranking, strict=True)):
            rank, most = [0, 0], max(pool, keep)  # rank of passages, of relations
            for place in ranks.ranked(question, most) if ranks else _places(member(question, most), given[number]):
                rank[place.of_relation] += 1
                scores[place.key] = scores.get(place.key, 0.0) + 1 / (k + rank[place.of_relation])
                first.setdefault(place.key, (number, place))
        best = sorted(scores, key=scores.__getitem__, reverse=True)  # stable: equal scores keep their order
        left = [keep, keep]
        kept: list[Key] = []
        for key in best:
            of_relation = first[key][1].of_relation
            if not any(left):
                break
            if left[of_relation]:
                left[of_relation] -= 1
                kept.append(key)
        for number, ranks in enumerate(ranking):
            if ranks:
                own = [place for at, place in map(first.__getitem__, kept) if at == number]
                given[number] = {identity(evidence.fact): evidence for evidence in ranks.worded(question, own)}
        shown = ((key, given[first[key][0]].get(key)) for key in kept)
        found = [replace(evidence, score=scores[key]) for key, evidence in shown if evidence is not None]
        return behind(found, retracted=retracted)

    return search


def _places(found: list[Evidence], given: dict[Key, Evidence]) -> list[Place]:
    """The places of evidence that is worded already; it is laid into `given`."""
    keys = [identity(evidence.fact) for evidence in found]
    for key, evidence in zip(keys, found, strict=True):
        given.setdefault(key, evidence)
    return [
        Place(key, each.score, each.fact, each.found_by, isinstance(each.fact, Relation))
        for key, each in zip(keys, found, strict=True)
    ]
