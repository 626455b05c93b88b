"""Reads and writes graphs in KGX tables, tab-separated or as JSON lines, plain or gzip.

KGX: https://github.com/biolink/kgx/blob/master/specification/kgx-format.md. A table knows no quoting: '|' stands
between the values of a list, so one within a value is written %7C (and a %7C of its own %257C); tabs and line ends
become spaces. JSON lines hold all of it.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any, cast

from probatum.errors import BadFormat
from probatum.formats.json_stream import json_lines
from probatum.formats.reading import QUOTED, lines
from probatum.types import Malformed, Pairs

NODE, EDGE = ("id",), ("subject", "predicate", "object")  # what a row cannot do without
LISTS = frozenset(  # slots that hold several values
    "category synonym translation xref same_as provided_by publications aggregator_knowledge_source in_taxon"
    " in_taxon_label has_evidence supporting_data_source supporting_documents supporting_text qualifiers"
    " equivalent_identifiers has_attribute has_attribute_type".split()
)
TRUTHS, NUMBERS = (
    frozenset({"negated", "deprecated"}),
    frozenset("has_count has_total has_quotient has_percentage".split()),
)
JSON_LINES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
BREAKS = re.compile(r"[\t\n\r\v\f]")
_OWN, _WRITTEN = re.compile("%(?=(?:25)*7C)"), re.compile("%25(?=(?:25)*7C)")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?(e-?\d{1,2})?")
_TRUE, _FALSE = {"true", "t", "1", "yes"}, {"false", "f", "0", "no", ""}

Value = str | Sequence[str]
Row = Mapping[str, Value]  # slot: text, or texts where the slot is a list
_Record = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Node:
    """One node as its file states it."""

    id: str
    categories: tuple[str, ...] = ()
    name: str = ""
    description: str = ""
    synonyms: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    provided_by: tuple[str, ...] = ()
    deprecated: bool = False
    others: Pairs = ()  # sorted (slot, value) of every other slot; a list gives a pair for each value
    line: int = 0

    def said(self, slot: str) -> tuple[str, ...]:
        """The values of another slot, in their order."""
        return tuple(value for name, value in self.others if name == slot)


@dataclass(frozen=True, slots=True)
class Edge:
    """One edge as its file states it."""

    subject: str
    predicate: str
    object: str
    id: str = ""
    categories: tuple[str, ...] = ()
    negated: bool = False
    primary_source: str = ""  # primary_knowledge_source, in older files knowledge_source
    knowledge_level: str = ""
    agent_type: str = ""
    publications: tuple[str, ...] = ()
    others: Pairs = ()  # as a node's
    line: int = 0

    def said(self, slot: str) -> tuple[str, ...]:
        """The values of another slot, in their order."""
        return tuple(value for name, value in self.others if name == slot)


def nodes(path: Path) -> Iterator[Node | Malformed]:
    """The nodes of a file; what breaks the format is `Malformed`. Raises `BadFormat` where no table of nodes comes."""
    for found in _records(path, NODE):
        if isinstance(found, Malformed):
            yield found
            continue
        number, record = found
        try:
            yield _node(record, number)
        except ValueError as error:
            yield Malformed(path.name, number, str(error), _shown(record))


def edges(path: Path) -> Iterator[Edge | Malformed]:
    """The edges of a file; what breaks the format is `Malformed`. Raises `BadFormat` where no table of edges comes."""
    for found in _records(path, EDGE):
        if isinstance(found, Malformed):
            yield found
            continue
        number, record = found
        try:
            yield _edge(record, number)
        except ValueError as error:
            yield Malformed(path.name, number, str(error), _shown(record))


def write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Writes a table (or JSON lines, by the file's ending) beside its place and shows it by one rename; its rows.

    The same rows give the same bytes, packed ones too. A slot that is no column is left out.
    """
    beside, count = path.with_name(f".{path.name}.new"), 0
    as_json = path.name.endswith(JSON_LINES)
    with beside.open("wb") as file:
        packed = gzip.GzipFile("", "wb", fileobj=file, mtime=0) if path.suffix == ".gz" else file
        with TextIOWrapper(cast(IO[bytes], packed), encoding="utf-8", newline="\n") as out:
            if not as_json:
                out.write("\t".join(columns) + "\n")
            for row in rows:
                said = _json(row, columns) if as_json else "\t".join(_cell(row.get(column, "")) for column in columns)
                out.write(f"{said}\n")
                count += 1
            out.flush()
            if packed is not file:
                packed.close()
    beside.replace(path)
    return count


# --- rows ---


