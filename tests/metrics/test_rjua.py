"""RJUA-QA's score by hand: names under their fields, twice the diseases, the longest common subsequence."""

from __future__ import annotations

import pytest

from probatum.metrics.rjua import per_item, rjua
from probatum.types import Answer


def answer(text: str, disease: str = "", advice: str = "") -> Answer:
    told = (("advice", advice), ("disease", disease))
    return Answer(text, fields=tuple((name, part) for name, said in told for part in said.split() if part))


GOLD = answer("应做手术", "肾结石 肾积水", "手术")


def test_the_definition_by_hand() -> None:
    scores = rjua([(GOLD, answer("应手术", "肾结石", "手术 复查"))])
    assert scores["rjua_f1:disease"].value == pytest.approx(2 / 3)  # precision 1, recall 1/2
    assert scores["rjua_f1:advice"].value == pytest.approx(2 / 3)  # precision 1/2, recall 1
    assert scores["rjua_f1"].value == pytest.approx((2 * 2 / 3 + 2 / 3) / 3)
    assert scores["rjua_rouge-L"].value == pytest.approx(2 * 1.0 * 0.75 / 1.75)  # 3 of 3 and 3 of 4 letters in order


def test_diseases_weigh_twice() -> None:
    right, wrong = answer("", "肾结石 肾积水", ""), answer("", "", "手术")
    values = per_item([(GOLD, right), (GOLD, wrong), (GOLD, GOLD), (GOLD, Answer())])["rjua_f1"]
    assert values.tolist() == pytest.approx([2 / 3, 1 / 3, 1.0, 0.0])


def test_nothing_wanted_and_nothing_given() -> None:
    bare = answer("好", "感冒")
    assert rjua([(bare, bare)])["rjua_f1"].value == 1.0
    assert rjua([(bare, answer("好", "感冒", "手术"))])["rjua_f1:advice"].value == 0.0
    assert rjua([])["rjua_f1"].n == 0


def test_empty_answers_are_counted_and_intervals_hold_the_mean() -> None:
    scores = rjua([(GOLD, GOLD), (GOLD, Answer()), (GOLD, answer("手术", "肾结石"))])
    score = scores["rjua_f1"]
    assert score.empty == 1 and score.n == 3 and score.low is not None and score.high is not None
    assert score.low <= score.value <= score.high and score.signature.startswith("rjua_f1|tok:char|average:question")
