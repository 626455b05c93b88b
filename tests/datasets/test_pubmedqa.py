"""PubMedQA: pinned items, both parts that are not there, what is broken, the real half."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from probatum.datasets.pubmedqa import OPTIONS, pubmedqa
from probatum.errors import BadFormat, NeedsFile


def test_the_items_by_pmid_with_their_abstract_and_decision(tiny: Path) -> None:
    found = list(pubmedqa(tiny / "datasets/pubmedqa"))
    assert [(each.id, each.answer.choice) for each in found] == [
        ("90000001", "B"),
        ("90000002", "C"),
        ("90000003", "A"),
    ]
    first = found[0]
    assert first.question.options == OPTIONS and len(first.question.context) == 2
    assert first.groups == ("PMID:90000001",) and dict(first.labels)["sections"] == "METHODS; RESULTS"
    assert first.answer.text == "Thumbs tell nothing about blood pressure."
    assert first.answer.text not in " ".join(first.question.context)


def test_what_is_not_there_or_broken(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(NeedsFile, match="pqaa"):
        list(pubmedqa(tiny / "datasets/pubmedqa", "artificial"))
    with pytest.raises(BadFormat, match="part"):
        list(pubmedqa(tiny / "datasets/pubmedqa", "other"))
    whole = json.loads((tiny / "datasets/pubmedqa/ori_pqal.json").read_text())
    for broken in ([], {"1": {}}, {"x": whole["90000001"]}, {"1": whole["90000001"] | {"final_decision": "perhaps"}}):
        (tmp_path / "ori_pqal.json").write_text(json.dumps(broken))
        with pytest.raises(BadFormat):
            list(pubmedqa(tmp_path))
    (tmp_path / "ori_pqal.json").write_text('{"1": ')
    with pytest.raises(BadFormat):
        list(pubmedqa(tmp_path))


@pytest.mark.shared
def test_the_real_half(shared: Path) -> None:
    found = list(pubmedqa(shared / "pubmedqa"))
    assert Counter(each.answer.choice for each in found) == {"A": 276, "B": 169, "C": 55}
    assert all(each.question.context for each in found)
