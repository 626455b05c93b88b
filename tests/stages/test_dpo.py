"""Preferences: from ln 2 on, the better answer becomes likelier."""

from __future__ import annotations

import math

import pytest
from training_samples import PAIRS, made

from probatum.networks.preferring import preferred
from probatum.stages.dpo import dpo
from probatum.stages.sft import sft


def test_a_preference_is_learnt_from_ln_2_on() -> None:
    kit = sft(made(), PAIRS, longest=64, steps=5, batch=8, rate=5e-3)
    before = preferred(kit, PAIRS)
    tuned = dpo(kit.with_reference(), PAIRS, longest=64, steps=10, batch=8, rate=5e-3, beta=0.5)
    assert tuned.courses[-1].losses[0] == pytest.approx(math.log(2), abs=1e-5)
    assert tuned.courses[-1].losses[-1] < 0.4 and preferred(tuned, PAIRS) >= before
    assert tuned.history == ("sft", "dpo")
