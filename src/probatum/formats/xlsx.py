"""Reads the cells of an XLSX workbook's first sheet, as texts; formulas count by the value that was saved."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.reading import BROKEN, MEMBER
from probatum.formats.xml_stream import document

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHARED, _SHEET = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"
_CELL = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_WIDEST = 1_000  # columns; a sheet may have 16,384


def sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something: number of the row and its cells, empty ones in between as empty texts.

    Raises `NeedsFile`, and `BadFormat` where it is no workbook, or one that unpacks to more than a real one would.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            texts = [_text(each) for each in _part(archive, _SHARED, path)] if _SHARED in names else []
            root = _part(archive, _SHEET, path)
    except FileNotFoundError as error:
        raise NeedsFile("no such file", where=str(path)) from error
    except (*BROKEN, KeyError, OSError, NotImplementedError, RuntimeError) as error:
        raise BadFormat(f"not an XLSX workbook: {error}", where=str(path)) from error
    for place, row in enumerate(root.iter(f"{_MAIN}row"), 1):
        number = int(said) if (said := row.get("r", "")).isascii() and said.isdigit() else place
        cells: list[str] = []
        for cell in row.iter(f"{_MAIN}c"):
            at = _column(cell.get("r", ""), len(cells), f"{path}:{number}")
            cells += [""] * (at - len(cells))
            cells.append(_value(cell, texts, f"{path}:{number}"))
        if any(cells):
            yield number, cells


def _part(archive: zipfile.ZipFile, name: str, path: Path) -> Any:
    if archive.getinfo(name).file_size > MEMBER:
        raise BadFormat(f"{name} unpacks to more than {MEMBER:,} bytes", where=str(path))
    with archive.open(name) as stream:
        data = stream.read(MEMBER + 1)
    if len(data) > MEMBER:
        raise BadFormat(f"{name} unpacks to more than {MEMBER:,} bytes", where=str(path))
    return document(data, f"{path}: {name}")


def _column(reference: str, usual: int, where: str) -> int:
    if not reference:
        return usual
    match = _CELL.fullmatch(reference)
    number = 0
    for letter in match[1] if match else "":
        number = number * 26 + ord(letter) - ord("A") + 1
    if not usual < number <= _WIDEST:
        raise BadFormat(f"{reference!r} is no cell that can stand here", where=where)
    return number - 1


def _value(cell: Any, texts: list[str], where: str) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    said: str = cell.findtext(f"{_MAIN}v") or ""
    if kind != "s":
        return said
    if not said.isascii() or not said.isdigit() or int(said) >= len(texts):
        raise BadFormat(f"there is no shared text {said!r}", where=where)
    return texts[int(said)]


def _text(element: Any) -> str:
    """All text of an element but what only tells how a word is pronounced."""
    runs = (each for each in element.iter(f"{_MAIN}t") if each.getparent().tag != f"{_MAIN}rPh")
    return "".join(run.text or "" for run in runs)
