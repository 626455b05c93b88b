"""MultiMedQA: each member that is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from probatum.datasets.multimedqa import multimedqa
from probatum.errors import NeedsFile
from probatum.types import Example


def listed(path: Path, *given: Any) -> list[Example]:
    return list(multimedqa(path, *given))


def test_the_suite_reads_each_member_there_is(tiny: Path, tmp_path: Path) -> None:
    found = listed(tiny / "datasets/multimedqa")
    members = [dict(each.labels)["member"] for each in found]
    assert {name: members.count(name) for name in members} == {"medqa": 3, "mmlu": 1, "liveqa": 3, "healthsearchqa": 3}
    assert len({each.id for each in found}) == 10 and found[0].id == "medqa/us:train:1"
    assert len(listed(tiny / "datasets/multimedqa", "mmlu")) == 1
    with pytest.raises(NeedsFile, match="medmcqa"):
        listed(tmp_path)
