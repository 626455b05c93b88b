"""How often the better of two answers is sided with."""

from __future__ import annotations

import torch
from training_samples import PAIRS, made

from probatum.networks.preferring import preferred, rewarded
from probatum.stages.reward import reward


def test_one_half_of_the_answers_is_preferred_where_each_pair_stands_turned_round_too() -> None:
    turned = [type(each)(f"{each.id}t", each.question, each.rejected[0], rejected=(each.answer,)) for each in PAIRS]
    assert preferred(made(), [*PAIRS, *turned]) == 0.5


def test_a_reward_model_sides_with_what_it_learnt() -> None:
    kit = reward(made(), PAIRS, steps=15, batch=8, rate=5e-3, longest=64)
    assert rewarded(kit, PAIRS, longest=64) == 1.0
    with torch.no_grad():
        for weight in kit.reward.score.parameters():
            weight.neg_()
    assert rewarded(kit, PAIRS, longest=64) == 0.0


def test_items_can_be_learnt_in_their_order() -> None:
    from probatum.networks.loop import Course, fit

    seen: list[int] = []
    kit = made()

    def collate(items: list[int]) -> dict[str, torch.Tensor]:
        seen.extend(items)
        return {"input_ids": torch.tensor([[each] for each in items])}

    def loss(model: torch.nn.Module, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        return model(input_ids=batch["input_ids"]).logits.mean()

    fit(kit.model, list(range(12)), collate, loss, Course(batch=4, order="given"))
    assert seen == list(range(12))
    seen.clear()
    fit(kit.model, list(range(12)), collate, loss, Course(batch=4))
    assert sorted(seen) == list(range(12)) != seen


def test_no_pairs_are_none_preferred() -> None:
    assert preferred(made(), []) == 0.0
