"""Reads the Rich Release Format of UMLS and RxNorm: tables of pipe-delimited rows, and the tables that describe them.

Layout: UMLS Reference Manual, chapter 3 (https://www.ncbi.nlm.nih.gov/books/NBK9685/), and the RxNorm technical
documentation (https://www.nlm.nih.gov/research/umls/rxnorm/docs/techdoc.html).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats import spreading
from probatum.formats.reading import BROKEN, QUOTED, joined, lines
from probatum.formats.sorting import Sorted
from probatum.types import Malformed

Row = tuple[int, tuple[str, ...]]
GROUP = 100_000  # rows of one table under one id; the most of a real release are some ten thousand
_PART = re.compile(r"(?P<name>[A-Z][A-Z0-9]*)(?:\.RRF)?(?:\.(?P<part>(?!gz)[a-z]{2}))?(?:\.gz)?")

# what stands in a release without MRFILES.RRF: the columns as the documentation gives them
COLUMNS = {
    name: tuple(columns.split())
    for name, columns in {
        "MRCONSO": "CUI LAT TS LUI STT SUI ISPREF AUI SAUI SCUI SDUI SAB TTY CODE STR SRL SUPPRESS CVF",
        "MRCUI": "CUI1 VER REL RELA MAPREASON CUI2 MAPIN",
        "MRDEF": "CUI AUI ATUI SATUI SAB DEF SUPPRESS CVF",
        "MRDOC": "DOCKEY VALUE TYPE EXPL",
        "MRHIER": "CUI AUI CXN PAUI SAB RELA PTR HCD CVF",
        "MRREL": "CUI1 AUI1 STYPE1 REL CUI2 AUI2 STYPE2 RELA RUI SRUI SAB SL RG DIR SUPPRESS CVF",
        "MRSAB": "VCUI RCUI VSAB RSAB SON SF SVER VSTART VEND IMETA RMETA SLC SCC SRL TFR CFR CXTY TTYL ATNL LAT CENC"
        " CURVER SABIN SSN SCIT",
        "MRSAT": "CUI LUI SUI METAUI STYPE CODE ATUI SATUI ATN SAB ATV SUPPRESS CVF",
        "MRSTY": "CUI TUI STN STY ATUI CVF",
        "MRFILES": "FIL DES FMT CLS RWS BTS",
        "MRCOLS": "COL DES REF MIN AV MAX FIL DTY",
        "DELETEDCUI": "PCUI PSTR",
        "MERGEDCUI": "PCUI CUI",
        "SRDEF": "RT UI STY STN DEF EX UN NH ABR RIN",
        "SRSTR": "STY1 RL STY2 LS",
        "RXNCONSO": "RXCUI LAT TS LUI STT SUI ISPREF RXAUI SAUI SCUI SDUI SAB TTY CODE STR SRL SUPPRESS CVF",
        "RXNCUI": "CUI1 VER_START VER_END CARDINALITY CUI2",
        "RXNATOMARCHIVE": "RXAUI AUI STR ARCHIVE_TIMESTAMP CREATED_TIMESTAMP UPDATED_TIMESTAMP CODE IS_BRAND LAT"
        " LAST_RELEASED SAUI VSAB RXCUI SAB TTY MERGED_TO_RXCUI",
        "RXNDOC": "DOCKEY VALUE TYPE EXPL",
        "RXNREL": "RXCUI1 RXAUI1 STYPE1 REL RXCUI2 RXAUI2 STYPE2 RELA RUI SRUI SAB SL DIR RG SUPPRESS CVF",
        "RXNSAB": "VCUI RCUI VSAB RSAB SON SF SVER VSTART VEND IMETA RMETA SLC SCC SRL TFR CFR CXTY TTYL ATNL LAT CENC"
        " CURVER SABIN SSN SCIT",
        "RXNSAT": "RXCUI LUI SUI RXAUI STYPE CODE ATUI SATUI ATN SAB ATV SUPPRESS CVF",
        "RXNSTY": "RXCUI TUI STN STY ATUI CVF",
        "RXNFILES": "FIL DES FMT CLS RWS BTS",
        "RXNCOLS": "COL DES REF MIN AV MAX FIL DTY",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a release, in one file or in several parts."""

    name: str  # without .RRF
    parts: tuple[Path, ...]
    columns: tuple[str, ...]
    rows: int = -1  # as the release says of itself; -1 where it says nothing
    bytes: int = -1
    ordered: bool = False  # rows stand in the order of their first column; known after `checked`

    @property
    def shown(self) -> str:
        """The name under which a release lists the table."""
        return self.name if self.name.startswith("SR") else f"{self.name}.RRF"

    @property
    def where(self) -> str:
        """The first of its files."""
        return str(self.parts[0])


