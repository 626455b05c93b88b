"""Questions and answers about the entities of a graph, written from their facts and checked against them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.makers._making import Sieve, asked, checked_language, claims_of, drawn, told, words, writes
from probatum.naming import card
from probatum.text.normal import fold
from probatum.types import Answer, Concept, Evidence, Example, Mention, Origin, Question, Relation

GOALS = ("none", "consultation", "knowledge")


@card("Entity-centric self-instruct", survey="3.2.2", reference="doi:10.48550/arXiv.2304.06975", languages=("en", "zh"))
def self_instruct(
    desk: Desk,
    *,
    kind: str = "Disease",
    entities: int = 100,
    each: int = 3,
    goal: str = "none",
    language: str = "en",
    avoid: tuple[str, ...] = (),
    seed: int = 0,
    counts: Counter[str] | None = None,
) -> Iterator[Example]:
    """Instruction pairs about entities of a kind, each with the claims that bear it; reliability "generated".

    As BenTsao, ShenNong-TCM and DISC-MedLLM: (1) entities are drawn from the graph; (2) their claims go into the prompt
    (ShenNong's never do), with the goal of the item; (3) the model writes questions with answers as JSON; (4) an item
    passes where it names its entity, its answer says what a claim says (the name of its object) and names no concept
    outside the claims; (5) items like earlier ones, or of which a run of words stands in `avoid`, are dropped. Without
    a model the claims are worded by rules, one question a claim. `counts` is filled with what was kept and why the rest
    was dropped: unparsed, nameless, unsupported, foreign, alike, leaked. Raises `BadPlan`.
    """
    if goal not in GOALS:
        raise BadPlan(f"goal = {goal!r}", where="makers/self_instruct", mend=f"one of: {', '.join(GOALS)}")
    checked_language(language)
    sieve = Sieve(avoid, Counter() if counts is None else counts)
    for concept in drawn(desk, kind, entities, seed):
        claims = claims_of(desk, concept.id)
        items = (
            _written(desk, concept, claims, each, goal=goal, language=language, seed=seed)
            if writes(desk)
            else _ruled(desk, concept, claims[:each], language)
        )
        if items is None:
            sieve.drops("unparsed")
            continue
        for place, (question, answer) in enumerate(items, 1):
            bearing = _bearing(desk, concept, claims, question, answer, sieve=sieve)
            if bearing and sieve.passes(f"{question} {answer}"):
                pieces = tuple(Evidence(claim, told(desk, claim, language), 1.0, "self_instruct") for claim in bearing)
                id = f"{concept.id} {place}"
                origin = Origin("self_instruct", desk.store.content, id, reliability="generated")
                given = Answer(answer, evidence=pieces)
                yield Example(id, Question(question, language=language), given, labels=(("goal", goal),), origin=origin)


def _written(
    desk: Desk, concept: Concept, claims: Sequence[Relation], count: int, *, goal: str, language: str, seed: int
) -> list[tuple[str, str]] | None:
    """(question, answer) pairs of the model; None where twice none could be read."""
    name = desk.store.name_of(concept.id, language)
    task = words("self_instruct", language, count=count, name=name, goal=words(f"goal.{goal}", language))
    read = asked(desk, task, language, [told(desk, claim, language) for claim in claims], fits=_fits, seed=seed)
    return None if read is None else [(str(item["question"]), str(item["answer"])) for item in read["items"]]


def _fits(read: dict[str, Any]) -> bool:
    items = read.get("items")
    return isinstance(items, list) and all(
        isinstance(item, dict)
        and all(isinstance(item.get(key), str) and item[key].strip() for key in ("question", "answer"))
        for item in items
    )


def _ruled(desk: Desk, concept: Concept, claims: Sequence[Relation], language: str) -> list[tuple[str, str]]:
    name = desk.store.name_of(concept.id, language)
    return [
        (
            words("question", language, name=name, source=each.origin.source,
                  predicate=each.predicate.rpartition(":")[2].replace("_", " ")),
            told(desk, each, language),
        )
        for each in claims
    ]  # fmt: skip


def _bearing(
    desk: Desk, concept: Concept, claims: Sequence[Relation], question: str, answer: str, *, sieve: Sieve
) -> list[Relation]:
    """The claims that an answer says; none where the item does not pass, and the sieve counts why."""
    whole = f"{question} {answer}"
    if not _names(desk, concept.id, whole):
        sieve.drops("nameless")
        return []
    bearing = [claim for claim in claims if _names(desk, claim.object, answer)]
    if not bearing:
        sieve.drops("unsupported")
        return []
    known = {same for claim in claims for id in (claim.subject, claim.object) for same in (id, *desk.store.same(id))}
    found = [one for one in desk.annotate(answer) if isinstance(one, Mention)]
    ours = {(one.start, one.end) for one in found if one.concept in known}  # a name may be that of several concepts
    foreign = any((one.start, one.end) not in ours for one in found)
    denied = {one.concept for one in found if one.negated}
    if foreign or any((claim.object in denied) != claim.negated for claim in bearing):
        sieve.drops("foreign" if foreign else "unsupported")
        return []
    return bearing


def _names(desk: Desk, id: str, text: str) -> bool:
    """Whether a text names a concept by one of its names."""
    concept, plain = desk.store.concept(id), fold(text)
    return concept is not None and any(
        fold(name) in plain for name in (concept.name, *(one.text for one in concept.names))
    )
