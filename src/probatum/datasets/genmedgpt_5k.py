"""GenMedGPT-5k: conversations about diseases that a language model wrote from a table of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._alpaca import instructions
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://github.com/Kent0n-Li/ChatDoctor"


@card(
    "GenMedGPT-5k",
    survey="genmedgpt_5k",
    reference="doi:10.7759/cureus.40895",
    licence="none stated for the data",
    languages=("en",),
    where=OFFICIAL,
    terms="The repository allows academic research alone; a language model wrote the conversations.",
)
def genmedgpt_5k(path: Path) -> Iterator[Example]:
    """The conversations in the order of the file, written by a model; what the patient says is the question.

    `path` is the release's JSON (instruction, input, output; chatdoctor5k.json, as Kent0n-Li/ChatDoctor holds it, or
    GenMedGPT-5k.json) or a folder that holds it. Raises `NeedsFile` and `BadFormat`.
    """
    return instructions(
        path, "genmedgpt_5k", official=OFFICIAL, language="en", reliability="generated", swapped=True,
        patterns=("chatdoctor5k*.json*", "*en*ed*5k*.json*"),
    )  # fmt: skip
