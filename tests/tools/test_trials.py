"""Trials come from the store with their evidence, or from recorded answers, one line each."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.naming import find
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.tools.trials import trials


def test_trials_of_the_store(tmp_path: Path, tiny: Path) -> None:
    write(tmp_path, find("sources", "clinicaltrials")(tiny / "sources" / "clinicaltrials"))
    with Store(tmp_path) as store:
        passage = next(each for each in store.passages() if each.id.startswith("clinicaltrials:"))
        result = trials({"condition": passage.title}, store=store)
        assert result.evidence and all(each.text in str(result.value) for each in result.evidence[:2])
        assert result.version == store.content
        none = trials({"condition": "Zellweger spectrum", "treatment": "moonlight"}, store=store)
    assert none.value == "" and none.evidence == ()


def test_a_condition_or_a_treatment_is_needed() -> None:
    with pytest.raises(BadFormat, match="condition or treatment"):
        trials({"most": "5"})


@pytest.mark.shared
def test_recorded_answers(shared: Path) -> None:
    answers = str(shared / "api-captures")
    told = str(trials({"condition": "melanoma", "status": "RECRUITING", "most": "3"}, answers=answers).value)
    count, *lines = told.splitlines()
    assert count == "480 trials" and len(lines) == 3
    assert all(line.startswith("NCT") and "; RECRUITING; " in line for line in lines)
    keytruda = trials({"treatment": "Keytruda", "most": "3"}, answers=answers)
    assert str(keytruda.value).startswith("2924 trials") and keytruda.version.startswith("2026-08-11")
