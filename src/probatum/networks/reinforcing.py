"""What learning from rewards reckons with, as plain functions: advantages, clipped losses, the leash to the reference.

Shapes: b answers, t places of the answer. Masks are true where a place counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from probatum.errors import BadPlan
from probatum.networks.kit import needed

NOT_SAID = 1.0  # stands where an answer has no token any more; both sides hold it, so that nothing differs there


def masked_mean(values: Any, mask: Any) -> Any:
    """The mean over the places that count."""
    return (values * mask).sum() / mask.sum()


def whitened(values: Any, mask: Any, *, centred: bool = True) -> Any:
    """Values of variance 1 over the places that count (unbiased), and mean 0 unless the mean is kept."""
    torch = needed("torch")
    mean = masked_mean(values, mask)
    count = mask.sum()
    variance = masked_mean((values - mean) ** 2, mask) * count / (count - 1)
    scaled = (values - mean) * torch.rsqrt(variance + 1e-8)
    return scaled if centred else scaled + mean


def places(ends: Any, width: int) -> tuple[Any, Any]:
    """(places with a token, places with a value) of answers whose last token stands at `ends`, each (b, width).

    The value behind the last token counts too: it foretells what the end is worth.
    """
    torch = needed("torch")
    at = torch.arange(width, device=ends.device)[None]
    return at <= ends[:, None], at <= ends[:, None] + 1


def divergence(policy: Any, reference: Any, kind: str = "k1") -> Any:
    """An estimate of how far the policy's log-probabilities are from the reference's, a place: k1 or k3."""
    torch = needed("torch")
    if kind not in {"k1", "k3"}:
        raise BadPlan(f"there is no estimate {kind!r} of a divergence", mend="one of: k1, k3")
    apart = reference - policy
    return -apart if kind == "k1" else torch.exp(apart) - 1 - apart


def shaped_rewards(leash: Any, scores: Any, ends: Any, coefficient: float) -> Any:
    """Rewards a place: minus the weighted divergence everywhere, plus the score of the whole right behind its end."""
    torch = needed("torch")
    rewards = -coefficient * leash
    after = ends + 1
    at = torch.where(after < rewards.shape[1], after, ends)
    rewards[torch.arange(len(rewards), device=rewards.device), at] += scores
    return rewards


def general_advantages(rewards: Any, values: Any, *, gamma: float = 1.0, trace: float = 0.95) -> Any:
    """Generalised advantage estimates (b, t). Source: arXiv:1506.02438, equation 16."""
    torch = needed("torch")
    last, found = torch.zeros_like(rewards[:, 0]), []
    for at in reversed(range(rewards.shape[1])):
        following = values[:, at + 1] if at + 1 < rewards.shape[1] else 0.0
        last = rewards[:, at] + gamma * following - values[:, at] + gamma * trace * last
        found.append(last)
    return torch.stack(found[::-1], 1)


def clipped_policy_loss(now: Any, before: Any, advantages: Any, mask: Any, clip: float = 0.2) -> tuple[Any, Any, Any]:
    """(loss, share of places that were clipped, mean ratio) of log-probabilities. Source: arXiv:1707.06347, eq. 7."""
    torch = needed("torch")
    ratio = torch.exp(now - before)
    free, held = -advantages * ratio, -advantages * ratio.clamp(1 - clip, 1 + clip)
    return masked_mean(torch.max(free, held), mask), masked_mean((held > free).float(), mask), ratio.mean()


def clipped_value_loss(now: Any, before: Any, returns: Any, mask: Any, clip: float = 0.2) -> tuple[Any, Any]:
    """(half the mean squared error, the worse of free and clipped; share that was clipped)."""
    torch = needed("torch")
    free = (now - returns) ** 2
    held = (torch.max(torch.min(now, before + clip), before - clip) - returns) ** 2
    return 0.5 * masked_mean(torch.max(free, held), mask), masked_mean((held > free).float(), mask)


def group_advantages(rewards: Any, group: int, kind: str) -> Any:
    """Advantages (b,) of answers of which `group` in a row are to one question.

    rloo: against the mean of the others (arXiv:2402.14740); grpo: against the group's mean, in its standard deviations
    (arXiv:2402.03300).
    """
    if group < 2:
        raise BadPlan("one answer has nothing to be compared with", mend="group = 2 or more")
    each = rewards.view(-1, group)
    if kind == "rloo":
        return (each - (each.sum(1, keepdim=True) - each) / (group - 1)).view(-1)
    if kind == "grpo":
        return ((each - each.mean(1, keepdim=True)) / (each.std(1, keepdim=True) + 1e-4)).view(-1)
    raise BadPlan(f"there are no advantages {kind!r}", mend="one of: rloo, grpo")


def held_leash(coefficient: float, seen: float, target: float, answers: int, horizon: float = 10_000.0) -> float:
    """The next weight of the divergence, raised where more than `target` was seen. Source: arXiv:1909.08593, 2.2."""
    error = min(max(seen / target - 1, -0.2), 0.2)
    return coefficient * (1 + error * answers / horizon)


def judged(told: Mapping[str, Any], settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Advantages and returns (b, t) of a rollout, with its masks and its divergence.

    `told`: policy, reference and values (b, t), scores and ends (b,), finished (b,): whether the answer came to its
    end. `settings`: leash, estimate, gamma, trace, missing (taken from the score of what has no end), whiten.
    """
    torch = needed("torch")
    said, valued = places(told["ends"], told["policy"].shape[1])
    policy, reference = (torch.where(said, told[name], NOT_SAID) for name in ("policy", "reference"))
    values = torch.where(valued, told["values"], 0.0)
    scores = told["scores"] - settings["missing"] * (~told["finished"]).float()
    leash = divergence(policy, reference, settings["estimate"])
    rewards = shaped_rewards(leash, scores, told["ends"], settings["leash"])
    if settings["whiten"]:
        rewards = torch.where(valued, whitened(rewards, valued, centred=False), 0.0)
    advantages = general_advantages(rewards, values, gamma=settings["gamma"], trace=settings["trace"])
    returns = advantages + values
    advantages = torch.where(said, whitened(advantages, said), 0.0)
    apart = leash.sum(1).mean()
    found = {"policy": policy, "values": values, "said": said, "valued": valued, "apart": apart, "rewards": rewards}
    return {**found, "advantages": advantages, "returns": returns}


