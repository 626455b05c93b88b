"""The exams in one shape: pinned questions of every layout, keys of one and several letters, what is broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.naming import find, names
from probatum.trials.lines import Trial
from probatum.trials.scoring import strata_of
from probatum.types import Answer, Example

EXAMS = ("cmexam", "medqa", "medmcqa", "mmlu", "cmb", "c_eval", "cmmlu")


def read(name: str, path: Path, *given: Any, **settings: Any) -> list[Example]:
    return list(find("datasets", name)(path, *given, **settings))


def sample(tiny: Path, name: str) -> Path:
    folder = tiny / "datasets"
    return next(each for each in sorted(folder.glob(f"{name}*")) if each.name.partition(".")[0] == name)


@pytest.mark.parametrize("name", EXAMS)
def test_every_exam_has_one_shape(name: str, tiny: Path) -> None:
    found = read(name, sample(tiny, name))
    assert len(found) >= 3 and len({each.id for each in found}) == len(found)
    for each in found:
        letters = [letter for letter, _ in each.question.options]
        assert letters == sorted(letters) and len(letters) >= 4
        assert list(each.answer.choice) == sorted(each.answer.choice) and set(each.answer.choice) <= set(letters)
        assert [one.id for one in each.answer.candidates] == list(each.answer.choice)
        assert each.labels == tuple(sorted(each.labels)) and each.origin and each.origin.source == name
        assert all(value for _, value in each.labels)


def test_cmexam_keeps_its_annotations(tiny: Path) -> None:
    found = read("cmexam", sample(tiny, "cmexam"))
    assert [each.answer.choice for each in found] == ["C", "BD", "B"]
    assert found[0].question.options[4] == ("E", "五条") and found[0].answer.text == "图上有三条线，故选C。"
    assert dict(found[0].labels) == {
        "Clinical Department": "虚构科",
        "Difficulty level": "1",
        "Disease Group": "虚构病",
    }
    assert "Disease Group" not in dict(found[1].labels) and found[1].id == "cmexam:7"


def test_medqa_by_board(tiny: Path) -> None:
    folder = sample(tiny, "medqa")
    found = read("medqa", folder)
    assert [each.answer.choice for each in found] == ["B", "C", "B"]  # the last by the text of its answer
    assert dict(found[1].labels) == {"exam": "step2&3", "part": "us", "split": "train"}
    four = read("medqa", folder, "us_4_options")
    assert len(four) == 1 and len(four[0].question.options) == 4 and dict(four[0].labels)["split"] == "test"
    taiwan = read("medqa", folder, "taiwan")
    assert [(each.answer.choice, each.question.language) for each in taiwan] == [("B", "zh-Hant")]


def test_the_mainland_board_is_a_part_of_medqa(tiny: Path) -> None:
    found = read("medqa", sample(tiny, "medqa"), "mainland")
    assert [each.id for each in found] == ["mainland:test:1", "mainland:test:2", "mainland:test:3"]
    assert {each.answer.choice for each in found} == {"C"} and {each.question.language for each in found} == {"zh-Hans"}


def test_medmcqa_counts_from_one_and_its_copies_from_zero(tiny: Path, tmp_path: Path) -> None:
    folder = sample(tiny, "medmcqa")
    found = {each.id: each for each in read("medmcqa", folder)}
    assert [each.answer.choice for each in found.values()] == ["", "C", "A", "D"]  # the test has no key
    assert found["11111111-aaaa"].answer.text == "It was drawn with three."
    assert dict(found["22222222-bbbb"].labels)["topic"] == "Samples"
    row = json.loads((folder / "train.json").read_text().splitlines()[0]) | {"cop": 0}
    (tmp_path / "train.json").write_text(json.dumps(row))
    with pytest.raises(BadFormat, match="first"):
        read("medmcqa", tmp_path)
    assert read("medmcqa", tmp_path, first=0)[0].answer.choice == "A"


def test_mmlu_ceval_and_cmmlu_by_subject(tiny: Path) -> None:
    subjects = {
        name: [(dict(each.labels)["subject"], each.answer.choice) for each in read(name, sample(tiny, name))]
        for name in ("mmlu", "c_eval", "cmmlu")
    }
    assert subjects["mmlu"] == [("anatomy", "B"), ("anatomy", "C"), ("medical_genetics", "C")]
    assert subjects["c_eval"] == [("basic_medicine", "B"), ("physician", "D"), ("physician", "A")]
    assert subjects["cmmlu"] == [("nutrition", "B"), ("virology", "C"), ("virology", "A")]
    assert read("c_eval", sample(tiny, "c_eval"), "test")[0].answer.choice == ""
    assert [each.id for each in read("mmlu", sample(tiny, "mmlu"), "dev")] == ["anatomy:dev:1"]


def test_cmb_exam_with_keys_beside_it_and_cases(tiny: Path) -> None:
    found = {each.id: each for each in read("cmb", sample(tiny, "cmb"))}
    assert {id: each.answer.choice for id, each in found.items()} == {
        "CMB-test-choice-question-merge:1": "E",
        "CMB-test-choice-question-merge:2": "",
        "CMB-val-merge:2": "D",
        "CMB-val-merge:18": "AC",
    }
    assert len(found["CMB-val-merge:18"].question.options) == 5
    cases = read("cmb", sample(tiny, "cmb"), "clin")
    assert [each.answer.text for each in cases] == ["虚构的头晕。", "停止数苹果。"]
    assert {each.groups for each in cases} == {("clin:0",)} and cases[0].question.context[0].startswith("虚构病人")


def test_cmb_as_its_repository_and_hugging_face_lay_it_out(tiny: Path, tmp_path: Path) -> None:
    data, tested = tmp_path / "data", tmp_path / "data/CMB-Exam/CMB-test"
    for folder in (tested, data / "CMB-Clin"):
        folder.mkdir(parents=True)
    for name, places in {
        "CMB-test-choice-question-merge.json": (tested,),
        "CMB-test-choice-answer.json": (data,),  # beside the zip, two folders above the questions
        "CMB-Clin-qa.json": (data, data / "CMB-Clin"),  # twice on Hugging Face
    }.items():
        for place in places:
            (place / name).write_bytes((sample(tiny, "cmb") / name).read_bytes())
    for path in (data, data / "CMB-Exam", tested / "CMB-test-choice-question-merge.json"):
        assert [each.answer.choice for each in read("cmb", path)] == ["E", ""]
    cases = [each.id for each in read("cmb", data, "clin")]
    assert cases == ["clin:0:1", "clin:0:2"]


SUBJECT = {"cmexam": "Clinical Department", "medqa": "exam", "cmb": "exam_class"}  # where it is called otherwise


@pytest.mark.parametrize("name", EXAMS)
def test_each_exam_is_scored_by_subject(name: str, tiny: Path) -> None:
    keyed = [each for each in read(name, sample(tiny, name)) if each.answer.choice]
    label = SUBJECT.get(name, "subject")
    subjects = sorted({dict(each.labels)[label] for each in keyed})
    assert len(subjects) == 2
    trials = [
        Trial(f"{each.id}#{turn}", each.question, each.answer, given(each, subjects), labels=each.labels)
        for each in keyed
        for turn in range(5)  # a subject of fewer than five questions is not told apart
    ]
    told = strata_of(trials, ["accuracy"])[label]
    assert {subject: score["accuracy"].value for subject, score in told.items()} == {subjects[0]: 1.0, subjects[1]: 0.0}
    assert sum(score["accuracy"].n for score in told.values()) == 5 * len(keyed)


def given(each: Example, subjects: list[str]) -> Answer:
    """The key in the first subject, another letter in the second."""
    label = SUBJECT.get(str(each.origin and each.origin.source), "subject")
    if dict(each.labels)[label] == subjects[0]:
        return Answer(choice=each.answer.choice)
    return Answer(choice=next(letter for letter, _ in each.question.options if letter != each.answer.choice))


def cut(text: str) -> str:
    return text[: len(text) // 2]


def zeros(text: str) -> str:
    return "\0" + text


@pytest.mark.parametrize("name", EXAMS)
@pytest.mark.parametrize("broken", [cut, zeros, lambda _: "[[[[", lambda _: '{"question": 1}\n'])
def test_broken_files_say_where(name: str, broken: Callable[[str], str], tiny: Path, tmp_path: Path) -> None:
    whole = sample(tiny, name)
    official = {
        "cmexam": "cmexam.csv", "medqa": "US/train.jsonl", "medmcqa": "train.json", "mmlu": "test/anatomy_test.csv",
        "cmb": "CMB-val-merge.json", "c_eval": "val/physician_val.csv", "cmmlu": "test/virology.csv",
    }[name]  # fmt: skip
    text = (whole if whole.is_file() else whole / official).read_text(encoding="utf-8")
    file = tmp_path / Path(official).name
    file.write_text(broken(text), encoding="utf-8")
    with pytest.raises(BadFormat, match=file.name):
        read(name, file)


@pytest.mark.parametrize("name", EXAMS)
def test_what_is_not_there(name: str, tmp_path: Path) -> None:
    assert name in names("datasets")
    with pytest.raises(NeedsFile, match="get it from https"):
        read(name, tmp_path)
    if name in {"medqa", "mmlu", "cmb", "c_eval", "cmmlu"}:
        with pytest.raises(BadFormat, match="one of"):
            read(name, tmp_path, "other")
