"""Rejection sampling: the best of what was drawn is learnt."""

from __future__ import annotations

import pytest
from training_samples import PAIRS, made, undecided, worth

from probatum.errors import BadPlan
from probatum.stages.rejection import rejection


def test_the_best_of_what_was_drawn_is_learnt() -> None:
    settings = {"draws": 4, "longest": 1, "steps": 12, "batch": 8, "rate": 1e-2}
    kit = rejection(undecided(), PAIRS[:8], score=worth, rounds=2, **settings)
    first, second = kit.courses[-1]
    assert first.drawn < first.kept == 1.0 and second.drawn > first.drawn + 0.2 and kit.history[-1] == "rejection"
    with pytest.raises(BadPlan, match="worth"):
        rejection(made(), PAIRS[:2], draws=2, longest=1)
