"""What the stages share: settings of the course, and the split of what is held out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, TypeVar

import numpy as np

from probatum.errors import BadPlan
from probatum.networks.kit import Kit
from probatum.networks.loop import Course
from probatum.networks.rendering import IGNORED
from probatum.types import Example

Item = TypeVar("Item")


def course_of(settings: Mapping[str, Any]) -> Course:
    """The course of a stage's settings; raises `BadPlan` for one that is none, with the nearest that is."""
    known = {each.name for each in fields(Course)}
    for name in settings:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise BadPlan(
                f"{name!r} is no setting of a course{hint}", mend=f"the settings are: {', '.join(sorted(known))}"
            )
    return Course(**settings)


def split(examples: Sequence[Example], share: float, seed: int) -> tuple[list[Example], list[Example]]:
    """(to learn from, held out): what shares a group stays together; a share of 0 holds nothing out."""
    if not share:
        return list(examples), []
    of = {place: example.groups[:1] or (example.id,) for place, example in enumerate(examples)}
    groups = sorted(set(of.values()))
    np.random.default_rng(seed).shuffle(groups)
    out = set(groups[: max(1, round(share * len(groups)))])
    return (
        [example for place, example in enumerate(examples) if of[place] not in out],
        [example for place, example in enumerate(examples) if of[place] in out],
    )


def model_loss(loss: Callable[[Any, Any], Any]) -> Callable[[Any, Mapping[str, Any]], Any]:
    """A loss over a model's logits and the labels, for the loop."""

    def of(model: Any, batch: Mapping[str, Any]) -> Any:
        given = {name: value for name, value in batch.items() if name not in {"labels", "real"}}
        logits = model(**given).logits  # virtual tokens stand before the text
        return loss(logits[:, logits.shape[1] - batch["labels"].shape[1] :], batch["labels"])

    return of


def next_tokens(batch: Mapping[str, Any]) -> int:
    """Of how many tokens to come the loss of a batch is the mean."""
    return int((batch["labels"][:, 1:] != IGNORED).sum())


def targets(batch: Mapping[str, Any]) -> int:
    """Of how many tokens of targets the loss of a batch is the mean."""
    return int((batch["labels"] != IGNORED).sum())


def padding(kit: Kit) -> int:
    """The token that fills up rows."""
    pad = kit.tokenizer.pad_token_id
    return int(kit.tokenizer.eos_token_id if pad is None else pad)
