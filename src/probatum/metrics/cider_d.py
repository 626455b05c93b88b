"""How much an answer agrees with the reference in the runs of words that are rare in the set."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.metrics._grams import grams
from probatum.metrics._tokens import fitting, tokeniser
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Score

ORDER = 4
SIGMA = 6.0
Vector = tuple[list[dict[object, float]], list[float], int]  # weights by order, their norms, length in bigrams


@card("CIDEr-D", survey="5.1.2", reference="doi:10.1109/CVPR.2015.7299087", languages=("en", "zh"))
def cider_d(
    pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), tokens: str = "auto", seed: int = 0
) -> Mapping[str, Score]:
    """`cider_d`: ten times the mean over 1 to 4 words of the clipped tf-idf cosine, less a penalty for length; 0 to 10.

    How rare a run is, is counted over the references of the set, so the number depends on the set. As in the reference
    code the length that is compared is the number of bigrams. `tokens`: auto is words, or characters in Chinese.
    An empty answer counts 0. Intervals are 95% bootstrap over texts, or over what shares one of `groups`.
    """
    took = fitting(tokens, [gold.text for gold, _ in pairs], "words")
    values = per_item(pairs, took)
    said = (
        f"cider_d|tok:{took}|n:{ORDER}|sigma:{SIGMA:g}|df:references|length:bigrams|bootstrap:{RESAMPLES}|seed:{seed}"
    )
    if not len(values):
        return {"cider_d": Score(0.0, 0, said)}
    low, high = interval(values, np.ones(len(values)), clusters_of(len(pairs), groups), seed)
    empty = sum(not given.text.strip() for _, given in pairs)
    return {"cider_d": Score(float(values.mean()), len(values), said, low, high, empty=empty)}


def per_item(pairs: Sequence[Pair], tokens: str) -> np.ndarray:
    """CIDEr-D of each pair."""
    cut = tokeniser(tokens)
    golds = [_counts(cut(gold.text)) for gold, _ in pairs]
    givens = [_counts(cut(given.text)) for _, given in pairs]
    known = Counter(gram for counts in golds for gram in counts)
    rare = math.log(max(len(pairs), 1))
    return np.array(
        [
            _similar(_weighed(given, known, rare), _weighed(gold, known, rare))
            for gold, given in zip(golds, givens, strict=True)
        ]
    )


def _counts(tokens: Sequence[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(tokens[at : at + n]) for n in range(1, ORDER + 1) for at in range(len(grams(tokens, n))))


def _weighed(counts: Counter[tuple[str, ...]], known: Counter[tuple[str, ...]], rare: float) -> Vector:
    weights: list[dict[object, float]] = [{} for _ in range(ORDER)]
    for gram, times in counts.items():
        weights[len(gram) - 1][gram] = times * (rare - math.log(max(1, known[gram])))
    length = sum(times for gram, times in counts.items() if len(gram) == 2)
    return weights, [math.sqrt(sum(value**2 for value in each.values())) for each in weights], length


def _similar(given: Vector, gold: Vector) -> float:
    total = 0.0
    for said, wanted, norm, other in zip(given[0], gold[0], given[1], gold[1], strict=True):
        both = sum(min(value, wanted[gram]) * wanted[gram] for gram, value in said.items() if gram in wanted)
        total += both / (norm * other) if norm and other else both
    distance = given[2] - gold[2]
    return 10 * total / ORDER * math.exp(-(distance**2) / (2 * SIGMA**2))
