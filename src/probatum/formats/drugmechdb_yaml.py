"""Reads DrugMechDB's YAML: a list of mechanisms, each a drug, a disease and the links between them.

Of YAML exactly what such files use is read, line by line: block lists and keys, plain and quoted texts, `[]`. Tags,
anchors, aliases, block texts and flow mappings are no part of the format and are refused, so nothing can be run or
blown up. Layout: https://github.com/SuLab/DrugMechDB, normalised as in https://github.com/monarch-initiative/ontogpt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.reading import QUOTED, lines
from probatum.types import Malformed

_LINE = re.compile(r"(?P<indent> *)(?P<dash>- )?(?:(?P<key>[A-Za-z_]+):(?: +(?P<value>\S.*))?|(?P<item>\S.*))")
_LINK = ("subject", "predicate", "object")
_MOST = 10_000  # links of one mechanism


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One path, or branching paths, from a drug to a disease."""

    drug: str
    disease: str
    links: tuple[tuple[str, str, str], ...]  # (subject, predicate, object) as the file has them
    references: tuple[str, ...]
    line: int
    id: str = ""  # the file's own, where it has one


@dataclass(slots=True)
class _Record:
    """What has been read of one mechanism."""

    line: int
    text: str
    values: dict[str, str] = field(default_factory=dict)
    links: list[dict[str, str]] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    within: str = ""
    wrong: str = ""


def mechanisms(path: Path) -> Iterator[Mechanism | Malformed]:
    """The mechanisms of a file, plain or gzip; one that breaks the layout is `Malformed`, and the rest goes on.

    Raises `NeedsFile`, and `BadFormat` where the file does not begin with a list of mappings.
    """
    record: _Record | None = None
    for line in lines(path):
        if isinstance(line, Malformed):
            if record is None:
                raise BadFormat(f"{line.reason}; a list was expected", where=f"{path}:{line.line}")
            record.wrong = record.wrong or f"line {line.line}: {line.reason}"
            continue
        number, text = line
        if not text.strip() or text.lstrip().startswith("#") or (record is None and text.strip() == "---"):
            continue
        read = _LINE.fullmatch(text.rstrip())
        if read and not read["indent"] and read["dash"]:
            if record is not None:
                yield _mechanism(path, record)
            record = _Record(number, text.strip())
        if record is None:
            raise BadFormat("a list of mechanisms was expected", where=f"{path}:{number}")
        _take(record, number, read)
    if record is None:
        raise BadFormat("a list of mechanisms was expected", where=str(path))
    yield _mechanism(path, record)


def _take(record: _Record, number: int, read: re.Match[str] | None) -> None:
    """Takes up one line of a mechanism."""
    if read is None:
        record.wrong = record.wrong or f"line {number} is no part of the layout"
        return
    try:
        _place(record, read)
    except ValueError as error:
        record.wrong = record.wrong or f"line {number}: {error}"


def _place(record: _Record, read: re.Match[str]) -> None:
    key, value, depth = read["key"] or "", read["value"] or "", len(read["indent"]) + (2 if read["dash"] else 0)
    item = read["item"] or (f"{key}:{value}" if key and read["dash"] and record.within == "references" else "")
    if record.within == "references" and read["dash"] and depth > 2:
        record.references.append(_scalar(item))
    elif depth == 2 and key:
        record.within = ""
        if value == "[]":
            return
        if value:
            record.values[key] = _scalar(value)
        else:
            record.within = key
    elif record.within == "mechanism_links" and key and depth > 2:
        if read["dash"]:
            record.links.append({})
        if not record.links or len(record.links) > _MOST or not value:
            raise ValueError("a link's subject, predicate or object was expected")
        record.links[-1][key] = _scalar(value)
    else:
        raise ValueError("no part of the layout")


def _scalar(written: str) -> str:
    """A plain or quoted text."""
    if written.startswith('"'):
        text = json.loads(written)
        if not isinstance(text, str):
            raise ValueError("a text was expected")
        text.encode()
    elif written.startswith("'"):
        if len(written) < 2 or not written.endswith("'"):
            raise ValueError("a quotation mark is missing")
        text = written[1:-1].replace("''", "'")
    elif written[0] in "&*!|>{[%@`":
        raise ValueError(f"{written[0]!r} is not read here")
    else:
        text = written.partition(" #")[0]
    return text.replace("\ufeff", "").strip()


def _mechanism(path: Path, record: _Record) -> Mechanism | Malformed:
    links = tuple((link.get("subject", ""), link.get("predicate", ""), link.get("object", "")) for link in record.links)
    wrong = record.wrong
    if not wrong and not (record.values.get("drug") and record.values.get("disease") and links):
        wrong = "a drug, a disease and links were expected"
    if not wrong and not all(all(link) for link in links):
        wrong = "a link without subject, predicate or object"
    if wrong:
        return Malformed(path.name, record.line, wrong, record.text[:QUOTED])
    values = record.values
    references = tuple(dict.fromkeys(filter(None, record.references)))
    return Mechanism(values["drug"], values["disease"], links, references, record.line, values.get("id", ""))
