"""Samples, then refinements in sight of all of them, then votes: as the paper orders it."""

import pytest
from asked_desks import OPEN, WHICH, WHICH_CHINESE, Weighing, code, desk_with, scripted_desk, steps_of

from probatum.errors import BadPlan
from probatum.methods.ensemble_refinement import ensemble_refinement
from probatum.store.reader import Store


def test_every_refinement_sees_every_sample_and_the_refinements_vote(small: Store) -> None:
    samples = ["Spleen.\nThe answer is A.", "Skin.\nThe answer is A.", "Lens.\nThe answer is B."]
    refined = ["The third is right.\nThe answer is B.", "The answer is B.", "The answer is A."]
    desk = scripted_desk(small, [*samples, *refined])
    answer = ensemble_refinement(WHICH, desk, samples=3, refinements=3)
    assert answer.choice == "B" and answer.text == refined[0]  # the samples' own plurality would have been A
    assert [(each.id, each.score) for each in answer.candidates] == [("B", 2 / 3), ("A", 1 / 3)]
    first, second = desk.model.asked[:3], desk.model.asked[3:]
    assert all("attempts" not in each.messages[0][1] for each in first)
    for each in second:
        assert all(sample in each.messages[0][1] for sample in samples) and "3 attempts" in each.messages[0][1]
    seeds = [each.seed for each in desk.model.asked]
    assert len(set(seeds)) == 6 and {each.temperature for each in desk.model.asked} == {0.7}
    assert steps_of(answer) == [
        "sample 1", "sample 2", "sample 3", "refinement 1", "refinement 2", "refinement 3", "votes", "basis", "cost",
    ]  # fmt: skip
    assert answer.trace[-1].said.startswith("calls 6, tokens in ")


def test_a_sample_without_a_letter_is_not_shown_on(small: Store) -> None:
    desk = scripted_desk(small, ["Hm.", "Hm, hm.", "The answer is B.", "The answer is B."])
    answer = ensemble_refinement(WHICH, desk, samples=2, refinements=1)
    assert answer.choice == "B" and "1 attempts" in desk.model.asked[3].messages[0][1]
    assert "Hm, hm." not in desk.model.asked[3].messages[0][1]
    none = scripted_desk(small, ["Hm."] * 4)
    assert code(ensemble_refinement(WHICH, none, samples=2, refinements=9)) == "unparsed"
    assert len(none.model.asked) == 4


def test_ties_likelihood_chinese(small: Store) -> None:
    tied = scripted_desk(small, ["The answer is A.", "The answer is A.", "The answer is B."])
    assert code(ensemble_refinement(WHICH, tied, samples=1, refinements=2)) == "tied"
    chinese = scripted_desk(small, ["答案是A", "答案是B"])
    assert ensemble_refinement(WHICH_CHINESE, chinese, samples=1, refinements=1).choice == "B"
    assert "尝试 1：\n答案是A" in chinese.model.asked[1].messages[0][1]
    weighing = Weighing([(-1.0, -5.0, -5.0)])
    weighing_desk = desk_with(small, weighing)
    assert code(ensemble_refinement(WHICH, weighing_desk, samples=1, refinements=1, choose="likelihood")) == "unparsed"


def test_refusals_and_settings(small: Store) -> None:
    assert code(ensemble_refinement(WHICH, desk_with(small))) == "no-model"
    assert code(ensemble_refinement(OPEN, scripted_desk(small, []))) == "no-options"
    with pytest.raises(BadPlan, match="refinements = 0"):
        ensemble_refinement(WHICH, desk_with(small), refinements=0)
