"""How much of a written answer stands in the reference, by runs of one to four tokens."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from probatum.errors import BadPlan
from probatum.metrics._clusters import RESAMPLES, Numbers, clusters_of, drawn_sums, intervals
from probatum.metrics._grams import grams, shared
from probatum.metrics._tokens import fitting, tokeniser
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Score

ORDER = 4
SMOOTHING = ("none", "exp", "epsilon")
STYLES = ("sacrebleu", "nltk", "coco")
_EPSILON = 0.1  # what NLTK's method 1 takes for no shared run


@card("BLEU-1 to 4", survey="5.1.3", reference="doi:10.3115/1073083.1073135", languages=("en", "zh"))
def bleu(
    pairs: Sequence[Pair],
    *,
    groups: Sequence[tuple[str, ...]] = (),
    tokens: str = "auto",
    case: str = "mixed",
    smoothing: str = "exp",
    level: str = "corpus",
    style: str = "sacrebleu",
    seed: int = 0,
) -> Mapping[str, Score]:
    """`bleu-1` to `bleu-4`, 0 to 100: the brevity penalty times the geometric mean of the clipped precisions.

    `tokens`: auto (13a, or characters where the references are Chinese), 13a, intl, zh, char, none, words, jieba.
    `case`: mixed or lc. `level`: corpus (counts are summed first) or sentences (the mean of each text's own BLEU).
    `smoothing` of orders without any match: exp (halved each time, NLTK's method 3), epsilon (method 1) or none.
    `style`: sacrebleu; nltk (a text shorter than n counts one run of n); coco (tiny constants instead of smoothing).
    An empty answer counts 0. Intervals are 95% bootstrap over texts, or over what shares one of `groups`.
    """
    if smoothing not in SMOOTHING or style not in STYLES or level not in {"corpus", "sentences"}:
        raise BadPlan(f"there is no BLEU with smoothing {smoothing!r}, style {style!r}, level {level!r}")
    took = fitting(tokens, [gold.text for gold, _ in pairs], "13a")
    counts = counted(pairs, took, case, style)
    rule = partial(_bleu, smoothing=smoothing, style=style)
    empty = sum(not given.text.strip() for _, given in pairs)
    clusters = clusters_of(len(pairs), groups)
    if level == "sentences":
        each = np.array([rule(row) for row in counts]).reshape(-1, ORDER)
        value = each.mean(axis=0) if len(pairs) else np.zeros(ORDER)
        low, high = intervals(each, np.ones((len(pairs), 1)), clusters, seed)
    elif pairs:
        value = rule(counts.sum(axis=0))
        told = np.array([rule(row) for row in drawn_sums(counts, clusters, seed)])
        low, high = np.percentile(told, [2.5, 97.5], axis=0)
    else:
        value = low = high = np.zeros(ORDER)
    said = f"case:{case}|tok:{took}|smooth:{smoothing}|level:{level}|style:{style}|scale:100|bootstrap:{RESAMPLES}"
    return {
        f"bleu-{n + 1}": Score(value[n], len(pairs), f"bleu-{n + 1}|{said}|seed:{seed}", low[n], high[n], empty=empty)
        for n in range(ORDER)
    }


def counted(pairs: Sequence[Pair], tokens: str, case: str, style: str) -> Numbers:
    """For each pair a row: the shared runs of 1 to 4 tokens, the answer's runs of each, and both lengths."""
    cut = tokeniser(tokens)
    rows = []
    for gold, given in pairs:
        wanted, said = (cut(text.lower() if case == "lc" else text) for text in (gold.text, given.text))
        matched, runs = [], []
        for n in range(1, ORDER + 1):
            found = grams(said, n)
            matched.append(shared(found, grams(wanted, n)))
            runs.append(max(len(found), 1) if style == "nltk" and said else len(found))
        rows.append((*matched, *runs, len(said), len(wanted)))
    return np.array(rows, dtype=float).reshape(-1, 2 * ORDER + 2)


def _bleu(row: Numbers, smoothing: str, style: str) -> Numbers:
    """BLEU-1 to 4 of summed counts; a text without any shared token has 0."""
    matched, runs, length, wanted = row[:ORDER], row[ORDER : 2 * ORDER], row[-2], row[-1]
    if style == "coco":
        precise = (matched + 1e-15) / (runs + 1e-9)
        ratio = (length + 1e-15) / (wanted + 1e-9)
        brevity = math.exp(1 - 1 / ratio) if ratio < 1 else 1.0
        return 100 * brevity * np.exp(np.cumsum(np.log(precise)) / np.arange(1, ORDER + 1))
    if not matched[0]:
        return np.zeros(ORDER)
    brevity = 1.0 if length >= wanted else math.exp(1 - wanted / length)
    logs, halved = np.full(ORDER, -np.inf), 1.0
    for n in range(ORDER):
        if matched[n]:
            logs[n] = math.log(matched[n] / runs[n])
        elif smoothing == "exp" and runs[n]:
            halved *= 2
            logs[n] = -math.log(halved * runs[n])
        elif smoothing == "epsilon" and runs[n]:
            logs[n] = math.log(_EPSILON / runs[n])
    return 100 * brevity * np.exp(np.cumsum(logs) / np.arange(1, ORDER + 1))
