"""PMC-VQA: options and letters of both versions, figures by their hash, a model's work marked as such."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.datasets.pmc_vqa import pmc_vqa
from probatum.errors import BadFormat, NeedsFile


def test_three_pinned_questions(tiny: Path) -> None:
    test, organ, plane = pmc_vqa(tiny / "datasets/pmc_vqa")
    assert [each.answer.choice for each in (test, organ, plane)] == ["B", "B", "A"] and plane.answer.text == "axial"
    assert organ.question.options[1] == ("B", "kidney") and dict(test.labels)["split"] == "test"
    assert organ.question.media[0].sha256 and organ.groups == plane.groups == ("PMC:PMC9000008",)
    assert {each.origin.reliability for each in (test, organ, plane) if each.origin} == {"generated"}


@pytest.mark.parametrize(
    "row", ["a.jpg,q,z,a,b,c,d", "a.jpg,,A,a,b,c,d", "../a.jpg,q,A,a,b,c,d", "a.jpg,q,A,a,,,", "a.jpg,q"]
)
def test_what_is_not_there_or_broken(row: str, tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(pmc_vqa(tmp_path))
    header = "Figure_path,Question,Answer,Choice A,Choice B,Choice C,Choice D"
    (tmp_path / "test.csv").write_text(f"{header}\n{row}\n")
    with pytest.raises(BadFormat, match=r"test\.csv:2"):
        list(pmc_vqa(tmp_path))


def test_the_column_as_its_makers_misspelt_it_is_read_too(tmp_path: Path) -> None:
    header = "Figure_path,Question,Anwser,Choice A,Choice B,Choice C,Choice D"
    (tmp_path / "test.csv").write_text(f"{header}\nPMC9000001_a.jpg,Which colour?,B,red,blue,green,grey\n")
    (read,) = pmc_vqa(tmp_path)
    assert read.answer.choice == "B" and read.answer.text == "blue"
