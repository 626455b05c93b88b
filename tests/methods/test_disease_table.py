"""Key terms, rows, an answer that names the rows it used: over the tiny sample of the table itself."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from asked_desks import Weighing, code, desk_with, scripted_desk, steps_of

from probatum.methods.disease_table import disease_table
from probatum.naming import find
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Name, Origin, Question, Release

DISEASES = (("A", "Pompe disease"), ("B", "Fabry disease"), ("C", "Gaucher disease"))
FEET = Question("Burning feet: which disease is it?", DISEASES)


@pytest.fixture(scope="module")
def table(tiny, tmp_path_factory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("table")
    write(folder, find("sources", "chatdoctor_diseases")(tiny / "sources" / "chatdoctor_diseases"))
    with Store(folder) as read:
        ids = {each.name: each.id for each in read.concepts()}
    here = Origin("names", "1", "names")
    named = [("Fabry disease", "法布里病", "Disease"), ("Burning feet", "足部灼痛", "PhenotypicFeature")]
    facts = [Concept(ids[name], name, kind, here, (Name(chinese, "zh"),)) for name, chinese, kind in named]
    write(folder, [Release("names", "1", "CC0-1.0", "2" * 64), *facts])
    with Store(folder) as store:
        yield store


def terms(*said: str) -> str:
    return json.dumps({"terms": said}, ensure_ascii=False)


def test_without_a_model_the_row_of_a_named_disease_answers(table: Store) -> None:
    answer = disease_table(Question("What are the symptoms of Fabry disease?"), desk_with(table))
    assert answer.abstained is None and "Burning feet" in answer.text and "Pompe" not in answer.text
    assert [key for key, _ in answer.fields] == ["row"] and answer.fields[0][1].startswith("Fabry disease (")
    assert {each.origin.source for each in answer.evidence} == {"chatdoctor_diseases"}
    assert steps_of(answer)[:2] == ["terms", "rows"]


def test_a_sign_leads_to_its_rows_and_the_rarer_counts_more(table: Store) -> None:
    answer = disease_table(Question("I have bone pain and easy bruising"), desk_with(table))
    assert answer.candidates[0].name == "Gaucher disease" and len(answer.candidates[0].reasons) == 2
    assert "Bone pain" in answer.text and answer.fields == (("row", f"Gaucher disease ({answer.candidates[0].id})"),)
    chosen = disease_table(FEET, desk_with(table))
    assert chosen.choice == "B" and chosen.fields[0][1].startswith("Fabry disease")


def test_with_a_model_terms_then_a_checked_answer(table: Store) -> None:
    says = [terms("burning feet"), "Fabry disease has burning feet [1]. It is cured by rest [1]. It has 9 forms [1]."]
    desk = scripted_desk(table, says)
    answer = disease_table(Question("My feet burn. What may it be?"), desk)
    assert answer.text.startswith("Fabry disease has burning feet [1].") and "9 forms" not in answer.text
    assert answer.fields == (("row", f"Fabry disease ({answer.candidates[0].id})"),)
    first, second = desk.model.asked
    assert first.schema and second.evidence and "key terms" in first.messages[0][1]
    assert "Burning feet" in second.evidence[0].text  # what matched comes first


def test_options_by_letter_and_by_likelihood(table: Store) -> None:
    desk = scripted_desk(table, [terms("Burning feet"), "Fabry disease has burning feet [1].\nThe answer is B."])
    assert disease_table(FEET, desk).choice == "B"
    assert "Options:" not in desk.model.asked[0].messages[-1][1]

    class Both(Weighing):
        def __call__(self, request):
            reply = super().__call__(request)
            return reply if not request.schema else type(reply)(terms("Burning feet"))

    model = Both([(-3.0, -1.0, -2.0)])
    assert disease_table(FEET, desk_with(table, model), choose="likelihood", proved=False).choice == "B"


def test_chinese_names_find_the_row(table: Store) -> None:
    answer = disease_table(Question("足部灼痛见于什么病？"), desk_with(table))
    assert answer.candidates[0].name == "Fabry disease" and "足部灼痛" in answer.text
    assert disease_table(Question("天气如何？"), desk_with(table)).abstained == "no-concept: 问题中没有已知的概念"


def test_refusals(table: Store) -> None:
    assert code(disease_table(Question(""), desk_with(table))) == "no-question"
    assert code(disease_table(Question("Who won the world cup?"), desk_with(table))) == "no-concept"
    assert code(disease_table(Question("My feet burn."), scripted_desk(table, ["No.", "No."]))) == "unparsed"
    pompe = disease_table(Question("Is there Pompe disease?"), desk_with(table), source="another_table")
    assert code(pompe) == "no-evidence"
