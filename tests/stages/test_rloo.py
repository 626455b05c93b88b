"""RLOO, and with it GRPO: a bandit is solved, a stop changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from training_samples import PAIRS, made, undecided, worth

from probatum.naming import find

SHORT = {"longest": 1, "batch": 16, "minibatch": 16, "group": 4}


@pytest.mark.parametrize("kind", ["rloo", "grpo"])
def test_the_better_arm_of_two_is_found(kind: str) -> None:
    kit = find("stages", kind)(undecided(), PAIRS, score=worth, **SHORT, rounds=12, rate=5e-3, leash=0.0)
    history = kit.courses[-1]
    assert all(each.first_ratio == pytest.approx(1, abs=1e-5) and each.first_clipped == 0 for each in history)
    assert history[0].reward < 0.7 and history[-1].reward > 0.9 and kit.history[-1] == kind


@pytest.mark.parametrize("kind", ["rloo", "grpo"])
def test_broken_off_and_gone_on_is_the_same_to_the_bit(kind: str, tmp_path: Path) -> None:
    stage, settings = find("stages", kind), {**SHORT, "longest": 3, "rate": 1e-3, "score": worth}
    whole = stage(made(), PAIRS, **settings, rounds=3)
    stage(made(), PAIRS, **settings, rounds=1, folder=tmp_path)
    again = stage(made(), PAIRS, **settings, rounds=3, folder=tmp_path)
    assert again.courses[-1] == whole.courses[-1]
    for one, other in zip(whole.model.state_dict().values(), again.model.state_dict().values(), strict=True):
        assert torch.equal(one, other)
