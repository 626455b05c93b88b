"""The instructions of Alpaca, written by a language model: general ones, beside which medical ones are learnt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._alpaca import instructions
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://github.com/tatsu-lab/stanford_alpaca"


@card(
    "Alpaca's instructions",
    survey="alpaca_instructions",
    reference="https://github.com/tatsu-lab/stanford_alpaca",
    licence="CC BY-NC 4.0",
    languages=("en",),
    where=OFFICIAL,
    terms="For research alone; written by a language model.",
)
def alpaca_instructions(path: Path) -> Iterator[Example]:
    """The instructions in the order of the file; what is given with one is context.

    `path` is the release's JSON (instruction, input, output; alpaca_data.json) or a folder that holds it. Raises
    `NeedsFile` and `BadFormat`.
    """
    return instructions(
        path, "alpaca_instructions", official=OFFICIAL, language="en", reliability="generated",
        patterns=("alpaca*.json*",),
    )  # fmt: skip
