"""How the trained annotators learn from annotated texts: a tagger, written forms and a relation classifier."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from probatum.annotators import _tagging
from probatum.annotators._pairs import features, pairs
from probatum.annotators._reading import CLASSIFIER, KINDS, TAGGER, with_kinds
from probatum.networks import crf, logistic
from probatum.store.reader import Store
from probatum.types import Example, Mention, Relation

FOLDS = 5
PENALTY = 3.0  # of the classifier; chosen among 1, 3 and 10 by cross-validation on the training texts


def learn(store: Store, examples: Sequence[Example], folder: Path, *, rounds: int = 100) -> dict[str, Any]:
    """Trains on annotated texts, writes `folder`, and says what was learned from.

    The threshold of the classifier is the one of best F1 on the training texts, each scored by a model that had not
    seen it (five folds by the order of the texts). The same store, texts and settings give the same files.
    """
    data = {"texts": len(examples), "knowledge": store.content}
    field = crf.train(list(_tagging.lessons(examples, with_kinds(store, _tagging.HINTS))), rounds=rounds, about=data)
    field.save(folder / TAGGER)
    written = json.dumps(_written(examples), indent=0, sort_keys=True, ensure_ascii=False)
    (folder / TAGGER / _tagging.LEARNED).write_text(written, encoding="utf-8")
    told: dict[str, Any] = {**field.about}
    lessons = list(_lessons(examples))
    if any(gold for *_, gold in lessons):
        wanted = sum(isinstance(each, Relation) for example in examples for each in example.answer.found)
        threshold, score = _threshold(lessons, wanted)
        about = {**data, "threshold": threshold, "f1_out_of_fold": score}
        rows, gold = [row for _, row, _ in lessons], [gold for *_, gold in lessons]
        trained = logistic.train(rows, gold, penalty=PENALTY, about=about)
        trained.save(folder / CLASSIFIER)
        told |= trained.about
    return told


def _written(examples: Sequence[Example]) -> dict[str, dict[str, str]]:
    """For each kind the written forms of the texts with the concept that they most often stood for."""
    seen: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for example in examples:
        for each in example.answer.found:
            if isinstance(each, Mention) and each.concept:
                seen[each.kind, each.text][each.concept] += 1
    learned: dict[str, dict[str, str]] = {}
    for (kind, text), counts in sorted(seen.items()):
        learned.setdefault(kind, {})[text] = min(counts, key=lambda id_: (-counts[id_], id_))
    return learned


def _threshold(lessons: Sequence[tuple[str, dict[str, float], bool]], wanted: int) -> tuple[float, float]:
    folds = {id_: place % FOLDS for place, id_ in enumerate(dict.fromkeys(id_ for id_, *_ in lessons))}
    chances, hits = [], []
    for fold in range(FOLDS):
        seen = [(row, gold) for id_, row, gold in lessons if folds[id_] != fold]
        trained = logistic.train([row for row, _ in seen], [gold for _, gold in seen], penalty=PENALTY, about={})
        unseen = [(row, gold) for id_, row, gold in lessons if folds[id_] == fold]
        chances += [trained.chance(row) for row, _ in unseen]
        hits += [gold for _, gold in unseen]
    scored, right = np.array(chances), np.array(hits)
    steps = np.round(np.arange(0.1, 0.71, 0.02), 2)
    f1 = [2 * right[scored >= step].sum() / ((scored >= step).sum() + wanted) for step in steps]
    best = int(np.argmax(f1))
    return float(steps[best]), round(float(f1[best]), 4)


def _lessons(examples: Iterable[Example]) -> Iterator[tuple[str, dict[str, float], bool]]:
    """(id of the text, features, whether people saw the relation) of each pair in annotated texts, for training."""
    for example in examples:
        text, answer = _tagging.text_of(example), example.answer
        found = [each for each in answer.found if isinstance(each, Mention)]
        gold = {(each.subject, each.object) for each in answer.found if isinstance(each, Relation)}
        for pair in pairs(text, found, KINDS):
            yield example.id, features(pair, found, text), (pair.subject, pair.object) in gold
