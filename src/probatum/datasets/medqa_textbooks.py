"""MedQA's textbooks: what the questions of three boards are answered from, chapter by chapter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from probatum.datasets._alpaca import document
from probatum.datasets._files import chosen, files
from probatum.formats.encoded import text_lines
from probatum.naming import card
from probatum.types import Example, Origin

PARTS = ("all", "en", "zh")
_LONGEST = 4_000  # characters of a document, unless one paragraph alone is longer

OFFICIAL = "https://github.com/jind11/MedQA"


@card(
    "Textbooks of MedQA",
    survey="medqa_textbooks",
    reference="doi:10.3390/app11146421",
    licence="the books belong to their publishers",
    languages=("en", "zh"),
    where=OFFICIAL,
    terms="For research; the books belong to their publishers.",
)
def medqa_textbooks(path: Path, part: str = "all") -> Iterator[Example]:
    """Documents of whole paragraphs, about four thousand characters each, book by book; the book is a label and group.

    `path` is the release's folder of texts (textbooks/en, zh_paragraph, zh_sentence; UTF-8), a folder of them, or one
    text. `part`: all, en or zh, told by the folder (en_..., zh_...). Raises `NeedsFile` and `BadFormat`.
    """
    wanted = chosen(part, PARTS)
    for file in files(path, "*.txt", official=OFFICIAL):
        language = "zh" if file.parent.name.startswith("zh") else "en"
        if wanted in {"all", language}:
            yield from _documents(file, language)


def _documents(file: Path, language: str) -> Iterator[Example]:
    held: list[str] = []
    number = 0
    for _, raw in text_lines(file):
        line = raw.strip()
        if held and sum(map(len, held)) + len(line) > _LONGEST:
            number += 1
            yield _made(file, number, held, language)
            held = []
        if line:
            held.append(line)
    if held:
        yield _made(file, number + 1, held, language)


def _made(file: Path, number: int, held: list[str], language: str) -> Example:
    id = f"{file.parent.name}/{file.stem}:{number}"
    origin = Origin("medqa_textbooks", language, id)
    return replace(
        document(id, "\n".join(held), origin, language, book=file.stem), groups=(f"book:{file.stem}",)
    )  # fmt: skip
