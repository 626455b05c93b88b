"""Whether a model, or a reward model, sides with the better of several answers, and how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    found = sides(
        kit, [replace(each, rejected=each.rejected[:1]) for each in examples], template=template, longest=longest
    )
    return sum(found) / max(len(examples), 1)


def sides(
    kit: Kit, examples: Sequence[Example], *, template: str | Template = "roles", longest: int = 512
) -> list[bool]:
    """For each example whether its answer is likelier than all of its rejected ones, each by its mean a token."""
    torch = needed("torch")
    kit.model.eval()
    found = []
    for example in examples:
        batch = _all(example, kit, template_of(template), longest)
        with torch.no_grad():
            logits = kit.model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
        logits = logits[:, logits.shape[1] - batch["labels"].shape[1] :]  # virtual tokens stand before the text
        counted = (batch["labels"][:, 1:] != IGNORED).sum(-1).clamp(min=1)
        means = sequence_logps(logits, batch["labels"]) / counted
        found.append(bool(means[0] > means[1:].max()))
    return found


def rewarded(kit: Kit, examples: Sequence[Example], *, template: str | Template = "roles", longest: int = 512) -> float:
    """The share of examples whose answer the reward model scores above its first rejected one; 0 to 1."""
    torch = needed("torch")
    kit.reward.eval()
    hits = 0
    for example in examples:
        scores = []
        for answer in (example.answer, example.rejected[0]):  # alone: a reward model need not know of padding
            batch = _all(replace(example, answer=answer, rejected=()), kit, template_of(template), longest)
            with torch.no_grad():
                told = kit.reward(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
            scores.append(float(told.logits[0, 0]))
        hits += scores[0] > scores[1]
    return hits / max(len(examples), 1)


def _all(example: Example, kit: Kit, template: Template, longest: int) -> Mapping[str, Any]:
    """The answer and each rejected one as rows of one batch."""
    pad = kit.tokenizer.pad_token_id
    pad = int(kit.tokenizer.eos_token_id if pad is None else pad)
    texts = (replace(example, answer=answer) for answer in (example.answer, *example.rejected))
    rows = [encoded(text, kit.tokenizer, template, longest=longest, supervise="last") for text in texts]
    return padded(rows, pad)
