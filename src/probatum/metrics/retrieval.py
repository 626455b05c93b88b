"""How well documents are found: nDCG, average precision, reciprocal rank, recall, success, as trec_eval counts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Answer, Score

RESAMPLES = 2_000
PerQuestion = dict[str, float]


@card("Retrieval: nDCG, MAP, MRR, recall, success", reference="https://github.com/usnistgov/trec_eval")
def retrieval(
    pairs: Sequence[Pair],
    *,
    groups: Sequence[tuple[str, ...]] = (),
    relevant: float = 1.0,
    cutoffs: tuple[int, ...] = (10, 100),
    seed: int = 0,
) -> Mapping[str, Score]:
    """Means over the questions of ndcg@k, map, mrr, recall@k and success@k, each from 0 to 1.

    Gold candidates carry grades as scores (0 is judged and not relevant); given candidates are ranked by score, ties
    by id, the higher id first, as trec_eval does. nDCG takes the grade as gain and log2(rank + 1) as discount; the
    other measures count a document of grade `relevant` or more. A question without relevant documents counts 0.
    Intervals are 95% percentile bootstrap over questions, or over what shares the first of its `groups`.
    """
    measures = [per_question(gold, given, relevant=relevant, cutoffs=cutoffs) for gold, given in pairs]
    names = list(per_question(Answer(), Answer(), relevant=relevant, cutoffs=cutoffs))
    draws = _draws(len(measures), groups, seed)
    return {name: _score(name, [each[name] for each in measures], draws, relevant, seed) for name in names}


def per_question(
    gold: Answer, given: Answer, *, relevant: float = 1.0, cutoffs: tuple[int, ...] = (10, 100)
) -> PerQuestion:
    """The measures of one question, by name."""
    grades = {candidate.id: candidate.score for candidate in gold.candidates}
    found = [grades.get(id, 0.0) for id in ranked(given)]
    hits = [grade >= relevant for grade in found]
    all_relevant = sum(grade >= relevant for grade in grades.values())
    ideal = sorted(grades.values(), reverse=True)
    measured: PerQuestion = {}
    for k in cutoffs:
        measured[f"ndcg@{k}"] = _share(_gain(found[:k]), _gain(ideal[:k]))
    measured["map"] = _share(sum(_precisions(hits)), all_relevant)
    measured["mrr"] = next((1 / rank for rank, hit in enumerate(hits, 1) if hit), 0.0)
    for k in cutoffs:
        measured[f"recall@{k}"] = _share(sum(hits[:k]), all_relevant)
        measured[f"success@{k}"] = float(any(hits[:k]))
    return measured


def ranked(given: Answer) -> list[str]:
    """The ids of the candidates by falling score, ties by falling id; an id given twice counts where it stands best.

    Scores are compared as 32-bit floats, which is how trec_eval keeps them.
    """
    best: dict[str, float] = {}
    for candidate in given.candidates:
        score = float(np.float32(candidate.score))
        best[candidate.id] = max(score, best.get(candidate.id, -math.inf))
    return sorted(sorted(best, reverse=True), key=lambda id: -best[id])


def _gain(grades: Sequence[float]) -> float:
    return sum(max(grade, 0.0) / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def _precisions(hits: Sequence[bool]) -> list[float]:
    places = [rank for rank, hit in enumerate(hits, 1) if hit]
    return [count / rank for count, rank in enumerate(places, 1)]


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


Draws = Callable[[Sequence[float]], tuple[float, float]]


def _draws(n: int, groups: Sequence[tuple[str, ...]], seed: int) -> Draws:
    """What gives the interval of a mean: questions that share a group are drawn together."""
    labels = [groups[place][0] if place < len(groups) and groups[place] else f"\0{place}" for place in range(n)]
    numbers = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    cluster = np.array([numbers[label] for label in labels], dtype=np.intp)
    chosen = np.random.default_rng(seed).integers(0, max(len(numbers), 1), (RESAMPLES, len(numbers)))

    def interval(values: Sequence[float]) -> tuple[float, float]:
        sums = np.bincount(cluster, weights=np.asarray(values, dtype=np.float64), minlength=len(numbers))
        sizes = np.bincount(cluster, minlength=len(numbers))
        means = sums[chosen].sum(axis=1) / sizes[chosen].sum(axis=1)
        low, high = np.percentile(means, [2.5, 97.5])
        return float(low), float(high)

    return interval


def _score(name: str, values: Sequence[float], draws: Draws, relevant: float, seed: int) -> Score:
    signature = f"{name}|gain:linear|relevant:{relevant:g}|ties:trec_eval|bootstrap:{RESAMPLES}|seed:{seed}"
    if not values:
        return Score(0.0, 0, signature)
    low, high = draws(values)
    return Score(math.fsum(values) / len(values), len(values), signature, low, high)
