"""How often a model, or a reward model, sides with the better of two answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from probatum.networks.kit import Kit, needed
from probatum.networks.losses import sequence_logps
from probatum.networks.packing import padded
from probatum.networks.rendering import IGNORED, Template, encoded, template_of
from probatum.types import Example


def preferred(
    kit: Kit, examples: Sequence[Example], *, template: str | Template = "roles", longest: int = 512
) -> float:
    """The share of examples whose answer is likelier than its first rejected one, each by its mean a token; 0 to 1."""
    torch = needed("torch")
    kit.model.eval()
    hits = 0
    for example in examples:
        means = []
        for batch in _both(example, kit, template_of(template), longest):
            with torch.no_grad():
                logits = kit.model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
            logits = logits[:, logits.shape[1] - batch["labels"].shape[1] :]  # virtual tokens stand before the text
            counted = (batch["labels"][:, 1:] != IGNORED).sum(-1).clamp(min=1)
            means.append(float((sequence_logps(logits, batch["labels"]) / counted)[0]))
        hits += means[0] > means[1]
    return hits / max(len(examples), 1)


def rewarded(kit: Kit, examples: Sequence[Example], *, template: str | Template = "roles", longest: int = 512) -> float:
    """The share of examples whose answer the reward model scores above its first rejected one; 0 to 1."""
    torch = needed("torch")
    kit.reward.eval()
    hits = 0
    for example in examples:
        with torch.no_grad():
            chosen, rejected = (
                float(kit.reward(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits[0, 0])
                for batch in _both(example, kit, template_of(template), longest)
            )
        hits += chosen > rejected
    return hits / max(len(examples), 1)


def _both(example: Example, kit: Kit, template: Template, longest: int) -> Iterator[Mapping[str, Any]]:
    pad = kit.tokenizer.pad_token_id
    pad = int(kit.tokenizer.eos_token_id if pad is None else pad)
    for answer in (example.answer, example.rejected[0]):
        text = replace(example, answer=answer)
        yield padded([encoded(text, kit.tokenizer, template, longest=longest, supervise="last")], pad)
