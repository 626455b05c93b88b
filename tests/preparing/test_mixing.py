"""Mixtures hold their proportions exactly, everywhere, and come out the same every time."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probatum.errors import BadPlan
from probatum.plans.recipes import TrainingStage
from probatum.preparing.mixing import counts, mixture, replayed
from probatum.training.settling import mixed
from probatum.types import Answer, Example, Question

SETS = {"guidelines": [f"g{n}" for n in range(40)], "papers": [f"p{n}" for n in range(990)], "replay": ["r0", "r1"]}


def test_one_per_cent_of_replay_is_exact_and_even() -> None:
    made = mixture({"new": list(range(990)), "replay": list(range(-20, 0))}, {"new": 0.99, "replay": 0.01}, 1000)
    assert len(made) == 1000 and sum(each < 0 for each in made) == 10
    assert all(sum(each < 0 for each in made[at : at + 100]) == 1 for at in range(0, 1000, 100))
    assert len(set(made)) == 1000  # nothing comes twice while there is more
    assert made == mixture(
        {"new": list(range(990)), "replay": list(range(-20, 0))}, {"new": 0.99, "replay": 0.01}, 1000
    )
    assert made != mixture(
        {"new": list(range(990)), "replay": list(range(-20, 0))}, {"new": 99, "replay": 1}, 1000, seed=1
    )


def test_a_small_set_is_gone_through_again_evenly() -> None:
    made = mixture(SETS, {"papers": 1, "replay": 1}, 100)
    seen = Counter(each for each in made if each.startswith("r"))
    assert seen == {"r0": 25, "r1": 25}


def test_without_a_number_no_item_comes_twice() -> None:
    made = mixture(SETS, {"guidelines": 0.3, "papers": 0.7})
    assert Counter(each[0] for each in made) == {"g": 40, "p": 93} and len(set(made)) == 133


def test_replay_lies_evenly_between_what_is_new() -> None:
    made = replayed(list(range(990)), [-1, -2, -3], 0.01)
    assert sum(each < 0 for each in made) == 10 and [each for each in made if each >= 0] == list(range(990))
    assert all(sum(each < 0 for each in made[at : at + 100]) == 1 for at in range(0, 1000, 100))
    assert replayed([1, 2], [], 0.5) == [1, 2] == replayed([1, 2], [9], 0.0)
    with pytest.raises(BadPlan):
        replayed([1], [2], 1.0)


def test_a_stage_learns_from_its_sets_in_their_shares() -> None:
    def of(name: str, count: int) -> list[Example]:
        return [Example(f"{name}{at}", Question(), Answer("x")) for at in range(count)]

    stage = TrainingStage("sft", ("big", "small"), {}, weights={"big": 0.99, "small": 0.01})
    made = mixed(stage, {"big": of("b", 990), "small": of("s", 30)}, seed=3)
    assert len(made) == 1000 and sum(each.id.startswith("s") for each in made[:100]) == 1
    assert made == mixed(stage, {"big": of("b", 990), "small": of("s", 30)}, seed=3)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any), st.integers(0, 5000))
def test_no_share_is_off_by_an_item(weights: list[int], total: int) -> None:
    told = counts({str(n): weight for n, weight in enumerate(weights)}, total)
    assert sum(told.values()) == total
    assert all(abs(told[str(n)] - weight * total / sum(weights)) < 1 for n, weight in enumerate(weights))


@pytest.mark.parametrize("weights", [{"papers": -1}, {"papers": 0}, {"none": 1}, {"absent": 1}])
def test_what_cannot_be_mixed_is_refused(weights: dict[str, float]) -> None:
    with pytest.raises(BadPlan):
        mixture({**SETS, "none": []}, weights, 10)
