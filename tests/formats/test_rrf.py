"""Rich Release Format: rows with their closing pipe, what a release says of itself, parts, order, tables joined."""

from __future__ import annotations

import gzip
import hashlib
import random
from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats import rrf, sorting
from probatum.types import Malformed

TYPES = "C0000001|T047|B2|Disease or Syndrome|AT1||\nC0000002|T121|A1|Pharmacologic Substance|AT2|256|\n"


def table(folder: Path, name: str, text: str | bytes, ending: str = ".RRF") -> rrf.Table:
    """A file of that name in the folder, as a table."""
    data = text.encode() if isinstance(text, str) else text
    (folder / f"{name}{ending}").write_bytes(data)
    return rrf.tables(folder)[name]


def test_rows_give_the_columns_asked_for(tmp_path: Path) -> None:
    found = list(rrf.rows(table(tmp_path, "MRSTY", TYPES), ("TUI", "CUI")))
    assert found == [(1, ("T047", "C0000001")), (2, ("T121", "C0000002"))]


def test_a_column_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadFormat, match=r"MRSTY\.RRF has no column LAT"):
        rrf.rows(table(tmp_path, "MRSTY", TYPES), ("CUI", "LAT"))


def test_odd_rows_are_put_aside(tmp_path: Path) -> None:
    bad = (
        b"C3|T001|x|y|z|\n"
        + b"C4|T001|x|y|z||w\n"
        + b"C5|T0\xff1|x|y|z||\n"
        + b"\n"
        + b"C6|"
        + b"x" * 1_100_000
        + b"\n"
    )
    found = list(rrf.rows(table(tmp_path, "MRSTY", TYPES.encode() + bad + b"C7|T002|x|y|z||\r\n"), ("CUI", "TUI")))
    assert [row for row in found if not isinstance(row, Malformed)][2:] == [(8, ("C7", "T002"))]
    aside = [row for row in found if isinstance(row, Malformed)]
    assert [row.line for row in aside] == [3, 4, 5, 7] and {row.path for row in aside} == {"MRSTY.RRF"}
    assert aside[0].reason.startswith("5 columns; 6 were expected") and "UTF-8" in aside[2].reason
    assert "a line of more than" in aside[3].reason


def test_parts_go_on_within_a_line(tmp_path: Path) -> None:
    (tmp_path / "MRSTY.RRF.ab.gz").write_bytes(gzip.compress(TYPES[50:].encode()))
    (tmp_path / "MRSTY.RRF.aa.gz").write_bytes(gzip.compress(TYPES[:50].encode()))
    sha256, found = rrf.checked(rrf.tables(tmp_path).values())
    assert sha256 == hashlib.sha256(TYPES.encode()).hexdigest()
    assert [row[1][0] for row in rrf.rows(found["MRSTY"], ("CUI", "STY")) if not isinstance(row, Malformed)] == [
        "C0000001",
        "C0000002",
    ]
    (tmp_path / "MRSTY.RRF.aa.gz").unlink()
    with pytest.raises(BadFormat, match=r"part ab of MRSTY\.RRF without the one before"):
        rrf.tables(tmp_path)


def described(
    folder: Path, *, rows: int = 2, size: int = len(TYPES), columns: str = "CUI,TUI,STN,STY,ATUI,CVF"
) -> None:
    """MRSTY with MRFILES and MRCOLS beside it."""
    (folder / "MRSTY.RRF").write_text(TYPES, encoding="utf-8")
    line = f"MRSTY.RRF|Semantic types|{columns}|6|{rows}|{size}|\n"
    (folder / "MRFILES.RRF").write_text(line, encoding="utf-8")
    known = "".join(f"{name}||||||MRSTY.RRF|char|\n" for name in "CUI TUI STN STY ATUI CVF".split())
    (folder / "MRCOLS.RRF").write_text(known, encoding="utf-8")


def test_sizes_and_rows_are_those_that_the_release_promises(tmp_path: Path) -> None:
    described(tmp_path)
    found = rrf.tables(tmp_path)["MRSTY"]
    assert (found.rows, found.bytes) == (2, len(TYPES))
    assert rrf.checked([found])[1]["MRSTY"].ordered
    for wrong in ({"rows": 3}, {"size": len(TYPES) + 1}):
        described(tmp_path, **wrong)
        with pytest.raises(BadFormat, match=r"MRFILES\.RRF promises"):
            rrf.checked([rrf.tables(tmp_path)["MRSTY"]])


