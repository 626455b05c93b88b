"""Scope, refusal, retrieval, answer, triples, what the graph says of them, plain words for the nodes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from asked_desks import Weighing, code, desk_with, marking_desk, scripted_desk, steps_of
from small_store import GAUCHER, HAS, LARGE_SPLEEN, MARFAN, SEIZURE

from probatum.methods._scope import scope, threshold_for
from probatum.methods._triples import OTHER, Triple, verdict
from probatum.methods.filtered import filtered
from probatum.naming import find
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Question

ASKED = Question("Does Gaucher disease type I have splenomegaly?")
SAID = (
    "Gaucher disease type I has splenomegaly [1]. Marfan syndrome has splenomegaly [1]. "
    "Marfan syndrome has no ectopia lentis [1]."
)
G, M = "Gaucher disease type I", "Marfan syndrome"


def triples(*said: tuple[str, str, str, bool]) -> str:
    keys = ("subject", "relation", "object", "negated")
    return json.dumps({"triples": [dict(zip(keys, each, strict=True)) for each in said]}, ensure_ascii=False)


READ = triples((G, HAS, "splenomegaly", False), (M, HAS, "splenomegaly", False), (M, HAS, "ectopia lentis", True))


@pytest.fixture(scope="module")
def formulas(tiny, tmp_path_factory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("formulas")
    write(folder, find("sources", "tcm_prescriptions")(tiny / "sources" / "tcm_prescriptions"))
    with Store(folder) as store:
        yield store


def test_the_steps_in_their_order_and_the_contradicted_sentence_falls(small: Store) -> None:
    desk = marking_desk(small, [SAID, READ])
    answer = filtered(ASKED, desk)
    assert answer.text.split("\n")[0] == (
        "Gaucher disease type I has splenomegaly [1]. Marfan syndrome has splenomegaly [1]."
    )
    assert "supported" not in {each.support for each in answer.verdicts[:2]}  # what [1] says is something else
    assert [state for state, _ in answer.fields] == ["contradicted", "unknown", "supported"]
    assert answer.fields[1][1] == "Marfan syndrome | biolink:has_phenotype | splenomegaly"
    assert answer.fields[0][1].endswith("(own OMIM:154700 HP:0001083 PMID:14)")
    names = steps_of(answer)
    order = ["scope", "retrieved", "answer", "triples", "supported", "contradicted", "explained"]
    assert [names.index(each) for each in order] == sorted(names.index(each) for each in order)
    first, second = desk.model.asked
    assert first.evidence and second.schema and "[1]" not in second.messages[1][1]
    assert "no ectopia lentis" in filtered(ASKED, marking_desk(small, [SAID, READ]), drop=False).text


def test_an_answer_of_nothing_but_contradictions_is_none(small: Store) -> None:
    says = ["Marfan syndrome has no ectopia lentis [1].", triples((M, HAS, "ectopia lentis", True))]
    answer = filtered(Question("Does Marfan syndrome have ectopia lentis?"), marking_desk(small, says))
    assert code(answer) == "contradicted" and answer.text == "" and answer.fields[0][0] == "contradicted"


def test_out_of_scope_is_refused_with_its_score_before_any_call(small: Store) -> None:
    desk = scripted_desk(small, [])
    answer = filtered(Question("Who won the world cup?"), desk)
    assert answer.abstained == (
        "out-of-scope: the question lies outside what this knowledge is about (score 0.00, threshold 0.50)"
    )
    assert desk.model.asked == [] and steps_of(answer) == ["scope"]
    assert code(filtered(ASKED, desk, sources=("another",))) == "out-of-scope"


def test_a_threshold_from_a_development_set(small: Store) -> None:
    assert threshold_for([(0.9, True), (0.7, True), (0.2, False), (0.1, False)]) == pytest.approx(0.45)
    assert threshold_for([(0.9, True), (0.3, False), (0.8, False), (0.2, False)]) == pytest.approx(0.85)
    assert (threshold_for([]), threshold_for([(0.4, True)]), threshold_for([(0.4, False)])) == (0.0, 0.0, 1.0)
    desk = desk_with(small)
    inside = [scope(Question(text), desk) for text in ("What causes Marfan syndrome?", "脾肿大是什么？", ASKED.text)]
    outside = [scope(Question(text), desk) for text in ("Who won the world cup?", "今天天气如何？", "")]
    cut = threshold_for([*((each, True) for each in inside), *((each, False) for each in outside)])
    assert all(each >= cut for each in inside) and all(each < cut for each in outside)


def test_verdicts(small: Store) -> None:
    desk = desk_with(small)

    def state(subject: str, relation: str, object_: str, negated: bool = False) -> str:
        return verdict(Triple("x", relation, "y", negated, (subject,), (object_,)), desk).state

    assert state(GAUCHER, HAS, LARGE_SPLEEN) == "supported"
    assert state(GAUCHER, HAS, LARGE_SPLEEN, negated=True) == "contradicted"
    assert state(GAUCHER, HAS, SEIZURE) == state(GAUCHER, HAS, SEIZURE, negated=True) == "disputed"
    assert state(MARFAN, HAS, LARGE_SPLEEN) == "unknown"
    assert state(GAUCHER, "biolink:causes", LARGE_SPLEEN) == "unknown"
    assert state(LARGE_SPLEEN, HAS, GAUCHER) == "unknown"
    assert state(LARGE_SPLEEN, OTHER, GAUCHER) == "supported"
    assert state(LARGE_SPLEEN, OTHER, GAUCHER, negated=True) == "unknown"


def test_unreadable_triples_are_read_by_rule(small: Store) -> None:
    desk = marking_desk(small, ["Gaucher disease type I has splenomegaly [1].", "none", '{"triples": [{}]}'])
    answer = filtered(ASKED, desk)
    assert len(desk.model.asked) == 3 and "read by rule" in [step.said for step in answer.trace]
    assert "supported" in {state for state, _ in answer.fields}


def test_without_a_model_in_chinese_over_prescriptions(formulas: Store) -> None:
    answer = filtered(Question("桂枝汤治疗什么？"), desk_with(formulas), sources=("tcm_prescriptions",))
    assert "用于治疗 太阳中风" in answer.text and "功能 解肌发表" in answer.text
    assert [state for state, _ in answer.fields] == ["supported", "supported"]
    assert all(each.origin.source == "tcm_prescriptions" for each in answer.evidence)
    refused = filtered(Question("阿司匹林的副作用有哪些？"), desk_with(formulas))
    assert (refused.abstained or "").startswith("out-of-scope: 问题超出本知识库的范围（得分 0.00")


def test_options_in_both_forms(small: Store) -> None:
    question = Question("Which disease has ectopia lentis?", (("A", "Gaucher disease"), ("B", "Marfan syndrome")))
    says = ["Marfan syndrome has ectopia lentis [1].\nThe answer is B.", triples((M, HAS, "ectopia lentis", False))]
    answer = filtered(question, marking_desk(small, says))
    assert answer.choice == "B" and [state for state, _ in answer.fields] == ["supported"]
    model = Weighing([(-2.0, -1.0)])
    assert filtered(question, desk_with(small, model), choose="likelihood", proved=False).choice == "B"
    assert filtered(question, desk_with(small)).choice == "B"
