"""The losses by hand and by identities."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

from probatum.errors import BadPlan
from probatum.networks.losses import kto_loss, preference_loss, reward_loss, sequence_logps, token_loss


def test_token_loss_is_the_mean_over_what_counts() -> None:
    torch.manual_seed(0)
    logits, labels = torch.randn(2, 5, 7), torch.randint(0, 7, (2, 5))
    labels[0, :3] = -100
    logs = logits.log_softmax(-1)
    wanted = [-logs[b, t - 1, labels[b, t]] for b in range(2) for t in range(1, 5) if labels[b, t] >= 0]
    assert token_loss(logits, labels).item() == pytest.approx(float(sum(wanted) / len(wanted)), abs=1e-6)
    sums = sequence_logps(logits, labels)
    assert -float(sums.sum()) == pytest.approx(float(sum(wanted)), abs=1e-5)


def test_preference_starts_at_ln_2_and_knows_its_kinds() -> None:
    chosen, rejected = torch.tensor([-3.0, -4.0]), torch.tensor([-5.0, -3.5])
    loss, first, second = preference_loss((chosen, rejected), (chosen, rejected))
    assert loss.item() == pytest.approx(math.log(2), abs=1e-7) and not first.any() and not second.any()
    better, _, _ = preference_loss((chosen + 1, rejected), (chosen, rejected))
    assert better < loss
    smooth, _, _ = preference_loss((chosen + 1, rejected), (chosen, rejected), smoothing=0.5)
    assert smooth > better
    ipo, _, _ = preference_loss((chosen + 5, rejected), (chosen, rejected), beta=0.1, kind="ipo")
    assert ipo.item() == pytest.approx(0.0)
    with pytest.raises(BadPlan, match="kind"):
        preference_loss((chosen, rejected), (chosen, rejected), kind="other")


def test_reward_is_antisymmetric() -> None:
    high, low = torch.tensor([1.0, 2.0]), torch.tensor([0.5, -1.0])
    assert reward_loss(high, low) < reward_loss(low, high)
    assert reward_loss(high, high).item() == pytest.approx(math.log(2))
    assert reward_loss(high, low, centre=1.0) > reward_loss(high, low)


def test_kto_likes_the_liked() -> None:
    policy, reference = torch.tensor([-1.0, -1.0]), torch.tensor([-2.0, -2.0])
    liked = torch.tensor([True, False])
    assert kto_loss(policy, reference, liked, 0.0) == pytest.approx(0.5)
    assert kto_loss(policy, reference, torch.tensor([True, True]), 0.0) < 0.5


def test_kto_as_trl_reckons_it() -> None:
    reference = json.loads(Path(__file__).with_name("group_reference.json").read_text())
    for case in reference["kto"]:
        told = {name: torch.tensor(value) for name, value in case["told"].items()}
        apart = (told["other"] - told["theirs"]).mean().clamp(min=0)
        loss = kto_loss(told["policy"], told["reference"], told["liked"], apart, beta=0.1, gain=1.2, loss=0.8)
        assert float(loss) == pytest.approx(case["loss"], abs=1e-6)
