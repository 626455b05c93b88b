"""Bits a byte by hand, the unigram that must be beaten, repetition; and what replay keeps from being forgotten."""

from __future__ import annotations

import math

import pytest
from training_samples import DOCUMENTS, made

from probatum.errors import BadPlan
from probatum.networks import checks
from probatum.networks.kit import Kit, tiny
from probatum.stages.cpt import cpt
from probatum.types import Answer, Example, Question

GENERAL = [f"The {sun} shines on the {sea} at {at} today." for sun in ("sun", "moon", "star", "lamp", "moss", "glow")
           for sea in ("sea", "hill", "road", "lake", "farm") for at in ("noon", "one", "dusk")]  # fmt: skip
MEDICAL = [f"Drug {n} lowers the fever of disease {n * 7 % 50}." for n in range(120)]


def documents(texts: list[str]) -> list[Example]:
    return [Example(str(at), Question(), Answer(text)) for at, text in enumerate(texts)]


def test_bits_a_byte_by_hand_and_in_stretches() -> None:
    torch = pytest.importorskip("torch")
    kit = made()
    text = DOCUMENTS[0].answer.text
    ids = [kit.tokenizer.bos_token_id, *kit.tokenizer(text, add_special_tokens=False)["input_ids"]]
    with torch.no_grad():
        logs = kit.model(input_ids=torch.tensor([ids])).logits[0].log_softmax(-1)
    bits = -sum(float(logs[at, token]) for at, token in enumerate(ids[1:])) / math.log(2)
    assert checks.bits_per_byte(kit, [text]) == pytest.approx(bits / len(text.encode()), rel=1e-5)
    assert checks.bits_per_byte(kit, [text], longest=4) == pytest.approx(bits / len(text.encode()), rel=0.1)
    with pytest.raises(BadPlan):
        checks.bits_per_byte(kit, [""])
    with pytest.raises(BadPlan):
        checks.unigram_bits_per_byte(kit, [text], [])


def test_a_model_that_has_read_beats_the_unigram() -> None:
    texts = [each.answer.text for each in DOCUMENTS]
    kit = cpt(made(), DOCUMENTS[:25], longest=64, steps=50, batch=8, rate=5e-3)
    unigram = checks.unigram_bits_per_byte(kit, texts[:25], texts[25:])
    assert checks.bits_per_byte(kit, texts[25:]) < 0.8 * unigram < unigram < checks.bits_per_byte(made(), texts[25:])


def test_repetition_is_seen() -> None:
    assert checks.repeated(["one two three four five"]) == 0
    assert checks.repeated(["go on go on go on go on"]) == pytest.approx(3 / 5)
    assert checks.repeated(["多喝水多喝水多喝水"], n=3) == pytest.approx(4 / 7) and checks.repeated([""]) == 0


def forgotten(share: float) -> tuple[float, float, Kit]:
    """Bits a byte of general text before and after medical text was read, with a share of replay."""
    kit = tiny("llama", [*GENERAL, *MEDICAL], width=32, seed=0)
    kit = cpt(kit, documents(GENERAL[:72]), longest=32, steps=60, batch=8, rate=5e-3)
    before = checks.bits_per_byte(kit, GENERAL[72:])
    after = cpt(kit, documents(MEDICAL), longest=32, replay=documents(GENERAL[:72]), replay_share=share,
                epochs=4, batch=4, rate=5e-3)  # fmt: skip
    return before, checks.bits_per_byte(after, GENERAL[72:]), after


@pytest.mark.slow
def test_replay_keeps_what_was_known() -> None:
    before, without, _ = forgotten(0.0)
    _, little, _ = forgotten(0.01)
    same, much, kit = forgotten(0.2)
    assert same == before and without > 1.5 * before, "reading on forgets"
    assert little < without and much < 1.2 * before, "one row in a hundred helps, one in five keeps it"
    assert checks.bits_per_byte(kit, MEDICAL) < 1.0
