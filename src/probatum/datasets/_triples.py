"""Triples of a graph in words, to be read by a model: a document for each subject."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from probatum.datasets._alpaca import document
from probatum.datasets._files import files
from probatum.errors import BadFormat
from probatum.formats.encoded import text_lines
from probatum.types import Example, Origin

Triple = tuple[str, str, str]


def sentence(triple: Triple) -> str:
    """A triple as a Chinese sentence: 痛风的症状是关节痛。"""
    subject, predicate, object_ = triple
    return f"{subject}的{predicate}是{object_}。"


def verbalised(path: Path, source: str, *, official: str) -> Iterator[Example]:
    """A document for each run of lines with the same subject, its triples as sentences; how many is a label.

    The files are tables of three columns (subject, predicate, object), divided by tabs or else commas;
    a subject may stand as 名称@@类别, of which the name is taken. A header (head, relation, tail and their kin) is left
    out. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.tsv", "*.txt", "*.csv", official=official):
        for subject, run in groupby(_triples(file), key=lambda each: each[1][0]):
            told = list(run)
            id = f"{file.stem}:{told[0][0]}"
            said = "".join(dict.fromkeys(sentence(triple) for _, triple in told))
            origin = Origin(source, file.stem, id, reliability="extracted")
            yield document(id, said, origin, "zh", subject=subject, triples=str(len(told)))


def _triples(file: Path) -> Iterator[tuple[int, Triple]]:
    for number, raw in text_lines(file):
        line = raw.strip("\r\n")
        if not line.strip():
            continue
        cells = [cell.strip().partition("@@")[0] for cell in line.split("\t" if "\t" in line else ",")]
        if number == 1 and cells[0].lower() in {"head", "subject", "h", "头实体", "实体1"}:
            continue
        if len(cells) != 3 or not all(cells):
            raise BadFormat("subject, predicate and object were expected", where=f"{file}:{number}")
        yield number, (cells[0], cells[1], cells[2])