def actor_critic_loss(told: Mapping[str, Any], now: Any, values: Any, settings: Mapping[str, Any]) -> tuple[Any, ...]:
    """(loss, policy loss, value loss, share clipped, mean ratio) of a minibatch of what `judged` gave."""
    torch = needed("torch")
    now = torch.where(told["said"], now, NOT_SAID)
    values = torch.where(told["valued"], values, 0.0)
    policy, share, ratio = clipped_policy_loss(now, told["policy"], told["advantages"], told["said"], settings["clip"])
    value, _ = clipped_value_loss(values, told["values"], told["returns"], told["valued"], settings["clip_value"])
    return policy + settings["value_weight"] * value, policy, value, share, ratio


def group_judged(told: Mapping[str, Any], kind: str, group: int, leash: float) -> Mapping[str, Any]:
    """Advantages (b,) of a rollout in which `group` answers in a row are to one question, its mask and its divergence.

    `told`: policy and reference (b, t), scores and ends (b,). rloo takes the weighted divergence of a whole answer off
    its score; grpo lays it on each place of the loss.
    """
    said, _ = places(told["ends"], told["policy"].shape[1])
    apart = (divergence(told["policy"], told["reference"]) * said).sum(1)
    rewards = told["scores"] - leash * apart if kind == "rloo" else told["scores"]
    found = {"said": said, "policy": told["policy"], "reference": told["reference"], "apart": apart.mean()}
    return {**found, "advantages": group_advantages(rewards, group, kind)}


def group_loss(told: Mapping[str, Any], now: Any, kind: str, clip: float, leash: float) -> tuple[Any, Any, Any]:
    """(loss, share that was clipped, mean ratio) of a minibatch of what `group_judged` gave; now: (b, t).

    rloo holds whole answers to the clip, grpo each word, whose mean it takes an answer and then over answers.
    """
    torch = needed("torch")
    said, advantages = told["said"].float(), told["advantages"]
    apart = (now - told["policy"]) * said
    ratio = torch.exp(apart.sum(1) if kind == "rloo" else apart)
    worth = advantages if kind == "rloo" else advantages[:, None]
    free, held = ratio * worth, ratio.clamp(1 - clip, 1 + clip) * worth
    each, clipped = -torch.min(free, held), (held < free).float()
    if kind == "rloo":
        return each.mean(), clipped.mean(), ratio.mean()
    each = each + leash * divergence(now, told["reference"], "k3")
    loss = ((each * said).sum(1) / said.sum(1).clamp(min=1)).mean()
    return loss, masked_mean(clipped, said), masked_mean(ratio, said)
