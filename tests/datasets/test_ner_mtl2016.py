"""The tagged corpora: sentences out of words, mentions out of tags, the real corpora whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.datasets.ner_mtl2016 import PARTS, ner_mtl2016
from probatum.errors import BadFormat, NeedsFile
from probatum.types import Mention


def test_three_pinned_sentences(tiny: Path) -> None:
    first, second, third = ner_mtl2016(tiny / "datasets/ner_mtl2016")
    assert (first.id, first.question.context) == ("bc5cdr:train:1", ("Too much lithium carbonate harms .",))
    assert first.answer.found == (Mention(9, 26, "lithium carbonate", "", kind="Chemical"),)
    assert [(each.text, each.kind) for each in second.answer.found if isinstance(each, Mention)] == [
        ("Renal failure", "Disease"),
        ("tremor", "Disease"),
    ]
    assert third.answer.found == () and third.labels == (("split", "train"),)


def test_what_is_not_there_or_broken(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(ner_mtl2016(tmp_path))
    with pytest.raises(BadFormat, match="part"):
        list(ner_mtl2016(tmp_path, "other"))
    for text in (b"word\n", b"word\tX-Drug\n", b"word\tB-\n", b"\tO\n", b"\xff\tO\n"):
        (tmp_path / "train.tsv").write_bytes(text)
        with pytest.raises(BadFormat, match=r"train\.tsv:1"):
            list(ner_mtl2016(tmp_path / "train.tsv"))


@pytest.mark.shared
@pytest.mark.slow
def test_the_real_corpora(shared: Path) -> None:
    told = {}
    for part in PARTS:
        found = list(ner_mtl2016(shared / "ner-mtl2016", part))
        words = sum(each.question.context[0].count(" ") + 1 for each in found)
        told[part] = (len(found), words, sum(len(each.answer.found) for each in found))
    assert told == {
        "bc5cdr": (9141, 118_170 + 117_453, 18_978),
        "ncbi_disease": (6347, 135_701 + 23_969, 5_921),
        "anatem": (7979, 153_823 + 58_785, 9_085),
        "bionlp13cg": (4036, 83_467 + 27_599, 14_442),
    }
