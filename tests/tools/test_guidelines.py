"""Recommendations come from the store with their grade, or from what CPIC was recorded to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.naming import find
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.tools.guidelines import guidelines


def test_graded_recommendations_of_the_store(tmp_path: Path, tiny: Path) -> None:
    write(tmp_path, find("sources", "uptodate")(tiny / "sources" / "uptodate"))
    with Store(tmp_path) as store:
        result = guidelines({"topic": "Gaucher disease"}, store=store)
    assert result.evidence and all(each.fact.origin.evidence.startswith("Grade") for each in result.evidence)


def test_cpic_is_asked_by_gene() -> None:
    with pytest.raises(BadFormat, match="gene"):
        guidelines({"topic": "amitriptyline"})


@pytest.mark.shared
def test_recorded_answers(shared: Path) -> None:
    told = guidelines({"topic": "amitriptyline", "gene": "CYP2D6"}, answers=str(shared / "api-captures"))
    lines = str(told.value).splitlines()
    assert lines and all(line.startswith("amitriptyline: ") and "CYP2D6" in line for line in lines)
    assert "25% reduction" in lines[0] and "https://www.clinpgx.org/guideline/PA166251445" in lines[0]
