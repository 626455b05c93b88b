"""The training loop: equal to a bare one, resumed to the bit, stopped early."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch

from probatum.networks.kit import Kit, tiny
from probatum.networks.loop import Course, fit

TEXTS = [f"The patient {n} has a fever and a cough of {n * 7} days." for n in range(24)]


def made(seed: int = 0) -> Kit:
    return tiny("llama", TEXTS, width=32, seed=seed)


def collated(kit: Kit) -> Any:
    def collate(texts: Any) -> dict[str, Any]:
        told = kit.tokenizer(list(texts), return_tensors="pt", padding=True)
        return {**told, "labels": told["input_ids"].masked_fill(told["attention_mask"] == 0, -100)}

    return collate


def loss(model: Any, batch: Any) -> Any:
    return model(**batch).loss


def test_equal_to_a_bare_loop() -> None:
    kit, bare = made(), made()
    course = Course(steps=6, batch=4, rate=1e-3, schedule="constant", clip=1.0)
    order: list[str] = []

    def noted(texts: Any) -> dict[str, Any]:
        order.extend(texts)
        return collated(kit)(texts)

    told = fit(kit.model, TEXTS, noted, loss, course)
    optimiser = torch.optim.AdamW(bare.model.parameters(), lr=1e-3, weight_decay=0.0)
    losses = []
    for step in range(6):
        value = loss(bare.model, collated(bare)(order[4 * step : 4 * step + 4]))
        value.backward()
        torch.nn.utils.clip_grad_norm_(bare.model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        losses.append(value.item())
    assert told.losses == pytest.approx(losses, abs=1e-5) and told.losses[-1] < told.losses[0]
    assert told.steps == 6 and told.tokens > 6 * 4 * 5


def test_accumulated_batches_are_one() -> None:
    whole, parts = made(), made()
    same = [TEXTS[0]] * 8  # equal lengths: the mean of means is the mean
    fit(whole.model, same, collated(whole), loss, Course(steps=2, batch=4))
    fit(parts.model, same, collated(parts), loss, Course(steps=2, batch=2, accumulate=2))
    pairs = zip(whole.model.parameters(), parts.model.parameters(), strict=True)
    assert all(torch.allclose(one, other, atol=1e-6) for one, other in pairs)


def counted(batch: Any) -> int:
    return int((batch["labels"][:, 1:] != -100).sum())


def test_accumulated_batches_of_any_lengths_are_one() -> None:
    """The mean over all tokens of a step, not the mean of its batches' means."""
    texts = [f"{'cough ' * (3 + 5 * n)} {n}" for n in range(8)]
    whole, parts, means = made(), made(), made()
    one = fit(whole.model, texts, collated(whole), loss, Course(steps=3, batch=8), weigh=counted)
    course = Course(steps=3, batch=2, accumulate=4)
    two = fit(parts.model, texts, collated(parts), loss, course, weigh=counted)
    assert two.losses == pytest.approx(one.losses, abs=1e-6) and two.tokens == one.tokens
    pairs = zip(whole.model.parameters(), parts.model.parameters(), strict=True)
    assert all(torch.allclose(one, other, atol=1e-6) for one, other in pairs)
    assert fit(means.model, texts, collated(means), loss, course).losses != pytest.approx(one.losses, abs=1e-4)


def test_a_look_at_held_out_items_changes_nothing() -> None:
    """With dropout, whose draws come from where a loader's do."""
    runs = []
    for held_out in ((), TEXTS[:4]):
        kit = made()
        torch.manual_seed(0)
        kit.model.model.layers[0].mlp = torch.nn.Sequential(kit.model.model.layers[0].mlp, torch.nn.Dropout(0.5))
        course = Course(steps=8, batch=8, every=2)
        runs.append(fit(kit.model, TEXTS[4:], collated(kit), loss, course, held_out=held_out))
    assert runs[0].losses == runs[1].losses and len(runs[1].evaluations) == 4


class Killed(Exception):
    pass


def test_broken_off_and_resumed_is_the_same_to_the_bit(tmp_path: Path) -> None:
    course = Course(steps=8, batch=4, every=3)

    def killed(step: int, of: int, value: float) -> None:
        if step == 5:
            raise Killed

    whole, broken, resumed = made(), made(), made(seed=9)
    told = fit(whole.model, TEXTS, collated(whole), loss, course, folder=tmp_path / "whole")
    with pytest.raises(Killed):
        fit(broken.model, TEXTS, collated(broken), loss, course, folder=tmp_path / "broken", heard=killed)
    again = fit(resumed.model, TEXTS, collated(resumed), loss, course, folder=tmp_path / "broken")
    assert again.losses == told.losses
    pairs = zip(whole.model.parameters(), resumed.model.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


def test_it_stops_where_held_out_items_get_no_better() -> None:
    kit = made()
    course = Course(epochs=30, batch=8, rate=3e-2, patience=2)
    told = fit(kit.model, TEXTS[:8], collated(kit), loss, course, held_out=["zzz qqq xxx"] * 4)
    assert told.steps < 30 and len(told.evaluations) >= 3
