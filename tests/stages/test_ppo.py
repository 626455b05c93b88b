"""PPO: nothing has moved at first, a bandit is solved, a reward model is climbed on a leash, a stop changes nothing."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from training_samples import LORA, PAIRS, made, worth

from probatum.errors import BadPlan
from probatum.networks.kit import Kit
from probatum.networks.preferring import rewarded
from probatum.stages.ppo import ppo
from probatum.stages.reward import reward
from probatum.stages.sft import sft
from probatum.types import Example

SHORT = {"longest": 4, "batch": 8, "minibatch": 4, "passes": 2, "rate": 1e-3}


@pytest.fixture(scope="module")
def taught() -> Kit:
    """A kit that answers with the better or the worse of two, and a reward model that tells them apart."""
    both = [*PAIRS[:8], *(type(each)(f"w{each.id}", each.question, each.rejected[0]) for each in PAIRS[:8])]
    kit = sft(made(), both, longest=64, steps=30, batch=16, rate=1e-2)
    return reward(kit, PAIRS[:8], longest=64, steps=20, batch=8, rate=5e-3)


def copied(kit: Kit) -> Kit:
    return replace(kit, model=deepcopy(kit.model))  # a stage trains the model that it is given


@pytest.mark.slow
def test_the_better_arm_of_two_is_found_though_it_is_seldom_drawn() -> None:
    seldom = [Example(f"w{each.id}", each.question, each.rejected[0]) for each in PAIRS[:6]]
    kit = sft(made(), [*PAIRS, *PAIRS, *PAIRS, *seldom], longest=64, steps=40, batch=16, rate=1e-2)
    settings = {**SHORT, "longest": 1, "batch": 16, "rate": 2e-3, "rounds": 16}
    history = ppo(kit, PAIRS, score=worth, **settings, leash=0.0, seed=1).courses[-1]
    assert all(each.first_ratio == pytest.approx(1, abs=1e-5) and each.first_clipped == 0 for each in history)
    assert history[0].reward < 0.3, "one answer in eight at first"
    assert min(each.reward for each in history[-4:]) > 0.9


@pytest.mark.slow
def test_the_reward_rises_and_the_leash_holds(taught: Kit) -> None:
    assert rewarded(taught, PAIRS[8:]) > 0.9  # pairs that it never saw
    settings = {**SHORT, "batch": 16, "rate": 2e-3, "rounds": 8, "seed": 2}
    kit = ppo(copied(taught), PAIRS, **settings, leash=0.05, target=2.0, horizon=100.0, missing=1.0)
    history = kit.courses[-1]
    assert history[-1].reward > history[0].reward + 0.5
    assert max(each.divergence for each in history) < 2.0 and history[-1].leash < 0.05
    assert history[-1].finished > 0.9


def test_broken_off_and_gone_on_is_the_same_to_the_bit(taught: Kit, tmp_path: Path) -> None:
    def fresh() -> Kit:
        return Kit(taught.tokenizer, made().model, reward=taught.reward)

    whole = ppo(fresh(), PAIRS, **SHORT, rounds=4, target=1.0, horizon=50.0)
    ppo(fresh(), PAIRS, **SHORT, rounds=2, target=1.0, horizon=50.0, folder=tmp_path)
    again = ppo(fresh(), PAIRS, **SHORT, rounds=4, target=1.0, horizon=50.0, folder=tmp_path)
    assert again.courses[-1] == whole.courses[-1]
    for one, other in zip(whole.model.state_dict().values(), again.model.state_dict().values(), strict=True):
        assert torch.equal(one, other)


def test_an_adapter_alone_learns() -> None:
    base = made()
    before = base.model.model.layers[0].mlp.up_proj.weight.clone()
    kit = ppo(base, PAIRS, score=lambda _, said: float(len(said)), adapter=LORA, **SHORT, rounds=1)
    assert torch.equal(before, kit.model.get_base_model().model.layers[0].mlp.up_proj.weight)


def test_without_a_reward_nothing_is_learnt() -> None:
    with pytest.raises(BadPlan, match="worth"):
        ppo(made(), PAIRS, **SHORT, rounds=1)
    with pytest.raises(BadPlan, match="no setting 'lesh'"):
        ppo(made(), PAIRS, lesh=1)
