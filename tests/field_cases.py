"""The cases on which two fields are compared, drawn by a seed."""

from __future__ import annotations

import numpy as np
import torch


def case(seed: int) -> tuple[torch.Tensor, ...]:
    """(scores, labels, mask, first, between, last) of 3 texts."""
    chance = np.random.default_rng(seed)
    b, t, n = 3, int(chance.integers(1, 9)), int(chance.integers(2, 7))
    scores, first, between, last = (
        torch.tensor(chance.normal(size=shape), dtype=torch.float64) for shape in ((b, t, n), (n,), (n, n), (n,))
    )
    labels = torch.tensor(chance.integers(0, n, (b, t)))
    lengths = torch.tensor(chance.integers(1, t + 1, b))
    return scores, labels, torch.arange(t)[None] < lengths[:, None], first, between, last
