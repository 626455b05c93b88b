"""LiveQA: the questions of the test and of training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from probatum.naming import find
from probatum.types import Example


def read(name: str, path: Path, *given: Any, **settings: Any) -> list[Example]:
    return list(find("datasets", name)(path, *given, **settings))


def test_liveqa_of_the_test_and_of_training(tiny: Path) -> None:
    found = read("liveqa", tiny / "datasets/liveqa.xml")
    assert [each.id for each in found] == ["TQ1", "Q1-S1", "Q1-S2"]
    assert [(each.id, each.name) for each in found[0].answer.candidates] == [
        ("TQ1_A1", "Sample ankles hum when wound up."),
        ("TQ1_A2", "They may be springs."),
    ]
    assert dict(found[0].labels)["paraphrase"] == "Why would an ankle hum?"
    assert found[1].groups == found[2].groups == ("Q1",) and dict(found[2].labels)["type"] == "SUSCEPTIBILITY"
    assert [each.id for each in found[2].answer.candidates] == ["Q1-S2-A1"]
