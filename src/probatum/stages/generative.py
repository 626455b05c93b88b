"""Generative extraction: a model learns to write what a schema asks for of a text, in UIE's language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan
from probatum.naming import card
from probatum.networks.adapters import adapted
from probatum.networks.heads import text_of
from probatum.networks.kit import Kit
from probatum.networks.loop import Heard, fit
from probatum.networks.pairing import collator, pair_loss
from probatum.networks.rendering import IGNORED, Tokens
from probatum.networks.sel import Schema, schema_of, spots_of, written
from probatum.networks.structures import compact, marked, source_of
from probatum.stages._course import course_of, padding, split, targets
from probatum.types import Example


@card(
    "Generative extraction by schema (UIE)",
    survey="T5 IE",
    reference="doi:10.18653/v1/2022.acl-long.395",
    languages=("en", "zh"),
)
def generative(
    kit: Kit,
    examples: Sequence[Example],
    *,
    schema: Schema | None = None,
    longest: int = 256,
    held_out: float = 0.0,
    adapter: dict[str, Any] | None = None,
    folder: Path | None = None,
    heard: Heard | None = None,
    **course: Any,
) -> Kit:
    """The kit after learning to write, behind schema and text, the line of what was found in each text.

    `schema`: what is asked for; by default all that the examples hold. `longest`: tokens of source and of line each (of
    a model without an encoder, of both). `networks.structures.Structurer` reads with it. Others as in sft.
    """
    if kit.objective == "masked":
        raise BadPlan(f"{kit.family} writes nothing", mend="a causal or sequence-to-sequence model")
    settings = course_of(course)
    asked = schema or schema_of([each.answer.found for each in examples])
    working = adapted(marked(kit), adapter, seed=settings.seed)

    def made(examples: Sequence[Example]) -> list[Tokens]:
        return [line for each in examples if (line := lined(kit, each, asked, longest))]

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
    return working.after("generative", trained)


def lined(kit: Kit, example: Example, schema: Schema, longest: int) -> Tokens | None:
    """Source and line of an example as tokens; none where the line does not fit whole."""
    known = [each for each in spots_of(example.answer.found) if each.kind in schema.spots]
    source = source_of(kit, text_of(example.question), schema, longest)
    told = kit.tokenizer(compact(written(known)), add_special_tokens=False)["input_ids"]
    target = (*told, int(kit.tokenizer.eos_token_id))
    if kit.objective == "sequence-to-sequence":
        return Tokens(tuple(source), target) if len(target) <= longest else None
    if len(source) + len(target) > longest:
        return None
    return Tokens((*source, *target), (*([IGNORED] * len(source)), *target))
