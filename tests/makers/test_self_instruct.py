"""Triples reach the prompt; what is written is checked against them; the rest is dropped and counted."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from asked_desks import desk_with, scripted_desk

from probatum.errors import BadPlan
from probatum.makers.self_instruct import self_instruct
from probatum.store.reader import Store
from probatum.types import Relation, Request

GOOD = {"question": "What happens to the eyes in Marfan syndrome?", "answer": "Ectopia lentis is found."}


def items(*some: dict[str, str]) -> str:
    return json.dumps({"items": list(some)})


def test_what_is_not_in_the_triples_is_dropped(small: Store) -> None:
    asked: list[Request] = []

    def says(request: Request) -> str:
        asked.append(request)
        if "Marfan" not in request.messages[1][1]:
            return "no JSON"
        return items(
            GOOD,
            {"question": "What happens to the eyes in Marfan syndrome??", "answer": "Ectopia lentis is found!"},
            {"question": "What is seen in Marfan syndrome?", "answer": "Blue hair."},
            {"question": "What else is there in Marfan syndrome?", "answer": "Ectopia lentis and seizures are found."},
            {"question": "Is Marfan syndrome seen in the eyes?", "answer": "There is no ectopia lentis."},
            {"question": "And the eyes?", "answer": "Ectopia lentis."},
            {
                "question": "Which sign of the lens belongs to Marfan syndrome in this very test set?",
                "answer": "Ectopia lentis.",
            },
        )

    counts = Counter[str]()
    avoid = ("Which sign of the lens belongs to Marfan syndrome in this very test set?",)
    made = list(self_instruct(scripted_desk(small, says), avoid=avoid, counts=counts, goal="consultation"))
    assert [(each.question.text, each.answer.text) for each in made] == [(GOOD["question"], GOOD["answer"])]
    assert counts == {"kept": 1, "alike": 1, "unsupported": 2, "foreign": 1, "nameless": 1, "leaked": 1, "unparsed": 2}
    (claim,) = (piece.fact for piece in made[0].answer.evidence)
    assert isinstance(claim, Relation) and claim.object == "HP:0001083"
    assert made[0].origin is not None and made[0].origin.reliability == "generated"
    told = asked[0].messages[1][1]
    assert "Ectopia lentis (HP:0001083)" in told and told.count("=====DATA-") == 2 and "consultation" in told


def test_without_a_model_claims_are_worded(small: Store) -> None:
    counts = Counter[str]()
    made = list(self_instruct(desk_with(small), counts=counts))
    assert made and all(each.answer.evidence for each in made) and counts["kept"] == len(made)
    assert list(self_instruct(desk_with(small))) == made
    chinese = list(self_instruct(desk_with(small), language="zh"))
    assert any("脾肿大" in each.answer.text for each in chinese)
    with pytest.raises(BadPlan, match="goal"):
        list(self_instruct(desk_with(small), goal="fame"))
