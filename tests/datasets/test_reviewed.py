"""Reviewed relations as examples: a text once, with every mention, and only the relations that hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.datasets.reviewed import reviewed
from probatum.errors import BadFormat, NeedsFile
from probatum.types import Mention, Relation


def test_three_pinned_examples(tiny: Path) -> None:
    first, second, third = reviewed(tiny / "datasets/reviewed.jsonl")
    said = [(m.text, m.concept, m.kind) for m in first.answer.found if isinstance(m, Mention)]
    assert said == [
        ("Cisplatin", "MESH:D002945", "ChemicalEntity"), ("hearing loss", "MESH:D034381", "Disease"),
        ("Lithium", "MESH:D008094", "ChemicalEntity"),
    ]  # fmt: skip
    assert [r.subject for r in first.answer.found if isinstance(r, Relation)] == ["MESH:D002945"]
    assert (first.groups, second.id, third.groups) == (("PMID:9000003",), "2", ("ward note 7",))
    assert [r.negated for r in third.answer.found if isinstance(r, Relation)] == [True]


def test_what_is_broken_is_said(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(reviewed(tmp_path / "none"))
    for text in ("nonsense", "{}", '{"reference": "a", "text": "b", "mentions": [[1]]}'):
        (tmp_path / "x.jsonl").write_text(text + "\n")
        with pytest.raises(BadFormat):
            list(reviewed(tmp_path / "x.jsonl"))
