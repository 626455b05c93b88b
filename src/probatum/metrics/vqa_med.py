"""Answers about images as the VQA-Med tasks of ImageCLEF score them: strict accuracy, and BLEU over stems."""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.naming import card
from probatum.shapes import Pair
from probatum.text.snowball import stem
from probatum.types import Answer, Score

_SIGNS = ';/[]"{}()=+\\_-><@`,?!'
_POINT = re.compile(r"(?!<=\d)(\.)(?!\d)")
_THOUSANDS = re.compile(r"(\d)(,)(\d)")
_NUMBERS = {word: str(n) for n, word in enumerate("zero one two three four five six seven eight nine ten".split())}
_NUMBERS["none"] = "0"
_ARTICLES = {"a", "an", "the"}
_NO_SIGNS = str.maketrans("", "", string.punctuation)
_STOP = frozenset(
    "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself "
    "it its itself they them their theirs themselves what which who whom this that these those am is are was were be "
    "been being have has had having do does did doing a an the and but if or because as until while of at by for with "
    "about against between into through during before after above below to from up down in out on off over under again "
    "further then once here there when where why how all any both each few more most other some such no nor not only "
    "own same so than too very s t can will just don should now d ll m o re ve y ain aren couldn didn doesn hadn hasn "
    "haven isn ma mightn mustn needn shan shouldn wasn weren won wouldn cannot".split()
)  # the words that the evaluator leaves out; `cannot` it takes for two of them
_ORDERS = 4


@card(
    "VQA-Med: strict accuracy and BLEU over stems",
    survey="5.1.2",
    reference="https://github.com/abachaa/VQA-Med-2021 (EvaluationCode)",
    languages=("en",),
)
def vqa_med(pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0) -> Mapping[str, Score]:
    """`vqa_med_accuracy` and `vqa_med_bleu`, 0 to 1, as the evaluators of 2020 and 2021 count; gold may have several.

    Accuracy: an answer is one of gold's after signs and articles are taken off and numbers up to ten are digits. BLEU:
    the best of gold's answers by unsmoothed BLEU-4 of each text alone, over the stems of the words that are not common
    ones; under four such words it is 0, as in the evaluator, unless both texts have none (1). An empty answer counts 0.
    Contractions are not spelled alike here. Intervals are 95% bootstrap over questions, or what shares one of `groups`.
    """
    right, likeness = (np.array([rule(*pair) for pair in pairs], np.float64) for rule in (_accuracy, _best_bleu))
    clusters, weights = clusters_of(len(pairs), groups), np.ones(len(pairs))
    empty = sum(not given.text.strip() for _, given in pairs)
    scores: dict[str, Score] = {}
    for name, values, said in (
        ("vqa_med_accuracy", right, "exact|signs, articles, numbers"),
        ("vqa_med_bleu", likeness, "bleu-4|sentences|smooth:none|stop words out|snowball stems|best reference"),
    ):
        low, high = interval(values, weights, clusters, seed) if len(pairs) else (0.0, 0.0)
        value = float(values.mean()) if len(pairs) else 0.0
        signature = f"{name}|{said}|bootstrap:{RESAMPLES}|seed:{seed}"
        scores[name] = Score(value, len(pairs), signature, low, high, empty=empty)
    return scores


def _answers(gold: Answer) -> list[str]:
    return [each.name for each in gold.candidates] or [gold.text]


def _accuracy(gold: Answer, given: Answer) -> float:
    said = _plain(given.text)
    return float(bool(given.text.strip()) and any(_plain(each) == said for each in _answers(gold)))


def _plain(text: str) -> str:
    text = text.replace("\n", " ").replace("\t", " ").strip()
    bare, thousands = text, _THOUSANDS.search(text) is not None
    for sign in _SIGNS:
        apart = f"{sign} " in text or f" {sign}" in text or thousands
        bare = bare.replace(sign, "" if apart else " ")
    # the evaluator takes off no more than the first 32 full stops
    bare = _POINT.sub("", bare, count=32)
    words = (_NUMBERS.get(word, word) for word in bare.lower().split())
    return " ".join(word for word in words if word not in _ARTICLES)


def _best_bleu(gold: Answer, given: Answer) -> float:
    if not given.text.strip():
        return 0.0
    said = _stems(given.text)
    return max(_bleu(_stems(each), said) for each in _answers(gold))


def _stems(text: str) -> list[str]:
    words = text.lower().translate(_NO_SIGNS).split()
    return [stem(word) for word in words if word not in _STOP]


def _bleu(wanted: Sequence[str], said: Sequence[str]) -> float:
    if not wanted and not said:
        return 1.0
    logs = 0.0
    for order in range(1, _ORDERS + 1):
        runs, golds = (
            Counter(tuple(words[at : at + order]) for at in range(len(words) - order + 1)) for words in (said, wanted)
        )
        shared = sum((runs & golds).values())
        if not shared:
            return 0.0
        logs += math.log(shared / sum(runs.values())) / _ORDERS
    brevity = 1.0 if len(said) > len(wanted) else math.exp(1 - len(wanted) / len(said))
    return brevity * math.exp(logs)
