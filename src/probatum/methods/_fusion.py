"""One number from several scores, and its meaning: the probability of a disease, all being equally likely before."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from probatum.errors import BadPlan
from probatum.methods._constants import WEIGHTS
from probatum.methods._scores import NAMES
from probatum.methods._terms import Real


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned: for each score a weight, and the power of the number of phenotypes that it is multiplied by.

    `sharpness` and `unexplained` turn fused scores into probabilities: the first scales them, the second is the share
    that is spread over all candidates alike, for patients whom the stored knowledge does not explain.
    """

    scores: Mapping[str, float]
    powers: Mapping[str, float]
    sharpness: float = 1.0
    unexplained: float = 0.0
    extra: Mapping[str, float] = field(default_factory=dict)

    def fused(self, scores: Real, phenotypes: int) -> Real:
        """The weighted sum of the rows of a table of scores."""
        by_name = {**self.scores, **self.extra}
        count = max(phenotypes, 1)
        each = [by_name.get(name, 0.0) * count ** self.powers.get(name, 0.0) for name in NAMES]
        total = np.zeros(scores.shape[1], np.float32)
        for place, weight in enumerate(each):
            if weight:
                total += np.float32(weight) * scores[place]
        return total

    def probabilities(self, fused: Real) -> NDArray[np.float64]:
        """The probability of each candidate given the fused scores of all: equally likely before, one of them true."""
        raised = np.exp(self.sharpness * (fused.astype(np.float64) - fused.max()))
        share: NDArray[np.float64] = raised / raised.sum()
        return (1 - self.unexplained) * share + self.unexplained / len(fused)


@cache
def weights(name: str = "whole") -> Weights:
    """A set of weights of the file beside this one: `whole`, learned on all cases, or `fold0` .. `fold4`, on the rest.

    Raises `BadPlan` where there is no such set.
    """
    table = tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))
    if name not in table["sets"]:
        raise BadPlan(f"there are no weights {name!r}", where=WEIGHTS.name, mend=f"one of: {', '.join(table['sets'])}")
    learned = table["sets"][name]
    return Weights(
        learned["scores"], table["powers"], learned["sharpness"], learned["unexplained"], table["set_by_hand"]
    )
