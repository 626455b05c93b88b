"""What people said, as data: judgements as JSON lines, and preferences that a model can be trained on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import numpy as np

from probatum.ledger.rating import Mark
from probatum.rounds.findings import aliases, judgements
from probatum.rounds.laying import Layout
from probatum.types import Example, Judgement, Origin, Question

MARGIN = 0.5  # points of the mean rating by which an answer must be better


def judgement_lines(layout: Layout, marks: Sequence[Mark], *, blind: bool) -> Iterator[str]:
    """A JSON line for every rating, comparison and remark, calibration and checks too; who said it, and when."""
    hidden = aliases(layout) if blind else {name: name for name in layout.systems}
    for each in marks:
        screen = layout.sheets[each.rater][each.place - 1]
        said = {
            "item": screen.item, "kind": screen.kind, "rater": each.rater, "place": each.place,
            "systems": [hidden[name] for name in screen.systems], "criterion": each.name, "value": each.value,
            "text": each.text, "at": each.at,
        }  # fmt: skip
        yield json.dumps(said, ensure_ascii=False)


def preferences(
    layout: Layout, marks: Sequence[Mark], seal: str, *, margin: float = MARGIN, leave: Sequence[str] = ()
) -> Iterator[Example]:
    """An example for each item on which one answer is liked better than another: it, and the worse ones as rejected.

    Comparisons decide, by their mean over raters and criteria; where an item has none, its mean rating over raters and
    criteria, which must be better by `margin`. `leave` names raters who do not count: those who failed the attention
    checks, say. No system is named.
    """
    said = [each for each in judgements(layout, marks) if each.rater not in leave]
    by_item: dict[str, list[Judgement]] = {}
    for each in said:
        by_item.setdefault(each.item, []).append(each)
    for item in layout.items:
        standing, least = _standing(by_item.get(item.id, []), margin)
        texts = {name: answer for name, answer in item.answers if answer.text and name in standing}
        if not texts:
            continue
        best = max(texts, key=lambda name: (standing[name], name))
        worse = sorted((n for n in texts if standing[best] - standing[n] >= least), key=lambda n: (-standing[n], n))
        rejected = tuple(texts[name] for name in worse if texts[name].text != texts[best].text)
        if rejected:
            origin = Origin("rounds", seal[:12], item.id, reliability="curated")
            groups = (f"item:{item.id}",)
            yield Example(item.id, Question(item.question), texts[best], groups, rejected=rejected, origin=origin)


def _standing(said: Sequence[Judgement], margin: float) -> tuple[dict[str, float], float]:
    """How well each system stands on one item, and by how much another must be behind."""
    fights = [each for each in said if len(each.systems) == 2]
    values: dict[str, list[float]] = {}
    for each in fights or said:
        values.setdefault(each.systems[0], []).append(each.value)
        if fights:
            values.setdefault(each.systems[1], []).append(1 - each.value)
    # Any majority of comparisons is a preference: the smallest is far above rounding.
    return {name: float(np.mean(each)) for name, each in values.items()}, 1e-9 if fights else margin
