"""Reads and writes mappings between vocabularies as SSSOM tables (mapping-commons.github.io/sssom).

The table's head is YAML behind '#'. Of YAML exactly what SSSOM needs is read here: texts, lists of texts, one level of
keys; every value stays the text that stands there.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.reading import QUOTED, lines
from probatum.types import Malformed, Pairs

NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
MODIFIER = "predicate_modifier"
NOTHING = "sssom:NoTermFound"  # stands where a side was looked for and has no counterpart
LONGEST_HEAD = 5_000  # lines
# Slots of a set that hold for each of its mappings that does not say otherwise (SSSOM: propagatable slots).
PROPAGATED = frozenset(
    "cardinality_scope mapping_date mapping_provider mapping_tool mapping_tool_id mapping_tool_version"
    " object_match_field object_preprocessing object_source object_source_version object_type predicate_type"
    " similarity_measure subject_match_field subject_preprocessing subject_source subject_source_version"
    " subject_type".split()
)
# The order in which a written table has its columns; a slot that is not among them comes after, by its name.
ORDER = (
    "subject_id subject_label predicate_id predicate_modifier predicate_label object_id object_label"
    " mapping_justification confidence mapping_tool mapping_tool_version mapping_date author_id reviewer_id"
    " subject_source object_source comment other"
).split()
_KEY = re.compile(r"([^\s:#'\"\[{-][^:]*|\"[^\"]+\"|'[^']+')\s*:(?:\s+(.*))?")
_BLOCKS = {"|", ">", "|-", ">-"}
_PLAIN = re.compile(r"[A-Za-z0-9](?:[^\s\"':#]|[:#](?=\S)|(?<=\S) (?=[^\s#]))*")
_COMMENT = re.compile(r"\s+#.*$")


@dataclass(frozen=True, slots=True)
class Head:
    """What a set says of all its mappings: each slot with its values, and the prefixes of its ids."""

    slots: tuple[tuple[str, tuple[str, ...]], ...] = ()
    prefixes: Pairs = ()

    def said(self, slot: str) -> str:
        """The first value of a slot, or an empty string."""
        return next((values[0] for name, values in self.slots if name == slot and values), "")


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row: subject and object with what holds between them, why it is believed, and every other slot it fills."""

    subject: str
    predicate: str
    object: str
    justification: str
    negated: bool = False  # predicate_modifier Not
    slots: Pairs = ()  # sorted (slot, value): confidence, mapping_tool, mapping_date, subject_label ...; lists with '|'
    line: int = 0

    def said(self, slot: str) -> str:
        """The value of a slot, or an empty string."""
        return next((value for name, value in self.slots if name == slot), "")


def head(path: Path) -> Head:
    """The metadata of a mapping set; raises `BadFormat` with the line where it is not the YAML that SSSOM uses."""
    return _head(_head_lines(path), str(path))


def mappings(path: Path) -> Iterator[Mapping | Malformed]:
    """The rows of a table, plain or gzip; slots of the set that hold for each mapping are filled in.

    A row that has another number of cells, or lacks a needed one, is `Malformed`. Raises `BadFormat` where the head or
    the columns are not those of SSSOM, `NeedsFile` where there is no file.
    """
    said = head(path)
    shared = {name: "|".join(values) for name, values in said.slots if name in PROPAGATED and any(values)}
    columns: list[str] | None = None
    for line in lines(path):
        if isinstance(line, Malformed):
            if columns is None:
                raise BadFormat(f"{line.reason}; the head of a mapping set was expected", where=f"{path}:{line.line}")
            yield line
        elif columns is None:
            if line[1].startswith("#") or not line[1].strip():
                continue
            columns = _columns(line[1], f"{path}:{line[0]}")
        elif line[1].strip():
            yield _mapping(path, line, columns, shared)
    if columns is None:
        raise BadFormat(f"the columns {', '.join(NEEDED)} were expected", where=str(path))


def write(path: Path, said: Head, found: Iterable[Mapping], slots: Sequence[str] = ()) -> int:
    """Writes a table with the slots named besides the needed ones, beside its place and then by one rename.

    Gives the number of rows. A mapping with a slot that has no column raises `BadFormat`. Line ends and tabs within a
    value, which the format cannot hold, are written as spaces.
    """
    columns = sorted({*NEEDED, MODIFIER, *slots}, key=lambda name: (_place(name), name))
    beside, count = path.with_name(f".{path.name}.new"), 0
    with beside.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(f"#{line}\n" for line in _written(said))
        out.write("\t".join(columns) + "\n")
        for each in found:
            cells = dict(each.slots) | dict(zip(NEEDED, _ends(each), strict=True))
            if each.negated:
                cells[MODIFIER] = "Not"
            if unknown := cells.keys() - set(columns):
                raise BadFormat(f"no column for the slot {min(unknown)}", where=str(path))
            out.write("\t".join(_cell(cells.get(column, "")) for column in columns) + "\n")
            count += 1
    beside.replace(path)
    return count


def _ends(each: Mapping) -> tuple[str, str, str, str]:
    return each.subject, each.predicate, each.object, each.justification


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _cell(text: str) -> str:
    flat = " ".join(re.split(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text))
    return '"' + flat.replace('"', '""') + '"' if flat.startswith('"') else flat


# --- rows ---


