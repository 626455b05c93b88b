"""Topics and styles in turn, strict JSON, entities where they stand, balanced labels, nothing twice, nothing leaked."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from asked_desks import desk_with, scripted_desk

from probatum.errors import BadPlan
from probatum.makers.clingen import LABELS, clingen
from probatum.store.reader import Store
from probatum.types import Mention, Request


def test_entities_stand_in_the_text(small: Store) -> None:
    prompts: list[str] = []

    def says(request: Request) -> str:
        task = request.messages[1][1]
        prompts.append(task)
        if '"topics"' in task:
            return json.dumps({"topics": ["Pompe disease", "x" * 41, "Marfan syndrome"]})
        topic = next(
            name for name in ("Marfan syndrome", "type II", "type I", "type 1", "Pompe disease") if name in task
        )
        text = (
            f"Seen at visit {len(prompts)}: {topic}, then again {topic}; the patient walked {len(prompts)} miles home."
        )
        return json.dumps({"text": text, "entities": [topic, "Fabry disease"]})

    counts = Counter[str]()
    made = list(clingen(scripted_desk(small, says), more=3, each=2, counts=counts))
    assert any(dict(each.labels)["topic"] == "Pompe disease" for each in made) and counts["topic"] == 2
    for each in made:
        assert len(each.answer.found) == 2 and each.origin is not None and each.origin.reliability == "generated"
        for found in each.answer.found:
            assert isinstance(found, Mention) and each.question.text[found.start : found.end] == found.text
    marfan = next(each for each in made if dict(each.labels)["topic"] == "Marfan syndrome")
    assert [one.concept for one in marfan.answer.found if isinstance(one, Mention)] == ["OMIM:154700"] * 2
    assert counts["not in the text"] == 8 and counts["distinct words"] <= counts["words"]
    assert (
        len(
            {
                style
                for style in ("discharge letter", "case report", "textbook", "own words")
                if any(style in p for p in prompts)
            }
        )
        == 4
    )


def test_inference_in_two_steps_is_balanced(small: Store) -> None:
    def says(request: Request) -> str:
        task = request.messages[1][1]
        if "Write one sentence about" in task:
            return json.dumps({"text": f"Premise on {task.split('about ')[1].split(' in the')[0]}."})
        label = next(each for each in LABELS if f"is: {each}" in task)
        assert "=====DATA-" in task and "Premise on" in task
        if label == "neutral" and "Marfan" in task:
            return "not JSON"
        return json.dumps({"text": f"{label} of {task.split('Premise on ')[1].splitlines()[0]}"})

    counts = Counter[str]()
    made = list(clingen(scripted_desk(small, says), task="inference", each=1, counts=counts))
    labels = Counter(dict(each.labels)["label"] for each in made)
    assert labels == dict.fromkeys(LABELS, 2) and counts["unparsed"] == 1 and counts["unbalanced"] == 2
    assert all(each.question.context[0].startswith("Premise on") and each.answer.choice in "ABC" for each in made)


def test_without_a_model(small: Store) -> None:
    desk = desk_with(small)
    made = list(clingen(desk, each=1))
    assert made and list(clingen(desk, each=1)) == made
    assert all(
        each.question.text[one.start : one.end] == one.text
        for each in made
        for one in each.answer.found
        if isinstance(one, Mention)
    )
    counts = Counter[str]()
    leaked = list(clingen(desk, each=1, avoid=(made[0].question.text,), counts=counts))
    assert len(leaked) == len(made) - 1 and counts["leaked"] == 1
    pairs = list(clingen(desk, task="inference", each=1))
    counted = Counter(dict(each.labels)["label"] for each in pairs)
    assert len(set(counted.values())) == 1 and set(counted) == set(LABELS)
    chinese = list(clingen(desk, language="zh", each=1))
    assert any("出院小结" in each.question.text for each in chinese)
    with pytest.raises(BadPlan, match="task"):
        list(clingen(desk, task="poems"))
