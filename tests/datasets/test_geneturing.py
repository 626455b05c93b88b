"""Tasks, questions and keys of GeneTuring and GeneHop."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from probatum.datasets.geneturing import geneturing
from probatum.errors import BadFormat, NeedsFile
from probatum.types import Answer


def test_items_in_order(tiny: Path) -> None:
    items = list(geneturing(tiny / "datasets" / "geneturing.json"))
    assert [each.id for each in items[:3]] == ["gene-alias-1", "gene-alias-2", "gene-disease-association-1"]
    assert items[2].answer == Answer(text="AAA1, BBB2", fields=(("task", "Gene disease association"),))
    hop = next(each for each in items if each.id == "disease-gene-location-1")
    assert hop.answer.text == "1q22, 2p11" and hop.labels == (("task", "Disease gene location"),)


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "geneturing.json"
    for text in ("[1]", "{", '{"Gene alias": {"Who?": 3}}', '{"Gene alias": {"": "A"}}'):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(BadFormat):
            list(geneturing(file))
    with pytest.raises(NeedsFile, match="GeneGPT"):
        list(geneturing(tmp_path / "none"))
    with pytest.raises(BadFormat, match="part"):
        list(geneturing(file, part="other"))


@pytest.mark.shared
def test_the_real_files(shared: Path) -> None:
    counts = Counter(dict(each.labels)["task"] for each in geneturing(shared / "geneturing"))
    assert len(counts) == 12 and set(counts.values()) == {25}
    assert len(list(geneturing(shared / "geneturing", part="genehop"))) == 75
