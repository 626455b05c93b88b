"""Whether a question is about what the store knows: a score, and the threshold that a development set asks for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from probatum.desk import Desk
from probatum.methods._asked import asked_of
from probatum.methods._grounding import found_for
from probatum.store.words import terms
from probatum.types import Passage, Question

LOOKED_AT = 5  # passages


def scope(question: Question, desk: Desk, sources: Sequence[str] = ()) -> float:
    """From 0 to 1: which share of the question's subject, by rarity of its words, the store knows.

    A word is known where a concept is named by it, or where one passage found for the question holds it. With `sources`
    only their concepts and passages count. A question without a subject scores 0.
    """
    asked = asked_of(question, desk)
    named = set[str]()
    for id, naming in asked.links.items():
        concept = desk.store.concept(id) if sources else None
        if not sources or (concept is not None and concept.origin.source in sources):
            named |= naming
    best = asked.share(named)
    passages = [each.fact for each in found_for(question, desk, LOOKED_AT) if isinstance(each.fact, Passage)]
    for passage in passages:
        if not sources or passage.origin.source in sources:
            best = max(best, asked.share(named | set(terms(f"{passage.title} {passage.text}"))))
    return best


def threshold_for(scored: Sequence[tuple[float, bool]]) -> float:
    """The threshold that parts a development set best: (score, whether it is in scope) of each question.

    The mean of the shares told rightly of either kind is highest there; of several, in the middle of the widest gap. A
    set of one kind alone gives 0 or 1.
    """
    inside = [score for score, is_in in scored if is_in]
    outside = [score for score, is_in in scored if not is_in]
    if not inside or not outside:
        return 0.0 if inside or not scored else 1.0
    values = sorted({score for score, _ in scored})
    cuts = [(0.0, values[0])] + [((low + high) / 2, high - low) for low, high in pairwise(values)]

    def right(cut: float) -> float:
        return sum(each >= cut for each in inside) / len(inside) + sum(each < cut for each in outside) / len(outside)

    return max(cuts, key=lambda cut: (right(cut[0]), cut[1], -cut[0]))[0]
