"""VQA-Med: the layouts of four years, references in files of their own, questions to be asked about images."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from probatum.datasets.vqa_med import vqa_med
from probatum.errors import BadFormat, NeedsFile


def written(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def test_three_pinned_questions_with_their_category(tiny: Path) -> None:
    first, second, third = vqa_med(tiny / "datasets/vqa_med")
    assert (first.id, first.answer.text) == ("C1_Modality_train:1", "ct with contrast")
    assert dict(first.labels) == {"open": "yes", "split": "train", "type": "modality"}
    assert dict(second.labels)["open"] == "no" and dict(third.labels)["type"] == "abnormality"
    assert first.question.media[0].sha256 == hashlib.sha256(b"own vqa-med image").hexdigest()
    assert first.groups == third.groups == ("image:own101",)


def test_the_test_of_2019_names_its_categories(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        VQAMed2019_Test_Questions__txt="own1|which plane is it?\n",
        VQAMed2019_Test_Questions_w_Ref_Answers__txt="own1|Plane|which plane is it?|axial#axial view\n",
    )
    (only,) = vqa_med(folder)
    assert [each.name for each in only.answer.candidates] == ["axial", "axial view"] and only.answer.text == "axial"
    assert dict(only.labels) == {"open": "yes", "split": "test", "type": "plane"}


def test_2018_stands_between_tabs_and_its_test_without_answers(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        VQAMed2018Train_QA__csv="1\town1\twhat does the ct show?\ta cyst\n2\town1\tis it large?\tyes\n",
        VQAMed2018Test_QA__csv="1\town9\twhat is it?\n",
    )
    test, first, second = vqa_med(folder, "2018")
    assert not test.answer.text and not test.answer.fields and dict(test.labels) == {"split": "test"}
    assert (first.answer.text, dict(first.labels)["open"], dict(second.labels)["open"]) == ("a cyst", "yes", "no")


def test_references_of_2021_stand_beside_the_questions(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        Task1_VQA_2021_TestSet_Questions__txt="own1|what is abnormal?\nown2|is it normal?\n",
        Task1_VQA_2021_TestSet_ReferenceAnswers__txt="own1|renal cyst|cyst of the kidney\nown2|no\n",
        Task2_VQGeneration_ReferenceQuestions_vqg__txt="own1|Where is the cyst?|How large is it?\n",
        README__txt="nothing to read\n",
    )
    first, second = vqa_med(folder, "2021")
    assert [each.name for each in first.answer.candidates] == ["renal cyst", "cyst of the kidney"]
    assert dict(first.labels)["type"] == "abnormality" and dict(second.labels)["open"] == "no"
    (generated,) = vqa_med(folder, "2021_vqg")
    assert [each.name for each in generated.answer.candidates] == ["Where is the cyst?", "How large is it?"]


def test_what_is_not_there_or_broken(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(vqa_med(tmp_path))
    for text in (b"own1\n", b"|what?|x\n", b"../own|what?|x\n", b"own|\xff?|x\n"):
        (tmp_path / "All_QA_Pairs_train.txt").write_bytes(text)
        with pytest.raises(BadFormat, match=r"train\.txt:1"):
            list(vqa_med(tmp_path))
    with pytest.raises(BadFormat, match="part"):
        list(vqa_med(tmp_path, "2017"))
    (tmp_path / "All_QA_Pairs_train.txt").unlink()
    (tmp_path / "ReferenceAnswers.txt").write_text("own1\n")
    with pytest.raises(BadFormat, match=r"Answers\.txt:1"):
        list(vqa_med(tmp_path, "2021"))
