"""The instructions of Visual Med-Alpaca: biomedical questions that a language model answered and people filtered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files, sound, text
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://github.com/cambridgeltl/visual-med-alpaca"


@card(
    "VariousMedQA, the instructions of Visual Med-Alpaca",
    survey="various_medqa_54k",
    reference=OFFICIAL,
    licence="Apache-2.0 (repository); answers made by OpenAI's models under their terms",
    languages=("en",),
    where=OFFICIAL,
    terms="For research, not for commerce and not for patients.",
)
def various_medqa_54k(path: Path) -> Iterator[Example]:
    """The instructions in the order of the files; a model wrote the answers (reliability `generated`).

    `path` is a JSON file of Alpaca's layout (instruction, input, output), an array or an object a line, or a folder of
    such. What stands under input is context; a source (the set that the question came from) is a label where it is
    told. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.json", "*.jsonl", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where = f"{file}:{line}"
            id, given = f"{file.stem}:{line}", text(row, "input", where, needed=False)
            asked = Question(text(row, "instruction", where), context=(given,) if given else (), language="en")
            source = text(row, "source", where, needed=False)
            yield Example(
                id, asked, Answer(text(row, "output", where)), labels=(("source", source),) if source else (),
                origin=Origin("various_medqa_54k", "public", id, reliability="generated"),
            )  # fmt: skip
