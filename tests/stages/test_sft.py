"""Supervised fine-tuning, whole or by adapters."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from training_samples import LORA, PAIRS, made

from probatum.errors import BadPlan
from probatum.networks.adapters import merged, trainable
from probatum.networks.kit import load, save
from probatum.stages.sft import sft


@pytest.mark.parametrize("packing", [False, True])
def test_fine_tuning_learns_the_answers(packing: bool) -> None:
    kit = sft(made(), PAIRS, packing=packing, longest=64, steps=25, batch=8, rate=1e-2)
    losses = kit.courses[-1].losses
    assert losses[-1] < losses[0] / 4


@pytest.mark.parametrize(
    ("adapter", "weights"),
    [
        (LORA, 2 * 2 * (32 * 4 + 4 * 32)),  # two layers, two targets, both factors
        ({"kind": "prompt", "tokens": 5}, 5 * 32),
        ({"kind": "p-tuning", "tokens": 5, "hidden": 16}, 5 * 32 + (32 * 16 + 16) + (16 * 16 + 16) + (16 * 32 + 32)),
        ({"kind": "prefix", "tokens": 5}, 5 * 2 * 2 * 32),
    ],
)
def test_an_adapter_alone_is_trained(adapter: dict, weights: int) -> None:
    base = made()
    before = {name: value.clone() for name, value in base.model.state_dict().items()}
    kit = sft(base, PAIRS, adapter=adapter, longest=64, steps=3, batch=4, rate=1e-2)
    assert trainable(kit)[0] == weights
    after = dict(kit.model.get_base_model().state_dict())
    same = {name.replace("base_layer.", ""): value for name, value in after.items() if "lora" not in name}
    assert before.keys() == same.keys() and all(torch.equal(before[name], same[name]) for name in before)


def test_an_adapter_comes_back_and_merges_into_its_base(tmp_path: Path) -> None:
    save(made(), tmp_path / "base")
    base = load(tmp_path / "base")
    kit = sft(base, PAIRS, adapter=LORA, longest=64, steps=5, batch=4, rate=1e-2)
    save(kit, tmp_path / "adapter")
    again = load(tmp_path / "adapter")
    ids = kit.tokenizer(PAIRS[0].question.text, return_tensors="pt")["input_ids"]
    with torch.no_grad():
        told = kit.model.eval()(input_ids=ids).logits
        assert torch.equal(again.model.eval()(input_ids=ids).logits, told)
        assert (merged(again).model.eval()(input_ids=ids).logits - told).abs().max() < 1e-5


def test_a_setting_that_is_none_is_refused() -> None:
    with pytest.raises(BadPlan, match="did you mean 'epochs'"):
        sft(made(), PAIRS, epoch=3)
    with pytest.raises(BadPlan, match="adapter"):
        sft(made(), PAIRS, adapter={"kind": "magic"})


@pytest.mark.slow
def test_full_adapter_and_virtual_tokens_are_one_setting_apart() -> None:
    """One call with one table of settings; `adapter` alone differs. A merged adapter answers as it did."""
    settings = {"longest": 64, "steps": 20, "batch": 8, "rate": 3e-2, "schedule": "cosine", "warmup": 0.1, "seed": 4}
    forms = {"full": {"kind": "full"}, "lora": LORA, "p-tuning": {"kind": "p-tuning", "tokens": 5, "hidden": 16}}
    kits = {name: sft(made(), PAIRS, adapter=dict(adapter), **settings) for name, adapter in forms.items()}
    courses = [kit.courses[-1] for kit in kits.values()]
    assert courses[0].course == courses[1].course == courses[2].course and courses[0].steps == 20
    assert all(sum(each.losses[-4:]) < sum(each.losses[:4]) for each in courses)
    weights = {name: trainable(kit) for name, kit in kits.items()}
    assert weights["full"][0] == weights["full"][1] > 10 * weights["p-tuning"][0] and weights["lora"][0] == 1024
    ids = kits["lora"].tokenizer(PAIRS[0].question.text, return_tensors="pt")["input_ids"]
    with torch.no_grad():
        told = kits["lora"].model.eval()(input_ids=ids).logits
        assert (merged(kits["lora"]).model.eval()(input_ids=ids).logits - told).abs().max() < 1e-5
