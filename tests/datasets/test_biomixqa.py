"""The questions of KG-RAG: options without repeats, the gold letter that goes with them, the real half."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from probatum.datasets.biomixqa import TRUTH, biomixqa
from probatum.errors import BadFormat, NeedsFile


def test_genes_as_options_each_once(tiny: Path) -> None:
    found = list(biomixqa(tiny / "datasets/biomixqa"))
    assert [each.answer.choice for each in found] == ["B", "A", "A"]
    assert found[0].question.text == (
        "Out of the given list, which Gene is associated with alpha disease and beta disease?"
    )
    assert found[1].question.options == (("A", "GENEB"), ("B", "GENEA"), ("C", "GENED"))
    assert dict(found[1].labels)["disease_2"] == "Gamma's disease"


def test_statements(tiny: Path) -> None:
    found = list(biomixqa(tiny / "datasets/biomixqa", "true_false"))
    assert [(each.id, each.answer.choice) for each in found] == [
        ("true_false-1", "B"),
        ("true_false-2", "A"),
        ("true_false-3", "B"),
    ]
    assert found[0].question.options == TRUTH


def test_what_is_not_there_or_broken(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(biomixqa(tmp_path))
    with pytest.raises(BadFormat, match="part"):
        list(biomixqa(tmp_path, "other"))
    for text in (",text,label\n0,x,perhaps\n", ",text,label\n0,x\n", "a,b\n1,2\n"):
        (tmp_path / "true_false_questions.csv").write_text(text)
        with pytest.raises(BadFormat):
            list(biomixqa(tmp_path, "true_false"))


@pytest.mark.shared
def test_the_real_half(shared: Path) -> None:
    folder = shared / "kg-rag-biomixqa"
    genes, statements = list(biomixqa(folder)), list(biomixqa(folder, "true_false"))
    assert (len(genes), len(statements)) == (153, 156)
    assert Counter(each.answer.choice for each in statements) == {"A": 102, "B": 54}
