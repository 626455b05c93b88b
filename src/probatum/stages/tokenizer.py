"""A vocabulary of the domain: the tokenizer goes on learning from documents, or is made anew, and the model follows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from probatum.naming import card
from probatum.networks.kit import Kit
from probatum.networks.loop import Heard
from probatum.networks.vocabularies import grown, renewed
from probatum.types import Example

SETTINGS = ("vocabulary", "extended", "least")


@card("Tokenizer training and vocabulary extension", survey="3.1.1", reference="doi:10.18653/v1/P16-1162")
def tokenizer(
    kit: Kit,
    examples: Sequence[Example],
    *,
    vocabulary: int = 32_000,
    extended: bool = True,
    least: int = 2,
    folder: Path | None = None,
    heard: Heard | None = None,
    seed: int = 0,
) -> Kit:
    """The kit with a tokenizer of at most `vocabulary` tokens that has learnt from what the examples say.

    `extended`: the kit's own BPE learns further merges, seen `least` times each, and every token keeps its number; else
    a new tokenizer takes its place. Rows of new tokens are means of the rows of their pieces; tied heads stay tied.
    Nothing is drawn: `seed` changes nothing. Raises `BadPlan`.
    """
    texts: list[Any] = [text for each in examples for text in (each.question.text, each.answer.text) if text]
    made = grown(kit, texts, vocabulary, least=least) if extended else renewed(kit, texts, vocabulary)
    if heard:
        heard(1, 1, 0.0)
    return made.after("tokenizer")
