"""Consultations with their answers written anew, and the goal-oriented set that they are a part of."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from asked_desks import desk_with, scripted_desk

from probatum import verbs
from probatum.errors import BadPlan
from probatum.formats import preference_json
from probatum.makers.reconstructed import reconstructed
from probatum.plans.recipes import recipe
from probatum.store.reader import Store
from probatum.training import settling
from probatum.types import Answer, Example, Origin, Question, Request

# what patient and doctor say in turn; invented
TALKS = {
    "1": ["Since 3 days my spleen hurts.", "Large?", "It is large.", "Splenomegaly. See a doctor."],
    "2": ["My lens moved.", "Ectopia lentis."],
    "3": ["I sleep badly.", "Walk 20 minutes."],
    "4": ["I am tired.", "Rest."],
    "5": ["I am dizzy.", "Sit down."],
}


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    roles = ("user", "assistant")
    lines = [
        {"_id": id, "source": "own", "conversation": [
            {"role": roles[place % 2], "content": text} for place, text in enumerate(said)
        ]}
        for id, said in TALKS.items()
    ]  # fmt: skip
    path = tmp_path / "talks.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def says(request: Request) -> str:
    """A model that answers kindly; in three of the talks it brings in a number, a concept, or gives too few answers."""
    body = request.messages[1][1]
    told = [line.removeprefix("doctor: ") for line in body.splitlines() if line.startswith("doctor: ")]
    if "I sleep badly." in body:
        return json.dumps({"answers": ["Please walk for 30 minutes every day."]})
    if "I am tired." in body:
        return json.dumps({"answers": ["This may be splenomegaly; please rest."]})
    if "I am dizzy." in body:
        return json.dumps({"answers": []})
    return json.dumps({"answers": [f"Thank you for telling me. {each} Is there anything else?" for each in told]})


def test_answers_are_written_anew_and_nothing_is_brought_in(small: Store, talks: Path) -> None:
    counts = Counter[str]()
    desk = scripted_desk(small, says)
    made = list(reconstructed(desk, dialogues=f"disc_med_sft:{talks}", language="en", counts=counts))
    assert [each.id for each in made] == ["talks:1", "talks:2"]
    assert counts == {"kept": 2, "foreign": 2, "unparsed": 1}
    first = made[0]
    assert [text for role, text in first.question.turns if role == "patient"] == ["Since 3 days my spleen hurts."]
    assert first.question.text == "It is large."
    answers = [text for role, text in first.question.turns if role == "doctor"] + [first.answer.text]
    assert answers[0].startswith("Thank you") and "Large?" in answers[0] and "Splenomegaly." in answers[1]
    assert first.groups == ("dialogue:1",) and first.origin is not None
    assert (first.origin.references, first.origin.reliability) == (("disc_med_sft:1",), "generated")
    for wrong in ("", "disc_med_sft"):
        with pytest.raises(BadPlan, match="which dialogues"):
            list(reconstructed(desk, dialogues=wrong))
    with pytest.raises(BadPlan, match="by a model"):
        list(reconstructed(desk_with(small), dialogues=f"disc_med_sft:{talks}"))


def several(examples: list[Example], count: int) -> list[Example]:
    """So many examples out of a few, each with a place of its own."""
    return [
        replace(each, id=f"{each.id}/{number}", origin=each.origin and replace(each.origin, at=f"{each.id}/{number}"))
        for number in range(count)
        for each in [examples[number % len(examples)]]
    ]


def test_the_three_parts_mix_by_their_shares_and_keep_where_they_are_from(small: Store, talks: Path) -> None:
    """Reconstructed dialogues, questions of the graph and preferred answers: exact shares, each with its own origin."""
    dialogues = verbs.make(
        small, "reconstructed", desk=scripted_desk(small, says), dialogues=f"disc_med_sft:{talks}", language="en"
    )
    questions = verbs.make(small, "verbalised", desk=desk_with(small), form="question")
    liked = Origin("round", "1", "item", reliability="curated")
    preferred = [
        Example("item", Question("And now?"), Answer("See a doctor."), rejected=(Answer("Wait."),), origin=liked)
    ]
    path = talks.with_name("preferred.jsonl")
    preference_json.write(preferred, path)
    parts = {"dialogues": list(dialogues), "graph_questions": list(questions),
             "preferred": list(preference_json.read(path))}  # fmt: skip
    assert all(parts.values())
    data = {name: several(part, 60) for name, part in parts.items()}
    (stage,) = recipe("disc_goal_sft").stages
    for weights, counted in (
        ({"dialogues": 6.0, "graph_questions": 3.0, "preferred": 1.0}, (60, 30, 10)),
        ({"dialogues": 1.0, "graph_questions": 1.0, "preferred": 2.0}, (30, 30, 60)),
    ):
        mixed = settling.mixed(replace(stage, weights=weights), data)
        sources = Counter(each.origin.source for each in mixed if each.origin)
        (graph,) = {each.origin.source for each in parts["graph_questions"] if each.origin}
        assert tuple(sources[name] for name in ("reconstructed", graph, "round")) == counted
        given = {each.id: each for part in data.values() for each in part}
        assert all(given[each.id] == each for each in mixed) and len({each.id for each in mixed}) == len(mixed)
        ten = Counter(each.origin.source for each in mixed[:12] if each.origin)  # evenly: every stretch has its shares
        assert all(abs(ten[name] - 12 * count / len(mixed)) <= 2 for name, count in sources.items())
    assert {each.origin.reliability for each in parts["dialogues"] if each.origin} == {"generated"}
    assert all(each.answer.knowledge == small.content for each in parts["graph_questions"])
    assert stage.weights == {"dialogues": 420.0, "graph_questions": 50.0, "preferred": 2.0}  # as configured
