"""Consistency of grades: hand-made cases."""

from __future__ import annotations

import pytest

from probatum.metrics.grade_consistency import grade_consistency
from probatum.types import Answer


def graded(grade: str, strength: str = "") -> Answer:
    return Answer(fields=(("grade", grade), *((("strength", strength),) if strength else ())))


@pytest.mark.parametrize(
    ("said", "exact", "over"),
    [
        (graded("low"), 1, 0),
        (Answer(text="Low certainty evidence"), 1, 0),
        (Answer(text="证据低质量"), 1, 0),
        (graded("very low"), 0, 0),
        (graded("high"), 0, 1),
        (Answer(text="it works"), 0, 0),
    ],
)
def test_a_grade_is_kept_or_overstated(said: Answer, exact: int, over: int) -> None:
    scores = grade_consistency([(graded("low"), said)])
    assert (scores["grade_exact"].value, scores["grade_overstated"].value) == (exact, over)


def test_strength_and_kappa() -> None:
    golds = [graded("high", "strong"), graded("low", "conditional"), graded("moderate"), Answer(text="no grade")]
    givens = [graded("high", "strong"), graded("low", "strong"), graded("low"), graded("high")]
    scores = grade_consistency(list(zip(golds, givens, strict=True)))
    assert scores["strength_exact"].value == 0.5 and scores["grade_exact"].n == 3
    assert 0 < scores["grade_kappa"].value < 1
    assert grade_consistency([(golds[0], Answer(text="take it"))])["grade_exact"].unparsed == 1
