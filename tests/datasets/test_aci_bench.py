"""ACI-Bench: turns, metadata, the real visits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from probatum.datasets.aci_bench import aci_bench
from probatum.types import Example


def listed(path: Path, *given: Any) -> list[Example]:
    return list(aci_bench(path, *given))


def test_aci_bench_turns_and_metadata(tiny: Path) -> None:
    found = listed(tiny / "datasets/aci_bench")
    assert [role for role, _ in found[0].question.turns] == ["doctor", "patient", "doctor"]
    assert found[0].question.turns[1][1] == "hi . my sample hurts\nsince noon ."
    assert dict(found[0].labels)["complaint"] == "sample pain" and "complaint" not in dict(found[1].labels)


@pytest.mark.shared
def test_the_real_visits_of_aci_bench(shared: Path) -> None:
    train, valid = (listed(shared / "aci-bench/challenge_data", part) for part in ("train", "valid"))
    assert (len(train), sum(len(each.question.turns) for each in train)) == (67, 3735)
    assert (len(valid), sum(len(each.question.turns) for each in valid)) == (20, 1051)
    both = json.loads((shared / "aci-bench/challenge_data_json/train.json").read_text(encoding="utf-8"))["data"]
    assert [each.answer.text.split() for each in train] == [each["tgt"].split() for each in both]
