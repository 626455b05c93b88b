"""ChatMed's consultations: what people asked on the web, answered by a language model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._alpaca import instructions
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://huggingface.co/datasets/michaelwzhu/ChatMed_Consult_Dataset"


@card(
    "ChatMed Consult Dataset",
    survey="chatmed_consult_dataset",
    reference="https://github.com/michael-wzhu/ChatMed",
    licence="CC BY 4.0",
    languages=("zh",),
    where=OFFICIAL,
    terms="The repository of its makers allows research alone; a language model wrote the answers.",
)
def chatmed_consult_dataset(path: Path) -> Iterator[Example]:
    """The consultations in the order of the files; a model wrote the answers (`generated`).

    `path` is a JSON of the release (query, response; one a line) or a folder of them. The name of the file,
    ChatMed_Consult-v0.3.json, and the licence are those of its card on Hugging Face. Raises `NeedsFile`, `BadFormat`.
    """
    return instructions(
        path, "chatmed_consult_dataset", official=OFFICIAL, language="zh", reliability="generated",
        keys=("query", "", "response"),
    )  # fmt: skip
