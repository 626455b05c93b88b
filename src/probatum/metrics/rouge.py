"""How much of a reference stands in a written answer: runs of one and two tokens, and longest common subsequences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np

from probatum.errors import BadPlan
from probatum.metrics._clusters import RESAMPLES, Numbers, clusters_of, intervals
from probatum.metrics._grams import common_subsequence, grams, shared
from probatum.metrics._tokens import Tokenise, fitting, tokeniser
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Score

KINDS = ("rouge-1", "rouge-2", "rouge-L", "rouge-Lsum")
STYLES = ("rouge_score", "rouge-chinese", "coco")
_BETA = 1.2  # what the captioning code weighs recall by


@card("ROUGE-1, 2, L and Lsum", survey="5.1.3", reference="https://aclanthology.org/W04-1013/", languages=("en", "zh"))
def rouge(
    pairs: Sequence[Pair],
    *,
    groups: Sequence[tuple[str, ...]] = (),
    tokens: str = "auto",
    style: str = "rouge_score",
    seed: int = 0,
) -> Mapping[str, Score]:
    """`rouge-1`, `-2`, `-L` and `-Lsum`: means of F1 over the texts, 0 to 1, with `:precision` and `:recall` beside.

    `tokens`: auto (rouge, or characters where the references are Chinese, for which a-z words would all score 0),
    rouge, rouge-stem, char, words, jieba ... Lsum takes lines as sentences and the union of their subsequences.
    `style`: rouge_score (clipped counts); rouge-chinese (distinct runs for -1 and -2); coco (rouge-L with beta 1.2).
    An empty answer counts 0. Intervals are 95% bootstrap over texts, or over what shares one of `groups`.
    """
    if style not in STYLES:
        raise BadPlan(f"style = {style!r} is not known here", mend=f"one of: {', '.join(STYLES)}")
    took = fitting(tokens, [gold.text for gold, _ in pairs], "rouge")
    values = per_text(pairs, tokens=took, style=style)
    low, high = intervals(
        values.reshape(len(pairs), -1), np.ones((len(pairs), 1)), clusters_of(len(pairs), groups), seed
    )
    mean = values.mean(axis=0) if len(pairs) else np.zeros((len(KINDS), 3))
    empty = sum(not given.text.strip() for _, given in pairs)
    scores: dict[str, Score] = {}
    for place, name in enumerate(KINDS):
        for measure, suffix in ((2, ""), (0, ":precision"), (1, ":recall")):
            said = f"{name}{suffix or ':f1'}|tok:{took}|style:{style}|bootstrap:{RESAMPLES}|seed:{seed}"
            at = 3 * place + measure
            value = float(mean[place, measure])
            scores[name + suffix] = Score(value, len(pairs), said, float(low[at]), float(high[at]), empty=empty)
    return scores


def per_item(pairs: Sequence[Pair], *, tokens: str = "auto", style: str = "rouge_score") -> dict[str, Numbers]:
    """F1 of each kind for each pair, by the names that `rouge` gives their means."""
    took = fitting(tokens, [gold.text for gold, _ in pairs], "rouge")
    return dict(zip(KINDS, per_text(pairs, tokens=took, style=style)[:, :, 2].T, strict=True))


def per_text(pairs: Sequence[Pair], *, tokens: str, style: str = "rouge_score") -> Numbers:
    """Precision, recall and F of each kind for each pair: shape (pairs, 4, 3)."""
    cut = tokeniser(tokens)
    rows = [
        _of_lines(gold.text, given.text, tokens, style)
        if "\n" in gold.text or "\n" in given.text
        else tuple(_measures(gold.text, given.text, cut, style))
        for gold, given in pairs
    ]
    return np.array(rows, dtype=float).reshape(-1, len(KINDS), 3)


@lru_cache(maxsize=1024)  # Lsum of long texts takes long, and each comes again for its strata and by itself
def _of_lines(gold: str, given: str, tokens: str, style: str) -> tuple[tuple[float, float, float], ...]:
    return tuple(_measures(gold, given, tokeniser(tokens), style))


def _measures(gold: str, given: str, cut: Tokenise, style: str) -> Iterator[tuple[float, float, float]]:
    wanted, said = cut(gold), cut(given)
    for n in (1, 2):
        runs, others = grams(said, n), grams(wanted, n)
        if style == "rouge-chinese":
            yield _prf(len(set(runs) & set(others)), len(set(runs)), len(set(others)), style)
        else:
            yield _prf(shared(runs, others), len(runs), len(others), style)
    common = common_subsequence(wanted, said)
    yield _prf(common, len(said), len(wanted), style)
    if "\n" in gold or "\n" in given:
        lines, told = ([each for line in text.split("\n") if (each := cut(line))] for text in (gold, given))
        yield _prf(_union(lines, told), sum(map(len, told)), sum(map(len, lines)), style)
    else:
        yield _prf(common, len(said), len(wanted), style)


def _prf(shared_runs: int, given: int, wanted: int, style: str) -> tuple[float, float, float]:
    precision, recall = shared_runs / max(given, 1), shared_runs / max(wanted, 1)
    if not precision or not recall:
        return precision, recall, 0.0
    if style == "coco":
        square = _BETA**2
        return precision, recall, (1 + square) * precision * recall / (recall + square * precision)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _union(lines: Sequence[Sequence[str]], told: Sequence[Sequence[str]]) -> int:
    """How many tokens of the reference's lines lie on a subsequence with any line told, each token used once a text."""
    wanted, said = Counter(token for line in lines for token in line), Counter(t for line in told for t in line)
    hits, known = 0, [set(other) for other in told]
    for line in lines:
        lying: set[int] = set()
        for other, tokens in zip(told, known, strict=True):
            # What the other lacks is always passed over, so it changes nothing but the time that it takes.
            kept = [place for place, token in enumerate(line) if token in tokens]
            lying.update(kept[place] for place in _places([line[place] for place in kept], other))
        for place in sorted(lying):
            token = line[place]
            if wanted[token] > 0 and said[token] > 0:
                wanted[token] -= 1
                said[token] -= 1
                hits += 1
    return hits


def _places(first: Sequence[str], second: Sequence[str]) -> list[int]:
    """Where the longest common subsequence lies in the first; of several the one that rouge_score takes."""
    table = [[0] * (len(second) + 1)]
    for token in first:
        above, row = table[-1], [0]
        for place, other in enumerate(second):
            row.append(above[place] + 1 if token == other else max(above[place + 1], row[place]))
        table.append(row)
    found: list[int] = []
    i, j = len(first), len(second)
    while i and j:
        if first[i - 1] == second[j - 1]:
            found.append(i - 1)
            i, j = i - 1, j - 1
        elif table[i][j - 1] > table[i - 1][j]:
            j -= 1
        else:
            i -= 1
    return found
