"""How well the words of an answer can be laid on those of the reference: exact, by stem, by synonym; order counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise

import numpy as np

from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.metrics._tokens import fitting, tokeniser
from probatum.naming import card
from probatum.shapes import Pair
from probatum.text.stemming import stem
from probatum.types import Score

Synonyms = Callable[[str], Collection[str]]  # the words that may stand for a word
Words = list[tuple[int, str]]  # (place, word) of what is still free


@card("METEOR", survey="5.1.3", reference="https://aclanthology.org/W05-0909/", languages=("en", "zh"))
def meteor(
    pairs: Sequence[Pair],
    *,
    groups: Sequence[tuple[str, ...]] = (),
    tokens: str = "auto",
    alpha: float = 0.9,
    beta: float = 3.0,
    gamma: float = 0.5,
    synonyms: Synonyms | None = None,
    seed: int = 0,
) -> Mapping[str, Score]:
    """`meteor`: the mean over the texts of F with recall weighed by `alpha`, less a penalty for broken order; 0 to 1.

    NLTK's form: exact words, then stems, then `synonyms` (none by default; NLTK takes WordNet's). It is another number
    than that of the Java program 1.5, so the signature says which. `tokens`: auto is words, or characters in Chinese.
    An empty answer counts 0. Intervals are 95% bootstrap over texts, or over what shares one of `groups`.
    """
    took = fitting(tokens, [gold.text for gold, _ in pairs], "words")
    cut = tokeniser(took)
    shape = (alpha, beta, gamma)
    values = np.array([one(cut(gold.text), cut(given.text), shape, synonyms) for gold, given in pairs], np.float64)
    kinds = "exact+stem+synonyms" if synonyms else "exact+stem"
    said = f"meteor|nltk|{kinds}|tok:{took}|alpha:{alpha}|beta:{beta}|gamma:{gamma}|bootstrap:{RESAMPLES}|seed:{seed}"
    if not len(values):
        return {"meteor": Score(0.0, 0, said)}
    low, high = interval(values, np.ones(len(values)), clusters_of(len(pairs), groups), seed)
    empty = sum(not given.text.strip() for _, given in pairs)
    return {"meteor": Score(float(values.mean()), len(values), said, low, high, empty=empty)}


def one(
    wanted: Sequence[str], said: Sequence[str], shape: tuple[float, float, float], synonyms: Synonyms | None = None
) -> float:
    """METEOR of one answer, both as tokens; `shape` is alpha, beta, gamma."""
    alpha, beta, gamma = shape
    free, other = list(enumerate(word.lower() for word in said)), list(enumerate(word.lower() for word in wanted))
    laid = _laid(free, other, lambda word: (word,))
    laid += _laid(free, other, lambda word: (stem(word),), stem)
    if synonyms is not None:
        laid += _laid(free, other, lambda word: (word, *synonyms(word)))
    if not laid:
        return 0.0
    laid.sort()
    precision, recall = len(laid) / len(said), len(laid) / len(wanted)
    mean = precision * recall / (alpha * precision + (1 - alpha) * recall)
    steps = pairwise(laid)
    chunks = 1 + sum((after[0] - before[0], after[1] - before[1]) != (1, 1) for before, after in steps)
    penalty: float = gamma * (chunks / len(laid)) ** beta
    return (1 - penalty) * mean


def _laid(
    free: Words, other: Words, means: Callable[[str], Collection[str]], read: Callable[[str], str] = str
) -> list[tuple[int, int]]:
    """Pairs of places, each word of the answer on the last free word of the reference; what is laid is free no more."""
    found: list[tuple[int, int]] = []
    for i in range(len(free) - 1, -1, -1):
        place, word = free[i]
        may = means(word)
        for j in range(len(other) - 1, -1, -1):
            if read(other[j][1]) in may:
                found.append((place, other.pop(j)[0]))
                free.pop(i)
                break
    return found
