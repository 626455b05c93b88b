"""Continued pre-training: documents are learnt, replay is exact."""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import replace

import pytest
from training_samples import DOCUMENTS, made

from probatum.networks.checks import bits_per_byte
from probatum.networks.kit import Kit, tiny
from probatum.stages.cpt import cpt
from probatum.types import Answer, Example, Question


def test_reading_documents_lowers_the_loss_and_replay_is_exact() -> None:
    general = [Example("g", Question(), Answer("The sun shines on the sea. " * 8))]
    kit = cpt(made(), DOCUMENTS, longest=64, replay=general, replay_share=0.2, steps=15, batch=4, rate=5e-3)
    course = kit.courses[-1]
    assert kit.history == ("cpt",) and course.losses[-1] < course.losses[0] - 0.5


def texts(shapes: list[str], seed: int) -> list[Example]:
    chance = random.Random(seed)
    names = ["Velorin", "Tasamil", "Quorax", "Bendolin", "Mirtavol", "Sufexan"]
    places = ["sea", "hill", "road", "lake", "farm", "town"]
    said = [
        chance.choice(shapes).format(a=chance.choice(names), b=chance.choice(names), c=chance.choice(places), n=number)
        for number in range(100)
    ]
    return [Example(str(number), Question(), Answer(text)) for number, text in enumerate(said)]


@pytest.mark.slow
def test_unseen_clinical_text_is_less_of_a_surprise_and_general_text_stays_known() -> None:
    clinical = texts(["{a} lowers fever {n} better than {b}.", "Stop {a} at dose {n} under {b}."], 1)
    general = texts(["The sun shines on the {c} at {n}.", "A boat left the {c} with {n} sheep."], 2)
    kit = tiny("llama", [each.answer.text for each in (*clinical, *general)], width=32, seed=0)
    kit = cpt(kit, general[:80], longest=32, steps=60, batch=8, rate=5e-3)

    def perplexity(kit: Kit, examples: list[Example]) -> float:
        said = [each.answer.text for each in examples]
        tokens = sum(len(kit.tokenizer(text, add_special_tokens=False)["input_ids"]) for text in said)
        return 2 ** (bits_per_byte(kit, said) * sum(len(text.encode()) for text in said) / tokens)

    was = [perplexity(kit, each[80:]) for each in (clinical, general)]
    settings = {"longest": 32, "epochs": 4, "batch": 4, "rate": 5e-3}
    after = cpt(replace(kit, model=deepcopy(kit.model)), clinical[:80], **settings)
    kept = cpt(kit, clinical[:80], replay=general[:80], replay_share=0.2, **settings)
    forgot, held = ([perplexity(each, part[80:]) for part in (clinical, general)] for each in (after, kept))
    assert held[0] < was[0] / 4, "what it read makes the unseen less of a surprise"
    assert held[1] < 1.3 * was[1] and forgot[1] > 1.6 * was[1], "one row in five keeps what was known; none does not"
