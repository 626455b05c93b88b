"""Reads tables, line by line, and checks that each row has the columns that its header promises."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.reading import QUOTED, lines
from probatum.types import Malformed

Row = tuple[int, list[str]]
_HEADER_WITHIN = 200  # lines in which the header must come


def tab_separated(path: Path, columns: Sequence[str], comment: str = "", passed: int = 0) -> Iterator[Row | Malformed]:
    """The rows of a tab-separated file without quoting: line number and the cells of `columns`, in that order.

    The header is the first line that names all of `columns` (case and a leading '#' or '?' aside); lines before it must
    start with `comment`. A row with another number of cells is `Malformed`. The first `passed` of what would come out,
    malformed ones among them, is passed over without a look. Raises `BadFormat` where no header comes.
    """
    found = lines(path)
    names = _header(path, found, columns, comment)
    places = [names.index(_plain(column)) for column in columns]
    width, straight = len(names), places == list(range(len(names)))
    for line in found:
        if passed:
            passed -= isinstance(line, Malformed) or bool(line[1].strip()) or line[1].count("\t") == width - 1
            continue
        if isinstance(line, Malformed):
            yield line
            continue
        number, text = line
        cells = text.split("\t")
        if len(cells) != width:
            if text.strip():
                yield Malformed(path.name, number, f"{len(cells)} columns; {width} were expected", text[:QUOTED])
            continue
        yield number, cells if straight else [cells[place] for place in places]


def comma_separated(path: Path, columns: Sequence[str], separator: str = ",") -> Iterator[Row | Malformed]:
    """The rows of a CSV file (RFC 4180: quoted cells may hold commas and line ends): first line number and cells.

    The cells are divided by commas, or by another `separator`. The first line must hold exactly `columns`. A row that
    breaks the quoting or has another number of cells is
    `Malformed`. Raises `BadFormat` where the header is another one.
    """
    header: list[str] | None = None
    for row in _cells(path, separator):
        if isinstance(row, Malformed):
            yield row
            continue
        start, cells = row
        if header is None:
            header = cells
            if header != list(columns):
                break
        elif cells:
            yield row if len(cells) == len(columns) else _uneven(path, start, cells, len(columns))
    if header != list(columns):
        wanted = ",".join(columns)
        raise BadFormat(f"the header {wanted} was expected", where=f"{path}:1")


def named_cells(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]] | Malformed]:
    """The rows of a CSV file by the names of its header, which must be there and hold at least those `needed`.

    Names are taken without blanks around them. A row of another length is `Malformed`. Raises `BadFormat` where the
    header lacks a name or says one twice.
    """
    header: list[str] = []
    for row in _cells(path, ","):
        if isinstance(row, Malformed):
            yield row
            continue
        start, cells = row
        if not header:
            header = [cell.strip() for cell in cells]
            if lacking := [name for name in needed if header.count(name) != 1]:
                raise BadFormat(f"the header must name once: {', '.join(lacking)}", where=f"{path}:{start}")
        elif len(cells) == len(header):
            yield start, dict(zip(header, cells, strict=True))
        elif cells:
            yield _uneven(path, start, cells, len(header))
    if not header:
        raise BadFormat(f"a header with {', '.join(needed)} was expected", where=f"{path}:1")


def bare_cells(path: Path, width: int) -> Iterator[Row | Malformed]:
    """The rows of a CSV file without a header, each of `width` cells; a row of another length is `Malformed`."""
    for row in _cells(path, ","):
        if isinstance(row, Malformed) or len(row[1]) == width:
            yield row
        elif row[1]:
            yield _uneven(path, *row, width)


def _uneven(path: Path, start: int, cells: list[str], width: int) -> Malformed:
    return Malformed(path.name, start, f"{len(cells)} columns; {width} were expected", ",".join(cells)[:QUOTED])


def _cells(path: Path, separator: str) -> Iterator[Row | Malformed]:
    """Every row of a CSV file, empty ones among them, with its first line."""
    source = _Lines(path)
    reader = csv.reader(source, strict=True, delimiter=separator)
    while True:
        source.start, wrong = 0, ""
        try:
            cells = next(reader, None)
        except csv.Error as error:
            cells, wrong = [], f"not a CSV row: {error}"
        start = source.start
        yield from source.refused()
        if wrong:
            yield Malformed(path.name, start, wrong, source.text[:QUOTED].rstrip("\n"))
            continue
        if cells is None:
            return
        yield start, cells


class _Lines:
    """Lines for the CSV reader, which must not meet broken ones: they are put aside."""

    def __init__(self, path: Path) -> None:
        self._found, self._refused = lines(path), list[Malformed]()
        self.start, self.text = 0, ""  # the row's first line; its latest

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        for line in self._found:
            if isinstance(line, Malformed):
                self._refused.append(line)
                continue
            self.start, self.text = self.start or line[0], line[1] + "\n"
            return self.text
        raise StopIteration

    def refused(self) -> list[Malformed]:
        taken, self._refused = self._refused, []
        return taken


def _header(
    path: Path, found: Iterator[tuple[int, str] | Malformed], columns: Sequence[str], comment: str
) -> list[str]:
    wanted = {_plain(column) for column in columns}
    number = 0
    for line in found:
        if isinstance(line, Malformed):
            raise BadFormat(f"{line.reason}; a header was expected", where=f"{path}:{line.line}")
        number, text = line
        names = [_plain(cell) for cell in text.split("\t")]
        if wanted <= set(names):
            return names
        if not (comment and text.startswith(comment)) or number >= _HEADER_WITHIN:
            break
    raise BadFormat(f"the columns {', '.join(columns)} were expected", where=f"{path}:{max(number, 1)}")


def _plain(column: str) -> str:
    return column.strip().lstrip("#?").lower().replace("_", "")
