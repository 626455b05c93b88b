"""RJUA-QA's own score: twice the F1 of the diseases and once that of the advice, and ROUGE-L of the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.metrics._grams import common_subsequence
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Answer, Score

MEASURES = ("rjua_f1", "rjua_f1:disease", "rjua_f1:advice", "rjua_rouge-L")


@card("RJUA-QA: F1 of diseases and advice, ROUGE-L", survey="5.2.2", reference="https://github.com/alipay/RJU_Ant_QA")
def rjua(pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0) -> Mapping[str, Score]:
    """`rjua_f1`, its parts for disease and advice, and `rjua_rouge-L`: means over the questions, 0 to 1.

    As the set's README defines them: F1 of the names under the fields disease and advice (equal letter by letter, each
    once), (2 disease + advice) / 3 for a question; ROUGE-L from the longest common subsequence of characters without
    blanks. Where nothing is wanted, nothing is right. Empty answers score 0 and are counted. Intervals are 95%
    bootstrap over questions, or over one of `groups`.
    """
    values, clusters = per_item(pairs), clusters_of(len(pairs), groups)
    empty = sum(not given.text.strip() and not given.fields for _, given in pairs)
    scores: dict[str, Score] = {}
    for name, each in values.items():
        low, high = interval(each, np.ones(len(each)), clusters, seed) if len(each) else (0.0, 0.0)
        said = f"{name}|tok:char|average:question|v:1|bootstrap:{RESAMPLES}|seed:{seed}"
        value = float(each.mean()) if len(each) else 0.0
        scores[name] = Score(value, len(each), said, low, high, empty=empty)
    return scores


def per_item(pairs: Sequence[Pair]) -> dict[str, NDArray[np.float64]]:
    """The measures of each question, by the names that `rjua` gives their means."""
    rows = np.zeros((len(pairs), len(MEASURES)))
    for row, (gold, given) in zip(rows, pairs, strict=True):
        disease, advice = (_f1(_named(gold, name), _named(given, name)) for name in ("disease", "advice"))
        row[:] = ((2 * disease + advice) / 3, disease, advice, _rouge_l(gold.text, given.text))
    return dict(zip(MEASURES, rows.T, strict=True))


def _named(answer: Answer, name: str) -> set[str]:
    return {value.strip() for key, value in answer.fields if key == name and value.strip()}


def _f1(wanted: set[str], said: set[str]) -> float:
    if not wanted:
        return float(not said)
    return 2 * len(wanted & said) / (len(wanted) + len(said))


def _rouge_l(wanted: str, said: str) -> float:
    first, second = "".join(wanted.split()), "".join(said.split())
    common = common_subsequence(first, second) if first and second else 0
    return 2 * common / (len(first) + len(second)) if common else 0.0
