"""Accuracy and coverage: what is right, what was not answered, what could not be read."""

from __future__ import annotations

import pytest
from golden import golden

from probatum.metrics.accuracy import accuracy
from probatum.metrics.classification import classification
from probatum.types import Answer


def test_accuracy_is_scikit_learns() -> None:
    wanted = golden("classification")
    pairs = [(Answer(choice=a), Answer(choice=b)) for a, b in zip(wanted["y_true"], wanted["y_pred"], strict=True)]
    assert accuracy(pairs)["accuracy"].value == pytest.approx(wanted["accuracy"], abs=1e-6)


def test_an_unread_answer_is_wrong_and_counted_and_an_abstention_is_neither_right_nor_unread() -> None:
    gold = Answer(choice="A")
    pairs = [
        (gold, Answer(text="A", choice="A")),
        (gold, Answer(text="perhaps")),
        (gold, Answer(abstained="no evidence: nothing fits")),
        (gold, Answer(text="no idea", abstained="unparsed: no letter")),
    ]
    scores = accuracy(pairs)
    assert (scores["accuracy"].value, scores["accuracy"].unparsed) == (0.25, 2)
    assert scores["coverage"].value == 0.25 and scores["accuracy_answered"].value == 1
    assert classification(pairs)["micro_f1"].unparsed == 2


def test_several_letters_are_right_together_only() -> None:
    pairs = [(Answer(choice="ABD"), Answer(choice=each)) for each in ("ABD", "AB", "ABCD")]
    assert accuracy(pairs)["accuracy"].value == pytest.approx(1 / 3)
    assert accuracy([])["accuracy"].n == 0
