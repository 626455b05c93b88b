"""A reward model: the better answer scores higher, the policy stays."""

from __future__ import annotations

import torch
from training_samples import PAIRS, made

from probatum.stages.reward import reward, scored
from probatum.types import Example


def test_a_reward_model_sets_the_better_answer_higher_and_leaves_the_policy() -> None:
    base = made()
    before = base.model.lm_head.weight.clone()
    kit = reward(base, PAIRS, longest=64, steps=20, batch=8, rate=5e-3)
    worse = [Example(each.id, each.question, each.rejected[0]) for each in PAIRS]
    pairs = zip(scored(kit, PAIRS), scored(kit, worse), strict=True)
    assert sum(better > other for better, other in pairs) / len(PAIRS) > 0.95
    assert torch.equal(before, kit.model.lm_head.weight) and kit.courses[-1].losses[-1] < 0.3
