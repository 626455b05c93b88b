"""The losses of the stages as plain functions of tensors."""

from __future__ import annotations

from typing import Any

from probatum.errors import BadPlan
from probatum.networks.kit import needed
from probatum.networks.rendering import IGNORED

PREFERENCE = ("sigmoid", "ipo", "hinge")


def token_loss(logits: Any, labels: Any) -> Any:
    """The mean cross-entropy of the next token over the labels that count. Shapes: (b, t, v), (b, t)."""
    functional = needed("torch.nn.functional")
    return functional.cross_entropy(
        logits[:, :-1].reshape(-1, logits.shape[-1]).float(), labels[:, 1:].reshape(-1), ignore_index=IGNORED
    )


def sequence_logps(logits: Any, labels: Any) -> Any:
    """The summed log-probability of the labels that count, one a text: (b, t, v), (b, t) -> (b,)."""
    torch = needed("torch")
    after = labels[:, 1:]
    counted = after != IGNORED
    logs = logits[:, :-1].float().log_softmax(-1)
    each = torch.gather(logs, -1, after.masked_fill(~counted, 0).unsqueeze(-1)).squeeze(-1)
    return (each * counted).sum(-1)


def reward_loss(chosen: Any, rejected: Any, margin: Any = 0.0, centre: float = 0.0) -> Any:
    """-log sigmoid(chosen - rejected - margin), the mean; `centre` pulls the sum of both to 0. doi:10.2307/2334029."""
    functional = needed("torch.nn.functional")
    loss = -functional.logsigmoid(chosen - rejected - margin).mean()
    return loss + centre * ((chosen + rejected) ** 2).mean() if centre else loss


def preference_loss(
    policy: tuple[Any, Any],
    reference: tuple[Any, Any],
    *,
    beta: float = 0.1,
    kind: str = "sigmoid",
    smoothing: float = 0.0,
) -> tuple[Any, Any, Any]:
    """(loss, rewards of the chosen, rewards of the rejected) of log-probabilities (chosen, rejected), each (b,).

    `kind`: sigmoid (DPO, arXiv:2305.18290; with `smoothing` cDPO), ipo (arXiv:2310.12036, on means a token: give those)
    or hinge. With policy and reference equal the sigmoid loss is ln 2.
    """
    functional = needed("torch.nn.functional")
    rewards = [beta * (ours - theirs) for ours, theirs in zip(policy, reference, strict=True)]
    logits = (policy[0] - policy[1]) - (reference[0] - reference[1])
    if kind == "sigmoid":
        right, wrong = functional.logsigmoid(beta * logits), functional.logsigmoid(-beta * logits)
        each = -(1 - smoothing) * right - smoothing * wrong
    elif kind == "ipo":
        each = (logits - 1 / (2 * beta)) ** 2
    elif kind == "hinge":
        each = functional.relu(1 - beta * logits)
    else:
        raise BadPlan(f"kind = {kind!r} is not known here", mend=f"one of: {', '.join(PREFERENCE)}")
    return each.mean(), rewards[0].detach(), rewards[1].detach()


def kto_loss(
    policy: Any, reference: Any, liked: Any, divergence: Any, *, beta: float = 0.1, gain: float = 1.0, loss: float = 1.0
) -> Any:
    """The loss of single judged answers: log-probabilities (b,), whether each is liked (b,), the batch's divergence.

    Source: arXiv:2402.01306.
    """
    torch = needed("torch")
    ahead = policy - reference
    value = torch.where(
        liked,
        gain * (1 - (beta * (ahead - divergence)).sigmoid()),
        loss * (1 - (beta * (divergence - ahead)).sigmoid()),
    )
    return value.mean()
