"""Reads tables of triples (head, relation, tail) as knowledge graphs are handed round: CSV, TSV, JSON, lines of text.

There is no standard. A table's columns are known by the names that such tables use, English and Chinese (triples.toml);
a file without a header has its columns in the order that its source is known for.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.formats.reading import QUOTED, lines
from probatum.formats.tables import comma_separated
from probatum.types import Malformed, Pairs

USUAL = ("subject", "relation", "object")
NEEDED = frozenset(USUAL)
_JSON = (".json", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Triple:
    """One row: what the file says of one pair, as it stands there."""

    subject: str
    relation: str
    object: str
    line: int
    subject_id: str = ""
    object_id: str = ""
    subject_kind: str = ""
    object_kind: str = ""
    source: str = ""  # the database that the row was taken from, where the table says so
    reference: str = ""
    negated: str = ""
    others: Pairs = ()  # (column, value) of every other column that is filled


def triples(path: Path, order: Sequence[str] = ()) -> Iterator[Triple | Malformed]:
    """The triples of a file (.csv, .json, .jsonl, else separated by tabs; plain or gzip), in its order.

    Without `order` the file's first line must name its columns; with it there is no header, and the cells of a line
    stand in that order. JSON holds objects with such keys. A row without all of subject, relation and object is
    `Malformed`. Raises `NeedsFile`, and `BadFormat` where no columns of triples are named.
    """
    if path.name.removesuffix(".gz").lower().endswith(_JSON):
        yield from _json(path)
        return
    comma = path.name.removesuffix(".gz").lower().endswith(".csv")
    if order:
        rows: Iterator[tuple[int, list[str]] | Malformed] = _plain(path, len(order))
        columns = list(order)
    else:
        header = first_row(path, "," if comma else "\t")
        columns = [known(column) for column in header]
        if not set(columns) >= NEEDED:
            raise BadFormat("columns of triples were expected: head, relation, tail", where=f"{path}:1")
        rows = comma_separated(path, header) if comma else _plain(path, len(header), header=True)
    for row in rows:
        yield row if isinstance(row, Malformed) else _triple(path, row[0], list(zip(columns, row[1], strict=True)))


def first_row(path: Path, separator: str) -> list[str]:
    """The cells of a file's first line; raises `BadFormat` where there is none that can be read."""
    for line in lines(path):
        if isinstance(line, Malformed):
            raise BadFormat(f"{line.reason}; a header was expected", where=f"{path}:{line.line}")
        try:
            return next(csv.reader([line[1]], delimiter=separator, strict=True), [])
        except csv.Error as error:
            raise BadFormat(f"a header was expected: {error}", where=f"{path}:{line[0]}") from error
    raise BadFormat("a header was expected", where=f"{path}:1")


def known(column: str) -> str:
    """The field of a triple that a column of this name fills; the name itself where it is none."""
    return _names().get(_bare(column), column.strip())


@cache
def _names() -> dict[str, str]:
    said = tomllib.loads(resources.files("probatum.formats").joinpath("triples.toml").read_text(encoding="utf-8"))
    return {_bare(name): field for field, names in said.items() for name in (field, *names)}


def _bare(column: str) -> str:
    return column.strip().strip("\"'").lstrip(":").replace("_", "").replace(" ", "").replace("-", "").casefold()


def _plain(path: Path, width: int, *, header: bool = False) -> Iterator[tuple[int, list[str]] | Malformed]:
    waiting = header
    for line in lines(path):
        if isinstance(line, Malformed):
            yield line
            continue
        number, text = line
        if waiting:
            waiting = False
            continue
        cells = text.split("\t")
        if len(cells) == width:
            yield number, [cell.strip().strip('"') for cell in cells]
        elif text.strip():
            yield Malformed(path.name, number, f"{len(cells)} columns; {width} were expected", text[:QUOTED])


def _json(path: Path) -> Iterator[Triple | Malformed]:
    for found in objects(path):
        if isinstance(found, Malformed):
            yield found
            continue
        number, record = found
        yield _triple(path, number, [(known(key), _text(value)) for key, value in record.items()])


def _text(value: Any) -> str:
    if isinstance(value, dict):  # an end that is an object of its own: {"name": ...}
        value = value.get("name", "")
    if isinstance(value, list):
        return "|".join(_text(each) for each in value)
    return "" if value is None else str(value)


def _triple(path: Path, number: int, cells: list[tuple[str, str]]) -> Triple | Malformed:
    fields: dict[str, str] = {}
    others: list[tuple[str, str]] = []
    for column, value in cells:
        if column in Triple.__dataclass_fields__ and column not in fields and column not in {"line", "others"}:
            fields[column] = value.strip()
        elif value.strip():
            others.append((column, value.strip()))
    if not all(fields.get(name) for name in USUAL):
        shown = "\t".join(value for _, value in cells)
        return Malformed(path.name, number, "subject, relation and object were expected", shown[:QUOTED])
    return Triple(line=number, others=tuple(sorted(others)), **fields)
