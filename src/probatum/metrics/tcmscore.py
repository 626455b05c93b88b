"""How well an explanation in traditional Chinese medicine agrees with the reference: its terms, and what it means."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from probatum.errors import NeedsFile
from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Score

Segment = Callable[[str], Sequence[tuple[str, bool]]]  # a sentence's tokens, each with whether it is a TCM term
Entail = Callable[[str, str], float]  # how far the first sentence entails the second, 0 to 1
_ENDS = "。！？!?"
_NEITHER = 2.0  # the weight where the reference sentence has no term


@card("TCMScore", survey="5.2.1", reference="doi:10.48550/arXiv.2406.01126", languages=("zh",))
def tcmscore(
    pairs: Sequence[Pair],
    *,
    groups: Sequence[tuple[str, ...]] = (),
    segment: Segment | None = None,
    entail: Entail | None = None,
    seed: int = 0,
) -> Mapping[str, Score]:
    """`tcmscore`: the mean over texts of term agreement times entailment, less a penalty for another length; 0 to 1.

    Each sentence of the reference is set against each of the answer, weighed by their Term-F1 (3PRD / (P + R + D), D
    the variety of terms in the answer's sentence), and the mean of entailment in both directions is summed by weight.
    `segment` gives a sentence's tokens and says which are terms; `entail` is the model of entailment: both have to be
    given (`NeedsFile` says so), and a number is comparable only with the same two. Intervals are 95% bootstrap.
    """
    if segment is None or entail is None:
        raise NeedsFile(
            "TCMScore needs a term dictionary and a model of entailment",
            mend="give segment= (tokens with whether each is a term) and entail= (a score for two sentences)",
        )
    values = np.array([one(gold.text, given.text, segment, entail) for gold, given in pairs], np.float64)
    said = f"tcmscore|length penalty:ln|bootstrap:{RESAMPLES}|seed:{seed}"
    if not len(values):
        return {"tcmscore": Score(0.0, 0, said)}
    low, high = interval(values, np.ones(len(values)), clusters_of(len(pairs), groups), seed)
    empty = sum(not given.text.strip() for _, given in pairs)
    return {"tcmscore": Score(float(values.mean()), len(values), said, low, high, empty=empty)}


def one(wanted: str, said: str, segment: Segment, entail: Entail) -> float:
    """TCMScore of one answer."""
    golds, givens = sentences(wanted), sentences(said)
    if not golds or not givens:
        return 0.0
    cut = [segment(sentence) for sentence in givens]
    total = 0.0
    for sentence in golds:
        tokens = segment(sentence)
        weights = [term_f1(tokens, other) for other in cut]
        if whole := sum(weights):
            means = [(entail(sentence, other) + entail(other, sentence)) / 2 for other in givens]
            total += sum(weight * mean for weight, mean in zip(weights, means, strict=True)) / whole
    return total / len(golds) * _penalty(len(wanted), len(said))


def sentences(text: str) -> list[str]:
    """The sentences of a Chinese text, each with its end."""
    found, start = [], 0
    for place, letter in enumerate(text, 1):
        if letter in _ENDS or place == len(text):
            if text[start:place].strip():
                found.append(text[start:place].strip())
            start = place
    return found


def term_f1(wanted: Sequence[tuple[str, bool]], said: Sequence[tuple[str, bool]]) -> float:
    """The agreement of two sentences in terms; 2 where the first has none, 0 where only the second has none."""
    golds, givens = (Counter(token for token, is_term in each if is_term) for each in (wanted, said))
    if not golds:
        return _NEITHER
    shared = sum((golds & givens).values())
    if not shared:
        return 0.0
    precision, recall = shared / sum(givens.values()), shared / sum(golds.values())
    variety = len(givens) / len({token for token, _ in said})
    return 3 * precision * recall * variety / (precision + recall + variety)


def _penalty(first: int, second: int) -> float:
    shorter, longer = sorted((first, second))
    return math.exp(1 - math.log(longer) / math.log(shorter)) if shorter > 1 else float(shorter == longer)
