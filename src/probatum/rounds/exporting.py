"""What people said, as data: judgements as JSON lines, and preferences that a model can be trained on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from probatum.ledger.rating import Mark
from probatum.rounds.findings import aliases, judgements
from probatum.rounds.laying import Item, Layout
from probatum.types import Answer, Example, Judgement, Origin, Question

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
    for item, chosen, rejected, _ in _pairs(layout, marks, margin, leave):
        if rejected:
            origin = Origin("rounds", seal[:12], item.id, reliability="curated")
            groups = (f"item:{item.id}",)
            yield Example(item.id, Question(item.question), chosen, groups, rejected=rejected, origin=origin)


def unpreferred(
    layout: Layout, marks: Sequence[Mark], *, margin: float = MARGIN, leave: Sequence[str] = ()
) -> dict[str, int]:
    """Why items give no preference, each reason with its number of items; nothing where all give one."""
    return dict(Counter(reason for *_, reason in _pairs(layout, marks, margin, leave) if reason))


def _pairs(
    layout: Layout, marks: Sequence[Mark], margin: float, leave: Sequence[str]
) -> Iterator[tuple[Item, Answer, tuple[Answer, ...], str]]:
    """Each item with the answer that is liked best, the worse ones, and why there are none where there are none."""
    by_item: dict[str, list[Judgement]] = {}
    for each in judgements(layout, marks):
        if each.rater not in leave:
            by_item.setdefault(each.item, []).append(each)
    for item in layout.items:
        standing, least = _standing(by_item.get(item.id, []), margin)
        texts = {name: answer for name, answer in item.answers if answer.text and name in standing}
        if len(texts) < 2:  # what has no text cannot be learnt from: an abstention, an empty output
            why = "not judged" if len(standing) < 2 else "an answer without text"
            yield item, Answer(), (), why
            continue
        best = max(texts, key=lambda name: (standing[name], name))
        worse = sorted((n for n in texts if standing[best] - standing[n] >= least), key=lambda n: (-standing[n], n))
        rejected = tuple(texts[name] for name in worse if texts[name].text != texts[best].text)
        yield item, texts[best], rejected, "" if rejected else "the same text" if worse else "liked alike"


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
