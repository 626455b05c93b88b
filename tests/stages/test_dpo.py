"""Preferences: from ln 2 on, the better answer becomes likelier."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from training_samples import PAIRS, made

from probatum.networks.kit import Kit
from probatum.networks.preferring import preferred
from probatum.networks.rendering import IGNORED, encoded, template_of
from probatum.stages.dpo import dpo
from probatum.stages.sft import sft
from probatum.types import Example


def test_a_preference_is_learnt_from_ln_2_on() -> None:
    kit = sft(made(), PAIRS, longest=64, steps=5, batch=8, rate=5e-3)
    before = preferred(kit, PAIRS)
    tuned = dpo(kit.with_reference(), PAIRS, longest=64, steps=10, batch=8, rate=5e-3, beta=0.5)
    assert tuned.courses[-1].losses[0] == pytest.approx(math.log(2), abs=1e-5)
    assert tuned.courses[-1].losses[-1] < 0.4 and preferred(tuned, PAIRS) >= before
    assert tuned.history == ("sft", "dpo")


def log_odds(model: torch.nn.Module, kit: Kit, pairs: list[Example]) -> list[float]:
    """How much likelier each chosen answer is than the rejected one, in nats, as transformers reckons it."""
    found = []
    for pair in pairs:
        both = []
        for answer in (pair.answer, pair.rejected[0]):
            text = encoded(
                replace(pair, answer=answer), kit.tokenizer, template_of("roles"), longest=64, supervise="last"
            )
            ids, labels = torch.tensor([text.ids]), torch.tensor([text.labels])
            with torch.no_grad():
                mean = model.eval()(input_ids=ids, labels=labels).loss
            both.append(-float(mean) * int((labels[:, 1:] != IGNORED).sum()))
        found.append(both[0] - both[1])
    return found


@pytest.mark.slow
def test_the_loss_is_the_formula_and_the_margin_grows_on_pairs_that_were_held_out() -> None:
    learn, kept = PAIRS[:8], PAIRS[8:]
    settings = {"longest": 64, "batch": 8, "rate": 2e-3, "beta": 0.5, "schedule": "constant"}

    def tuned(steps: int) -> Kit:
        kit = sft(made(), learn, longest=64, steps=5, batch=8, rate=5e-3)
        return dpo(kit.with_reference(), learn, steps=steps, **settings)

    once, longer = tuned(1), tuned(8)
    ahead = [
        ours - theirs
        for ours, theirs in zip(log_odds(once.model, once, learn), log_odds(once.reference, once, learn), strict=True)
    ]
    formula = sum(math.log1p(math.exp(-0.5 * each)) for each in ahead) / len(ahead)
    assert longer.courses[-1].losses[1] == pytest.approx(formula, abs=1e-5) and formula < math.log(2) - 1e-3
    margins = [sum(log_odds(each.model, each, kept)) / len(kept) for each in (once, longer)]
    before = sum(log_odds(longer.reference, longer, kept)) / len(kept)
    assert before < margins[0] < margins[1] and margins[1] > before + 1
