"""What proximal policy optimisation computes of sampled answers: advantages, clipped losses, the price of drifting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from probatum.networks.kit import needed


def masked_mean(values: Any, mask: Any) -> Any:
    """The mean over what the mask counts."""
    return (values * mask).sum() / mask.sum().clamp(min=1)


def whitened(values: Any, mask: Any, *, centred: bool = True) -> Any:
    """Values divided by their deviation (unbiased) over the mask, their mean taken away unless told otherwise."""
    torch = needed("torch")
    mean = masked_mean(values, mask)
    count = mask.sum().clamp(min=2)
    variance = masked_mean((values - mean) ** 2, mask) * count / (count - 1)
    white = (values - mean) * torch.rsqrt(variance + 1e-8)
    return white if centred else white + mean


def advantages(rewards: Any, values: Any, mask: Any, *, discount: float = 1.0, decay: float = 0.95) -> tuple[Any, Any]:
    """(advantages, returns) by generalised advantage estimation, all (b, t); 0 where the mask is. arXiv:1506.02438.

    The mask counts the tokens of each answer, which stand together; behind an answer's last token nothing follows.
    """
    torch = needed("torch")
    last = torch.zeros_like(rewards[:, 0])
    found = torch.zeros_like(rewards)
    length = rewards.shape[1]
    for at in reversed(range(length)):
        following = values[:, at + 1] * mask[:, at + 1] if at + 1 < length else torch.zeros_like(last)
        surprise = rewards[:, at] + discount * following - values[:, at]
        last = (surprise + discount * decay * last) * mask[:, at]
        found[:, at] = last
    return found, (found + values) * mask


def policy_loss(logps: Any, before: Any, advantage: Any, mask: Any, *, clip: float = 0.2) -> tuple[Any, Any]:
    """(loss, share of tokens that were clipped) of the clipped surrogate. arXiv:1707.06347."""
    torch = needed("torch")
    ratio = (logps - before).exp()
    plain, cut = -advantage * ratio, -advantage * ratio.clamp(1 - clip, 1 + clip)
    return masked_mean(torch.max(plain, cut), mask), masked_mean((cut > plain).float(), mask).detach()


def value_loss(values: Any, before: Any, returns: Any, mask: Any, *, clip: float = 0.2) -> Any:
    """Half the squared error of the values, which may leave their old ones by `clip` at most."""
    torch = needed("torch")
    held = torch.min(torch.max(values, before - clip), before + clip)
    return 0.5 * masked_mean(torch.max((values - returns) ** 2, (held - returns) ** 2), mask)


@dataclass(slots=True)
class Price:
    """What a nat of divergence from the reference costs; follows a target (arXiv:1909.08593) where there is one."""

    coefficient: float
    target: float = 0.0  # nats an answer; 0: the price stays
    horizon: int = 10_000  # answers over which it adapts

    def follow(self, divergence: float, answers: int) -> None:
        """Rises where answers drift further than the target, by a fifth a horizon at most; else falls."""
        if self.target:
            error = min(max(divergence / self.target - 1, -0.2), 0.2)
            self.coefficient *= 1 + error * answers / self.horizon
