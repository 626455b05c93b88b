"""Adapters go to peft and come from it with equal logits; what can be merged answers merged as it did before."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

import peft
import torch
import transformers
from training_samples import LORA, PAIRS, made

from probatum.errors import BadPlan, NeedsFile
from probatum.models.local import answering, local
from probatum.networks.adapters import adapted, merged, trainable
from probatum.networks.kit import Kit, load, save, tiny
from probatum.stages.sft import sft
from probatum.types import Request

ASKED = "What helps drug 3? water and rest"
TEXTS = [each.question.text for each in PAIRS] + ["water and rest fire"]
FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "lora": ("llama", LORA),
    "lora on all layers": ("qwen2", {"kind": "lora", "rank": 2, "alpha": 32, "targets": "all-linear"}),
    "lora with layers trained whole": ("llama", {**LORA, "saved": ["embed_tokens", "lm_head"]}),
    "lora where weights lie the other way round": ("gpt2", {"kind": "lora", "targets": ["c_attn"]}),
    "lora from text to text": ("t5", {"kind": "lora", "targets": ["q", "v"]}),
    "prompt": ("llama", {"kind": "prompt", "tokens": 3}),
    "p-tuning": ("llama", {"kind": "p-tuning", "tokens": 3, "hidden": 16}),
    "prefix": ("llama", {"kind": "prefix", "tokens": 3}),
}
# forms that peft has and that ours have no words for: they are read all the same
OTHERS: dict[str, Any] = {
    "plain": peft.LoraConfig(r=3, lora_alpha=6, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM"),
    "scaled by the root of the rank": peft.LoraConfig(r=4, use_rslora=True, target_modules=["o_proj"]),
    "with directions and lengths apart": peft.LoraConfig(r=2, use_dora=True, target_modules=["up_proj", "q_proj"]),
    "a rank for each layer": peft.LoraConfig(
        r=2, rank_pattern={"layers.1.self_attn.q_proj": 5}, alpha_pattern={"v_proj": 9}, target_modules="all-linear"
    ),
    "with layers trained whole": peft.LoraConfig(r=2, target_modules=["k_proj"], modules_to_save=["lm_head"]),
    "prompt": peft.PromptTuningConfig(num_virtual_tokens=4, task_type="CAUSAL_LM"),
    "p-tuning by a recurrent network": peft.PromptEncoderConfig(
        num_virtual_tokens=4, encoder_hidden_size=8, encoder_reparameterization_type="LSTM", task_type="CAUSAL_LM"
    ),
    "prefix": peft.PrefixTuningConfig(num_virtual_tokens=4, task_type="CAUSAL_LM"),
    "prefix behind a network": peft.PrefixTuningConfig(
        num_virtual_tokens=4, prefix_projection=True, encoder_hidden_size=8, task_type="CAUSAL_LM"
    ),
}


def moved(model: Any, seed: int = 7) -> Any:
    """The model with chance in every weight that is trained: an adapter at its beginning would change nothing."""
    draws = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.requires_grad:
                weight.add_(0.15 * torch.randn(weight.shape, generator=draws))
    return model


def logits(model: Any, tokenizer: Any) -> torch.Tensor:
    ids = tokenizer(ASKED, return_tensors="pt", add_special_tokens=False)["input_ids"]
    beside = {"decoder_input_ids": ids} if model.config.is_encoder_decoder else {}
    with torch.no_grad():
        found = model.eval()(input_ids=ids, **beside).logits
    return found[:, found.shape[1] - ids.shape[1] :]


def outside(folder: Path) -> Any:
    """A checkpoint as others read it."""
    config = transformers.AutoConfig.from_pretrained(folder)
    maker = transformers.AutoModelForSeq2SeqLM if config.is_encoder_decoder else transformers.AutoModelForCausalLM
    return maker.from_pretrained(folder)


@pytest.mark.parametrize("form", FORMS)
def test_ours_loads_in_peft_with_equal_logits(form: str, tmp_path: Path) -> None:
    family, adapter = FORMS[form]
    save(tiny(family, TEXTS, width=32), tmp_path / "base")
    kit = adapted(load(tmp_path / "base"), dict(adapter))
    moved(kit.model)
    save(kit, tmp_path / "adapter")
    told = logits(kit.model, kit.tokenizer)
    theirs = peft.PeftModel.from_pretrained(outside(tmp_path / "base"), tmp_path / "adapter")
    assert torch.equal(logits(theirs, kit.tokenizer), told)
    assert (logits(outside(tmp_path / "base"), kit.tokenizer) - told).abs().max() > 1e-3  # the adapter does something
    assert sorted(path.name for path in (tmp_path / "adapter").glob("adapter*")) == [
        "adapter_config.json",
        "adapter_model.safetensors",
    ]
    if adapter["kind"] == "lora":
        assert (logits(merged(kit).model, kit.tokenizer) - told).abs().max() < 1e-5
        assert (logits(theirs.merge_and_unload(), kit.tokenizer) - told).abs().max() < 1e-5
    else:
        with pytest.raises(BadPlan, match="only lora"):
            merged(kit)


@pytest.mark.parametrize("form", OTHERS)
def test_an_adapter_of_peft_loads_here_with_equal_logits(form: str, tmp_path: Path) -> None:
    base = tiny("llama", TEXTS, width=32)
    save(base, tmp_path / "base")
    theirs = moved(peft.get_peft_model(outside(tmp_path / "base"), deepcopy(OTHERS[form])))
    theirs.save_pretrained(tmp_path / "adapter")
    told = logits(theirs, base.tokenizer)
    ours = load(tmp_path / "adapter")
    assert (logits(ours.model, ours.tokenizer) - told).abs().max() < 1e-6
    asked = Request((("user", "What helps drug 3?"),), choices=("water and rest", "fire"))
    beside = local(model=str(tmp_path / "base"), adapter=str(tmp_path / "adapter"))(asked)
    assert beside.chances == pytest.approx(answering(ours)(asked).chances, abs=1e-5)
    if OTHERS[form].peft_type == peft.PeftType.LORA:
        assert trainable(ours)[0] > 0  # it can be trained on
        assert (logits(merged(ours).model, base.tokenizer) - told).abs().max() < 1e-5


def test_lora_of_peft_for_text_to_text_loads_though_peft_cannot_wrap_it(tmp_path: Path) -> None:
    base = tiny("t5", TEXTS, width=32)
    save(base, tmp_path / "base")
    kit = adapted(load(tmp_path / "base"), {"kind": "lora", "targets": ["q", "v"]})
    moved(kit.model)
    save(kit, tmp_path / "adapter")
    file = tmp_path / "adapter" / "adapter_config.json"
    said = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**said, "task_type": "SEQ_2_SEQ_LM"}), encoding="utf-8")  # as peft writes it
    again = load(tmp_path / "adapter")
    assert torch.equal(logits(again.model, base.tokenizer), logits(kit.model, base.tokenizer))
    with pytest.raises(BadPlan, match="reads and writes in one"):
        adapted(base, {"kind": "prefix"})


def test_what_was_trained_here_goes_on_in_peft_and_back(tmp_path: Path) -> None:
    save(made(), tmp_path / "base")
    kit = sft(load(tmp_path / "base"), PAIRS, adapter=dict(LORA), longest=64, steps=4, batch=8, rate=1e-2)
    save(kit, tmp_path / "ours")
    theirs = peft.PeftModel.from_pretrained(outside(tmp_path / "base"), tmp_path / "ours", is_trainable=True)
    before = logits(theirs, kit.tokenizer)
    assert torch.equal(before, logits(kit.model, kit.tokenizer))
    ids = kit.tokenizer(ASKED, return_tensors="pt")["input_ids"]
    optimiser = torch.optim.SGD([each for each in theirs.parameters() if each.requires_grad], lr=0.5)
    theirs.train()(input_ids=ids, labels=ids).loss.backward()
    optimiser.step()
    theirs.save_pretrained(tmp_path / "theirs")
    back = load(tmp_path / "theirs")
    after = logits(back.model, back.tokenizer)
    assert torch.equal(after, logits(theirs, kit.tokenizer)) and not torch.equal(after, before)


@pytest.mark.parametrize("kind", ["lora", "prompt", "p-tuning", "prefix"])
def test_an_adapter_begins_with_its_seed(kind: str) -> None:
    def begun(seed: int) -> list[torch.Tensor]:
        kit = adapted(made(), {"kind": kind}, seed=seed)
        return [each.detach() for each in kit.model.parameters() if each.requires_grad]

    torch.manual_seed(1)
    one, state = begun(3), torch.random.get_rng_state()
    torch.manual_seed(2)
    same, other = begun(3), begun(4)
    assert all(torch.equal(a, b) for a, b in zip(one, same, strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    torch.manual_seed(1)
    assert torch.equal(torch.random.get_rng_state(), state)  # nothing else is drawn by it


def test_a_base_named_from_the_working_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base: Kit = made()
    save(base, tmp_path / "base")
    monkeypatch.chdir(tmp_path)  # peft writes down the path with which the base was read
    theirs = moved(peft.get_peft_model(outside(Path("base")), deepcopy(OTHERS["plain"])))
    theirs.save_pretrained("adapter")
    said = json.loads(Path("adapter/adapter_config.json").read_text(encoding="utf-8"))
    assert said["base_model_name_or_path"] == "base"
    assert torch.equal(logits(load(Path("adapter")).model, base.tokenizer), logits(theirs, base.tokenizer))
    monkeypatch.chdir("/")
    with pytest.raises(NeedsFile, match="adapter/base"):
        load(tmp_path / "adapter")
