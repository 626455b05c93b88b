"""One test for each answering method of the survey that is said to work: it asserts what working means for its row."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from small_store import small_store

from probatum.desk import Desk
from probatum.methods.dialogue_coach import dialogue_coach
from probatum.methods.medagents import medagents
from probatum.models.copyist import copyist
from probatum.models.replay import recording, replay
from probatum.models.scripted import scripted
from probatum.naming import find
from probatum.types import Pairs, Question, Request


def _clinic(request: Request) -> str:
    """What a discussion's next speaker says; who objects, in which round, hangs on what is before them alone."""
    task, told = request.messages[0][1].rpartition("\n\n")[2], request.messages[1][1]
    drawn = hashlib.sha256(f"{task}{told}".encode()).digest()[0]
    if '"domains"' in task:
        taken = "weigh the options" in task
        named = ("Surgery", "Nursing") if taken else ("Anatomy", "Genetics", "Neurology", "Radiology", "Pathology")
        return json.dumps({"domains": named})
    if '"key_knowledge"' in task:
        return json.dumps({"key_knowledge": f"fact {drawn}", "total_analysis": f"view {drawn}"})
    if "one word: yes or no" in task:
        return "no" if drawn < 40 else "I see both sides" if drawn < 60 else "yes"
    return f"The answer is {request.question.options[drawn % 4][0]}." if "Decide" in task else f"thought {drawn}"


@pytest.mark.shared
def test_medagents(shared: Path, tmp_path: Path) -> None:
    """Five steps replay on 20 exam items; votes, revisions, consensus and final report stored."""
    asked: list[Question] = []
    for file in sorted((shared / "mmlu-medical-dev").glob("*.yaml")):
        for item in re.findall(r"- question: (.*?)\n +target:", file.read_text(encoding="utf-8"), re.DOTALL):
            stem, *parts = re.split(r"\(([A-D])\)", " ".join(item.strip("'\"").replace("''", "'").split()))
            options: Pairs = tuple((parts[at], parts[at + 1].strip()) for at in range(0, len(parts), 2))
            if len(options) == 4:
                asked.append(Question(stem.strip(), options, language="en"))
    assert len(asked) >= 20
    with small_store(tmp_path) as store:
        desk = Desk(store, find("retrievers", "fused")(store), find("annotators", "dictionary")(store), copyist())
        told = recording(scripted(says=_clinic), tmp_path / "told.jsonl")
        first = [medagents(question, replace(desk, model=told)) for question in asked[:20]]
        again = replay(file=str(tmp_path / "told.jsonl"))
        assert [medagents(question, replace(desk, model=again)) for question in asked[:20]] == first
    seen = set()
    for answer in first:
        order = [step.what for step in answer.trace]
        fields = dict(answer.fields)
        assert order[:2] == ["domains", "option_domains"] and order[9] == "report" and answer.choice in set("ABCD")
        rounds = int(fields["rounds"])
        for number in range(1, rounds + 1):
            assert sum(what.startswith(f"round {number} vote: ") for what in order) >= 7
            (votes,) = [step.said for step in answer.trace if step.what == f"round {number} votes"]
            against = int(votes.rpartition(" ")[2].split("/")[1])
            assert sum(what.startswith(f"round {number} advice: ") for what in order) == against
            assert order.count(f"round {number} report") == (1 if against else 0)
        assert order[-3:] == ["decision", "basis", "cost"]
        reports = [json.loads(step.said) for step in answer.trace if step.what.endswith("report")]
        assert set(reports[-1]) == {"key_knowledge", "total_analysis"}
        seen.add((fields["consensus"], rounds))
    assert {consensus for consensus, _ in seen} == {"full", "partial", "none"} and {n for _, n in seen} == {1, 2, 3}


def test_asd_dialogue_agent(tmp_path: Path) -> None:
    """Feedback of a hidden Markov model on labelled turns; the topic manager switches topics; a session summary."""
    long = "There is always a lot to tell about it, I think."
    labelled = (
        ("Hello, good to meet you today.", "fit", "interests"),
        ("I like swimming in the cold lake.", "fit", "interests"),
        ("Yes.", "fit", "interests"),
        (long, "fit", "school"),
        ("My homework is too hard for me.", "fit", "school"),
        ("No.", "low", "school"),
        ("Hm.", "low", "feelings"),
        ("Yes.", "low", "feelings"),
        ("Maybe.", "low", "feelings"),
    )
    turns: Pairs = ()
    topics, cues = [], []
    with small_store(tmp_path) as store:
        desk = Desk(store, find("retrievers", "fused")(store), find("annotators", "dictionary")(store), copyist())
        for text, _, _ in labelled:
            answer = dialogue_coach(Question(text, turns=turns, language="en"), desk)
            turns = (*turns, ("user", text), ("assistant", answer.text))
            topics.append(dict(answer.fields)["topic"])
            cues.append(dict(answer.fields)["cue"])
        states = next(step.said for step in answer.trace if step.what == "states length").partition(" (")[0].split()
        last = dialogue_coach(Question("Goodbye.", turns=turns, language="en"), desk)
    assert states == [state for _, state, _ in labelled] and cues[-1] == "length low" and not any(cues[:4])
    assert topics == [topic for _, _, topic in labelled]
    assert last.text.startswith("What went well: ") and "To practise: the length of your turns." in last.text
    assert dict(last.fields)["ended"] == "yes" and last.trace[-2].what == "summary"
