"""The data of MedicalGPT's three stages: an encyclopaedia to read, instructions, and answers that were liked less."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._alpaca import document, instructions
from probatum.datasets._files import chosen, files, sound, split_of, text
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

SOURCE = "shibing624_medical"
PARTS = ("pretrain", "finetune", "reward")
OFFICIAL = "https://huggingface.co/datasets/shibing624/medical"


@card(
    "2.4M Chinese medical records for three stages",
    survey="shibing624_medical",
    reference="https://github.com/shibing624/MedicalGPT",
    licence="Apache-2.0",
    languages=("zh",),
    where=OFFICIAL,
    terms="Free to use with the licence.",
)
def shibing624_medical(path: Path, part: str = "finetune") -> Iterator[Example]:
    """The records of one stage in the order of the files: pretrain (documents), finetune (instructions), reward.

    `path` is the release's folder (pretrain/, finetune/ and reward/ with JSON objects by line) or one file of it. In
    reward the chosen answer is the doctor's and gold, the rejected one a model's. Raises `NeedsFile` and `BadFormat`.
    """
    place = path / chosen(part, PARTS)
    place = place if place.is_dir() else path
    if part == "finetune":
        yield from instructions(place, SOURCE, official=OFFICIAL, language="", reliability="curated")
        return
    for file in files(place, "*.json", "*.jsonl", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where, id = f"{file}:{line}", f"{part}/{file.stem}:{line}"
            origin = Origin(SOURCE, part, id)
            if part == "pretrain":
                yield document(id, text(row, "text", where), origin, "zh", split=split_of(file))
                continue
            asked, said = Question(text(row, "question", where), language="zh"), text(row, "response_chosen", where)
            worse = (Answer(text(row, "response_rejected", where)),)
            labels = (("split", split_of(file)),) if split_of(file) else ()
            yield Example(id, asked, Answer(said), (), worse, labels, origin)
