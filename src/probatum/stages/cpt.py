"""Continued pre-training: a language model reads medical documents, and some general ones against forgetting."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from probatum.naming import card
from probatum.networks.adapters import adapted
from probatum.networks.kit import Kit
from probatum.networks.loop import Heard, fit
from probatum.networks.losses import token_loss
from probatum.networks.packing import batched, packed
from probatum.networks.rendering import Tokens
from probatum.preparing.mixing import replayed
from probatum.stages._course import course_of, model_loss, next_tokens, padding, split
from probatum.types import Example


@card("Continued pre-training", survey="3.1.1", reference="doi:10.18653/v1/2020.acl-main.740")
def cpt(
    kit: Kit,
    examples: Sequence[Example],
    *,
    longest: int = 512,
    replay: Sequence[Example] = (),
    replay_share: float = 0.0,
    held_out: float = 0.0,
    adapter: dict[str, Any] | None = None,
    folder: Path | None = None,
    heard: Heard | None = None,
    **course: Any,
) -> Kit:
    """The kit after reading the documents, each an answer to no question.

    Documents are packed into rows of `longest` tokens, every token once, and none sees another document. Of the rows
    `replay_share` (rounded to whole ones) come from `replay`. `held_out`: the share of documents on which the loss is
    measured. Other settings are those of the course (`networks.loop.Course`).
    """
    settings = course_of(course)
    learn, kept = split(examples, held_out, settings.seed)
    rows = packed(_documents(learn, kit), longest)
    if replay_share:
        rows = replayed(rows, packed(_documents(replay, kit), longest), replay_share, seed=settings.seed)
    working = adapted(kit, adapter, seed=settings.seed)
    told = fit(
        working.model,
        rows,
        partial(batched, pad=padding(kit)),
        model_loss(token_loss),
        settings,
        weigh=next_tokens,
        held_out=packed(_documents(kept, kit), longest),
        folder=folder,
        heard=heard,
    )
    return working.after("cpt", told)


def _documents(examples: Sequence[Example], kit: Kit) -> list[Tokens]:
    begin, end = kit.tokenizer.bos_token_id, kit.tokenizer.eos_token_id
    found = []
    for example in examples:
        ids = kit.tokenizer(example.answer.text, add_special_tokens=False)["input_ids"]
        whole = ([] if begin is None else [begin]) + ids + ([] if end is None else [end])
        found.append(Tokens(tuple(whole), tuple(whole)))
    return found
