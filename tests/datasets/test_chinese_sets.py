"""Chinese questions of graphs, knowledge bases and records: pinned, and what is broken refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.datasets.cmedknowqa import cmedknowqa
from probatum.datasets.cmedqa_kg import cmedqa_kg
from probatum.datasets.dialogsumm import dialogsumm
from probatum.datasets.md_ehr import md_ehr
from probatum.errors import BadFormat, NeedsFile
from probatum.types import Relation


def test_questions_with_the_knowledge_behind_them(tiny: Path) -> None:
    first, second, third = cmedknowqa(tiny / "datasets/cmedknowqa")
    assert first.question.context == ("疾病：虚构症", "科室：样本科") and first.answer.text == "虚构症请看样本科。"
    assert second.question.context == ("假想片：用法用量：每日一次。",)
    assert third.question.text == "样本症会传染吗？" and not third.answer.text and not third.question.context


def test_the_sample_that_was_published_has_questions_alone(tmp_path: Path) -> None:
    file = tmp_path / "knowledge_tuning_data_sample.txt"
    file.write_text("input\n虚构片的用途是什么？\n\n样本症怎么治疗？  \n", encoding="utf-8")
    found = list(cmedknowqa(tmp_path))
    assert [(each.question.text, each.answer.text) for each in found] == [
        ("虚构片的用途是什么？", ""), ("样本症怎么治疗？", ""),
    ]  # fmt: skip
    file.write_text("虚构片的用途是什么？\n", encoding="utf-8")
    with pytest.raises(BadFormat, match=r"sample\.txt:1"):
        list(cmedknowqa(tmp_path))


def test_questions_of_a_graph_keep_their_triple(tiny: Path) -> None:
    found = list(cmedqa_kg(tiny / "datasets/cmedqa_kg"))
    assert len(found) == 3
    for example in found:
        (triple,) = example.answer.found
        assert isinstance(triple, Relation) and triple.predicate == "症状" and triple.object in example.answer.text
        assert example.groups == (f"subject:{triple.subject}",) and triple.origin.release == "synthetic"


def test_records_and_their_diagnoses(tiny: Path, tmp_path: Path) -> None:
    found = list(md_ehr(tiny / "datasets/md_ehr"))
    assert [each.id for each in found] == ["synthetic-1", "synthetic-2", "synthetic-3"]
    assert all(each.question.context[1].startswith("present illness: （合成）") for each in found)
    (tmp_path / "own.jsonl").write_text(
        '{"record_id": "1", "chief_complaint": "咳", "diagnosis": "1,25-缺乏；肺炎、哮喘"}', encoding="utf-8"
    )
    (only,) = md_ehr(tmp_path)
    assert [each.id for each in only.answer.candidates] == ["1,25-缺乏", "肺炎", "哮喘"]
    assert only.origin and only.origin.release == "own"


def test_conversations_become_records(tiny: Path) -> None:
    found = list(dialogsumm(tiny / "datasets/dialogsumm"))
    assert len(found) == 3 and [name for name, _ in found[0].answer.fields] == ["主诉", "现病史", "既往史"]
    assert "患者：（合成）" in found[0].question.text and found[0].labels == (("kind", "DialogSumm"),)


@pytest.mark.parametrize(
    ("loader", "file", "said", "why"),
    [
        (cmedknowqa, "a.json", '[{"question": 3}]', "'question' must be a text"),
        (cmedknowqa, "a.json", '[{"question": "a", "knowledge": [1]}]', "'knowledge' must be"),
        (cmedknowqa, "a.json", '[{"question": "a"}', r"a\.json"),
        (cmedqa_kg, "a.jsonl", '{"question": "a", "answer": "b", "subject": "s"}', "'predicate' must be a text"),
        (cmedqa_kg, "a.jsonl", '{"question": "a", "answer": ""}', r"a\.jsonl:1: 'answer'"),
        (md_ehr, "a.jsonl", '{"record_id": "1", "diagnosis": "x"}', "a section and a diagnosis"),
        (md_ehr, "a.jsonl", '{"record_id": "1", "chief_complaint": "y", "diagnosis": " ; "}', "a section and a diag"),
        (dialogsumm, "synthetic.jsonl", '{"type": "x", "question": "y"}', "'reference_answer' must be"),
        (dialogsumm, "synthetic.jsonl", '"type"', "a JSON object was expected"),
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
