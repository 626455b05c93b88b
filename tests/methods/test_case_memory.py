"""Past cases that were rated good stand behind what the store says, cited as cases, until they are withdrawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from asked_desks import code, desk_with

from probatum.errors import BadPlan
from probatum.ledger.cases import agree, rate, remember, withdraw
from probatum.methods.case_memory import case_memory
from probatum.store.reader import Store
from probatum.types import Answer, Passage, Question

OPEN = Question("How is Gaucher disease type 1 treated?")


def filled(folder: Path) -> str:
    for person, asked, said in (
        ("p1", "How is Gaucher disease treated in a child?", "The infusions were given at home [3]."),
        ("p2", "戈谢病怎么治疗？", "在家输注酶制剂。"),
    ):
        agree(folder, person, "2026-01-05")
        question = Question(asked, language="zh" if person == "p2" else "en")
        rate(folder, remember(folder, person, question, Answer(text=said), "2026-01-05").id, 5)
    return str(folder)


def test_a_like_case_is_cited_behind_the_store(small: Store, tmp_path: Path) -> None:
    memory = filled(tmp_path)
    answer = case_memory(OPEN, desk_with(small), memory=memory)
    last, fact = answer.text.splitlines()[-1], answer.evidence[-1].fact
    assert isinstance(fact, Passage) and fact.id.startswith("case:") and fact.origin.source == "cases"
    assert last == f"In a past case like this one: “The infusions were given at home.” [{len(answer.evidence)}]"
    assert answer.evidence[0].origin.source == "texts" and answer.fields[0][1].startswith(fact.id)
    chinese = case_memory(Question("戈谢病如何治疗？"), desk_with(small), memory=memory)
    assert "在过去一个相似病例中：“在家输注酶制剂。”" in chinese.text
    withdraw(tmp_path, "p1")
    assert "past case" not in case_memory(OPEN, desk_with(small), memory=memory).text


def test_no_case_and_no_fact(small: Store, tmp_path: Path) -> None:
    nothing = case_memory(Question("Who painted the Mona Lisa?"), desk_with(small), memory=filled(tmp_path))
    assert code(nothing) == "no-case"
    with pytest.raises(BadPlan, match="no memory"):
        case_memory(OPEN, desk_with(small))
