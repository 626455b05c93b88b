"""Rounds of follow-up queries: how many calls, what each round sees, when it ends."""

import json

from asked_desks import OPEN, WHICH, WHICH_CHINESE, Weighing, code, desk_with, marking_desk, scripted_desk, steps_of

from probatum.methods.iterative_rag import iterative_rag
from probatum.store.reader import Store
from probatum.types import Question, Request


def queries(*texts: str) -> str:
    return json.dumps({"queries": texts}, ensure_ascii=False)


def test_calls_and_order(small: Store) -> None:
    turn = iter(range(100))

    def says(request: Request) -> str:
        if request.schema:
            return queries(*(f"Gaucher disease type 1 treatment {next(turn)}" for _ in range(3)))
        return "Enzyme replacement is given every two weeks [1]."

    desk = scripted_desk(small, says)
    answer = iterative_rag(OPEN, desk, rounds=4, queries=3)
    assert len(desk.model.asked) == 4 * (1 + 3) + 1
    assert answer.text == "Enzyme replacement is given every two weeks [1]."
    kinds = ["queries" if each.schema else "answer" for each in desk.model.asked]
    assert kinds == ["queries", "answer", "answer", "answer"] * 4 + ["answer"]
    assert steps_of(answer).count("queries") == 4 and "round 4" in steps_of(answer)


def test_a_round_sees_what_the_last_one_brought_without_its_unsupported_sentences(small: Store) -> None:
    says = [
        queries("Gaucher disease type 1 treatment"),
        "Enzyme replacement is given every two weeks [1]. It costs 40 pounds [1].",
        queries("gaucher disease type 1  TREATMENT"),  # the same again: the search ends
        "Enzyme replacement makes the spleen smaller [1].",
    ]
    desk = scripted_desk(small, says)
    answer = iterative_rag(OPEN, desk)
    second = desk.model.asked[2].messages[-1][1]
    assert "Gaucher disease type 1 treatment\n-> Enzyme replacement is given every two weeks" in second
    assert "40 pounds" not in second and len(desk.model.asked) == 4
    assert [step.said for step in answer.trace if step.what == "round 2"] == ["no new query"]
    assert answer.text == "Enzyme replacement makes the spleen smaller [1]."


def test_a_query_that_finds_nothing_takes_no_call(small: Store) -> None:
    says = [queries("zzz"), queries(), "Enzyme replacement is given [1]."]
    desk = scripted_desk(small, says)
    iterative_rag(OPEN, desk)
    assert len(desk.model.asked) == 3 and "zzz\n-> (nothing found)" in desk.model.asked[1].messages[-1][1]


def test_unreadable_queries_are_asked_for_again_then_abstained_on(small: Store) -> None:
    desk = scripted_desk(small, ["Let me look.", '{"queries": "one"}'])
    answer = iterative_rag(OPEN, desk)
    assert code(answer) == "unparsed" and len(desk.model.asked) == 2
    assert '"queries" must be a list of texts' in [step.said for step in answer.trace]


def test_options_in_both_forms_and_in_chinese(small: Store) -> None:
    desk = marking_desk(small, [queries(), "Marfan syndrome has it [1].\nThe answer is B."])
    answer = iterative_rag(WHICH, desk)
    assert answer.choice == "B" and "B. Marfan" in desk.model.asked[1].messages[-1][1]
    chinese = marking_desk(
        small, [queries("晶状体异位见于哪些疾病"), "见于马方综合征[1]。", queries(), "见于马方综合征[1]。\n答案是B。"]
    )
    told = iterative_rag(WHICH_CHINESE, chinese)
    assert told.choice == "B" and "目前已查" in chinese.model.asked[2].messages[-1][1]
    model = Weighing([(-3.0, -1.0, -2.0)])
    weighed = iterative_rag(WHICH, desk_with(small, model), rounds=0, choose="likelihood", proved=False)
    assert weighed.choice == "B" and len(model.asked) == 3


def test_without_a_model(small: Store) -> None:
    answer = iterative_rag(WHICH, desk_with(small))
    assert answer.choice == "B" and answer.text.startswith("Marfan syndrome: Ectopia lentis")
    assert "Which disease has ectopia lentis? Marfan syndrome" in [
        step.said for step in answer.trace if "round" in step.what
    ]
    assert code(iterative_rag(Question("Who won the world cup?"), desk_with(small))) == "no-concept"
