"""A reward model: a head on a language model scores whole answers, the better one of two the higher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from probatum.naming import card
from probatum.networks.kit import Kit, needed
from probatum.networks.loop import Heard, fit
from probatum.networks.losses import reward_loss
from probatum.networks.packing import padded
from probatum.networks.rendering import Template, Tokens, encoded, template_of
from probatum.stages._course import course_of, padding, split
from probatum.types import Example


@card("Reward model", survey="3.1.1", reference="doi:10.48550/arXiv.2203.02155")
def reward(
    kit: Kit,
    examples: Sequence[Example],
    *,
    template: str | Template = "roles",
    longest: int = 512,
    centre: float = 0.0,
    held_out: float = 0.0,
    folder: Path | None = None,
    heard: Heard | None = None,
    **course: Any,
) -> Kit:
    """The kit with a reward model beside its policy, which stays as it is.

    The reward model is the policy's network with a head of one output on the last token, trained by
    -log sigmoid(chosen - rejected); `centre` above 0 keeps its scores around 0. Others as in sft.
    """
    settings, shape = course_of(course), template_of(template)
    learn, kept = split([each for each in examples if each.rejected], held_out, settings.seed)
    items, others = ([_both(each, kit, shape, longest) for each in side] for side in (learn, kept))
    model = scorer(kit, settings.seed)
    pad = padding(kit)

    def collate(pairs: Sequence[tuple[Tokens, Tokens]]) -> Mapping[str, Any]:
        return padded([chosen for chosen, _ in pairs] + [rejected for _, rejected in pairs], pad)

    def loss(network: Any, batch: Mapping[str, Any]) -> Any:
        scores = network(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits[:, 0]
        half = len(scores) // 2
        return reward_loss(scores[:half], scores[half:], centre=centre)

    told = fit(model, items, collate, loss, settings, held_out=others, folder=folder, heard=heard)
    return kit.after("reward", told, reward=model)


def scorer(kit: Kit, seed: int = 0) -> Any:
    """A copy of the policy's network with a fresh head of one output."""
    torch, transformers = needed("torch"), needed("transformers")
    config = type(kit.model.config).from_dict({**kit.model.config.to_dict(), "num_labels": 1})
    config.pad_token_id = padding(kit)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = transformers.AutoModelForSequenceClassification.from_config(config)
    known = {name: weight for name, weight in kit.model.state_dict().items() if name in model.state_dict()}
    model.load_state_dict(known, strict=False)
    return model


def scored(
    kit: Kit, examples: Sequence[Example], *, template: str | Template = "roles", longest: int = 512
) -> list[float]:
    """The reward of each example's answer."""
    torch, shape = needed("torch"), template_of(template)
    kit.reward.eval()
    found = []
    for example in examples:
        batch = padded([encoded(example, kit.tokenizer, shape, longest=longest, supervise="last")], padding(kit))
        with torch.no_grad():
            scores = kit.reward(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
        found.append(float(scores[0, 0]))
    return found


def _both(example: Example, kit: Kit, template: Template, longest: int) -> tuple[Tokens, Tokens]:
    chosen, rejected = (
        encoded(replace(example, answer=answer), kit.tokenizer, template, longest=longest, supervise="last")
        for answer in (example.answer, example.rejected[0])
    )
    return chosen, rejected
