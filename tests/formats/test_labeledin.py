"""LabeledIn's two files: rows of ids, and text with its marks."""

from __future__ import annotations

from pathlib import Path

from probatum.formats.labeledin import Label, Marked, labels, marked
from probatum.types import Malformed

SET = "00000000-0000-4000-8000-00000000000"


def test_rows_of_ids(tiny: Path) -> None:
    read = list(labels(tiny / "sources/labeledin/LabeledIn_Structured_Results.txt"))
    assert read[1] == Label(
        2, "9002", f"{SET}2", ("C0149871", "C0034065"), "11289", ("374319",), ("855288", "855296")
    )  # fmt: skip
    bad = read[2]
    assert isinstance(bad, Malformed) and (bad.line, bad.reason) == (3, "a set id and an RxNorm id were expected")


def test_text_without_its_marks(tiny: Path) -> None:
    first, second, _ = marked(tiny / "sources/labeledin/LabeledIn_annotated_XML.txt")
    assert first == Marked(
        1,
        "9001",
        f"{SET}1",
        "Given into a vein to people with Gaucher disease type 1 whose platelets are < 120.\n"
        "Children with Gaucher Disease can have it too.",
        (("C0017205", "Gaucher disease"), ("C0017205", "Gaucher Disease")),
        (f"{SET}9",),
    )
    assert isinstance(second, Marked) and second.text == "Against clots:\ndeep vein thrombosis\nclots in the lung"


def test_rows_of_another_width_are_put_aside(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("1|2|3\n\n5|no set id|text|\n", encoding="utf-8")
    assert [(each.line, each.reason) for each in marked(tmp_path / "x.txt") if isinstance(each, Malformed)] == [
        (1, "3 columns; 4 were expected"),
        (3, "a set id and a text were expected"),
    ]
