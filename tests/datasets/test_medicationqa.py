"""MedicationQA: read out of its workbook, and hostile workbooks."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from probatum.errors import BadFormat
from probatum.naming import find
from probatum.types import Example


def read(name: str, path: Path, *given: Any, **settings: Any) -> list[Example]:
    return list(find("datasets", name)(path, *given, **settings))


def test_medicationqa_out_of_its_workbook(tiny: Path) -> None:
    found = read("medicationqa", tiny / "datasets/medicationqa.xlsx")
    assert [each.answer.text for each in found] == ["With a sample of water.", "It does not.", "An example."]
    assert found[0].groups == found[1].groups == ("drug:samplol",)
    assert "section" not in dict(found[1].labels) and found[1].origin.references == ("https://example.org/samplol",)


def test_a_workbook_that_unpacks_without_end_or_declares_entities(tmp_path: Path) -> None:
    entity = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    for sheet in (b" " * (65 << 20), entity.encode(), b"<x>"):
        file = tmp_path / "sheet.xlsx"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", sheet)
        with pytest.raises(BadFormat, match=r"sheet\.xlsx"):
            read("medicationqa", file)
