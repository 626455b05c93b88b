"""Supervised fine-tuning, whole or by adapters."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch
from training_samples import LORA, PAIRS, made

from probatum.errors import BadPlan
from probatum.networks.adapters import merged, trainable
from probatum.networks.kit import load, save
from probatum.networks.loop import Trained
from probatum.networks.rendering import IGNORED, Tokens, encoded, template_of
from probatum.safety.facts import facts_of
from probatum.stages.sft import sft
from probatum.types import Answer, Example, Question


@pytest.mark.parametrize("packing", [False, True])
def test_fine_tuning_learns_the_answers(packing: bool) -> None:
    kit = sft(made(), PAIRS, packing=packing, longest=64, steps=25, batch=8, rate=1e-2)
    losses = kit.courses[-1].losses
    assert losses[-1] < losses[0] / 4


def test_packing_leaves_the_count_of_tokens_as_it_is() -> None:
    template = template_of("roles")
    kit = made()
    real = sum(len(encoded(each, kit.tokenizer, template, longest=64, supervise="answers").ids) for each in PAIRS)
    for packing in (False, True):
        assert sft(made(), PAIRS, packing=packing, longest=64, batch=8).courses[-1].tokens == real


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


def test_the_seed_makes_the_adapter_whatever_was_drawn_before() -> None:
    losses = []
    for drawn, seed in ((1, 5), (2, 5), (2, 6)):
        torch.manual_seed(drawn)
        kit = sft(made(), PAIRS, adapter=dict(LORA), longest=64, steps=3, batch=16, rate=1e-2, seed=seed)
        losses.append(kit.courses[-1].losses)
    assert losses[0] == losses[1] != losses[2]


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


CONSULTATIONS = {
    "en": (
        ("I am 34 years old and allergic to penicillin. My garden is large.", "How long has it lasted?"),
        ("It began on Monday after a long walk by the sea.", "Is there anything else?"),
        ("I am taking warfarin. The nights are bad.", "Do you sleep?"),
        ("Not much, the cough wakes me up.", "Any fever?"),
    ),
    "zh": (
        ("我今年34岁，对青霉素过敏。我家院子很大。", "持续多久了？"),
        ("周一在海边走了很久以后开始的。", "还有别的吗？"),
        ("我正在服用华法林。夜里很难受。", "睡得好吗？"),
        ("睡不好，咳醒。", "发烧吗？"),
    ),
}  # fmt: skip
LAST = {"en": ("No fever. What can I take?", "Come in today."), "zh": ("没有。可以吃什么药？", "请今天来就诊。")}


def consultation(language: str) -> Example:
    turns = [each for asked, said in CONSULTATIONS[language] for each in (("patient", asked), ("doctor", said))]
    asked, said = LAST[language]
    return Example(language, Question(asked, turns=tuple(turns), language=language), Answer(said))


@pytest.mark.parametrize("language", CONSULTATIONS)
def test_a_history_is_cut_to_its_budget_and_keeps_what_bears_on_safety(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole turns go, the facts of a medicine's safety stay to the last, and only what the doctor said is learnt."""
    example, kit = consultation(language), made()
    seen: list[Tokens] = []

    def caught(model: object, items: list[Tokens], *_: object, **__: object) -> Trained:
        seen.extend(items)
        return Trained((), (), 0, 0.0, 0, 0.0)

    monkeypatch.setattr(sys.modules[sft.__module__], "fit", caught)
    sft(kit, [example], longest=1 << 20, steps=1)
    full = len(seen[0].ids)
    facts = facts_of(Question("\n".join(asked for asked, _ in CONSULTATIONS[language])))
    assert facts.age == 34 and facts.allergies and facts.medicines
    doctors = [said for _, said in (*CONSULTATIONS[language], LAST[language])]
    shortest = None
    for budget in range(full - 1, 0, -max(full // 25, 1)):
        seen.clear()
        sft(kit, [example], longest=budget, steps=1)
        if not seen or (shortest and budget < shortest):
            break  # what is left is the last turn and the facts: shorter budgets cut the answer's end
        (told,) = seen
        assert len(told.ids) <= budget
        text = kit.tokenizer.decode(told.ids)
        kept = facts_of(Question(text))
        assert (kept.age, set(kept.allergies), set(kept.medicines)) == (
            facts.age, set(facts.allergies), set(facts.medicines),
        )  # fmt: skip
        learnt = kit.tokenizer.decode([label for label in told.labels if label != IGNORED])
        assert learnt == "".join(f"{said}</s>" for said in doctors if f"{said}</s>" in text)
        assert not any(asked in learnt for asked, _ in CONSULTATIONS[language])
        if doctors[-2] not in text:
            shortest = len(told.ids)
    assert shortest and shortest < full / 2
    seen.clear()
    sft(kit, [example], longest=full - 1, history="newest", steps=1)
    assert not facts_of(Question(kit.tokenizer.decode(seen[0].ids))).allergies
    with pytest.raises(BadPlan, match="history"):
        sft(kit, [example], history="none")
