"""BioASQ: its questions by kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from probatum.naming import find
from probatum.types import Example


def read(name: str, path: Path, *given: Any, **settings: Any) -> list[Example]:
    return list(find("datasets", name)(path, *given, **settings))


def test_bioasq_by_kind(tiny: Path) -> None:
    yes, factoid, several, summary, *_ = read("bioasq", tiny / "datasets/bioasq.json")
    assert yes.answer.choice == "A" and yes.question.context == ("The sample gene lies there.",)
    assert yes.groups == ("http://www.ncbi.nlm.nih.gov/pubmed/90000001",)
    assert [each.name for each in factoid.answer.candidates] == ["samplin"]
    assert dict(factoid.answer.fields) == {"synonyms samplin": "SMPL"}
    assert [each.name for each in several.answer.candidates] == ["alpha disease", "beta disease"]
    assert summary.answer.text.startswith("A part") and summary.labels == (("type", "summary"),)
    asked = read("bioasq", tiny / "datasets/bioasq.json", "yesno")
    assert [each.answer.choice for each in asked] == ["A", "B", "A"] and asked[0] == yes
