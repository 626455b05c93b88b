"""Exports of Embase: RIS and both forms of CSV give the same kind of record."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.embase import Record, Term, records
from probatum.formats.ris import Reference, references
from probatum.types import Malformed


def read(path: Path) -> list[Record]:
    found = list(records(path))
    assert not any(isinstance(each, Malformed) for each in found)
    return [each for each in found if isinstance(each, Record)]


def test_ris(tiny: Path) -> None:
    first, second = read(tiny / "sources/embase/search.ris")
    assert first == Record(
        line=1,
        id="L2000000001",
        pmid=2000001,
        doi="10.5555/JSD.2020.101",
        title="Two doses of agalsidase in Fabry disease: a trial with Gb3 as its end point",
        original="",
        abstract="The right dose of enzyme was sought in forty men.",
        authors=("Ito, A.", "Wang, L."),
        journal="Journal of Storage Disorders",
        published="2020",
        volume="12",
        issue="3",
        first_page="101",
        last_page="109",
        kind="Article",
        language="english",
        keywords=(),
        terms=tuple(Term(name, "index", False, ()) for name in ("Fabry disease", "agalsidase beta", "human")),
        trials=(),
    )
    assert (second.id, second.pmid, second.doi, second.kind) == ("L2000000002", 0, "", "Conference Abstract")


def test_csv_with_a_record_a_row(tiny: Path) -> None:
    first, second = read(tiny / "sources/embase/search.csv")
    assert first.terms == (
        Term("Fabry disease", "medical", True, ("diagnosis",)),
        Term("child", "medical", True, ()),
        Term("carbamazepine", "drug", False, ("drug therapy", "oral drug administration")),
        Term("hand pain", "medical", False, ()),
        Term("human", "medical", False, ()),
    )
    assert (first.original, first.published, first.language) == ("以手痛为首发表现的法布里病", "2019", "chinese")
    assert first.authors == ("Wang L.", "Zhao Q.")
    # brackets that hold no subheading belong to the term
    assert Term("depression (psychology)", "medical", True, ()) in second.terms
    assert second.trials == ("NCT00000103",) and second.doi == "10.5555/jsd.2022.5"


def test_csv_with_a_field_a_row(tiny: Path) -> None:
    (found,) = read(tiny / "sources/embase/fields.csv")
    assert (found.id, found.doi, found.published, found.first_page) == ("L2000000005", "10.5555/KN.2018.7", "2018", "7")
    assert found.authors == ("Ito A.", "Brown C.")
    assert [term.name for term in found.terms] == ["Fabry disease", "proteinuria"]


def test_what_is_no_export(tmp_path: Path) -> None:
    for text in ("", "a,b\n1,2\n", '"Title","Author"\n', "\x89PNG\n"):
        (tmp_path / "x.csv").write_text(text, encoding="utf-8")
        with pytest.raises(BadFormat):
            list(records(tmp_path / "x.csv"))
    (tmp_path / "y.csv").write_text('"Title","PUI"\n"a","L1","too many"\n"b","L2000000009"\n', encoding="utf-8")
    found = list(records(tmp_path / "y.csv"))
    assert [type(each) for each in found] == [Malformed, Record]


def test_ris_that_is_broken(tmp_path: Path) -> None:
    text = "stray\nTY  - JOUR\nT1  - a\nTY  - JOUR\nT1  - b\n  goes on\nKW  - \nER  - \nTY  - BOOK\n"
    (tmp_path / "x.ris").write_text(text, encoding="utf-8")
    found = list(references(tmp_path / "x.ris"))
    assert [(each.line, type(each)) for each in found] == [
        (1, Malformed),
        (2, Malformed),
        (4, Reference),
        (9, Malformed),
    ]
    good = found[2]
    assert isinstance(good, Reference) and good.first("TI", "T1") == "b goes on" and good.all("KW") == ()
