"""Supervised fine-tuning: a language model learns the answers to questions, instructions, dialogues and exams."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan
from probatum.naming import card
from probatum.networks.adapters import adapted
from probatum.networks.kit import Kit
from probatum.networks.loop import Heard, fit
from probatum.networks.losses import token_loss
from probatum.networks.packing import batched, packed, padded
from probatum.networks.rendering import IGNORED, Template, Tokens, encoded, template_of
from probatum.safety.facts import telling
from probatum.stages._course import course_of, model_loss, next_tokens, padding, split
from probatum.types import Example

# What stays of turns that a text is too long for.
HISTORY: Mapping[str, Callable[[str], str] | None] = {"safe": telling, "newest": None}


@card("Supervised fine-tuning", survey="3.1.1", reference="doi:10.48550/arXiv.2203.02155", languages=("en", "zh"))
def sft(
    kit: Kit,
    examples: Sequence[Example],
    *,
    template: str | Template = "roles",
    supervise: str = "answers",
    longest: int = 512,
    history: str = "safe",
    packing: bool = False,
    held_out: float = 0.0,
    adapter: dict[str, Any] | None = None,
    folder: Path | None = None,
    heard: Heard | None = None,
    **course: Any,
) -> Kit:
    """The kit after learning the answers: the loss counts the words of answers alone, or as `supervise` says.

    `template`: what stands around the turns. `supervise`: answers, last (the gold answer alone) or all. Texts longer
    than `longest` tokens lose their oldest whole turns; with `history` = safe (English, Chinese) what a patient told
    there of allergies, medicines, pregnancy, age and kidneys stays, sentence by sentence, before the turns that are
    left, with newest it goes too. `packing`: several texts a row, none of which sees another.
    `adapter`: full, or lora, prompt, p-tuning, prefix with their settings. Others: `networks.loop.Course`.
    """
    settings, shape = course_of(course), template_of(template)
    learn, kept = split(examples, held_out, settings.seed)
    if history not in HISTORY:
        raise BadPlan(f"history = {history!r} is not known here", mend=f"one of: {', '.join(HISTORY)}")
    how: dict[str, Any] = {"longest": longest, "supervise": supervise, "keeps": HISTORY[history]}
    told = [_texts(each, kit, shape, how) for each in (learn, kept)]
    items: list[Any] = packed(told[0], longest) if packing else told[0]
    others: list[Any] = packed(told[1], longest) if packing else told[1]
    working = adapted(kit, adapter, seed=settings.seed)
    trained = fit(
        working.model,
        items,
        partial(batched if packing else padded, pad=padding(kit)),
        model_loss(token_loss),
        settings,
        weigh=next_tokens,
        held_out=others,
        folder=folder,
        heard=heard,
    )
    return working.after("sft", trained)


def _texts(examples: Sequence[Example], kit: Kit, template: Template, how: Mapping[str, Any]) -> list[Tokens]:
    """The examples as tokens; one of which no word is learnt within its length is left out."""
    texts = (encoded(each, kit.tokenizer, template, **how) for each in examples)
    return [text for text in texts if any(label != IGNORED for label in text.labels[1:])]
