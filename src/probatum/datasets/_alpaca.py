"""One shape for instructions: what is asked, what is given with it, what is answered; and for documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files, sound, split_of, text
from probatum.formats.json_stream import objects
from probatum.types import Answer, Example, Origin, Question


def instructions(
    path: Path,
    source: str,
    *,
    official: str,
    language: str,
    reliability: str,
    keys: tuple[str, str, str] = ("instruction", "input", "output"),
    patterns: tuple[str, ...] = ("*.json", "*.jsonl"),
    swapped: bool = False,
) -> Iterator[Example]:
    """The instructions of JSON files, an array or an object a line, in the order of the files.

    `keys` name what is asked, given and answered. What is given is context; `swapped`: what is given is the question,
    and what is asked, the same for every record, its context. Labels: source and split where they are told. Raises
    `NeedsFile`, and `BadFormat` with the line.
    """
    asks, gives, answers = keys
    for file in files(path, *patterns, official=official):
        for line, row in sound(objects(file), file):
            where, id = f"{file}:{line}", f"{file.stem}:{line}"
            asked, given = text(row, asks, where), text(row, gives, where, needed=False) if gives else ""
            if swapped and given:
                asked, given = given, asked
            told = {"source": text(row, "source", where, needed=False), "split": split_of(file)}
            question = Question(asked, context=(given,) if given else (), language=language)
            labels = tuple(sorted((name, value) for name, value in told.items() if value))
            origin = Origin(source, file.stem, id, reliability=reliability)
            yield Example(id, question, Answer(text(row, answers, where)), labels=labels, origin=origin)


def document(id: str, body: str, origin: Origin, language: str, **labels: str) -> Example:
    """A document to train on: an answer to no question; labels without a value are left out."""
    said = tuple(sorted((name, value) for name, value in labels.items() if value))
    return Example(id, Question(language=language), Answer(body), (f"document:{id}",), labels=said, origin=origin)