def test_columns_are_those_of_the_release(tmp_path: Path) -> None:
    described(tmp_path, columns="TUI,CUI,STN,STY,ATUI,CVF")
    assert next(rrf.rows(rrf.tables(tmp_path)["MRSTY"], ("CUI", "TUI"))) == (1, ("T047", "C0000001"))
    described(tmp_path, columns="CUI,TUI,STN,STY,ATUI,WHAT")
    with pytest.raises(BadFormat, match=r"does not have: WHAT"):
        rrf.tables(tmp_path)
    (tmp_path / "MRFILES.RRF").write_text("MRSTY.RRF|Types|CUI|1|many|9|\n", encoding="utf-8")
    with pytest.raises(BadFormat, match="numbers of rows and bytes"):
        rrf.tables(tmp_path)


@pytest.mark.parametrize("run", [200, 1 << 20])
def test_any_order_is_put_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: int) -> None:
    monkeypatch.setattr(sorting, "RUN", run)  # small: many sorted runs on disk
    text = [f"{number}|T{number:03}|n|s|a||\n" for number in range(1, 120)]
    random.Random(4).shuffle(text)
    looked = rrf.checked([table(tmp_path, "RXNSTY", "".join(text))])[1]["RXNSTY"]
    assert not looked.ordered
    rows = list(rrf.in_order(looked, ("RXCUI", "TUI")))
    assert [row[1][0] for row in rows if not isinstance(row, Malformed)] == [str(number) for number in range(1, 120)]
    assert all(text[row[0] - 1].startswith(f"{row[1][0]}|") for row in rows if not isinstance(row, Malformed))


def test_order_is_that_of_numbers_and_seen_across_blocks(tmp_path: Path) -> None:
    many = "".join(f"{number}|T{number:09}|n|s|a||\n" for number in range(1, 30_000))
    assert rrf.checked([table(tmp_path, "RXNSTY", many)])[1]["RXNSTY"].ordered
    assert not rrf.checked([table(tmp_path, "RXNSTY", many + "29998|T|n|s|a||\n")])[1]["RXNSTY"].ordered
    assert not rrf.checked([table(tmp_path, "RXNSTY", many + "29998|T|n|s|a||")])[1]["RXNSTY"].ordered


def grouped(*rows: str) -> list[rrf.Group | Malformed]:
    found = ((number, tuple(row.split())) for number, row in enumerate(rows, start=1))
    return list(rrf.grouped(found, "T"))


def test_tables_side_by_side() -> None:
    main = grouped("2 a", "2 b", "4 c", "10 d")
    other = iter(grouped("1 u", "2 v", "2 w", "3 x", "3 y", "11 z", "12 z"))
    joined = list(rrf.side_by_side(main, ("OTHER", other), ("NONE", iter(()))))
    assert [each for each in joined if not isinstance(each, Malformed)] == [
        ("2", [(1, ("2", "a")), (2, ("2", "b"))], [[(2, ("2", "v")), (3, ("2", "w"))], []]),
        ("4", [(3, ("4", "c"))], [[], []]),
        ("10", [(4, ("10", "d"))], [[], []]),
    ]
    assert [each.text for each in joined if isinstance(each, Malformed)] == ["1 (1)", "3 (2)", "11 (1)", "12 (1)"]


def test_a_group_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rrf, "GROUP", 2)
    aside, (id, rows) = grouped("1 a", "1 b", "1 c")
    assert isinstance(aside, Malformed) and (aside.line, aside.text) == (3, "1|c") and (id, len(rows)) == ("1", 2)


def test_a_packed_table_reads_the_same(tmp_path: Path) -> None:
    packed = table(tmp_path, "MRSTY", gzip.compress(TYPES.encode()), ".RRF.gz")
    assert (packed.shown, len(packed.parts)) == ("MRSTY.RRF", 1)
    assert next(rrf.rows(packed, ("TUI", "CUI"))) == (1, ("T047", "C0000001"))
    assert rrf.checked([packed])[0] == hashlib.sha256(TYPES.encode()).hexdigest()
    broken = table(tmp_path, "MRDEF", gzip.compress(TYPES.encode())[:-9], ".RRF.gz")
    with pytest.raises(BadFormat, match="broken"):
        rrf.checked([broken])
