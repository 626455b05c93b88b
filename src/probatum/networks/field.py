"""A conditional random field as a layer: how likely a labelling is, and the best one, over scores of any network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from probatum.networks.crf import NEVER, follows
from probatum.networks.kit import needed

Steps = tuple[Any, Any, Any]  # of labels: first (n,), from one to the next (n, n), last (n,)


def log_likelihood(scores: Any, labels: Any, mask: Any, steps: Steps) -> Any:
    """The log-likelihood of each labelling (b,): scores (b, t, n), labels and mask (b, t); the first place counts."""
    torch = needed("torch")
    first, between, last = steps
    rows = torch.arange(len(scores), device=scores.device)
    each = torch.gather(scores, 2, labels[..., None])[..., 0]
    moved = between[labels[:, :-1], labels[:, 1:]]
    end = labels[rows, mask.sum(1) - 1]
    path = (each * mask).sum(1) + (moved * mask[:, 1:]).sum(1) + first[labels[:, 0]] + last[end]
    total = first + scores[:, 0]
    for at in range(1, scores.shape[1]):
        following = torch.logsumexp(total[:, :, None] + between + scores[:, at, None], 1)
        total = torch.where(mask[:, at, None], following, total)
    return path - torch.logsumexp(total + last, 1)


def best(scores: Any, mask: Any, steps: Steps) -> list[list[int]]:
    """The likeliest labelling of each text (Viterbi), as long as its mask."""
    torch = needed("torch")
    first, between, last = steps
    total, back = first + scores[:, 0], []
    for at in range(1, scores.shape[1]):
        following, place = (total[:, :, None] + between).max(1)
        back.append(place)
        total = torch.where(mask[:, at, None], following + scores[:, at], total)
    found = []
    for row, length in enumerate(mask.sum(1).tolist()):
        path = [int((total[row] + last).argmax())]
        for place in reversed(back[: length - 1]):
            path.append(int(place[row, path[-1]]))
        found.append(path[::-1])
    return found


def allowed(labels: Sequence[str]) -> Steps:
    """What to add to the steps so that no labelling but a whole one in BIOES is ever the best."""
    torch = needed("torch")
    first = torch.tensor([NEVER if label[0] in "IE" else 0.0 for label in labels])
    last = torch.tensor([NEVER if label[0] in "BI" else 0.0 for label in labels])
    between = torch.tensor([[0.0 if follows(one, other) else NEVER for other in labels] for one in labels])
    return first, between, last
