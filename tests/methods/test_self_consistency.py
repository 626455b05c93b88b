"""Votes over samples: the numbers of calls, their seeds, ties, what has no letter."""

import pytest
from asked_desks import OPEN, WHICH, WHICH_CHINESE, Weighing, code, desk_with, scripted_desk, steps_of

from probatum.errors import BadPlan
from probatum.methods.self_consistency import self_consistency
from probatum.models.scripted import scripted
from probatum.store.reader import Store
from probatum.types import Reply, Request


def says(*letters: str) -> list[str]:
    return [f"It seems so.\nThe answer is {each}." for each in letters]


def test_the_plurality_with_shares_and_seeds(small: Store) -> None:
    desk = scripted_desk(small, says("B", "A", "B", "C", "B"))
    answer = self_consistency(WHICH, desk, samples=5, seed=10)
    assert answer.choice == "B" and [(each.id, each.score) for each in answer.candidates] == [
        ("B", 0.6), ("A", 0.2), ("C", 0.2),
    ]  # fmt: skip
    assert [each.seed for each in desk.model.asked] == [10, 12, 14, 16, 18]
    assert {each.temperature for each in desk.model.asked} == {0.7}
    assert steps_of(answer) == [*(f"sample {turn}" for turn in range(1, 6)), "votes", "basis", "cost"]
    assert answer.trace[-1].said.startswith("calls 5, ")


def test_a_sample_without_a_letter_counts_as_none(small: Store) -> None:
    desk = scripted_desk(small, ["Hard.", "Hard again.", *says("C"), "I don't know."])
    answer = self_consistency(WHICH, desk, samples=3)
    assert answer.choice == "C" and answer.candidates[0].score == pytest.approx(1 / 3)
    votes = next(step.said for step in answer.trace if step.what == "votes")
    assert votes == "C: 0.3333; without a letter: 2" and len(desk.model.asked) == 4
    assert code(self_consistency(WHICH, scripted_desk(small, ["Hm."] * 4), samples=2)) == "unparsed"
    assert code(self_consistency(WHICH, scripted_desk(small, ["I don't know."] * 2), samples=2)) == "unanswered"


class _Tied:
    """Two letters by turns, and likelihoods of what is asked for."""

    leaves_host = False

    def __init__(self) -> None:
        self.script, self.asked = scripted(says=says("A", "B")), list[Request]()

    def __call__(self, request: Request) -> Reply:
        self.asked.append(request)
        return Reply("", (-2.0, -1.0)) if request.choices else self.script(request)


def test_ties(small: Store) -> None:
    tied = self_consistency(WHICH, scripted_desk(small, says("A", "B")), samples=2)
    assert code(tied) == "tied" and tied.choice == "" and len(tied.candidates) == 2
    model = _Tied()
    likelier = self_consistency(WHICH, desk_with(small, model), samples=2, ties="likelier")
    assert likelier.choice == "B" and model.asked[-1].choices == ("A", "B")


def test_by_likelihood_the_chances_are_averaged(small: Store) -> None:
    model = Weighing([(0.0, float("-inf"), float("-inf")), (float("-inf"), 0.0, 0.0)])
    answer = self_consistency(WHICH, desk_with(small, model), samples=2, choose="likelihood")
    assert answer.choice == "A" and [each.score for each in answer.candidates] == [0.5, 0.25, 0.25]
    assert len(model.asked) == 4


def test_chinese_refusals_and_settings(small: Store) -> None:
    answer = self_consistency(WHICH_CHINESE, scripted_desk(small, ["答案是B", "答案是B", "答案是A"]), samples=3)
    assert answer.choice == "B"
    assert code(self_consistency(WHICH, desk_with(small))) == "no-model"
    assert code(self_consistency(OPEN, scripted_desk(small, []))) == "no-options"
    with pytest.raises(BadPlan, match="samples = 0"):
        self_consistency(WHICH, desk_with(small), samples=0)
