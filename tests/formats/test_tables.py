"""Tables: each row has the columns that its header promises, or is put aside with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.tables import comma_separated, tab_separated
from probatum.types import Malformed


def table(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "t.tsv"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    return file


def test_columns_come_in_the_order_asked_for(tmp_path: Path) -> None:
    file = table(tmp_path, "#note\n#B_b\tA\tC\n1\t2\t3\n\n4\t5\t6\r\n")
    assert list(tab_separated(file, ("a", "bb"), comment="#")) == [(3, ["2", "1"]), (5, ["5", "4"])]


def test_a_row_of_another_width_is_put_aside(tmp_path: Path) -> None:
    file = table(tmp_path, "a\tb\n1\n2\t3\n4\t5\t6\n")
    assert list(tab_separated(file, ("a", "b"))) == [
        Malformed("t.tsv", 2, "1 columns; 2 were expected", "1"),
        (3, ["2", "3"]),
        Malformed("t.tsv", 4, "3 columns; 2 were expected", "4\t5\t6"),
    ]


@pytest.mark.parametrize("text", ["", "\n", "a\tc\n1\t2\n", "#a\n#b\n", "\udcff\udcfe\n", "x\n" * 1000])
def test_a_table_without_its_header_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFormat, match=r"t\.tsv:\d+"):
        list(tab_separated(table(tmp_path, text), ("a", "b"), comment="#"))


def test_csv_cells_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    file = table(tmp_path, 'k,v\n1,"a, ""b""\nc\n\nd"\n2,e\n\n')
    assert list(comma_separated(file, ("k", "v"))) == [(2, ["1", 'a, "b"\nc\n\nd']), (6, ["2", "e"])]


def test_csv_rows_that_break_the_rules_are_put_aside(tmp_path: Path) -> None:
    file = table(tmp_path, 'k,v\n1,"a"b\n2,c\n3\n\udce4,x\n4,d\n')
    found = list(comma_separated(file, ("k", "v")))
    assert [each for each in found if not isinstance(each, Malformed)] == [(3, ["2", "c"]), (6, ["4", "d"])]
    assert [(each.line, each.reason) for each in found if isinstance(each, Malformed)] == [
        (2, "not a CSV row: ',' expected after '\"'"),
        (4, "1 columns; 2 were expected"),
        (5, "not UTF-8 at byte 0 of the line"),
    ]


def test_a_csv_quote_that_never_ends_is_put_aside(tmp_path: Path) -> None:
    found = list(comma_separated(table(tmp_path, 'k,v\n1,"a\n2,b\n'), ("k", "v")))
    assert [type(each) for each in found] == [Malformed]


@pytest.mark.parametrize("text", ["", "k\n", "v,k\n1,2\n", "\udcff"])
def test_a_csv_without_its_header_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFormat, match="header k,v"):
        list(comma_separated(table(tmp_path, text), ("k", "v")))


def test_iteration_can_be_left_early(tmp_path: Path) -> None:
    rows = comma_separated(table(tmp_path, 'k,v\n"1"x,2\n3,4\n'), ("k", "v"))
    assert isinstance(next(rows), Malformed)
    rows.close()  # type: ignore[attr-defined]