def tables(folder: Path) -> dict[str, Table]:
    """The tables in a folder and in its sub-folder CHANGE, by name; plain, packed or in parts (MRCONSO.RRF.aa.gz).

    Columns, sizes and numbers of rows are those of MRFILES.RRF where it stands there, its columns held against
    MRCOLS.RRF. Raises `BadFormat` where the two differ or parts are missing.
    """
    found: dict[str, dict[str, Path]] = {}
    for place in (folder, folder / "CHANGE"):
        for file in sorted(place.iterdir()) if place.is_dir() else ():
            match = _PART.fullmatch(file.name)
            if match and match["name"] in COLUMNS and file.is_file():
                found.setdefault(match["name"], {}).setdefault(match["part"] or "", file)
    there = {name: Table(name, _parts(name, parts), COLUMNS[name]) for name, parts in found.items()}
    for files, columns in (("MRFILES", "MRCOLS"), ("RXNFILES", "RXNCOLS")):
        if files in there:
            there = _described(there, there[files], there.get(columns))
    return there


def _parts(name: str, parts: dict[str, Path]) -> tuple[Path, ...]:
    if "" in parts:
        return (parts[""],)
    for number, letters in enumerate(sorted(parts)):
        if letters != chr(97 + number // 26) + chr(97 + number % 26):
            raise BadFormat(f"part {letters} of {name}.RRF without the one before it", where=str(parts[letters]))
    return tuple(parts[letters] for letters in sorted(parts))


def _described(there: dict[str, Table], files: Table, columns: Table | None) -> dict[str, Table]:
    known: dict[str, set[str]] = {}
    for _, (column, file) in _sound(columns, ("COL", "FIL")) if columns else ():
        known.setdefault(_name(file), set()).add(column)
    told = dict(there)
    for number, (file, form, count, size) in _sound(files, ("FIL", "FMT", "RWS", "BTS")):
        name, listed = _name(file), tuple(form.split(","))
        if name not in there:
            continue
        where = f"{files.where}:{number}"
        if not count.isdecimal() or not size.isdecimal():
            raise BadFormat(f"numbers of rows and bytes were expected, not {count!r} and {size!r}", where=where)
        if strange := set(listed) - known.get(name, set(listed)):
            raise BadFormat(
                f"columns of {file} that MRCOLS.RRF does not have: {', '.join(sorted(strange))}", where=where
            )
        told[name] = replace(there[name], columns=listed, rows=int(count), bytes=int(size))
    return told


def _sound(table: Table, columns: Sequence[str]) -> Iterator[Row]:
    for row in rows(table, columns):
        if isinstance(row, Malformed):
            raise BadFormat(row.reason, where=f"{table.where}:{row.line}")
        yield row


def _name(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".RRF")


def rows(table: Table, columns: Sequence[str]) -> Iterator[Row | Malformed]:
    """The rows of a table: line number and the cells of `columns`, in that order, at least two.

    A row with another number of cells, or without the closing pipe, is `Malformed`. Raises `BadFormat` where the table
    has not these columns.
    """
    lacking = [column for column in columns if column not in table.columns]
    if lacking:
        raise BadFormat(f"{table.shown} has no column {', '.join(lacking)}", where=table.where)
    return spreading.streamed(partial(_all_rows, table, tuple(columns)))


def _all_rows(table: Table, columns: tuple[str, ...]) -> Iterator[Row | Malformed]:
    pick: itemgetter[Any] = itemgetter(*(table.columns.index(column) for column in columns))
    return _rows(table, pick, lines(*table.parts))


def _rows(
    table: Table, pick: itemgetter[Any], found: Iterable[tuple[int, str] | Malformed]
) -> Iterator[Row | Malformed]:
    width = len(table.columns) + 1
    for line in found:
        if isinstance(line, Malformed):
            yield replace(line, path=table.shown)
            continue
        number, text = line
        cells = text.split("|")
        if len(cells) == width and not cells[-1]:
            yield number, pick(cells)
        elif text.strip():
            reason = f"{len(cells) - 1} columns; {width - 1} were expected, each with a pipe behind it"
            yield Malformed(table.shown, number, reason, text[:QUOTED])


# --- a whole release: what it promises, and its hash ---


def checked(found: Iterable[Table]) -> tuple[str, dict[str, Table]]:
    """The sha256 (hex) over the unpacked bytes of these tables, one after the other, and the tables with their order.

    Raises `BadFormat` where a table has not the bytes and rows that MRFILES.RRF gives for it.
    """
    whole, looked = hashlib.sha256(), {}
    for table in found:
        try:
            looked[table.name] = _looked(table, whole)
        except BROKEN as error:
            raise BadFormat(f"the packed file is broken: {error}", where=table.where) from error
    return whole.hexdigest(), looked


def _looked(table: Table, whole: hashlib._Hash) -> Table:
    size = count = 0
    ordered, last, rest = True, (0, b""), b""
    with joined(table.parts) as stream:
        while block := stream.read(1 << 18):
            whole.update(block)
            size += len(block)
            count += block.count(b"\n")
            if ordered:
                *found, rest = (rest + block).split(b"\n")
                rest = rest[:1000]  # of a line without end the first cell is enough
                for line in found:
                    key = (end := line.find(b"|"), line[:end])
                    if key < last:
                        ordered = False
                        break
                    last = key
    promised = (table.bytes if table.bytes >= 0 else size, table.rows if table.rows >= 0 else count)
    if promised != (size, count):
        raise BadFormat(
            f"{size:,} bytes in {count:,} rows; MRFILES.RRF promises {promised[0]:,} in {promised[1]:,}",
            where=table.where,
            mend="get the release again; for a part of it that was cut on purpose, take MRFILES.RRF away",
        )
    if ordered and rest:
        ordered = (rest.find(b"|"), rest[: rest.find(b"|")]) >= last
    return replace(table, ordered=ordered)


# --- tables side by side ---


def in_order(table: Table, columns: Sequence[str]) -> Iterator[Row | Malformed]:
    """The rows of a table in the order of its first column (short ids first), whatever the order of the file.

    A file in order, as NLM publishes them, is read straight through; any other is sorted on disk, in little memory.
    """
    if table.ordered:
        yield from rows(table, columns)
        return
    rows(table, columns)  # complains of columns that are not there
    pick: itemgetter[Any] = itemgetter(*(table.columns.index(column) for column in columns))
    with Sorted() as held:
        for line in lines(*table.parts):
            if isinstance(line, Malformed):
                yield replace(line, path=table.shown)
            else:
                number, text = line
                # a shorter id comes first; lines of one id stay in the order of the file
                id = text.partition("|")[0][:900]
                held.add(f"{len(id):03}{id}{number:012}{text}")
        for kept in held:
            end = 3 + int(kept[:3])
            yield from _rows(table, pick, ((int(kept[end : end + 12]), kept[end + 12 :]),))


Group = tuple[str, list[Row]]


def grouped(found: Iterable[Row | Malformed], table: str) -> Iterator[Group | Malformed]:
    """The rows that share their first cell, with that cell; rows that share it must stand together.

    What goes beyond `GROUP` rows is `Malformed`: no real concept has so many.
    """
    id, held = "", list[Row]()
    for row in found:
        if isinstance(row, Malformed):
            yield row
            continue
        if row[1][0] != id:
            if held:
                yield id, held
            id, held = row[1][0], []
        if len(held) < GROUP:
            held.append(row)
        else:
            yield Malformed(table, row[0], f"more than {GROUP:,} rows of one id", "|".join(row[1])[:QUOTED])
    if held:
        yield id, held


def side_by_side(
    main: Iterable[Group | Malformed], *others: tuple[str, Iterator[Group | Malformed]]
) -> Iterator[tuple[str, list[Row], list[list[Row]]] | Malformed]:
    """Each group of `main` with the rows that other tables have under its id; all must be in order.

    What another table has under an id that `main` has not is `Malformed`, one for each id.
    """
    ahead: list[Group | None] = [None] * len(others)
    for group in main:
        if isinstance(group, Malformed):
            yield group
            continue
        id, held = group
        key, beside = (len(id), id), list[list[Row]]()
        for place, (name, other) in enumerate(others):
            beside.append([])
            while True:
                following = ahead[place] or next(other, None)
                ahead[place] = None
                if isinstance(following, Malformed):
                    yield following
                    continue
                if following is None:
                    break
                if (len(following[0]), following[0]) < key:
                    yield _unknown(name, following)
                    continue
                if following[0] == id:
                    beside[place] = following[1]
                else:
                    ahead[place] = following
                break
        yield id, held, beside
    for place, (name, other) in enumerate(others):
        if left := ahead[place]:
            yield _unknown(name, left)
        for following in other:
            yield following if isinstance(following, Malformed) else _unknown(name, following)


def _unknown(table: str, group: Group) -> Malformed:
    id, held = group
    return Malformed(table, held[0][0], "rows of an id that the table of names does not hold", f"{id} ({len(held)})")
