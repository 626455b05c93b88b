"""Few shots out of a data set's file: what is refused, what is read, and Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest
from asked_desks import WHICH, WHICH_CHINESE, code, desk_with, scripted_desk

from probatum.errors import BadPlan, NeedsFile
from probatum.methods.few_shot import few_shot
from probatum.store.reader import Store
from probatum.types import Answer, Example, Origin, Question


def _example(id: str, text: str) -> Example:
    options = (("A", "Marfan syndrome"), ("B", "None"))
    return Example(id, Question(text, options), Answer("Shown so.", "A"), origin=Origin("own", "1", id))


def test_what_is_refused(small: Store) -> None:
    model = scripted_desk(small, [])
    assert code(few_shot(Question(" "), model)) == "no-question"
    assert code(few_shot(WHICH, desk_with(small))) == "no-model"
    assert code(few_shot(Question("What?"), model)) == "no-options"
    assert code(few_shot(WHICH, model, given=(Example("x", WHICH, Answer(choice="B")),))) == "no-exemplars"
    for shots, samples in ((0, 1), (1, 0)):
        with pytest.raises(BadPlan):
            few_shot(WHICH, model, given=(_example("x", "Which?"),), shots=shots, samples=samples)
    with pytest.raises(NeedsFile):
        few_shot(WHICH, model, exemplars="mmlu:/nowhere/at/all")


def test_a_set_is_read_from_its_file_and_the_nearest_are_shown(small: Store, tiny: Path) -> None:
    desk = scripted_desk(small, ["The answer is B."] * 30)
    answer = few_shot(WHICH, desk, exemplars=f"mmlu:{tiny / 'datasets' / 'mmlu'}", shots=1, samples=2)
    assert answer.choice == "B"
    (shown,) = [value for name, value in answer.fields if name == "exemplar"]
    assert "(mmlu " in shown


def test_chinese_and_a_tie(small: Store) -> None:
    given = (_example("c", "哪种疾病有晶状体脱位？"), _example("d", "心脏有几个腔？"))
    desk = scripted_desk(small, ["答案是A", "答案是B"])
    answer = few_shot(WHICH_CHINESE, desk, given=given, shots=1, samples=2)
    assert code(answer) == "tied" and "c (own 1 c)" in next(s.said for s in answer.trace if s.what == "exemplar")
    assert "答案是 A" in str(desk.model.asked[0].messages)
