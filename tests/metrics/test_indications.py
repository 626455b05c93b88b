"""The three levels of items given: hand-made cases."""

from __future__ import annotations

import pytest

from probatum.metrics.indications import indications
from probatum.types import Answer, Candidate

GOLD = Answer(candidates=tuple(Candidate(name, name, 1.0) for name in ("高血压|原发性高血压", "心绞痛", "心力衰竭")))


@pytest.mark.parametrize(
    ("said", "levels"),
    [
        ("用于原发性高血压、心绞痛和心力衰竭。", (1, 1, 1)),
        ("用于高血压和心绞痛。", (1, 1, 1)),
        ("用于心绞痛。", (1, 0, 0)),
        ("用于感冒。", (0, 0, 0)),
        ("", (0, 0, 0)),
    ],
)
def test_at_least_one_half_two_thirds(said: str, levels: tuple[int, ...]) -> None:
    scores = indications([(GOLD, Answer(text=said))])
    assert tuple(scores[f"hits_{name}"].value for name in ("any", "half", "two_thirds")) == levels


def test_case_does_not_matter_and_candidates_count() -> None:
    gold = Answer(fields=(("1", "Hypertension"), ("2", "Angina")))
    scores = indications([(gold, Answer(text="HYPERTENSION", candidates=(Candidate("x", "angina", 1.0),)))])
    assert scores["hits_recall"].value == 1
    assert indications([(Answer(), Answer(text="x"))])["hits_any"].n == 0
