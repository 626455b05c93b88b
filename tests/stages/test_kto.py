"""KTO: single answers, liked or not, are learnt from; no pairs are needed."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from training_samples import LORA, PAIRS, made

from probatum.networks.preferring import preferred
from probatum.stages.kto import kto
from probatum.stages.sft import sft
from probatum.types import Answer


def test_liked_answers_become_likelier_without_pairs() -> None:
    alone = [replace(each, rejected=()) for each in PAIRS[:8]]
    disliked = [replace(each, answer=Answer("")) for each in PAIRS[8:]]
    kit = sft(made(), PAIRS, longest=64, steps=5, batch=8, rate=5e-3)
    before = preferred(kit, PAIRS)
    tuned = kto(kit.with_reference(), [*alone, *disliked], longest=64, steps=12, batch=8, rate=5e-3, beta=0.5)
    assert tuned.courses[-1].losses[0] == pytest.approx(0.5, abs=1e-4)  # policy and reference are one
    assert tuned.courses[-1].losses[-1] < 0.4 and preferred(tuned, PAIRS) >= before
    assert tuned.history == ("sft", "kto")


def test_an_adapter_alone_learns() -> None:
    base = made()
    before = base.model.model.layers[0].mlp.up_proj.weight.clone()
    tuned = kto(base, PAIRS, longest=64, steps=2, batch=8, adapter=LORA)
    assert torch.equal(before, tuned.model.get_base_model().model.layers[0].mlp.up_proj.weight)
