"""A trained kit answers: learnt text, likelihoods, seeds, stops, adapters, in methods, and nothing is made up."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from training_samples import PAIRS, made

from probatum.errors import BadPlan, ModelFailed, NeedsFile
from probatum.models.local import answering, local
from probatum.networks.adapters import adapted
from probatum.networks.kit import Kit, load, save, tiny
from probatum.networks.losses import sequence_logps
from probatum.networks.packing import padded
from probatum.networks.rendering import encoded, template_of
from probatum.shapes import LanguageModel
from probatum.stages.sft import sft
from probatum.types import Answer, Example, Question, Request

ASKED = Request((("user", "What helps drug 3?"),), longest=12)


@pytest.fixture(scope="module")
def learnt() -> Kit:
    return sft(made(), PAIRS, longest=64, steps=40, batch=16, rate=1e-2)


@pytest.fixture
def model(learnt: Kit) -> LanguageModel:
    return answering(learnt)


def test_what_was_learnt_is_answered_and_a_folder_says_the_same(learnt: Kit, tmp_path: Path) -> None:
    save(learnt, tmp_path)
    for model in (answering(learnt), local(model=str(tmp_path))):
        reply = model(ASKED)
        assert reply.text == "water and rest" and reply.ended == "stop" and not model.leaves_host
        assert reply.tokens_in > 5 and reply.tokens_out >= 2
    assert answering(learnt)(Request(ASKED.messages, longest=1)).ended == "length"


def test_likelihoods_are_the_summed_log_probabilities(learnt: Kit, model: LanguageModel) -> None:
    reply = model(Request(ASKED.messages, choices=("water and rest", "fire")))
    assert reply.text == "water and rest" and reply.chances[0] > -0.5 > -3 > reply.chances[1]
    for choice, chance in zip(("water and rest", "fire"), reply.chances, strict=True):
        example = Example("1", Question("What helps drug 3?"), Answer(choice))
        text = encoded(example, learnt.tokenizer, template_of("roles"), longest=64, supervise="last")
        batch = padded([text], 0)
        labels = batch["labels"].clone()
        labels[0, -1] = -100  # the end is not part of a choice
        with torch.no_grad():
            logits = learnt.model(input_ids=batch["input_ids"]).logits
        assert chance == pytest.approx(float(sequence_logps(logits, labels)[0]), abs=1e-4)


def test_seeds_temperature_and_stops(model: LanguageModel) -> None:
    state = torch.random.get_rng_state()
    drawn = [model(Request(ASKED.messages, temperature=5.0, seed=seed, longest=8)).text for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2] and torch.equal(state, torch.random.get_rng_state())
    assert model(Request(ASKED.messages, stop=(" and",))).text == "water"


def test_an_adapter_on_its_base(learnt: Kit, tmp_path: Path) -> None:
    save(learnt, tmp_path / "base")
    lora = adapted(load(tmp_path / "base"), {"kind": "lora", "rank": 2, "targets": "all-linear"})
    with torch.no_grad():
        for name, parameter in lora.model.named_parameters():
            parameter.add_(0.5 if "lora_B" in name else 0.0)
    lora.model.save_pretrained(tmp_path / "adapter")
    told = Request(ASKED.messages, choices=("water and rest",))
    with_it = local(model=str(tmp_path / "base"), adapter=str(tmp_path / "adapter"))(told).chances
    assert with_it == pytest.approx(answering(lora)(told).chances, abs=1e-4)
    assert with_it != pytest.approx(answering(learnt)(told).chances, abs=1e-2)


def test_sequence_to_sequence_writes_and_weighs() -> None:
    kit = tiny("t5", [each.question.text for each in PAIRS] + ["water and rest fire"], width=32)
    model = answering(kit)
    reply = model(Request(ASKED.messages, choices=("water", "fire")))
    assert len(reply.chances) == 2 and all(chance < 0 for chance in reply.chances)


def test_what_it_cannot_do_it_says(learnt: Kit, model: LanguageModel, tmp_path: Path) -> None:
    with pytest.raises(ModelFailed, match="calls no functions"):
        model(Request(ASKED.messages, tools="[]"))
    with pytest.raises(ModelFailed, match="no JSON"):
        model(Request(ASKED.messages, schema='{"type": "object"}'))
    with pytest.raises(ModelFailed, match="the model reads 512"):
        model(Request((("user", "What helps? " * 600),)))
    with pytest.raises(NeedsFile):
        local(model=str(tmp_path))
    with pytest.raises(BadPlan):
        local()
    with pytest.raises(BadPlan, match="reads and writes nothing"):
        answering(tiny("bert", ["a"]))
