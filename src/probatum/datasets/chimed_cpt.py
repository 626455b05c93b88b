"""ChiMed-CPT: questions, texts, graphs and dialogues as plain text, to be read before the rest of ChiMed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._alpaca import document
from probatum.datasets._files import files
from probatum.formats.encoded import text_lines
from probatum.naming import card
from probatum.types import Example, Origin

OFFICIAL = "https://huggingface.co/datasets/williamliu/ChiMed"


@card(
    "ChiMed-CPT",
    survey="chimed_cpt",
    reference="doi:10.48550/arXiv.2310.09089",
    licence="none stated",
    languages=("zh",),
    where=OFFICIAL,
    terms="Each member under its own terms.",
)
def chimed_cpt(path: Path) -> Iterator[Example]:
    """The documents, a line each, in the order of the file.

    `path` is cpt.txt of the release (UTF-8 or GB18030) or a folder that holds it, as Hugging Face lists it, without a
    licence. Which member a line is of is not told in it. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "cpt*.txt", official=OFFICIAL):
        for number, line in text_lines(file):
            if line.strip():
                id = f"{file.stem}:{number}"
                yield document(id, line.strip(), Origin("chimed_cpt", file.stem, id, reliability="extracted"), "zh")
