"""Dose, route, frequency and duration: hand-made cases."""

from __future__ import annotations

import pytest

from probatum.metrics.dosing import dosing
from probatum.types import Answer

GOLD = Answer(text="Amoxicillin 500 mg orally three times a day for 7 days.")


@pytest.mark.parametrize(
    ("said", "parts", "wrong"),
    [
        ("Take 0.5 g by mouth every 8 hours for one week.", (1, 1, 1, 1), 0),
        ("每次500毫克,口服,每日三次,疗程7天", (1, 1, 1, 1), 0),
        ("500 mg three times daily", (1, 0, 1, 0), 0),
        ("500 mg intravenously twice daily for 7 days", (1, 0, 0, 1), 1),
        ("5 mg orally tid for 7 days", (0, 1, 1, 1), 1),
        ("", (0, 0, 0, 0), 0),
    ],
)
def test_each_part_by_itself(said: str, parts: tuple[int, ...], wrong: int) -> None:
    scores = dosing([(GOLD, Answer(text=said))])
    told = [scores[f"dosing_{part}"].value for part in ("dose", "route", "frequency", "duration")]
    assert told == list(parts)
    assert scores["dosing_all"].value == float(all(parts)) and scores["dosing_wrong"].value == wrong


def test_only_what_the_reference_says_counts() -> None:
    scores = dosing([(Answer(text="10 mg/kg"), Answer(text="10 mg")), (Answer(text="rest"), Answer(text="10 mg"))])
    assert scores["dosing_dose"].n == 1 and scores["dosing_dose"].value == 0
    assert scores["dosing_route"].n == 0


def test_fields_come_before_the_text() -> None:
    gold = Answer(fields=(("dose", "20 mg"), ("frequency", "once weekly")))
    given = Answer(text="5 mg daily, then as in the table", fields=(("dose", "20 mg"), ("frequency", "every week")))
    assert dosing([(gold, given)])["dosing_all"].value == 1
