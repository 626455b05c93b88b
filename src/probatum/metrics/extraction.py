"""How well mentions, concepts and relations were read out of texts: precision, recall and F1 over all texts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

from probatum.metrics._micro import Items, micro
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Answer, Mention, Relation, Score


@card("Information extraction: strict mentions, concepts, relations (micro P, R, F1)", survey="5.1.1")
def extraction(pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0) -> Mapping[str, Score]:
    """Micro-averaged precision, recall and F1 (0 to 1) of what was found in each text against what people found.

    `mention_*`: spans with their kind, both ends exact (equal to seqeval's strict mode over whole entities); apart for
    each kind as `mention_f1:Disease`. `concept_*`: the concepts of a text, each once, by kind and id; mentions without
    a concept do not count. `relation_*`: subject, predicate, object and negation of a text, each once. Nothing to find
    and nothing found gives 0. Intervals are 95% bootstrap over texts, or what shares one of `groups`.
    """
    kinds = sorted({each.kind for gold, _ in pairs for each in gold.found if isinstance(each, Mention)})
    views: dict[str, Items] = {"mention": _spans(""), "concept": _concepts, "relation": _relations}
    views |= {f"mention:{kind}": _spans(kind) for kind in kinds}
    return micro(pairs, views, groups=groups, seed=seed)


def _spans(kind: str) -> Items:
    def items(answer: Answer) -> set[Hashable]:
        return {(each.start, each.end, each.kind) for each in _mentions(answer) if not kind or each.kind == kind}

    return items


def _concepts(answer: Answer) -> set[Hashable]:
    return {(each.kind, each.concept) for each in _mentions(answer) if each.concept}


def _relations(answer: Answer) -> set[Hashable]:
    found = (each for each in answer.found if isinstance(each, Relation))
    return {(each.subject, each.predicate, each.object, each.negated) for each in found}


def _mentions(answer: Answer) -> Iterable[Mention]:
    return (each for each in answer.found if isinstance(each, Mention))
