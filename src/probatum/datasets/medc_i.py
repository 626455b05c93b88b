"""MedC-I, the instructions of PMC-LLaMA, and MedC-K, the books and papers that it read before them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._alpaca import document, instructions
from probatum.datasets._files import chosen, files, sound, text
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Example, Origin

PARTS = ("instructions", "knowledge")
OFFICIAL = "https://huggingface.co/datasets/axiong/pmc_llama_instructions"


@card(
    "MedC-I and MedC-K",
    survey="medc_i",
    reference="doi:10.1093/jamia/ocae045",
    licence="OpenRAIL",
    languages=("en",),
    where=OFFICIAL,
    terms="See the release; MedC-K's books are not released.",
)
def medc_i(path: Path, part: str = "instructions") -> Iterator[Example]:
    """The instructions in the order of the files (part `instructions`), or the documents (part `knowledge`).

    `path` is a JSON of the release (instruction, input, output, source) or a folder of them; for `knowledge` files of
    one object a line with its text, and source: book or paper where it is told. What people wrote and what a model
    did stand together in MedC-I: reliability is `generated`. Raises `NeedsFile` and `BadFormat`.
    """
    if chosen(part, PARTS) == "instructions":
        yield from instructions(path, "medc_i", official=OFFICIAL, language="en", reliability="generated")
        return
    for file in files(path, "*.json", "*.jsonl", "*.jsonl.gz", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where, id = f"{file}:{line}", f"{file.stem}:{line}"
            source = text(row, "source", where, needed=False)
            yield document(id, text(row, "text", where), Origin("medc_i", part, id), "en", source=source)
