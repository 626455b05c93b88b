"""Judged questions: grades as gains, conflicts by the stated rule."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from probatum.datasets.liveqa_medquad import liveqa_medquad
from probatum.errors import BadFormat, NeedsFile
from probatum.types import Answer, Candidate, Example, Question


def test_the_first_second_and_last_questions(tiny: Path) -> None:
    found = list(liveqa_medquad(tiny / "datasets/liveqa_medquad"))
    assert [example.id for example in found] == ["1", "3", "5", "11"]  # nobody judged the seventh
    ids = ("GARD_0002396_Sec4.txt", "GARD_0002396_Sec1.txt", "ADAM_0000486_Sec2.txt")
    assert found[0] == Example(
        "1",
        Question("How is Gaucher disease treated?", language="en"),
        Answer(candidates=tuple(Candidate(id_, id_, gain) for id_, gain in zip(ids, (3.0, 1.0, 0.0), strict=True))),
    )
    # judged 3 by one and 4 by another: the lower counts
    assert [(each.id, each.score) for each in found[1].answer.candidates] == [
        ("ADAM_0000486_Sec2.txt", 2.0),
        ("GARD_0002396_Sec3.txt", 0.0),
    ]
    assert [each.score for each in found[-1].answer.candidates] == [3.0, 0.0]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("qrels-odd.txt", b"1 5-Divine X\n"),
        ("qrels-odd.txt", b"one 1-Incorrect X\n"),
        ("qrels-odd.txt", b"1 1-Incorrect\n"),
        ("qrels-odd.txt", b"\xff\n"),
        ("queries-odd.tsv", b"13 no tab\n"),
        ("queries-odd.tsv", b"1\tagain\n"),
        ("queries-odd.tsv", b"x\twho?\n"),
        ("queries-odd.tsv", b"y" * 1_100_000),
    ],
)
def test_a_broken_line_is_refused_with_its_place(tiny: Path, tmp_path: Path, name: str, line: bytes) -> None:
    folder = Path(shutil.copytree(tiny / "datasets/liveqa_medquad", tmp_path / "q"))
    count = (folder / name).read_bytes().count(b"\n")
    with (folder / name).open("ab") as file:
        file.write(line)
    with pytest.raises(BadFormat, match=rf"{name}:{count + 1}"):
        list(liveqa_medquad(folder))


def test_a_folder_without_judgments_is_refused_with_help(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NeedsFile, match="abachaa/MedQuAD"):
            list(liveqa_medquad(path))


@pytest.mark.shared
def test_all_the_questions(shared: Path) -> None:
    found = list(liveqa_medquad(shared / "medquad"))
    assert len(found) == 51
    candidates = [candidate for example in found for candidate in example.answer.candidates]
    assert len(candidates) == 1_147  # 1,236 judgments, 89 pairs judged twice
    assert {candidate.score for candidate in candidates} == {0.0, 1.0, 2.0, 3.0}
