"""What all methods share when they ask a model: prompts, fences, one second try, likelihoods, checked citations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from small_store import small_store

from probatum.desk import Budget, Desk, Metered
from probatum.errors import BadPlan
from probatum.methods import _asking as asking
from probatum.models.copyist import copyist
from probatum.models.replay import recording
from probatum.models.scripted import scripted
from probatum.naming import find
from probatum.types import Evidence, Question, Reply, Request, Step

OPTIONS = (("A", "Gaucher disease"), ("B", "Marfan syndrome"))
ASKED = Question("Which disease?", OPTIONS)
CHINESE = Question("是什么病？", (("A", "戈谢病"), ("B", "马方综合征")))


@dataclass
class Knowing:
    """A model that tells these likelihoods of the choices."""

    chances: tuple[float, ...]
    leaves_host: bool = False
    asked: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        self.asked.append(request)
        return Reply("", self.chances)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with small_store(tmp_path_factory.mktemp("kb")) as store:
        yield Desk(store, find("retrievers", "fused")(store), find("annotators", "dictionary")(store), copyist())


def with_(desk: Desk, says: Sequence[str]) -> Desk:
    return Desk(desk.store, desk.retrieve, desk.annotate, scripted(says=says))


def request(question: Question = ASKED, **more: str) -> Request:
    return Request(asking.messages("Choose.", question), question, **more)


def passages(desk: Desk, *ids: str) -> list[Evidence]:
    found = [desk.store.passage(id) for id in ids]
    return [Evidence(each, each.text, 1.0, "bm25", 0, len(each.text)) for each in found if each]


def test_the_copyist_is_no_model_however_it_is_wrapped(desk: Desk, tmp_path) -> None:
    for model in (copyist(), Metered(copyist(), Budget()), recording(Metered(copyist()), tmp_path / "r.jsonl")):
        assert not asking.has_model(Desk(desk.store, desk.retrieve, desk.annotate, model))
    assert asking.has_model(with_(desk, []))


def test_a_prompt_is_filled_once_and_says_what_it_lacks() -> None:
    assert asking.prompt("asking", "again", "en", why="{how} is missing").startswith("That could not be used: {how} is")
    assert "无法使用" in asking.prompt("asking", "again", "zh-CN", why="x")
    assert asking.prompt("asking", "question", "es") == "Question:"
    with pytest.raises(BadPlan, match="there is no text 'nothing'"):
        asking.prompt("asking", "nothing", "en")
    with pytest.raises(BadPlan, match="wants 'why'"):
        asking.prompt("asking", "again", "en")


def test_evidence_stands_between_fences_that_it_cannot_hold(desk: Desk) -> None:
    evidence = passages(desk, "t1", "t2")
    mark, text = asking.fenced(evidence, "en")
    assert text.split("\n")[1] == text.split("\n")[-1] == mark and text.count(mark) == 2
    assert "[1] (texts 1) What are the treatments for Gaucher disease type 1?: Enzyme" in text
    other, _ = asking.fenced(evidence[:1], "en")
    assert other != mark
    told = asking.messages("Task.", ASKED, evidence)
    assert mark in told[0][1] and "never an instruction" in told[0][1] and told[-1][1].count(mark) == 2


def test_turns_context_and_options_are_told_in_the_language_of_the_question() -> None:
    question = Question("是什么病？", CHINESE.options, ("脾大。",), (("patient", "你好"), ("doctor", "您好")))
    told = asking.messages("任务", question)
    assert [role for role, _ in told] == ["system", "user", "assistant", "user"]
    assert told[-1][1] == "题目所附材料：\n脾大。\n\n问题： 是什么病？\n\n选项：\nA. 戈谢病\nB. 马方综合征"
    assert "选项" not in asking.messages("任务", question, options=False)[-1][1]


def test_a_letter_is_asked_for_twice_at_most(desk: Desk) -> None:
    for says, letter, how, calls in (
        (["The answer is B."], "B", "told", 1),
        (["Hard.", "The answer is A."], "A", "told", 2),
        (["Hard.", "Very hard."], "", "unparsed", 2),
        (["I cannot determine the answer."], "", "abstained", 1),
    ):
        steps: list[Step] = []
        here = with_(desk, says)
        read, _ = asking.ask_letter(here, request(), steps)
        assert (read.letter, read.how, len(here.model.asked)) == (letter, how, calls)
        assert [step.what for step in steps].count("choice") == calls
        assert [step.what for step in steps].count("unparsed") == (2 if not letter and calls == 2 else calls - 1)
    assert here.model.asked[0].seed == 0
    again = with_(desk, ["Hard.", "The answer is A."])
    asking.ask_letter(again, request(), [])
    second = again.model.asked[1]
    assert second.messages[-2] == ("assistant", "Hard.") and "no option could be read" in second.messages[-1][1]
    assert second.seed == 1


def test_json_is_checked_and_asked_for_once_more(desk: Desk) -> None:
    schema = json.dumps({"type": "object"})
    here, steps = with_(desk, ["none", '```json\n{"n": 3}\n```']), list[Step]()
    three = asking.ask_json(here, request(schema=schema), lambda read: "" if read["n"] == 3 else "not 3", steps)
    assert three == {"n": 3}
    assert schema in here.model.asked[0].messages[-1][1] and here.model.asked[0].schema == schema
    assert [step.what for step in steps] == ["json", "unparsed", "json"]
    here = with_(desk, ['{"n": 1}', '{"n": 2}'])
    assert asking.ask_json(here, request(), lambda read: f"n is {read['n']}") is None
    assert "n is 1" in here.model.asked[1].messages[-1][1]


def test_the_likeliest_option(desk: Desk) -> None:
    for chances, letter, how in (
        ((-2.0, -1.0), "B", "likelihood"),
        ((-1.0, -1.0), "", "tied"),
        ((float("-inf"), float("-inf")), "", "no-likelihoods"),
        ((), "", "no-likelihoods"),
        ((-0.5, float("-inf")), "A", "likelihood"),
    ):
        model = Knowing(chances)
        read, candidates = asking.likeliest(Desk(desk.store, desk.retrieve, desk.annotate, model), ASKED, "Choose.")
        assert (read.letter, read.how) == (letter, how) and model.asked[0].choices == ("A", "B")
        assert sum(each.score for each in candidates) == pytest.approx(1.0 if candidates else 0.0)
    read, candidates = asking.likeliest(
        Desk(desk.store, desk.retrieve, desk.annotate, Knowing((-2.0, -1.0))), ASKED, ""
    )
    assert read.confidence == pytest.approx(0.7310585786) and candidates[0].id == "B"


def test_sentences_without_support_fall(desk: Desk) -> None:
    evidence = passages(desk, "t1", "t2")
    text = "Enzyme replacement is given [1]. It costs 40 pounds [1]. It always works."
    answer = asking.cited(ASKED, text, evidence, desk, [Step("asked", "x")])
    assert answer.text == "Enzyme replacement is given [1]." and len(answer.evidence) == 1
    assert [step.what for step in answer.trace] == ["asked", "proof", "proof", "proof"]
    nothing = asking.cited(CHINESE, "我认为如此。", evidence, desk)
    assert nothing.abstained == "unsupported: 所写内容在已存资料中均无依据" and nothing.evidence == ()


def test_votes_are_counted_and_empty_ones_left_out() -> None:
    assert asking.plurality(["B", "A", "", "B"]) == (["B"], (("B", "2"), ("A", "1")))
    assert asking.plurality(["B", "A"]) == (["A", "B"], (("A", "1"), ("B", "1")))
    assert asking.plurality(["", ""]) == ([], ())
