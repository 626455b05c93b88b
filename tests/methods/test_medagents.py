"""The experts' discussion: the number of calls for every vote pattern, what each is told, votes that cannot be read."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field, replace

import pytest

from probatum.desk import Desk
from probatum.methods.medagents import medagents
from probatum.models.copyist import copyist
from probatum.models.scripted import scripted
from probatum.naming import find
from probatum.store.reader import Store
from probatum.types import Answer, Question, Request

OPTIONS = (("A", "Gaucher disease"), ("B", "Marfan syndrome"))
ASKED = Question("Which disease makes the spleen large?", OPTIONS)
CHINESE = Question("哪种病使脾肿大？", (("A", "戈谢病"), ("B", "马方综合征")))
FIVE = ("Haematology", "Genetics", "Hepatology", "Radiology", "Paediatrics")
TWO = ("Ophthalmology", "Cardiology")
ROUND = tuple(itertools.product(("yes", "no", "perhaps"), repeat=3))


@dataclass
class Clinic:
    """Experts who vote as they are told, round by round; a vote that is no vote is repeated when asked again."""

    votes: tuple[tuple[str, ...], ...]  # of each round, one vote an expert
    asked: list[tuple[str, Request]] = field(default_factory=list)
    voted: int = 0
    reports: int = 0

    def __call__(self, request: Request) -> str:
        system, last = request.messages[0][1], request.messages[-1][1]
        task = system.rpartition("\n\n")[2]
        kind = next(kind for kind, words in KINDS.items() if any(word in task for word in words))
        self.asked.append((kind, request))
        if kind in ("domains", "options"):
            return json.dumps({"domains": FIVE if kind == "domains" else TWO})
        if kind in ("report", "revise"):
            self.reports += 1
            return json.dumps({"key_knowledge": f"fact {self.reports}", "total_analysis": f"view {self.reports}"})
        if kind == "vote":
            flat = list(itertools.chain(*self.votes))
            if "无法读出" in last or "neither yes nor no" in last:
                return flat[self.voted - 1]
            self.voted += 1
            return flat[self.voted - 1]
        return "The answer is A." if kind == "decision" else f"{kind} said."


KINDS = {
    "options": ("against each other. All", "比较各选项"),
    "domains": ("most needed for", "解答该问题最需要"),
    "option analysis": ("Weigh every option", "逐一权衡"),
    "analysis": ("Analyse the question", "从本专科角度分析"),
    "report": ("Draw up the report", "撰写讨论报告"),
    "revise": ("Revise the report", "修订报告"),
    "vote": ("agree with the report? Answer", "是否同意该报告"),
    "advice": ("did not agree", "未同意该报告"),
    "decision": ("Decide the question", "作出决定"),
}


@pytest.fixture(scope="module")
def desk(small: Store) -> Desk:
    return Desk(small, find("retrievers", "fused")(small), find("annotators", "dictionary")(small), copyist())


def held(desk: Desk, *votes: tuple[str, ...], question: Question = ASKED, **settings: int) -> tuple[Answer, Clinic]:
    clinic = Clinic(votes)
    return medagents(question, replace(desk, model=scripted(says=clinic)), **settings), clinic


def formula(votes: tuple[tuple[str, ...], ...], experts: int, options: int) -> int:
    calls = 2 + experts + options + 1 + 1
    for votes_of_round in votes:
        against = votes_of_round.count("no")
        calls += experts + options + against + (1 if against else 0)
    return calls


@pytest.mark.parametrize("against", range(8))
@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_the_calls_of_the_full_discussion_equal_the_formula(desk: Desk, against: int, rounds: int) -> None:
    split = ("no",) * against + ("yes",) * (7 - against)
    votes = (split,) * rounds if against else (split,)
    if against and rounds < 3:
        votes = (*votes, ("yes",) * 7)
    answer, clinic = held(desk, *votes)
    assert len(clinic.asked) == formula(votes, 5, 2) and answer.choice == "A"
    unanimous = votes[-1] == ("yes",) * 7
    assert dict(answer.fields)["consensus"] == ("full" if unanimous else "none")
    assert dict(answer.fields)["rounds"] == str(len(votes))
    assert answer.trace[-1].said.startswith(f"calls {len(clinic.asked)},")


def test_the_calls_equal_the_formula_for_every_vote_pattern(desk: Desk) -> None:
    patterns = 0
    for first, second in itertools.product(ROUND, repeat=2):
        votes = (first, second) if "no" in first else (first,)
        if "no" not in first and second != ROUND[0]:
            continue  # a discussion of one round has been seen
        answer, clinic = held(desk, *votes, experts=2, option_experts=1, rounds=2)
        unread = sum(each.count("perhaps") for each in votes)
        assert len(clinic.asked) == formula(votes, 2, 1) + unread  # each asked for once more
        counts = votes[-1]
        assert dict(answer.fields)["votes"] == f"{counts.count('yes')}/{counts.count('no')}/{counts.count('perhaps')}"
        patterns += 1
    assert patterns == 19 * 27 + 8


def test_an_unreadable_vote_is_an_abstention_and_no_agreement(desk: Desk) -> None:
    answer, _ = held(desk, ("yes",) * 6 + ("yes or no",))
    fields = dict(answer.fields)
    assert (fields["consensus"], fields["votes"], fields["rounds"]) == ("partial", "6/0/1", "1")
    assert [step.what for step in answer.trace].count("unparsed") == 2
    assert dict(held(desk, ("hm",) * 7)[0].fields)["consensus"] == "none"


def test_both_parts_of_the_report_reach_voters_and_decision_through_revision(desk: Desk) -> None:
    answer, clinic = held(desk, ("no",) + ("yes",) * 6, ("yes",) * 7)
    last = [request.messages[-1][1] for kind, request in clinic.asked if kind == "vote"]
    assert all("Key knowledge: fact 1" in told and "Total analysis: view 1" in told for told in last[:7])
    assert all("Key knowledge: fact 2" in told and "Total analysis: view 2" in told for told in last[7:])
    decision = clinic.asked[-1][1].messages[-1][1]
    assert "fact 2" in decision and "view 2" in decision and "fact 1" not in decision
    revision = next(request for kind, request in clinic.asked if kind == "revise").messages[-1][1]
    assert "fact 1" in revision and "Haematology: advice said." in revision
    order = [step.what for step in answer.trace]
    assert order[:10] == [
        "domains", "option_domains", *(f"analysis: {who}" for who in FIVE), *(f"option_analysis: {who}" for who in TWO),
        "report",
    ]  # fmt: skip
    assert order[10] == "round 1 vote: Haematology" and order[17] == "round 1 votes"
    assert order[18:20] == ["round 1 advice: Haematology", "round 1 report"]
    assert order[-3:] == ["decision", "basis", "cost"]


def test_what_experts_wrote_stands_between_the_fences_of_the_system_line(desk: Desk) -> None:
    _, clinic = held(desk, ("yes",) * 7)
    for kind, request in clinic.asked:
        system, last = request.messages[0][1], request.messages[-1][1]
        mark = next(word for word in system.split() if word.startswith("=====DATA-"))
        assert last.count(mark) == (2 if kind in ("option analysis", "report", "vote", "decision") else 0)


def test_specialties_are_all_unlike(desk: Desk) -> None:
    twice = json.dumps({"domains": ["Genetics", "genetics", "Radiology"]})
    model = scripted(says=[twice, twice])
    answer = medagents(ASKED, replace(desk, model=model), experts=3)
    assert answer.abstained and answer.abstained.startswith("unparsed") and len(model.asked) == 2
    assert "3 different specialties" in model.asked[1].messages[-1][1]
    fine = json.dumps({"domains": ["Genetics", "Radiology", "Genetics", "Surgery"]})
    model = scripted(says=[fine, twice, twice])
    answer = medagents(ASKED, replace(desk, model=model), experts=3)
    assert answer.abstained and "Genetics, Radiology, Surgery" in model.asked[1].messages[0][1]


def test_a_report_that_lost_a_part_is_asked_for_again_and_then_abstained_on(desk: Desk) -> None:
    domains = [json.dumps({"domains": [each]}) for each in ("Genetics", "Radiology")]
    half = json.dumps({"key_knowledge": "a fact", "total_analysis": ""})
    model = scripted(says=[*domains, "one", "two", half, half])
    answer = medagents(ASKED, replace(desk, model=model), experts=1, option_experts=1)
    assert answer.abstained and answer.abstained.startswith("unparsed") and answer.choice == ""
    whole = json.dumps({"key_knowledge": "a fact", "total_analysis": "a view"})
    model = scripted(says=[*domains, "one", "two", whole, "no", "yes", "Better.", half, half, "Hm.", "Hm."])
    answer = medagents(ASKED, replace(desk, model=model), experts=1, option_experts=1, rounds=1)
    assert answer.abstained and answer.abstained.startswith("unparsed") and not answer.choice
    assert any("the report before it stands" in step.said for step in answer.trace)


def test_in_chinese(desk: Desk) -> None:
    answer, clinic = held(desk, ("不同意",) + ("同意",) * 6, ("同意",) * 7, question=CHINESE)
    assert len(clinic.asked) == formula((("no",) + ("yes",) * 6, ("yes",) * 7), 5, 2)
    assert answer.choice == "A" and dict(answer.fields)["consensus"] == "full"
    assert "你是Haematology专家" in clinic.asked[2][1].messages[0][1]
    assert "关键知识: fact 2" in clinic.asked[-1][1].messages[-1][1]


def test_without_options_and_with_evidence(desk: Desk) -> None:
    question = Question("What are the treatments for Gaucher disease type 1?")
    said = {"decision": "Enzyme replacement is given every two weeks [1]. It costs 40 pounds [1]."}

    clinic = Clinic((("yes",) * 5,))
    model = scripted(says=lambda request: said.get("decision") if "Decide the" in _task(request) else clinic(request))
    answer = medagents(question, replace(desk, model=model), snippets_kept=2)
    assert answer.text == "Enzyme replacement is given every two weeks [1]." and answer.evidence[0].fact.id == "t1"
    assert len(model.asked) == 1 + 5 + 1 + 5 + 1 and "basis" not in dict(answer.fields)
    assert all("[1] (texts 1)" in request.messages[-1][1] for request in model.asked)
    alone, _ = held(desk, ("yes",) * 5, question=question)
    assert dict(alone.fields)["basis"] == "model" and alone.evidence == ()


def _task(request: Request) -> str:
    return request.messages[0][1]


def test_without_a_model_or_a_question_it_says_so(desk: Desk) -> None:
    assert (medagents(ASKED, desk).abstained or "").startswith("no-model")
    assert (medagents(Question(" "), desk).abstained or "").startswith("no-question")