def _columns(text: str, where: str) -> list[str]:
    names = [name.strip() for name in text.split("\t")]
    absent = [name for name in NEEDED if name not in names]
    if absent or len(set(names)) != len(names):
        wrong = f"without the column {absent[0]}" if absent else "a column stands twice"
        raise BadFormat(f"{wrong}: {text[:QUOTED]!r}", where=where, mend="an SSSOM table was expected")
    return names


def _mapping(path: Path, line: tuple[int, str], columns: list[str], shared: dict[str, str]) -> Mapping | Malformed:
    number, text = line
    cells = _cells(text)
    if len(cells) < len(columns) and not any(column in NEEDED for column in columns[len(cells) :]):
        cells += [""] * (len(columns) - len(cells))  # editors cut empty cells off the end of a row
    if len(cells) != len(columns):
        return Malformed(path.name, number, f"{len(cells)} columns; {len(columns)} were expected", text[:QUOTED])
    said = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    subject, predicate, object_, justification = (said.pop(name) for name in NEEDED)
    modifier = said.pop(MODIFIER, "")
    if not (subject and predicate and object_ and justification) or modifier not in {"", "Not"}:
        wrong = "subject, predicate, object and justification were expected; the modifier is empty or Not"
        return Malformed(path.name, number, wrong, text[:QUOTED])
    slots = shared | {name: value for name, value in said.items() if value}
    negated, others = modifier == "Not", tuple(sorted(slots.items()))
    return Mapping(subject, predicate, object_, justification, negated, others, number)


def _cells(text: str) -> list[str]:
    if '"' not in text:
        return text.split("\t")
    try:
        return next(csv.reader([text], delimiter="\t", strict=True))
    except csv.Error:  # a lone quotation mark is part of a name
        return text.split("\t")


# --- the head ---


def _head_lines(path: Path) -> list[tuple[int, str]]:
    found = []
    for line in lines(path):
        if isinstance(line, Malformed) or not line[1].startswith("#"):
            break
        if line[1][1:].strip() not in {"", "---"} and not line[1].startswith("##"):
            found.append((line[0], line[1][1:].expandtabs(2).rstrip()))
        if len(found) > LONGEST_HEAD:
            raise BadFormat(f"a head of more than {LONGEST_HEAD:,} lines", where=str(path))
    base = min((len(text) - len(text.lstrip()) for _, text in found), default=0)
    return [(number, text[base:]) for number, text in found]


@dataclass(slots=True)
class _Open:
    """The head as far as it is read, with the key whose value may go on."""

    slots: dict[str, list[str]] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    key: str = ""
    kind: str = ""  # of the value that stands open: block, list, keys, text; empty before any of it was seen


def _head(found: list[tuple[int, str]], where: str) -> Head:
    read = _Open()
    for number, text in found:
        inner, place = text.lstrip(), f"{where}:{number}"
        if text != inner or inner == "-" or inner.startswith("- "):
            if not read.key:
                raise BadFormat(f"a value without a key: {inner[:QUOTED]!r}", where=place)
            _goes_on(read, inner, place)
            continue
        match = _KEY.fullmatch(inner)
        if not match or (key := _scalar(match[1], place)) in read.slots:
            raise BadFormat(f"not a key of its own: {inner[:QUOTED]!r}", where=place)
        value = (match[2] or "").strip()
        read.key, read.kind = key, "block" if value in _BLOCKS else "text" if value else ""
        read.slots[key] = _values(value, place) if read.kind == "text" else []
    read.slots.pop("curie_map", None)
    return Head(tuple((name, tuple(values)) for name, values in read.slots.items()), tuple(read.prefixes.items()))


def _goes_on(read: _Open, inner: str, where: str) -> None:
    """Takes up one indented line, or one of a list."""
    values = read.slots[read.key]
    if read.kind in {"", "list"} and (inner == "-" or inner.startswith("- ")):
        read.kind = "list"
        values.append(_scalar(inner[1:].strip(), where))
    elif values and read.kind != "keys":  # a text that goes on
        values[-1] += f" {inner}"
    elif read.kind == "block":
        values.append(inner)
    elif match := _KEY.fullmatch(inner):
        read.kind = "keys"
        name, value = _scalar(match[1], where), _scalar((match[2] or "").strip(), where)
        if read.key != "curie_map":
            values.append(f"{name}: {value}")
        elif name in read.prefixes:
            raise BadFormat(f"the prefix {name} stands twice", where=where)
        else:
            read.prefixes[name] = value
    else:
        raise BadFormat(f"neither a list nor a key: {inner[:QUOTED]!r}", where=where)


def _values(value: str, where: str) -> list[str]:
    if value in {"[]", "{}"}:
        return []
    if value.startswith("[") and value.endswith("]"):
        return [_scalar(part.strip(), where) for part in value[1:-1].split(",") if part.strip()]
    return [_scalar(value, where)]


def _scalar(text: str, where: str) -> str:
    if text.startswith(("&", "*", "!", "{")):
        raise BadFormat(f"anchors, tags and inner tables are not read: {text[:QUOTED]!r}", where=where)
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text))
        except ValueError as error:
            raise BadFormat(f"not a quoted text: {text[:QUOTED]!r}", where=where) from error
    return _COMMENT.sub("", text)


def _written(said: Head) -> Iterator[str]:
    if said.prefixes:
        yield "curie_map:"
        yield from (f"  {_quoted(name)}: {_quoted(value)}" for name, value in said.prefixes)
    for name, values in said.slots:
        if len(values) == 1:
            yield f"{name}: {_quoted(values[0])}"
        elif values:
            yield f"{name}:"
            yield from (f"  - {_quoted(value)}" for value in values)


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=True)
