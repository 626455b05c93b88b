"""Small models made on the spot, and checkpoints that come back as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from probatum.errors import BadPlan, NeedsFile
from probatum.networks.kit import load, save, tiny, trained_tokenizer

TEXTS = ["The patient has a fever and a cough.", "Gaucher disease: enzyme replacement.", "患者发热咳嗽三天。"] * 5


@pytest.mark.parametrize(
    ("family", "objective"), [("llama", "causal"), ("bert", "masked"), ("t5", "sequence-to-sequence")]
)
def test_a_checkpoint_comes_back_as_it_was(family: str, objective: str, tmp_path: Path) -> None:
    import torch

    kit = tiny(family, TEXTS)
    assert (kit.family, kit.objective) == (family, objective)
    save(kit, tmp_path)
    again = load(tmp_path)
    ids = again.tokenizer(TEXTS[0], return_tensors="pt")["input_ids"]
    assert ids.tolist() == kit.tokenizer(TEXTS[0], return_tensors="pt")["input_ids"].tolist()
    given = {"input_ids": ids} | ({"decoder_input_ids": ids} if family == "t5" else {})
    with torch.no_grad():
        assert torch.equal(kit.model.eval()(**given).logits, again.model.eval()(**given).logits)
    assert not list(tmp_path.glob("*.bin"))


def test_the_seed_makes_the_model() -> None:
    one, same, other = (tiny("llama", TEXTS, seed=seed).model.lm_head.weight for seed in (1, 1, 2))
    assert one.equal(same) and not one.equal(other)


def test_every_text_can_be_written() -> None:
    tokenizer = trained_tokenizer(TEXTS)
    for text in ("患者发热 3 天", "α-galactosidase", "🙂"):
        assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_a_reference_stays_as_it_is() -> None:
    kit = tiny("llama", TEXTS).with_reference()
    before = kit.reference.lm_head.weight.clone()
    kit.model.lm_head.weight.data.add_(1)
    assert kit.reference.lm_head.weight.equal(before)
    assert not any(weight.requires_grad for weight in kit.reference.parameters())
    assert kit.after("sft").after("dpo").history == ("sft", "dpo")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadPlan, match="small form"):
        tiny("mamba", TEXTS)
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickled")
    with pytest.raises(NeedsFile, match="checkpoint"):
        load(tmp_path)
