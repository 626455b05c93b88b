"""Reasoning before the answer: the letter at its end, or the likeliest letter after it."""

from asked_desks import OPEN, WHICH, WHICH_CHINESE, Weighing, code, desk_with, scripted_desk, steps_of

from probatum.methods.chain_of_thought import chain_of_thought
from probatum.store.reader import Store


def test_the_letter_at_the_end_of_the_reasoning(small: Store) -> None:
    desk = scripted_desk(small, ["The spleen would suggest A.\nThe lens decides.\nThe answer is B."])
    answer = chain_of_thought(WHICH, desk)
    assert answer.choice == "B" and answer.text.startswith("The spleen") and steps_of(answer) == ["thought", "basis"]
    (asked,) = desk.model.asked
    assert "step by step" in asked.messages[0][1] and "The answer is X" in asked.messages[-1][1]


def test_by_likelihood_the_reasoning_stands_before_the_letters(small: Store) -> None:
    model = Weighing([(-3.0, -1.0, -2.0)])
    answer = chain_of_thought(WHICH, desk_with(small, model), choose="likelihood", seed=4)
    assert answer.choice == "B" and answer.text == "Thought 1." and steps_of(answer)[:2] == ["thought", "likelihoods"]
    first, second = model.asked
    assert first.seed == 4 and first.choices == () and second.choices == ("A", "B", "C")
    assert second.messages[-2] == ("assistant", "Thought 1.") and second.messages[-1][1].startswith("Answer with the")


def test_open_questions_chinese_and_refusals(small: Store) -> None:
    assert chain_of_thought(OPEN, scripted_desk(small, ["First.\nThen enzymes."])).text == "First.\nThen enzymes."
    desk = scripted_desk(small, ["晶状体异位见于马方综合征。\n答案是B。"])
    assert chain_of_thought(WHICH_CHINESE, desk).choice == "B" and "逐步思考" in desk.model.asked[0].messages[0][1]
    assert code(chain_of_thought(WHICH, scripted_desk(small, ["I cannot determine the answer."]))) == "unanswered"
    assert code(chain_of_thought(WHICH, desk_with(small))) == "no-model"
