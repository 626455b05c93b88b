"""Advantages, whitening and clipped losses beside the formulas written out."""

from __future__ import annotations

import pytest
import torch

from probatum.networks.rollouts import Price, advantages, masked_mean, policy_loss, value_loss, whitened

MASK = torch.tensor([[0.0, 1, 1, 1, 0], [1, 1, 0, 0, 0], [0, 0, 0, 0, 1]])


def drawn(seed: int) -> torch.Tensor:
    return torch.randn(MASK.shape, generator=torch.Generator().manual_seed(seed)) * MASK


@pytest.mark.parametrize(("discount", "decay"), [(1.0, 0.95), (0.9, 0.8), (1.0, 1.0), (0.7, 0.0)])
def test_advantages_are_the_decayed_sums_of_surprises(discount: float, decay: float) -> None:
    rewards, values = drawn(0), drawn(1)
    gains, returns = advantages(rewards, values, MASK, discount=discount, decay=decay)
    for row in range(len(MASK)):
        places = MASK[row].nonzero()[:, 0].tolist()
        for number, at in enumerate(places):
            total = 0.0
            for ahead, place in enumerate(places[number:]):
                after = float(values[row, place + 1]) if place + 1 in places else 0.0
                surprise = float(rewards[row, place]) + discount * after - float(values[row, place])
                total += (discount * decay) ** ahead * surprise
            assert float(gains[row, at]) == pytest.approx(total, abs=1e-5)
            assert float(returns[row, at]) == pytest.approx(total + float(values[row, at]), abs=1e-5)
    assert torch.equal(gains * (1 - MASK), torch.zeros_like(gains))


def test_whitened_has_mean_nought_and_deviation_one() -> None:
    white = whitened(drawn(2), MASK)[MASK > 0]
    assert float(white.mean()) == pytest.approx(0, abs=1e-6) and float(white.std()) == pytest.approx(1, abs=1e-4)
    kept = whitened(drawn(2), MASK, centred=False)[MASK > 0]
    assert float(kept.mean()) == pytest.approx(float(masked_mean(drawn(2), MASK)), abs=1e-5)


def test_clipped_losses() -> None:
    logps, before = torch.tensor([[0.5, -0.5, 0.0]]), torch.zeros(1, 3)
    gains, mask = torch.tensor([[1.0, -1.0, 2.0]]), torch.tensor([[1.0, 1.0, 1.0]])
    loss, clipped = policy_loss(logps, before, gains, mask, clip=0.2)
    # a likelier good token counts 1.2 at most, an unlikelier bad one 0.8 at least
    assert float(loss) == pytest.approx((-1.2 + 0.8 - 2.0) / 3) and float(clipped) == pytest.approx(2 / 3)
    same, none = policy_loss(before, before, gains, mask)
    assert float(same) == pytest.approx(-float(gains.mean())) and float(none) == 0
    values = torch.tensor([[1.0, 0.1, 0.0]])
    told = value_loss(values, before, torch.zeros(1, 3), mask, clip=0.2)
    assert float(told) == pytest.approx(0.5 * (1.0 + 0.01 + 0.0) / 3)


def test_the_price_follows_its_target() -> None:
    price = Price(0.1, target=6.0, horizon=100)
    price.follow(12.0, 10)
    assert price.coefficient == pytest.approx(0.1 * 1.02)
    price.follow(0.0, 10)
    assert price.coefficient == pytest.approx(0.1 * 1.02 * 0.98)
    fixed = Price(0.1)
    fixed.follow(100.0, 10)
    assert fixed.coefficient == 0.1