def _records(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, _Record] | Malformed]:
    read = _objects(path) if path.name.endswith(JSON_LINES) else _rows(path, needed)
    for found in read:
        if not isinstance(found, Malformed) and (
            absent := [name for name in needed if not any(found[1].get(name, ()))]
        ):
            yield Malformed(path.name, found[0], f"{' and '.join(absent)} expected", _shown(found[1]))
        else:
            yield found


def _rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, _Record] | Malformed]:
    columns: list[str] | None = None
    for line in lines(path):
        if isinstance(line, Malformed):
            if columns is None:
                raise BadFormat(f"{line.reason}; a header was expected", where=f"{path}:{line.line}")
            yield line
            continue
        number, text = line
        cells = text.split("\t")
        if columns is None:
            columns = [cell.strip() for cell in cells]
            if not set(needed) <= set(columns) or len(set(columns)) < len(columns):
                raise BadFormat(f"the columns {', '.join(needed)} were expected", where=f"{path}:{number}")
        elif len(cells) == len(columns):
            yield number, {name: _split(name, cell) for name, cell in zip(columns, cells, strict=True) if cell}
        elif text.strip():
            yield Malformed(path.name, number, f"{len(cells)} columns; {len(columns)} were expected", text[:QUOTED])
    if columns is None:
        raise BadFormat(f"the columns {', '.join(needed)} were expected", where=str(path))


def _split(name: str, cell: str) -> tuple[str, ...]:
    if name not in LISTS:
        return (cell,)
    return tuple(_WRITTEN.sub("%", part.replace("%7C", "|")) for part in cell.split("|") if part)


def _objects(path: Path) -> Iterator[tuple[int, _Record] | Malformed]:
    for found in json_lines(path):
        if isinstance(found, Malformed):
            yield found
        else:
            number, value = found
            yield number, {name: _texts(each) for name, each in value.items() if each not in (None, "", [])}


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(text for each in value for text in _texts(each))
    if isinstance(value, str):
        return (value,)
    return (json.dumps(value, ensure_ascii=False, sort_keys=True),)


def _node(record: _Record, number: int) -> Node:
    return Node(
        id=_one(record, "id"),
        categories=record.pop("category", ()),
        name=_one(record, "name"),
        description=_one(record, "description"),
        synonyms=record.pop("synonym", ()),
        xrefs=record.pop("xref", ()),
        provided_by=record.pop("provided_by", ()),
        deprecated=_truth(record, "deprecated"),
        others=_others(record),
        line=number,
    )


def _edge(record: _Record, number: int) -> Edge:
    return Edge(
        subject=_one(record, "subject"),
        predicate=_one(record, "predicate"),
        object=_one(record, "object"),
        id=_one(record, "id"),
        categories=record.pop("category", ()),
        negated=_truth(record, "negated"),
        primary_source=_one(record, "primary_knowledge_source") or _one(record, "knowledge_source"),
        knowledge_level=_one(record, "knowledge_level"),
        agent_type=_one(record, "agent_type"),
        publications=record.pop("publications", ()),
        others=_others(record),
        line=number,
    )


def _one(record: _Record, name: str) -> str:
    values = record.pop(name, ())
    if len(values) > 1:
        raise ValueError(f"{name} has {len(values)} values; one was expected")
    return values[0].strip() if values else ""


def _truth(record: _Record, name: str) -> bool:
    said = _one(record, name).lower()
    if said not in _TRUE | _FALSE:
        raise ValueError(f"{name} is true or false, not {said[:QUOTED]!r}")
    return said in _TRUE


def _others(record: _Record) -> Pairs:
    return tuple((name, value) for name in sorted(record) for value in record[name])


def _shown(record: _Record) -> str:
    return " ".join("|".join(values) for values in record.values())[:QUOTED]


# --- writing ---


def _cell(value: Value) -> str:
    if isinstance(value, str):
        return flat(value)
    return "|".join(_OWN.sub("%25", flat(each)).replace("|", "%7C") for each in value)


def flat(text: str) -> str:
    """A text on one line, without tabs."""
    return text if text.isprintable() else BREAKS.sub(" ", text)


def _json(row: Row, columns: Sequence[str]) -> str:
    said = {column: _typed(column, row[column]) for column in columns if row.get(column)}
    return json.dumps(said, ensure_ascii=False)


def _typed(column: str, value: Value) -> Any:
    if not isinstance(value, str):
        return list(value)
    if column in TRUTHS:
        return value == "true"
    if column in NUMBERS and (number := _NUMBER.fullmatch(value)):
        return float(value) if number[1] or number[2] else int(value)
    return value
