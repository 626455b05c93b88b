"""Text to text: a model learns to turn a text into another: to summarise, rewrite, synthesise or answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan
from probatum.naming import card
from probatum.networks.adapters import adapted
from probatum.networks.kit import Kit
from probatum.networks.loop import Heard, fit
from probatum.networks.pairing import asked, collator, pair_loss, paired
from probatum.networks.rendering import IGNORED, Template, Tokens, template_of
from probatum.stages._course import course_of, padding, split, targets
from probatum.types import Example


@card("Text to text", survey="T5 T2T", reference="doi:10.48550/arXiv.1910.10683", languages=("en", "zh"))
def text_to_text(
    kit: Kit,
    examples: Sequence[Example],
    *,
    template: str | Template = "plain",
    supervise: str = "last",
    instruction: str = "",
    longest: int = 512,
    held_out: float = 0.0,
    adapter: dict[str, Any] | None = None,
    folder: Path | None = None,
    heard: Heard | None = None,
    **course: Any,
) -> Kit:
    """The kit after learning targets from their sources, by a model with an encoder (T5) or one without.

    `instruction` stands before each source, or around it where it says {text}; without one the text itself is the
    source (instruction-free). The loss counts the target alone (`supervise` = last). `longest`: tokens of the source
    and of the target each; of a model without an encoder, of both. Others as in sft.
    """
    settings, shape = course_of(course), template_of(template)
    if supervise != "last" or kit.objective == "masked":
        raise BadPlan("a target is learnt from its source", mend="supervise = last, and a model that writes")
    working = adapted(kit, adapter, seed=settings.seed)

    def made(examples: Sequence[Example]) -> list[Tokens]:
        told = (replace(each, question=asked(each.question, instruction)) for each in examples)
        pairs = (paired(kit, each, shape, longest) for each in told)
        return [pair for pair in pairs if any(label != IGNORED for label in pair.labels[1:])]

    learn, kept = split(examples, held_out, settings.seed)
    trained = fit(
        working.model,
        made(learn),
        collator(kit, padding(kit)),
        pair_loss,
        settings,
        weigh=targets,
        held_out=made(kept),
        folder=folder,
        heard=heard,
    )
    return working.after("text_to_text", trained)
