"""Closed and open questions about images: hand-made cases."""

from __future__ import annotations

import pytest

from probatum.metrics.vqa import vqa
from probatum.types import Answer


def test_closed_and_open_are_scored_apart() -> None:
    pairs = [
        (Answer(text="Yes"), Answer(text="yes.")),
        (Answer(text="no"), Answer(text="yes")),
        (Answer(text="left lung", fields=(("answer_type", "OPEN"),)), Answer(text="the left upper lung")),
        (Answer(text="axial", fields=(("answer_type", "CLOSED"),)), Answer(text="Axial")),
    ]
    scores = vqa(pairs)
    assert scores["closed_accuracy"].value == pytest.approx(2 / 3) and scores["closed_accuracy"].n == 3
    assert scores["open_recall"].value == 1 and scores["open_f1"].value == pytest.approx(0.8)
    assert scores["open_accuracy"].value == 0 and scores["open_bleu-1"].value == pytest.approx(100 * 2 / 3)
    assert scores["exact"].value == 0.5


def test_chinese_is_compared_by_characters() -> None:
    scores = vqa([(Answer(text="左侧肺部"), Answer(text="左肺")), (Answer(text="是"), Answer(text="是。"))])
    assert scores["open_recall"].value == 0.5 and scores["closed_accuracy"].value == 1


def test_an_empty_answer_is_never_right() -> None:
    score = vqa([(Answer(text="yes"), Answer())])["closed_accuracy"]
    assert (score.value, score.empty) == (0, 1)


def test_questions_of_one_image_are_drawn_together() -> None:
    pairs = [(Answer(text="left lung"), Answer(text="left")), (Answer(text="yes"), Answer(text="yes"))]
    scores = vqa(pairs, groups=[("image:1",), ("image:1",)])
    assert scores["open_bleu-1"].n == 1 and scores["exact"].low == scores["exact"].high == 0.5
