"""Sets of open and grounded questions: pinned records of every layout, what is broken, the real visits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.naming import card_of, find
from probatum.types import Example

SETS = {
    "bioasq": "bioasq.json",
    "liveqa": "liveqa.xml",
    "medicationqa": "medicationqa.xlsx",
    "healthsearchqa": "healthsearchqa.csv",
    "rjua_qa": "rjua_qa.jsonl",
    "aci_bench": "aci_bench/train.csv",
    "ehrnoteqa": "ehrnoteqa.jsonl",
    "tcm_ed": "tcm_ed/FKU.json",
}

SOUND = {("healthsearchqa", "cut"), ("medicationqa", "zero")}


def read(name: str, path: Path, *given: Any, **settings: Any) -> list[Example]:
    return list(find("datasets", name)(path, *given, **settings))


@pytest.mark.parametrize("name", SETS)
def test_ids_are_unique_and_broken_files_say_where(name: str, tiny: Path, tmp_path: Path) -> None:
    sample = tiny / "datasets" / SETS[name]
    found = read(name, sample)
    assert len({each.id for each in found}) == len(found) > 0
    assert all(each.origin and each.origin.source == name and each.question.text for each in found)
    whole = sample.read_bytes()
    kinds = {"cut": whole[: len(whole) * 2 // 3], "zero": b"\0" + whole, "other": b"[[[["}
    # a table cut between two cells of its last column is whole; an archive may begin with what is not its own
    for broken in (kinds[kind] for kind in kinds if (name, kind) not in SOUND):
        file = tmp_path / sample.name
        file.write_bytes(broken)
        with pytest.raises(BadFormat, match=sample.stem):
            read(name, file)
    with pytest.raises(NeedsFile):
        read(name, tmp_path / "nothing")


def test_ehrnoteqa_is_gated_and_keeps_patients_together(tiny: Path) -> None:
    found = read("ehrnoteqa", tiny / "datasets/ehrnoteqa.jsonl")
    assert card_of(find("datasets", "ehrnoteqa")).gated and [each.answer.choice for each in found] == ["B"] * 3
    assert found[1].groups == found[2].groups != found[0].groups and len(found[0].question.context) == 1
