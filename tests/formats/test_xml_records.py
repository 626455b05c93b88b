"""Records of a large XML file come one by one, and what was read does not stay in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.xml_records import beginning, document, records, text


def test_records_come_whole_and_leave_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "many.xml"
    file.write_text(
        "<all>" + "".join(f"<one><one>{n}</one> {'x' * 1000}</one>" for n in range(500)) + "</all>", encoding="utf-8"
    )
    seen = []
    for element in records(file, "one", "all"):
        parent = element.getparent()
        assert parent is not None and len(parent) < 100  # what was read ahead, and the one before, emptied
        seen.append(text(element).split()[0])
    assert seen == [str(n) for n in range(500)]


def test_the_root_is_checked_and_read_alone(tmp_path: Path) -> None:
    file = tmp_path / "x.xml"
    file.write_text("<all version='2'><one/><broken", encoding="utf-8")
    assert beginning(file, "all") == {"version": "2"}
    with pytest.raises(BadFormat, match="not XML"):
        list(records(file, "one", "all"))
    with pytest.raises(BadFormat, match="'other' was expected"):
        beginning(file, "other")
    with pytest.raises(BadFormat, match="'other' was expected"):
        document(b"<all/>", "x", "other")


def test_entities_are_refused_and_never_expanded(tmp_path: Path) -> None:
    bomb = b"<!DOCTYPE all [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><all><one>&b;</one></all>"
    (tmp_path / "x.xml").write_bytes(bomb)
    with pytest.raises(BadFormat, match="document type"):
        list(records(tmp_path / "x.xml", "one", "all"))
    with pytest.raises(BadFormat, match="document type"):
        document(bomb, "x", "all")
