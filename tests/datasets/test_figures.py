"""Figures with captions out of packages, tables and JSON; conversations about images; what broken files are told."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from probatum.datasets.chimed_vl import chimed_vl
from probatum.datasets.medpix import medpix
from probatum.datasets.pmc_15m import pmc_15m
from probatum.datasets.pmc_casereport import pmc_casereport
from probatum.datasets.roco import roco
from probatum.errors import BadFormat, NeedsFile
from probatum.types import Example

ALL: tuple[Callable[..., Iterator[Example]], ...] = (
    chimed_vl, medpix, pmc_15m, pmc_casereport, roco,
)  # fmt: skip


TURNS = '[{"from": "human", "value": "x"}, {"from": "gpt", "value": "y"}]'


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_package_gives_captions_and_the_sentences_that_name_them(tiny: Path) -> None:
    first, second, third = pmc_15m(tiny / "datasets/pmc_15m")
    assert (first.id, first.answer.text) == ("PMC9000002:F1", "A stone in the kidney, round.")
    assert first.groups == ("PMC:PMC9000002", "PMID:90000022") == second.groups
    assert first.question.media[0].sha256 == sha("own kidney image") and not third.question.media[0].sha256
    stone, ureter = pmc_15m(tiny / "datasets/pmc_15m", "mentions")
    assert stone.question.text == "The kidney held a round stone ." and ureter.question.text.endswith("as shows.")
    assert [each.id for each in ureter.answer.candidates] == ["PMC:PMC9000002#figure-2"]


def test_hostile_packages(tmp_path: Path) -> None:
    file = tmp_path / "PMC1.tar.gz"
    for data in (b"\x1f\x8b broken", b"no package"):
        file.write_bytes(data)
        with pytest.raises(BadFormat, match="not a whole article package"):
            list(pmc_15m(tmp_path))
    with tarfile.open(file, "w:gz") as package:
        link = tarfile.TarInfo("a.nxml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        package.addfile(link)
    with pytest.raises(BadFormat, match="without an article"):
        list(pmc_15m(tmp_path))
    with tarfile.open(file, "w:gz") as package:
        named = tarfile.TarInfo("../../out.nxml")
        named.size = 9
        package.addfile(named, io.BytesIO(b"<article>"))
    with pytest.raises(BadFormat, match=r"out\.nxml"):
        list(pmc_15m(tmp_path))
    assert [each.name for each in tmp_path.iterdir()] == ["PMC1.tar.gz"]


def test_case_reports_as_they_are_released(tmp_path: Path) -> None:
    row = {"PMC_id": "PMC9", "context": "Own case.", "question": "Q:What?", "answer": "A:That.", "inline": None}
    (tmp_path / "data").mkdir()
    file = tmp_path / "data/train-00000-of-00001.parquet"
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([{**row, "img_ref": "['F1']"}]), file)
    (only,) = pmc_casereport(tmp_path)
    assert (only.question.text, only.answer.text, only.labels) == ("What?", "That.", (("split", "train"),))
    assert only.question.context == ("Own case.",) and len(only.question.media) == 1
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([row]), file)
    with pytest.raises(BadFormat, match="row 1"):
        list(pmc_casereport(tmp_path))


def test_questions_of_case_reports(tiny: Path) -> None:
    first, second, third = pmc_casereport(tiny / "datasets/pmc_casereport")
    assert (first.question.text, first.answer.text) == ("What does the film show?", "A nodule.")
    assert first.question.context == ("An own case of cough.", "The film (F1) shows a nodule.")
    assert first.question.media[0].sha256 == sha("own case image") and len(second.question.media) == 2
    assert third.groups == ("PMC:PMC9000004",) and third.origin and third.origin.reliability == "generated"
    (report,) = pmc_casereport(tiny / "datasets/pmc_casereport", "report")
    assert report.answer.text == "A lateral view."
    (caption,) = pmc_casereport(tiny / "datasets/pmc_casereport", "captions")
    assert caption.answer.text == "The film (F1) shows a nodule." and not caption.question.text


def test_roco_and_medpix(tiny: Path) -> None:
    first, second, third = roco(tiny / "datasets/roco")
    assert first.groups == ("PMC:PMC9000006",) and first.question.media[0].sha256 == sha("own roco image")
    assert dict(first.labels) == {"keywords": "rib|broken", "kind": "radiology", "split": "train"}
    assert second.answer.text == "Own scan of a cyst" and dict(third.labels)["split"] == "dev"
    image, other, skull = medpix(tiny / "datasets/medpix")
    assert image.question.media[0].sha256 == sha("own medpix image") and dict(other.labels)["plane"] == "Coronal"
    assert skull.answer.text == "A clear own skull."
    (case,) = medpix(tiny / "datasets/medpix", "cases")
    assert case.answer.text == "Simple renal cyst" and case.answer.fields == (("differential", "Abscess"),)
    assert len(case.question.media) == 2 and case.groups == image.groups


def test_conversations(tiny: Path) -> None:
    first, *others = chimed_vl(tiny / "datasets/chimed_vl")
    assert first.answer.text == "自制样本：一根断了的肋骨。" and len(others) == 2
    (asked,) = chimed_vl(tiny / "datasets/chimed_vl", "instruction")
    assert asked.question.turns == (("patient", "哪里断了？"), ("doctor", "左侧第五肋。"))
    assert asked.question.text == "要紧吗？" and asked.groups == first.groups == ("image:own1.jpg",)
    assert first.origin and asked.origin and {first.origin.reliability, asked.origin.reliability} == {"generated"}


def test_what_is_not_there(tmp_path: Path) -> None:
    for loader in ALL:
        with pytest.raises(NeedsFile):
            list(loader(tmp_path))


@pytest.mark.parametrize(
    ("loader", "name", "text"),
    [
        (pmc_casereport, "a.csv", "PMC_id,img_ref,context,question,answer\nP1,[],x,y,z\n"),
        (pmc_casereport, "a.csv", "PMC_id,img_ref,context,question,answer\nPMC1,[],x,,z\n"),
        (pmc_casereport, "a.csv", "PMC_id,img_ref\nPMC1,[]\n"),
        (roco, "captions.txt", "IMAGE_1\tx\n"),
        (roco, "captions.txt", "ROCO_1\t \n"),
        (roco, "radiologytestdata.csv", "id,name,caption\nROCO_1,../a.jpg,x\n"),
        (medpix, "Descriptions.json", '[{"U_id": "a", "image": "b", "Description": "c"}]'),
        (medpix, "Descriptions.json", '[{"U_id": "a", "image": "/b", "Description": {"Caption": "c"}}]'),
        (chimed_vl, "alignment.json", '[{"conversations": []}]'),
        (chimed_vl, "alignment.json", '[{"conversations": "x"}]'),
        (chimed_vl, "alignment.json", '[{"conversations": [{"from": "human", "value": "x"}, {"from": "me"}]}]'),
        (chimed_vl, "alignment.json", f'[{{"image": 3, "conversations": {TURNS}}}]'),
    ],
)  # fmt: skip
def test_what_is_broken(loader: Any, name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadFormat, match=name.replace(".", r"\.")):
        list(loader(tmp_path))
    if name.endswith(".json"):
        (tmp_path / name).write_text(text[:-4], encoding="utf-8")
        with pytest.raises(BadFormat):
            list(loader(tmp_path))


def test_cases_of_medpix_are_checked(tiny: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny / "datasets/medpix", tmp_path / "set")
    row = json.loads((folder / "Case_topic.json").read_text())[0]
    for wrong in ({"Case": []}, {"TAC": [1]}, {"U_id": ""}):
        (folder / "Case_topic.json").write_text(json.dumps([row | wrong]))
        with pytest.raises(BadFormat, match="Case_topic"):
            list(medpix(folder, "cases"))


@pytest.mark.shared
def test_the_figures_of_real_articles(shared: Path) -> None:
    pairs = list(pmc_15m(shared / "pmc-oa-nxml"))
    asked = list(pmc_15m(shared / "pmc-oa-nxml", "mentions"))
    assert len(pairs) == 15 and all(len(each.groups) == 2 for each in pairs)
    assert len({each.id for each in asked}) == len(asked) >= 10
