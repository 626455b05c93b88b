"""Yes, no or maybe by what a given abstract affirms and denies; fixed rules, both languages, abstention."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from asked_desks import code, desk_with
from small_store import small_store

from probatum.datasets.pubmedqa import pubmedqa
from probatum.desk import Desk
from probatum.methods.concluding import concluding, cues
from probatum.types import Question


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with small_store(tmp_path_factory.mktemp("small")) as store:
        yield desk_with(store)


def test_each_item_of_the_sample_is_read(desk: Desk, tiny: Path) -> None:
    doubt = {}
    for example in pubmedqa(tiny / "datasets/pubmedqa"):
        answer = concluding(example.question, desk)
        doubt[example.id] = next(each.score for each in answer.candidates if each.id == "C")
        assert answer.choice == {"90000001": "B", "90000003": "A"}.get(example.id, answer.choice)
        assert abs(sum(each.score for each in answer.candidates) - 1) < 1e-9
        for number, piece in enumerate(answer.evidence, 1):
            assert f"“{piece.text}” [{number}]" in answer.text
            assert any(piece.text == each[piece.start : piece.end] for each in example.question.context)
    assert max(doubt, key=lambda id: doubt[id]) == "90000002"


def test_a_denial_is_no_affirmation() -> None:
    assert cues("There was no significant difference (p = 0.4).")[:2] == (0, 2)
    assert cues("The drug significantly reduced pain (p < 0.01).")[1] == 0


def test_chinese(desk: Desk) -> None:
    options = (("A", "是"), ("B", "否"))
    assert concluding(Question("该药有效吗？", options, ("两组差异无统计学意义，未见改善。",)), desk).choice == "B"


def test_without_options_or_report_it_abstains(desk: Desk) -> None:
    assert code(concluding(Question("Does it work?", (("A", "x"), ("B", "y")), ("It does.",)), desk)) == "no-options"
    assert code(concluding(Question("Does it work?", (("A", "yes"), ("B", "no"))), desk)) == "no-evidence"
