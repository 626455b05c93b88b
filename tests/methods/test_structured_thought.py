"""A way through the graph as a chain of thought: its steps, their edge ids, the nearest option."""

from dataclasses import replace

from asked_desks import Weighing, code, desk_with, scripted_desk, steps_of
from small_store import ECTOPIA, GAUCHER, GAUCHER_ORPHA, HAS, LARGE_SPLEEN, MARFAN

from probatum.desk import Withheld
from probatum.methods.structured_thought import structured_thought
from probatum.store.reader import Store
from probatum.types import Question, Relation

GENE_TO_SIGN = Question("How does GBA1 lead to splenomegaly?")
WHICH = Question("Ectopia lentis is a sign of?", (("A", "Gaucher disease, type I"), ("B", "Marfan syndrome")))


def test_each_step_of_the_way_is_numbered_and_cites_its_edge(small: Store) -> None:
    answer = structured_thought(GENE_TO_SIGN, desk_with(small))
    lines = answer.text.split("\n")
    assert [line[0] for line in lines] == ["①", "②"] and [line[-3:] for line in lines] == ["[1]", "[2]"]
    facts = [each.fact for each in answer.evidence]
    assert all(isinstance(fact, Relation) for fact in facts)
    assert (facts[0].subject, facts[0].object) == ("NCBIGene:2629", GAUCHER)
    assert facts[1].subject in {GAUCHER, GAUCHER_ORPHA} and facts[1].object == LARGE_SPLEEN
    assert [key for key, _ in answer.fields] == ["step 1", "step 2"]
    assert answer.fields[0][1] == f"NCBIGene:2629 biolink:gene_associated_with_condition {GAUCHER} | own@1#g"
    assert [step.said for step in answer.trace if step.what == "step 1"] == [answer.fields[0][1]]


def test_one_thing_alone_gives_the_edges_that_answer(small: Store) -> None:
    answer = structured_thought(Question("What are the symptoms of Marfan syndrome?"), desk_with(small))
    assert answer.text.startswith("① Marfan syndrome: Ectopia lentis (HP:0001083), 60% of patients")
    assert answer.fields[0][1].startswith(f"{MARFAN} {HAS} {ECTOPIA} | own@1#")


def test_the_option_that_the_shortest_way_leads_to(small: Store) -> None:
    answer = structured_thought(WHICH, desk_with(small))
    assert answer.choice == "B" and [(each.id, each.score) for each in answer.candidates] == [("B", 1.0), ("A", 0.0)]
    tied = replace(WHICH, options=(("A", "Marfan syndrome"), ("B", "Marfan syndrome")))
    assert code(structured_thought(tied, desk_with(small))) == "tied"


def test_a_model_reasons_along_the_steps_and_is_checked(small: Store) -> None:
    says = ["GBA1 belongs to Gaucher disease [1]. That enlarges the spleen [2]. It takes 55 years [2]."]
    desk = scripted_desk(small, says)
    answer = structured_thought(GENE_TO_SIGN, desk)
    assert answer.text == "GBA1 belongs to Gaucher disease [1]. That enlarges the spleen [2]."
    assert [key for key, _ in answer.fields] == ["step 1", "step 2"] and "55 years" not in answer.text
    (asked,) = desk.model.asked
    assert [each.fact for each in asked.evidence] == [each.fact for each in answer.evidence]
    assert "step by step" in asked.messages[0][1] and steps_of(answer)[:3] == ["nodes", "step 1", "step 2"]


def test_options_with_a_model_in_both_forms(small: Store) -> None:
    desk = scripted_desk(small, ["Marfan syndrome has it [1].\nThe answer is B."])
    assert structured_thought(WHICH, desk).choice == "B"
    model = Weighing([(-2.0, -1.0)])
    assert structured_thought(WHICH, desk_with(small, model), choose="likelihood", proved=False).choice == "B"


def test_what_is_withheld_is_no_way(small: Store) -> None:
    desk = replace(desk_with(small), withheld=Withheld(frozenset({"PMID:14"}), "any"))
    assert code(structured_thought(Question("What are the symptoms of Marfan syndrome?"), desk)) == "no-path"


def test_chinese_and_refusals(small: Store) -> None:
    answer = structured_thought(Question("GBA1 与 脾肿大 有什么联系？", language="zh"), desk_with(small))
    assert answer.text.split("\n")[1].startswith("② Gaucher disease") and "脾肿大 (HP:0001744)" in answer.text
    assert code(structured_thought(Question("GBA1 与 晶状体异位 有什么联系？"), desk_with(small))) == "no-path"
    assert code(structured_thought(Question("谁赢得了世界杯？"), desk_with(small))) == "no-concept"
    assert code(structured_thought(Question(""), desk_with(small))) == "no-question"
