"""BigBio's schemas, ADQA's four exams, ToG's nine sets: pinned, and what is broken refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.datasets.adqa import adqa
from probatum.datasets.bigbio import bigbio
from probatum.datasets.kbqa_tog import kbqa_tog
from probatum.errors import BadFormat, NeedsFile
from probatum.types import Mention, Relation

SPAN = '{"id": "1", "type": "D", "text": ["%s"], "offsets": [[%d, %d]]}'
KB = '{"id": "0", "passages": [{"text": ["A rash."]}], "entities": [%s], "relations": [%s]}'


def test_every_schema_of_bigbio(tiny: Path) -> None:
    found = {each.id: each for each in bigbio(tiny / "datasets/bigbio")}
    chemical, disease, link = found["own_kb_train:0"].answer.found
    assert isinstance(chemical, Mention) and isinstance(disease, Mention) and isinstance(link, Relation)
    assert (chemical.concept, disease.start, disease.text) == ("MESH:D001241", 20, "rash")
    assert (link.subject, link.predicate, link.object) == ("MESH:D001241", "CID", "rash")
    assert found["own_kb_train:0"].labels == (("schema", "kb"), ("split", "train"))
    assert found["own_qa_test:0"].answer.choice == "yes" and not found["own_qa_test:0"].question.options
    assert found["own_qa_test:1"].answer.choice == "A" and len(found["own_qa_test:1"].question.options) == 2
    assert [each.id for each in found["own_qa_test:2"].answer.candidates] == ["red", "blue"]
    assert found["own_texts:0"].answer.choice == "contradiction" and len(found["own_texts:0"].question.context) == 2
    assert dict(found["own_texts:1"].answer.fields) == {"score": "4.5"} and found["own_texts:2"].answer.text == "cough"
    assert found["own_qa_test:0"].groups == found["own_qa_test:1"].groups == ("document:d2",)
    assert [each.name for each in found["own_texts:3"].answer.candidates] == ["question", "weight"]


def test_a_broken_mention_goes_from_end_to_end(tmp_path: Path) -> None:
    entity = '{"id": "1", "type": "D", "text": ["A", "rash"], "offsets": [[0, 1], [2, 6]], "normalized": []}'
    (tmp_path / "own.jsonl").write_text(KB % (entity, ""))
    (only,) = bigbio(tmp_path)
    assert only.answer.found == (Mention(0, 6, "A rash", "", kind="D"),)


def test_four_exams_of_adqa(tiny: Path) -> None:
    found = list(adqa(tiny / "datasets/adqa"))
    assert [(each.id, each.answer.choice) for each in found] == [
        ("medmcqa:aa-01", "A"), ("medqa:7", "B"), ("mmlu:1", "B"), ("qa4mre:1-1-1", "E"), ("qa4mre:1-2-2", "A"),
    ]  # fmt: skip
    assert [len(each.question.options) for each in found] == [4, 4, 4, 5, 5]
    assert found[3].groups == ("document:1",) and found[0].labels == (("exam", "medmcqa"),)
    assert [each.id for each in adqa(tiny / "datasets/adqa", "mmlu")] == ["mmlu:1"]


def test_the_sets_of_tog(tiny: Path) -> None:
    found = {each.id: each for each in kbqa_tog(tiny / "datasets/kbqa_tog")}
    assert {id: [one.id for one in each.answer.candidates] for id, each in found.items()} == {
        "webqsp:1": ["Made-up disease", "1999"], "cwq:1": ["Ownville"], "creak:1": ["false"], "grailqa:1": ["Ownol"],
    }  # fmt: skip
    assert found["webqsp:1"].answer.fields == (("topic", "m.01 Sample clinic"),)
    assert found["cwq:1"].groups == ("topic:m.02",) and found["creak:1"].question.text == "A sample is made of cheese."
    assert [each.id for each in kbqa_tog(tiny / "datasets/kbqa_tog", "cwq")] == ["cwq:1"]


def test_what_the_repository_of_tog_writes_in_two_ways(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "graliqa.json").write_bytes((tiny / "datasets/kbqa_tog/grailqa.json").read_bytes())
    (tmp_path / "cwq.json").write_text(
        '[{"question": "Where?", "answers": [{"answer": "Ownville", "aliases": ["Own City"], "answer_id": "m.1"}]}]'
    )
    (tmp_path / "qald_10-en.json").write_text('[{"question": "Who?", "answer": {"Q1": "Own", "Q2": "Sample"}}]')
    found = {each.id: [one.id for one in each.answer.candidates] for each in kbqa_tog(tmp_path)}
    assert found == {"grailqa:1": ["Ownol"], "cwq:1": ["Ownville", "Own City"], "qald:1": ["Own", "Sample"]}


@pytest.mark.parametrize(
    ("loader", "file", "said", "why"),
    [
        (bigbio, "a.jsonl", '{"id": "1"}', "a record of one of kb, qa"),
        (bigbio, "a.jsonl", KB % (SPAN % ("rush", 2, 6), ""), "does not stand at"),
        (bigbio, "a.jsonl", KB % (SPAN % ("rash", 2, 99), ""), r"a\.jsonl:1: .*does not stand at"),
        (bigbio, "a.jsonl", KB % ('{"id": "1", "text": ["rash"], "offsets": [[2]]}', ""), "offsets of entity '1'"),
        (bigbio, "a.jsonl", KB % ("", '{"arg1_id": "1", "arg2_id": "2"}'), "between two entities"),
        (bigbio, "a.jsonl", '{"passages": [], "entities": []}', "a passage with a text"),
        (bigbio, "a.jsonl", '{"question": "a", "choices": ["x", "y"], "answer": ["z"]}', "none of the choices"),
        (bigbio, "a.jsonl", '{"question": "a", "answer": "z"}', "must be lists of texts"),
        (bigbio, "a.jsonl", '{"text": "a", "labels": 3}', "labels of texts"),
        (adqa, "medqa_filter.json", '[{"question": "a", "choices": ["x", "y"], "answer": ["z"]}]', "a key that is one"),
        (adqa, "mmlu_filter.json", '[{"question": "a", "choices": ["x", "y"], "answer": 2}]', "a key that is one"),
        (adqa, "mmlu_filter.json", '[{"question": "a", "choices": ["x", "y"], "answer": true}]', "a key that is one"),
        (adqa, "qa4mre_filter.json", '[{"question_str": "a", "correct_answer_id": "1"}]', "options and a key"),
        (adqa, "medqa_filter.json", '[{"question": "a"', r"medqa_filter\.json"),
        (kbqa_tog, "cwq.json", '[{"question": "a"}]', r"cwq\.json:1: answers were expected"),
        (kbqa_tog, "WebQSP.json", '[{"RawQuestion": "a", "Parses": [3]}]', "answers were expected"),
        (kbqa_tog, "cwq.json", '[{"question": "a", "answer": "b", "topic_entity": ["m"]}]', "must map ids to names"),
    ],
)
def test_what_is_broken_is_refused(tmp_path: Path, loader: object, file: str, said: str, why: str) -> None:
    assert callable(loader)
    (tmp_path / file).write_text(said, encoding="utf-8")
    with pytest.raises(BadFormat, match=why):
        list(loader(tmp_path))
    (tmp_path / file).unlink()
    with pytest.raises(NeedsFile):
        list(loader(tmp_path))


def test_a_file_of_another_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("[]")
    for loader in (adqa, kbqa_tog):
        with pytest.raises(BadFormat, match="the name of one of"):
            list(loader(tmp_path / "other.json"))
    with pytest.raises(BadFormat, match="one of: medmcqa"):
        list(adqa(tmp_path, "usmle"))
