"""Reads CSV files of another encoding than UTF-8, as Chinese tables come in GB18030 (GBK, GB2312)."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.reading import LINE, joined

_SAMPLE = 1 << 18


def encoding_of(path: Path) -> str:
    """utf-8-sig where the file's beginning is UTF-8, else gb18030; raises `NeedsFile`."""
    with joined((path,)) as stream:
        begins = stream.read(_SAMPLE)
    try:
        codecs.getincrementaldecoder("utf-8-sig")().decode(begins)  # a character may be cut at the end
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a text in UTF-8 or GB18030 with their numbers and ends; raises `NeedsFile` and `BadFormat`."""
    encoding = encoding_of(path)
    with joined((path,)) as stream:
        for number, raw in enumerate(stream, 1):
            where = f"{path}:{number}"
            if len(raw) > LINE or b"\0" in raw:
                raise BadFormat("a zero byte or an endless line; text was expected", where=where)
            try:
                yield number, raw.decode(encoding if number == 1 else encoding.removesuffix("-sig"))
            except UnicodeDecodeError as error:
                raise BadFormat(f"not {encoding} at byte {error.start} of the line", where=where) from error


def encoded_cells(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file by the names of its header, which must hold those `needed`; with the line where each ends.

    Raises `NeedsFile`, and `BadFormat` at a row of another length than the header.
    """
    header: list[str] = []
    reader = csv.reader((text for _, text in text_lines(path)), strict=True)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BadFormat(f"not a CSV row: {error}", where=f"{path}:{reader.line_num}") from error
        if cells is None:
            break
        where = f"{path}:{reader.line_num}"
        if not header:
            header = [cell.strip() for cell in cells]
            if lacking := [name for name in needed if header.count(name) != 1]:
                raise BadFormat(f"the header must name once: {', '.join(lacking)}", where=where)
        elif len(cells) == len(header):
            yield reader.line_num, dict(zip(header, cells, strict=True))
        elif cells:
            raise BadFormat(f"{len(cells)} columns; {len(header)} were expected", where=where)
    if not header:
        raise BadFormat(f"a header with {', '.join(needed)} was expected", where=f"{path}:1")
