"""How often the patient's disease stands first, or among the first three or ten; over cases and over diseases."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, Numbers, clusters_of, interval
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Answer, Score

CUTOFFS = (1, 3, 10)


@card("Ranking of diagnoses: top-1, top-3, top-10, mean reciprocal rank")
def diagnosis(pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0) -> Mapping[str, Score]:
    """The share of cases with the gold disease in the first k, and the mean reciprocal rank; 0 to 1.

    Each stands over cases; as `macro_` over diseases, each of which counts alike however many cases it has; and, where
    the cases have `groups`, as `series_` over publications: the patients who share one count together as one.
    Only the exact id is a hit, with several gold ids the best; ties take the mean rank; a disease that is not in the
    list is a miss of rank infinity. Intervals are 95% bootstrap over what shares a publication (`groups`).
    """
    ranks = np.array([rank_of(gold, given) for gold, given in pairs], np.float64)
    diseases = [min((candidate.id for candidate in gold.candidates), default="") for gold, _ in pairs]
    measures: dict[str, Numbers] = {f"top{k}": (ranks <= k).astype(np.float64) for k in CUTOFFS}
    measures["mrr"] = 1 / ranks
    clusters = clusters_of(len(pairs), groups)
    over: dict[str, Sequence[object]] = {"": range(len(pairs)), "macro_": diseases}
    if any(groups):
        over["series_"] = clusters.tolist()
    scores = {}
    for prefix, shared in over.items():
        counts = Counter(shared)
        weights = np.array([1 / counts[each] for each in shared], np.float64)
        for name, values in measures.items():
            signature = f"{prefix}{name}|ties:mean|absent:miss|bootstrap:{RESAMPLES}|seed:{seed}"
            if not len(values):
                scores[prefix + name] = Score(0.0, 0, signature)
                continue
            low, high = interval(values, weights, clusters, seed)
            mean = float((values * weights).sum() / weights.sum())
            scores[prefix + name] = Score(mean, len(counts), signature, low, high)
    return scores


def rank_of(gold: Answer, given: Answer) -> float:
    """The rank of the best gold disease, ties taking the mean rank; infinity where none of them is in the list."""
    wanted = {candidate.id for candidate in gold.candidates}
    hits = [candidate.score for candidate in given.candidates if candidate.id in wanted]
    if not hits:
        return math.inf
    best = max(hits)
    above = sum(candidate.score > best for candidate in given.candidates)
    alike = sum(candidate.score == best for candidate in given.candidates)
    return above + (alike + 1) / 2
