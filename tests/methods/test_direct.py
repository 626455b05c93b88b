"""The model's own answer: one call, one letter or none, and no pretence of evidence."""

import math

import pytest
from asked_desks import OPEN, WHICH, WHICH_CHINESE, Weighing, code, desk_with, scripted_desk, steps_of

from probatum.errors import BadPlan
from probatum.methods.direct import direct
from probatum.store.reader import Store
from probatum.types import Question


def test_a_letter_in_one_call(small: Store) -> None:
    desk = scripted_desk(small, ["The answer is B."])
    answer = direct(WHICH, desk)
    assert (answer.choice, answer.abstained, answer.evidence) == ("B", None, ())
    assert answer.fields == (("basis", "model"),) and steps_of(answer) == ["choice", "basis"]
    (asked,) = desk.model.asked
    assert "B. Marfan syndrome" in asked.messages[-1][1] and asked.evidence == ()


def test_an_open_question_and_a_refusal(small: Store) -> None:
    assert direct(OPEN, scripted_desk(small, ["By enzyme replacement."])).text == "By enzyme replacement."
    assert code(direct(OPEN, scripted_desk(small, ["I don't know."]))) == "unanswered"


def test_an_unreadable_reply_is_asked_for_once_and_never_becomes_a_letter(small: Store) -> None:
    desk = scripted_desk(small, ["A hard question.", "A very hard one."])
    answer = direct(WHICH, desk)
    assert code(answer) == "unparsed" and answer.choice == "" and len(desk.model.asked) == 2
    assert steps_of(answer) == ["choice", "unparsed", "choice", "unparsed"]


def test_by_likelihood(small: Store) -> None:
    model = Weighing([(-2.0, -1.0, -3.0)])
    answer = direct(WHICH, desk_with(small, model), choose="likelihood")
    assert answer.choice == "B" and [each.id for each in answer.candidates] == ["B", "A", "C"]
    whole = sum(math.exp(each) for each in (-2.0, -1.0, -3.0))
    assert answer.candidates[0].score == pytest.approx(math.exp(-1.0) / whole)
    assert len(model.asked) == 1 and model.asked[0].choices == ("A", "B", "C")
    assert code(direct(WHICH, desk_with(small, Weighing([()])), choose="likelihood")) == "no-likelihoods"


def test_in_chinese(small: Store) -> None:
    desk = scripted_desk(small, ["答案是B。"])
    answer = direct(WHICH_CHINESE, desk)
    assert answer.choice == "B" and "你回答临床问题" in desk.model.asked[0].messages[0][1]
    assert direct(WHICH_CHINESE, desk_with(small)).abstained == "no-model: 此方法需要语言模型，当前没有配置"


def test_refusals_and_bad_settings(small: Store) -> None:
    assert code(direct(WHICH, desk_with(small))) == "no-model"
    assert code(direct(Question(" "), scripted_desk(small, []))) == "no-question"
    with pytest.raises(BadPlan, match="choose = 'guess'"):
        direct(WHICH, desk_with(small), choose="guess")
