"""UniProtQA: questions about proteins, answered out of UniProt's own fields."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files, sound, split_of, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.formats.reading import loads, whole
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://huggingface.co/datasets/PharMolix/UniProtQA"
_LARGEST = 1 << 30  # bytes of the table of sequences


@card(
    "UniProtQA",
    survey="uniprotqa",
    reference="doi:10.48550/arXiv.2308.09442",
    licence="CC BY 4.0 (UniProt)",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution to UniProt.",
)
def uniprotqa(path: Path) -> Iterator[Example]:
    """The questions in the order of the files, the sequences of their proteins as context.

    `path` is the folder with train.json, valid.json, test.json (objects with protein_accession, question, answer and
    source) and sequences.json (sequence by accession), or one of the first. Without sequences.json the accession alone
    is context. A protein is a group. Labels: source (the field of UniProt), split. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "train*.json", "valid*.json", "test*.json", official=OFFICIAL):
        table = file.parent / "sequences.json"
        sequences = loads(whole(table, _LARGEST), str(table)) if table.is_file() else {}
        if not isinstance(sequences, dict):
            raise BadFormat("an object of sequences by accession was expected", where=str(table))
        for line, row in sound(objects(file), file):
            where = f"{file}:{line}"
            said = row.get("protein_accession")
            names = [said] if isinstance(said, str) else said
            if not isinstance(names, list) or not names or not all(isinstance(each, str) and each for each in names):
                raise BadFormat("protein_accession must be an accession or a list of them", where=where)
            context = tuple(f"{name}: {sequences[name]}" if name in sequences else name for name in names)
            told = {"source": text(row, "source", where, needed=False), "split": split_of(file)}
            id = f"{file.stem}:{line}"
            yield Example(
                id, Question(text(row, "question", where), context=context, language="en"),
                Answer(text(row, "answer", where)), tuple(f"UniProtKB:{name}" for name in names),
                labels=tuple((key, value) for key, value in told.items() if value),
                origin=Origin("uniprotqa", "public", id),
            )  # fmt: skip
