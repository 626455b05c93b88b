"""GRPO: groups that are none are refused, the leash in the loss holds near."""

from __future__ import annotations

import pytest
from training_samples import PAIRS, made, undecided, worth

from probatum.errors import BadPlan
from probatum.stages.grpo import grpo


def test_groups_of_one_or_of_a_half_are_refused() -> None:
    for wrong in ({"group": 1}, {"group": 3, "batch": 16}, {"grop": 4}):
        with pytest.raises(BadPlan):
            grpo(made(), PAIRS, score=worth, **wrong)


def test_the_leash_holds_near() -> None:
    settings = {"longest": 1, "batch": 16, "minibatch": 16, "rounds": 12, "rate": 5e-3, "score": worth}
    free, held = (grpo(undecided(), PAIRS, **settings, leash=leash).courses[-1] for leash in (0.0, 5.0))
    assert abs(held[-1].divergence) < 0.5 * free[-1].divergence and held[-1].reward < free[-1].reward
