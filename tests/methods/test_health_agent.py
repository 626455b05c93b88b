"""The health agent plans over data that it never sees, and its reply names data, analysis and knowledge."""

from __future__ import annotations

import json

import pytest
from asked_desks import code, desk_with, scripted_desk, steps_of

from probatum.errors import BadPlan
from probatum.methods.health_agent import health_agent
from probatum.store.reader import Store
from probatum.types import Observation, Patient, Question, Request

SUGAR = tuple(
    Observation("laboratory", "", text="glucose", value=value, unit="mmol/L") for value in ("6.113", "7.227", "8.339")
)
SLEEP = tuple(Observation("sleep", "", text="sleep", value=value, unit="h") for value in ("5.5", "6.5"))
PATIENT = Patient("1", "P50Y", "female", (*SUGAR, *SLEEP))
ASKED = Question("What is my average glucose? I am worried. How is Gaucher disease type 1 treated?", patient=PATIENT)
CHINESE = Question("我的血糖平均值是多少？我很担心。", patient=Patient(observations=tuple(
    Observation("laboratory", "", text="血糖", value=value, unit="mmol/L") for value in ("6", "8"))))  # fmt: skip


def step(source: str, analysis: str) -> dict[str, str]:
    return {"source": source, "analysis": analysis}


def test_rules_plan_run_and_reply(small: Store) -> None:
    answer = health_agent(ASKED, desk_with(small))
    assert answer.text.splitlines()[:2] == [
        "I understand that this worries you; let us look at it together.",
        "Your glucose: 7.226 mmol/L on average over 3 values (data:1 mean).",
    ]
    assert answer.fields == (("result:1", "data:1 mean: 7.226 mmol/L on average over 3 values"),)
    assert answer.evidence and "[1]" in answer.text and answer.text.endswith("please talk to your doctor about it.")
    chinese = health_agent(CHINESE, desk_with(small))
    assert "您的血糖：2 次测量的平均值为 7 mmol/L（data:1 mean）。" in chinese.text and chinese.text.startswith(
        "我理解您的担心"
    )


def test_react_sees_references_only(small: Store) -> None:
    says = [
        json.dumps({"thought": "t", **step("data:1", "mean")}),
        json.dumps({"thought": "t", **step("data:2", "trend")}),
        json.dumps({"thought": "t", **step("knowledge", "look_up")}),
        json.dumps({"thought": "t", **step("", "done")}),
        "It is good that you ask.\nYour sugar: {result:1}; {result:9}.\n"
        "Enzyme replacement is given every two weeks [1].",
    ]
    desk = scripted_desk(small, says)
    answer = health_agent(ASKED, desk, scorer="model")
    asked: list[Request] = desk.model.asked  # type: ignore[attr-defined]
    told = "\n".join(text for request in asked for _, text in request.messages)
    assert not any(value in told for value in ("6.113", "7.227", "8.339", "7.226", "P50Y"))
    assert all(request.question.patient is None for request in asked)
    assert "data:1 glucose (3, mmol/L)" in told
    assert "Your sugar: 7.226 mmol/L on average over 3 values; -." in answer.text
    assert "Your sleep: +1 h from the first to the last of 2 values (data:2 trend)." in answer.text
    assert [name for name, _ in answer.fields] == ["result:1", "result:2"] and "[1]" in answer.text and answer.evidence
    assert steps_of(answer).count("run") == 3 and "dropped" in steps_of(answer)


def test_three_strategies_of_which_one_is_chosen(small: Store) -> None:
    plans = [{"pros": "p", "cons": "c", "steps": [step("data:1", each)]} for each in ("latest", "highest", "mean")]
    says = [
        json.dumps({"strategies": plans[:2], "chosen": 2}),
        json.dumps({"strategies": plans, "chosen": 2}),
        "So: {result:1}.",
    ]
    answer = health_agent(ASKED, scripted_desk(small, says), scorer="model", plan="strategies")
    assert steps_of(answer)[:4] == ["perceive", "plan", "unparsed", "plan"]
    assert answer.text.startswith("So: 8.339 mmol/L at the highest of 3 values.")


def test_no_code_no_unknown_step(small: Store) -> None:
    wild = [json.dumps(step("os.system('ls')", "mean")), json.dumps(step("data:1", "__import__('os')"))]
    answer = health_agent(ASKED, scripted_desk(small, wild), scorer="model")
    assert code(answer) == "unparsed" and steps_of(answer).count("unparsed") == 2 and "run" not in steps_of(answer)


def test_refusals(small: Store) -> None:
    assert code(health_agent(Question("What is my weight?"), desk_with(small))) == "no-data"
    unfit = health_agent(Question("我的体重？", patient=PATIENT), desk_with(small))
    assert unfit.abstained == "no-data: 所问内容在现有数据中没有"
    assert code(health_agent(ASKED, desk_with(small), scorer="model")) == "no-model"
    with pytest.raises(BadPlan, match="plan"):
        health_agent(ASKED, desk_with(small), plan="tree")
