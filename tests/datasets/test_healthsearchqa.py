"""HealthSearchQA: each question once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from probatum.naming import find
from probatum.types import Example


def read(name: str, path: Path, *given: Any, **settings: Any) -> list[Example]:
    return list(find("datasets", name)(path, *given, **settings))


def test_healthsearchqa_asks_each_once(tiny: Path) -> None:
    found = read("healthsearchqa", tiny / "datasets/healthsearchqa.csv")
    assert [each.id for each in found] == ["healthsearchqa:2", "healthsearchqa:3", "healthsearchqa:5"]
    assert not any(each.answer.text or each.answer.choice for each in found)
