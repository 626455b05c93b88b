"""The agent's plan is typed JSON over what is registered; its trace is whole and comes out the same again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import recorded
from asked_desks import code, desk_with, scripted_desk, steps_of

from probatum.errors import BadPlan
from probatum.methods.agent import agent
from probatum.models.replay import recording, replay
from probatum.models.scripted import scripted
from probatum.store.reader import Store
from probatum.types import Question, Request

OPEN = Question("How is Gaucher disease type 1 treated?")


def step(action: str, **said: object) -> str:
    return json.dumps({"thought": "t", "action": action, **said})


def test_perceive_remember_plan_act_observe(small: Store) -> None:
    says = [
        step("remember", text="It is about type 1."),
        step("method", name="quoted", **{"with": {"text": OPEN.text}}),
        step("answer", text="Enzyme replacement is given every two weeks [1]. It also cures cancer [1]."),
    ]
    asked = Question(OPEN.text, turns=(("user", "I have Gaucher disease."),))
    answer = agent(asked, scripted_desk(small, says), scorer="model")
    assert steps_of(answer)[:9] == [
        "perceive", "remember", "plan", "act", "observe", "plan", "act", "observe", "plan",
    ]  # fmt: skip
    assert (
        answer.text == "Enzyme replacement is given every two weeks [1]." and answer.evidence[0].fact.origin.at == "t1"
    )
    assert ("note", "It is about type 1.") in answer.fields and (
        "note",
        "user: I have Gaucher disease.",
    ) in answer.fields


def test_it_replays_to_the_byte(small: Store, tmp_path: Path) -> None:
    says = [
        step("method", name="quoted", **{"with": {}}),
        step("answer", text="Enzyme replacement is given every two weeks [1]."),
    ]
    first = agent(OPEN, desk_with(small, recording(scripted(says=says), tmp_path / "r.jsonl")), scorer="model")
    again = agent(OPEN, desk_with(small, replay(file=str(tmp_path / "r.jsonl"))), scorer="model")
    assert repr(again) == repr(first) and first.abstained is None


def test_nothing_but_what_is_registered_is_called(small: Store) -> None:
    wild = [
        "import os; os.system('rm -rf /')",
        step("tool", name="shell", **{"with": {"command": "ls"}}),
        step("tool", name="ncbi", **{"with": {"url": "https://evil.example"}}),
        step("method", name="agent", **{"with": {"text": "again"}}),
        step("method", name="quoted", **{"with": {"text": "x", "answers": "/etc/passwd"}}),
        step("answer", text="I cannot answer."),
    ]
    answer = agent(OPEN, scripted_desk(small, wild), scorer="model")
    observed = [each.said for each in answer.trace if each.what == "observe"]
    assert len(observed) == 4 and all(each.startswith("refused: ") for each in observed)
    assert code(answer) == "unanswered" and "unparsed" in steps_of(answer)
    with pytest.raises(BadPlan, match="calls no tools/calculators"):
        agent(OPEN, desk_with(small), tools=("calculators",))
    with pytest.raises(BadPlan, match="rounds = 0"):
        agent(OPEN, desk_with(small), rounds=0)


def test_rounds_and_unreadable_plans_end(small: Store) -> None:
    def noting(request: Request) -> str:
        return step("remember", text=f"note {len(request.messages[1][1])}")

    answer = agent(OPEN, scripted_desk(small, noting), scorer="model", rounds=3)
    assert code(answer) == "rounds" and steps_of(answer).count("act") == 3
    assert code(agent(OPEN, scripted_desk(small, lambda _: "{}"), scorer="model")) == "unparsed"
    assert code(agent(OPEN, desk_with(small), scorer="model")) == "no-model"


def test_what_was_observed_is_told_as_data(small: Store, tmp_path: Path) -> None:
    record = recorded.genes(tmp_path / "g.jsonl")
    given = {"call": "esummary", "db": "gene", "id": "2629"}
    says = [step("tool", name="ncbi", **{"with": given}), step("answer", text="The gene is GBA1.")]
    desk = scripted_desk(small, says)
    answer = agent(Question("What is gene 2629?"), desk, scorer="model", answers=record)
    told = desk.model.asked[1].messages[1][1]  # type: ignore[attr-defined]
    assert told.count("=====DATA-") == 2 and '"name": "GBA1"' in told
    assert answer.text.startswith("The gene is GBA1.\nLooked up at: https://eutils.ncbi.nlm.nih.gov/")


def test_rules_plan_without_a_model(small: Store) -> None:
    desk = desk_with(small)
    quoted = agent(OPEN, desk)
    assert quoted.abstained is None and quoted.evidence and "Enzyme replacement" in quoted.text
    sum_ = agent(Question("What is the BMI?", context=("Weight 62 kg, height 164 cm.",)), desk)
    assert sum_.text.startswith("Body mass index: 23.05") and ("basis", "tools") in sum_.fields
    asked = agent(Question("她的体重指数是多少？"), desk)
    assert code(asked) == "missing-inputs" and "请补充" in str(asked.abstained)
    assert code(agent(Question("Who painted the Mona Lisa?"), desk)) == "nothing-found"
    assert "concepts OMIM:230800" in agent(OPEN, desk).trace[0].said
