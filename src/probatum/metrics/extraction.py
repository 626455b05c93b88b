"""How well mentions, concepts and relations were read out of texts: precision, recall and F1 over all texts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, Numbers, clusters_of
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Answer, Mention, Relation, Score

Items = Callable[[Answer], set[Hashable]]


@card("Information extraction: strict mentions, concepts, relations (micro P, R, F1)", survey="5.1.1")
def extraction(pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0) -> Mapping[str, Score]:
    """Micro-averaged precision, recall and F1 (0 to 1) of what was found in each text against what people found.

    `mention_*`: spans with their kind, both ends exact (equal to seqeval's strict mode over whole entities); apart for
    each kind as `mention_f1:Disease`. `concept_*`: the concepts of a text, each once, by kind and id; mentions without
    a concept do not count. `relation_*`: subject, predicate, object and negation of a text, each once. Nothing to find
    and nothing found gives 0. Intervals are 95% bootstrap over texts, or what shares one of `groups`.
    """
    kinds = sorted({each.kind for gold, _ in pairs for each in gold.found if isinstance(each, Mention)})
    views: dict[str, tuple[Items, str]] = {
        "mention": (_spans(""), ""),
        "concept": (_concepts, ""),
        "relation": (_relations, ""),
    }
    views |= {f"mention:{kind}": (_spans(kind), f":{kind}") for kind in kinds}
    clusters = clusters_of(len(pairs), groups)
    scores: dict[str, Score] = {}
    for name, (items, suffix) in views.items():
        counts = np.array([_counts(items(gold), items(given)) for gold, given in pairs], np.float64).reshape(-1, 3)
        if not counts.sum():
            continue
        told = _prf(counts.sum(axis=0))
        low, high = _interval(counts, clusters, seed)
        for place, measure in enumerate(("precision", "recall", "f1")):
            signature = f"{name}|{measure}|micro|strict|empty:0|bootstrap:{RESAMPLES}|seed:{seed}"
            key = f"{name.partition(':')[0]}_{measure}{suffix}"
            scores[key] = Score(float(told[place]), len(pairs), signature, float(low[place]), float(high[place]))
    return scores


def _counts(gold: set[Hashable], given: set[Hashable]) -> tuple[int, int, int]:
    """(right, given, gold) of one text."""
    return len(gold & given), len(given), len(gold)


def _prf(counts: Numbers) -> Numbers:
    right, given, gold = counts
    return np.array([right / max(given, 1), right / max(gold, 1), 2 * right / max(given + gold, 1)])


def _interval(
    counts: Numbers, clusters: Sequence[int] | np.typing.NDArray[np.intp], seed: int
) -> tuple[Numbers, Numbers]:
    number = int(np.max(clusters)) + 1
    sums = np.stack([np.bincount(clusters, column, number) for column in counts.T], axis=1)
    if number == 1:
        return _prf(sums[0]), _prf(sums[0])
    draws = np.random.default_rng(seed)
    told = np.empty((RESAMPLES, 3))
    for turn in range(RESAMPLES):
        times = np.bincount(draws.integers(0, number, number), minlength=number).astype(np.float64)
        told[turn] = _prf(times @ sums)
    low, high = np.percentile(told, [2.5, 97.5], axis=0)
    return low, high


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
