"""The instructions of Huatuo (BenTsao): questions and answers that a language model wrote from a graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._alpaca import instructions
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://github.com/SCIR-HI/Huatuo-Llama-Med-Chinese"


@card(
    "Instructions of Huatuo (BenTsao)",
    survey="huatuo_instructions",
    reference="doi:10.48550/arXiv.2304.06975",
    licence="for academic use alone",
    languages=("zh",),
    where=OFFICIAL,
    terms="For academic use; no use in commerce.",
)
def huatuo_instructions(path: Path) -> Iterator[Example]:
    """The instructions in the order of the files; a model wrote them from the facts of a graph (`generated`).

    `path` is a JSON of the release (instruction, input, output; one a line: llama_data.json, liver_cancer.json) or a
    folder of them. Raises `NeedsFile` and `BadFormat`.
    """
    return instructions(path, "huatuo_instructions", official=OFFICIAL, language="zh", reliability="generated")
