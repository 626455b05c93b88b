"""How well questions about images are answered: closed ones exactly, open ones by their words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.naming import call, card
from probatum.shapes import Pair
from probatum.types import Answer, Score

_CLOSED = frozenset({"yes", "no", "是", "否", "有", "没有", "不是"})
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_WORD = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]")


@card("VQA: closed accuracy, open token recall and F1, BLEU-1", survey="5.1.2", languages=("en", "zh"))
def vqa(pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0) -> Mapping[str, Score]:
    """`closed_accuracy`, `open_accuracy` (exact), `open_recall`, `open_f1` (0 to 1), `open_bleu-1` (0 to 100), `exact`.

    A question is closed or open by gold's field `answer_type` (CLOSED or OPEN), else closed where gold is yes or no.
    Texts are compared in small letters without articles and signs; tokens are words, in Chinese characters. Closed and
    open are never pooled but in `exact`. An empty answer counts 0. Intervals are 95% bootstrap over questions, or over
    what shares one of `groups` (the image).
    """
    open_ = np.array([not is_closed(gold) for gold, _ in pairs], np.float64)
    exact = np.array([plain(gold.text) == plain(given.text) != "" for gold, given in pairs], np.float64)
    tokens = np.array([_recall_f1(gold.text, given.text) for gold, given in pairs], np.float64).reshape(-1, 2)
    clusters = clusters_of(len(pairs), groups)
    empty = sum(not given.text.strip() for _, given in pairs)
    scores: dict[str, Score] = {}
    for name, values, weights in (
        ("closed_accuracy", exact, 1 - open_),
        ("open_accuracy", exact, open_),
        ("open_recall", tokens[:, 0], open_),
        ("open_f1", tokens[:, 1], open_),
        ("exact", exact, np.ones(len(pairs))),
    ):
        total = float(weights.sum())
        low, high = interval(values, weights, clusters, seed) if total else (0.0, 0.0)
        value = float((values * weights).sum() / total) if total else 0.0
        said = f"{name}|lower, no articles or signs|bootstrap:{RESAMPLES}|seed:{seed}"
        scores[name] = Score(value, int(total), said, low, high, empty=empty)
    asked = [place for place, flag in enumerate(open_) if flag]
    if asked:
        of_open = tuple(groups[place] for place in asked) if groups else ()
        plainly = [(Answer(text=plain(pairs[p][0].text)), Answer(text=plain(pairs[p][1].text))) for p in asked]
        bleu = call("metrics", "bleu", plainly, groups=of_open, tokens="none", smoothing="none", seed=seed)
        scores["open_bleu-1"] = bleu["bleu-1"]
    return scores


def is_closed(gold: Answer) -> bool:
    """Whether a question is closed."""
    said = dict(gold.fields).get("answer_type", "")
    return said.upper() == "CLOSED" if said else plain(gold.text) in _CLOSED


def plain(text: str) -> str:
    """The text in small letters without articles, signs and doubled spaces."""
    return " ".join(_WORD.findall(_ARTICLES.sub(" ", text.lower())))


def _recall_f1(wanted: str, said: str) -> tuple[float, float]:
    golds, givens = Counter(plain(wanted).split()), Counter(plain(said).split())
    shared = sum((golds & givens).values())
    return shared / max(sum(golds.values()), 1), 2 * shared / max(sum(golds.values()) + sum(givens.values()), 1)
