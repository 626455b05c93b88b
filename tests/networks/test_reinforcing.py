"""Advantages and losses from rewards: as trl reckons them on a frozen rollout, and by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from probatum.errors import BadPlan
from probatum.networks import reinforcing

CASES = json.loads(Path(__file__).with_name("ppo_reference.json").read_text())["cases"]
GROUPS = json.loads(Path(__file__).with_name("group_reference.json").read_text())


def same(ours: Any, theirs: Any) -> bool:
    return torch.allclose(torch.as_tensor(ours), torch.tensor(theirs), atol=1e-5, rtol=0)


@pytest.mark.parametrize("case", CASES)
def test_a_frozen_rollout_is_reckoned_as_trl_does(case: dict[str, Any]) -> None:
    told = {name: torch.tensor(value) for name, value in case["told"].items()}
    judged, found = reinforcing.judged(told, case["settings"]), case["found"]
    for name in ("rewards", "advantages", "returns"):
        assert same(judged[name], found[name]), name
    loss = reinforcing.actor_critic_loss(judged, told["now"], told["new_values"], case["settings"])
    for ours, name in zip(loss, ("loss", "pg_loss", "vf_loss", "pg_clipfrac"), strict=False):
        assert same(ours, found[name]), name
    assert 0 < found["pg_clipfrac"] < 1
    before = reinforcing.actor_critic_loss(judged, told["policy"], told["values"], case["settings"])
    assert float(before[3]) == 0 and float(before[4]) == 1  # nothing has moved: ratio 1, nothing clipped


def test_an_answer_without_an_end_is_worth_less() -> None:
    told = {name: torch.tensor(value) for name, value in CASES[0]["told"].items()}
    with_it, without = (
        reinforcing.judged(told, {**CASES[0]["settings"], "missing": missing})["rewards"] for missing in (1.5, 0.0)
    )
    assert (without - with_it).sum(1).tolist() == pytest.approx([1.5 * (not each) for each in told["finished"]])


def test_groups_are_compared_within() -> None:
    rewards = torch.tensor([1.0, 0.0, 0.0, 3.0, 3.0, 3.0])
    assert reinforcing.group_advantages(rewards, 3, "rloo").tolist() == pytest.approx([1, -0.5, -0.5, 0, 0, 0])
    spread = 3**-0.5 + 1e-4
    assert reinforcing.group_advantages(rewards, 3, "grpo").tolist() == pytest.approx(
        [2 / 3 / spread, -1 / 3 / spread, -1 / 3 / spread, 0, 0, 0]
    )
    for wrong in ((1, "rloo"), (3, "other")):
        with pytest.raises(BadPlan):
            reinforcing.group_advantages(rewards, *wrong)


def test_the_leash_tightens_and_loosens() -> None:
    assert reinforcing.held_leash(0.1, 12.0, 6.0, 1000) == pytest.approx(0.1 * 1.02)
    assert reinforcing.held_leash(0.1, 0.0, 6.0, 1000) == pytest.approx(0.1 * 0.98)
    assert reinforcing.held_leash(0.1, 6.6, 6.0, 1000) == pytest.approx(0.1 * 1.01)
    with pytest.raises(BadPlan):
        reinforcing.divergence(rewards := torch.zeros(1), rewards, "k2")


@pytest.mark.parametrize("kind", ["rloo", "grpo"])
def test_groups_are_reckoned_as_trl_does(kind: str) -> None:
    settings = GROUPS["settings"]
    for rollout, found in zip(GROUPS["rollouts"], GROUPS[kind], strict=True):
        told = {name: torch.tensor(value) for name, value in rollout.items()}
        judged = reinforcing.group_judged(told, kind, settings["group"], settings["leash"])
        assert same(judged["advantages"], found["advantages"])
        loss, clipped, _ = reinforcing.group_loss(judged, told["now"], kind, settings["clip"], settings["leash"])
        assert same(loss, found["loss"]) and 0 < float(clipped) < 1
        before = reinforcing.group_loss(judged, told["policy"], kind, settings["clip"], settings["leash"])
        assert float(before[1]) == 0 and float(before[2]) == 1  # nothing has moved
