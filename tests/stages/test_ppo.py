"""Proximal policy optimisation: begins at ratio 1, finds the better of two answers, stays near, goes on to the bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from training_samples import LORA, PAIRS, made

from probatum.errors import BadPlan
from probatum.networks.kit import Kit
from probatum.networks.rendering import encoded_prompt, template_of
from probatum.stages.ppo import ppo, rolled
from probatum.stages.reward import reward, scorer
from probatum.stages.sft import sft
from probatum.types import Answer

ASKED = PAIRS[:4]
TWO = [replace(each, answer=Answer(said)) for each in ASKED for said in ("water", "fire")]
FAST = {"batch": 16, "answer": 4, "rate": 3e-3, "longest": 64}


class Prefers(torch.nn.Module):
    """A reward of 1 where an answer holds a word, else 0."""

    def __init__(self, kit: Kit, word: str) -> None:
        super().__init__()
        self.kit, self.word = kit, word

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> SimpleNamespace:
        texts = (self.kit.tokenizer.decode(ids[seen > 0]) for ids, seen in zip(input_ids, attention_mask, strict=True))
        return SimpleNamespace(logits=torch.tensor([[float(self.word in text)] for text in texts]))


@pytest.fixture(scope="module")
def undecided() -> Kit:
    """A model that says water or fire, each about half the time."""
    kit = sft(made(), TWO, longest=64, steps=40, batch=8, rate=1e-2)
    return replace(kit, reward=Prefers(kit, "fire"))


def share(kit: Kit, word: str) -> float:
    prompts = [encoded_prompt(ASKED[0].question, kit.tokenizer, template_of("roles"), 64)] * 64
    torch.manual_seed(7)
    told = rolled(kit, scorer(kit), prompts, answer=4, temperature=1.0, unfinished=0.0)
    return sum(word in kit.tokenizer.decode(row) for row in told.ids) / 64


def test_the_better_of_two_answers_is_found(undecided: Kit) -> None:
    before = share(undecided.with_reference(), "fire")
    tuned = ppo(undecided, ASKED, steps=25, price=0.0, **FAST)
    told = tuned.courses[-1]
    assert 0.2 < before < 0.8 and share(tuned, "fire") > 0.95
    assert told.course["scores"][-1] > told.course["scores"][0] and tuned.history[-1] == "ppo"
    assert told.course["ratio_first"] == pytest.approx([1.0] * 25, abs=1e-5)
    assert set(told.course["clipped_first"]) == {0.0} and told.tokens > 0


def test_drifting_has_its_price(undecided: Kit) -> None:
    free, dear = (ppo(undecided, ASKED, steps=8, price=price, **FAST).courses[-1] for price in (0.0, 5.0))
    assert max(map(abs, dear.course["divergences"])) < max(free.course["divergences"])
    held = ppo(undecided, ASKED, steps=3, price=0.1, target=0.01, **FAST).courses[-1].course["prices"]
    assert held[0] == 0.1 and held[-1] != 0.1


def test_answers_without_an_end_are_worth_less(undecided: Kit) -> None:
    kit = undecided.with_reference()
    prompts = [encoded_prompt(each.question, kit.tokenizer, template_of("roles"), 64) for each in ASKED]
    torch.manual_seed(0)
    cut = rolled(kit, scorer(kit), prompts, answer=1, temperature=1.0, unfinished=2.0)
    assert (cut.ids[:, -1] != kit.tokenizer.eos_token_id).any() and float(cut.scores.min()) == -2.0
    assert cut.mask.sum(1).tolist() == [1.0] * 4
    for row, prompt in enumerate(prompts):
        first = cut.mask[row].nonzero()[0, 0]
        assert cut.ids[row, : len(prompt)].tolist() == list(prompt) and int(first) == len(prompt) - 1


def test_goes_on_to_the_same_losses(undecided: Kit, tmp_path: Path) -> None:
    whole = ppo(undecided_copy(undecided), ASKED, steps=4, every=2, folder=tmp_path / "whole", **FAST).courses[-1]
    with pytest.raises(KeyboardInterrupt):
        ppo(undecided_copy(undecided), ASKED, steps=4, every=2, folder=tmp_path / "cut", heard=broken_off, **FAST)
    again = ppo(undecided_copy(undecided), ASKED, steps=4, every=2, folder=tmp_path / "cut", **FAST).courses[-1]
    assert again.losses == whole.losses and again.course["scores"] == whole.course["scores"]


def undecided_copy(kit: Kit) -> Kit:
    fresh = made()
    fresh.model.load_state_dict(kit.model.state_dict())
    return replace(fresh, reward=Prefers(fresh, "fire"))


def broken_off(step: int, _total: int, _loss: float) -> None:
    if step == 3:
        raise KeyboardInterrupt


def test_with_a_trained_reward_model_and_an_adapter() -> None:
    kit = reward(made(), PAIRS, longest=64, steps=4, batch=8, rate=5e-3)
    before = {name: weight.clone() for name, weight in kit.model.state_dict().items()}
    tuned = ppo(kit, ASKED, steps=2, adapter=LORA, batch=4, answer=4, rate=1e-3)
    kept = {
        name.replace("base_model.model.", "").replace(".base_layer", ""): w
        for name, w in tuned.model.state_dict().items()
    }
    assert all(torch.equal(kept[name], weight) for name, weight in before.items())
    assert tuned.history == ("reward", "ppo") and len(tuned.courses[-1].losses) == 2
    with pytest.raises(BadPlan, match="no reward model"):
        ppo(made(), ASKED)
