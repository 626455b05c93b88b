"""Answers from what was looked up: options kept from retrieval, marks checked, poisoned texts told as data."""

from dataclasses import replace

import pytest
from asked_desks import DISEASES, OPEN, WHICH, WHICH_CHINESE, Weighing, code, desk_with, scripted_desk, steps_of

from probatum.desk import Desk, Withheld
from probatum.errors import BadPlan
from probatum.methods._grounding import snippets
from probatum.methods.rag import rag
from probatum.store.reader import Store
from probatum.types import Evidence, Passage, Question, Request

ENZYME = "Enzyme replacement is given every two weeks"


def watched(desk: Desk) -> tuple[Desk, list[Question]]:
    asked: list[Question] = []

    def search(question: Question, keep: int) -> list[Evidence]:
        asked.append(question)
        return desk.retrieve(question, keep)

    return replace(desk, retrieve=search), asked


def test_only_what_the_evidence_says_stays(small: Store) -> None:
    desk = scripted_desk(small, [f"{ENZYME} [1]. It costs 40 pounds [1]. It always helps. See [99]."])
    answer = rag(OPEN, desk)
    assert answer.text == f"{ENZYME} [1]." and [each.fact.id for each in answer.evidence] == ["t1"]
    dropped = [step.said for step in answer.trace if step.said.startswith("dropped: ")]
    assert [each.split(": ")[1] for each in dropped] == [
        "number", "no-mark", "no-source",
    ]  # fmt: skip
    (asked,) = desk.model.asked
    assert "[1] (texts 1) What are the treatments for Gaucher disease type 1?: Enzyme" in asked.messages[-1][1]


def _number(request: Request) -> int:
    """The number of the evidence that says it."""
    return next(place for place, each in enumerate(request.evidence, 1) if "Ectopia lentis" in each.text)


@pytest.mark.parametrize(
    "text", ["How long is a bus ticket valid in Oslo?", "How is xyzzyitis treated?", "红宝石综合征如何治疗？"]
)
def test_a_model_is_not_asked_where_nothing_found_is_about_the_subject(small: Store, text: str) -> None:
    """An obedient model would copy a true sentence about something else, and the proof would hold it true."""
    told = desk_with(small).retrieve(OPEN, 5)
    desk = replace(scripted_desk(small, [f"{ENZYME} [1]."]), retrieve=lambda *_: told)
    answer = rag(Question(text), desk)
    assert code(answer) == "off-topic" and not answer.text and not desk.model.asked


def test_options_never_reach_retrieval_but_the_model(small: Store) -> None:
    says = ["Marfan syndrome shows ectopia lentis [1].\nThe answer is B."]
    desk, searched = watched(scripted_desk(small, lambda request: says[0].replace("[1]", f"[{_number(request)}]")))
    answer = rag(WHICH, desk)
    assert (answer.choice, answer.text) == ("B", "Marfan syndrome shows ectopia lentis [1].")
    assert [question.options for question in searched] == [()]
    assert "C. Fabry disease" in desk.model.asked[0].messages[-1][1]
    assert steps_of(answer) == ["retrieved", "snippets", "answer", "proof"]


def test_what_nothing_bears_out_is_asked_for_again_and_then_abstained_on(small: Store) -> None:
    desk = scripted_desk(small, ["It is so.\nThe answer is B."] * 2)
    answer = rag(WHICH, desk)
    assert code(answer) == "unsupported" and answer.choice == "" and len(desk.model.asked) == 2
    assert "not given: nothing that was written bears it out" in answer.trace[-1].said
    assert rag(WHICH, scripted_desk(small, ["It is so.\nThe answer is B."] * 2), proved=False).choice == "B"
    assert code(rag(OPEN, scripted_desk(small, ["I cannot answer."]))) == "unanswered"
    assert code(rag(WHICH, scripted_desk(small, ["Who knows.", "Nobody."]))) == "unparsed"


def test_by_likelihood_with_the_evidence_before_the_letters(small: Store) -> None:
    model = Weighing([(-3.0, -1.0, -2.0)])
    answer = rag(WHICH, desk_with(small, model), choose="likelihood", proved=False)
    assert answer.choice == "B" and model.asked[-1].choices == ("A", "B", "C")
    assert "Ectopia lentis (HP:0001083)" in model.asked[-1].messages[-1][1]


def test_without_a_model_the_evidence_is_copied(small: Store) -> None:
    answer = rag(Question("What are the treatments for Gaucher disease type 1?"), desk_with(small))
    assert answer.text.split("\n")[0] == f"“{ENZYME}.” [1]"
    chosen = rag(WHICH, desk_with(small))
    assert chosen.choice == "B" and chosen.text.startswith("Marfan syndrome: Ectopia lentis (HP:0001083), 60%")
    chinese = rag(WHICH_CHINESE, desk_with(small))
    assert chinese.choice == "B" and chinese.text.startswith("Marfan syndrome：晶状体异位")
    tied = replace(WHICH, options=(("A", "Marfan syndrome"), ("B", "Marfan syndrome")))
    assert code(rag(tied, desk_with(small))) == "tied"
    wrong = replace(WHICH, options=DISEASES[::2])
    assert code(rag(wrong, desk_with(small))) == "no-evidence"
    assert code(rag(Question("Who won the world cup?"), desk_with(small))) == "no-concept"
    assert code(rag(Question("Who won the world cup?"), scripted_desk(small, []))) == "no-evidence"


def test_what_an_evaluation_withholds_is_never_shown(small: Store) -> None:
    desk = replace(scripted_desk(small, ["I cannot answer."]), withheld=Withheld(frozenset({"PMID:14"}), "any"))
    rag(replace(WHICH, options=()), desk)
    assert all("HP:0001083" not in text for each in desk.model.asked for _, text in each.messages)


def test_the_papers_fusion_and_its_settings(small: Store) -> None:
    desk = scripted_desk(small, [f"{ENZYME} [1]."])
    answer = rag(OPEN, desk, of=("bm25",), snippets_kept=2)
    assert answer.text == f"{ENZYME} [1]." and "\n[3] " not in desk.model.asked[0].messages[-1][1]
    assert all(isinstance(each.fact, Passage) for each in desk.model.asked[0].evidence)
    with pytest.raises(BadPlan, match="choose = 'first'"):
        rag(OPEN, desk, choose="first")


def test_a_long_passage_is_cut_to_the_sentences_around_the_best(small: Store) -> None:
    text = " ".join(f"Sentence number {number} says little of it." for number in range(200))
    text += " Gaucher disease is treated with enzymes. " + "Nothing more is said here. " * 60
    passage = Passage("long", text.strip(), "Long", "en", next(small.passages("OMIM:230800")).origin)
    whole = Evidence(passage, passage.text, 1.0, "bm25", 0, len(passage.text))
    (cut,) = snippets(OPEN.text, desk_with(small), [whole], 32)
    assert "treated with enzymes" in cut.text and len(cut.text) <= 1_000
    assert passage.text[cut.start : cut.end] == cut.text


def test_a_chinese_answer_with_marks(small: Store) -> None:
    desk = scripted_desk(small, ["戈谢病患者可接受酶替代治疗[1]。费用为500元[1]。"])
    answer = rag(Question("戈谢病如何治疗？"), desk)
    assert answer.text == "戈谢病患者可接受酶替代治疗 [1]。" and "你回答临床问题" in desk.model.asked[0].messages[0][1]
