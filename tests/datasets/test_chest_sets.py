"""Chest radiographs: images and report sections in pairs, fourteen findings joined; broken ones refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from probatum.datasets._deidentified import deidentified
from probatum.datasets.mimic_cxr import mimic_cxr
from probatum.datasets.mimic_cxr_jpg import mimic_cxr_jpg
from probatum.datasets.openi import openi
from probatum.datasets.xray_report_zh import xray_report_zh
from probatum.errors import BadFormat, NeedsFile
from probatum.naming import card_of


def test_mimic_cxr_pairs_images_and_sections(tiny: Path) -> None:
    first, second, third = mimic_cxr(tiny / "datasets/mimic_cxr")
    assert first.answer.text == "The lungs are clear. No effusion.\nSynthetic: nothing acute."
    assert first.question.context[0].startswith("indication: ___ with cough, seen by Dr. [name].")
    assert [each.kind for each in first.question.media] == ["application/dicom"] and first.question.media[0].sha256
    assert first.groups == ("patient:10000001", "study:50000001") and first.labels == (("split", "train"),)
    assert second.answer.text == "Small left effusion." and third.labels == (("split", "dev"),)
    assert first.origin is not None and first.origin.release == "synthetic"
    summed, last = mimic_cxr(tiny / "datasets/mimic_cxr", "impression")
    assert summed.question.context[-1] == "The lungs are clear. No effusion."
    assert summed.answer.text == "Synthetic: nothing acute." and last.id == "s50000003"


def test_mimic_cxr_jpg_joins_the_fourteen_findings(tiny: Path, tmp_path: Path) -> None:
    first, second, third = mimic_cxr_jpg(tiny / "datasets/mimic_cxr_jpg")
    assert first.answer.fields == (("Cardiomegaly", "present"), ("Edema", "uncertain"), ("Pneumothorax", "absent"))
    assert [each.id for each in first.answer.candidates] == ["Cardiomegaly"] and first.answer == second.answer
    assert first.question.media[0].sha256 and not second.question.media[0].sha256
    assert dict(third.labels) == {"split": "dev", "view": "AP"} and not third.answer.fields
    assert first.origin is not None and first.origin.reliability == "extracted"
    folder = shutil.copytree(tiny / "datasets/mimic_cxr_jpg", tmp_path / "set")
    with pytest.raises(NeedsFile, match="negbio"):
        list(mimic_cxr_jpg(folder, "negbio"))
    table = folder / "mimic-cxr-2.0.0-chexpert.csv"
    table.write_text(table.read_text().replace("-1.0", "2.0"))
    with pytest.raises(BadFormat, match="Edema"):
        list(mimic_cxr_jpg(folder))
    (folder / "mimic-cxr-2.0.0-metadata.csv").write_text("dicom_id,subject_id,study_id,ViewPosition\na,../1,2,PA\n")
    with pytest.raises(BadFormat, match=r"metadata\.csv:2"):
        list(mimic_cxr_jpg(folder))


def test_openi_reads_the_official_xml(tiny: Path, tmp_path: Path) -> None:
    first, second, third = openi(tiny / "datasets/openi")
    assert (first.id, dict(first.labels)["normal"]) == ("CXR1", "yes") and len(first.question.media) == 2
    assert first.question.media[0].origin is not None
    assert first.question.media[0].origin.at == "NLMCXR_png/CXR1_own-1001.png"
    assert second.answer.text == "Synthetic: large heart." and dict(second.labels)["topics"] == "Cardiomegaly/mild"
    assert third.groups == ("report:CXR3",)
    assert [each.id for each in openi(tiny / "datasets/openi", "impression")] == ["CXR1", "CXR3"]
    for text in ("<a/>", "<eCitation/>", "<eCitation>", '<!DOCTYPE a [<!ENTITY b "c">]><eCitation>&b;</eCitation>'):
        (tmp_path / "1.xml").write_text(text)
        with pytest.raises(BadFormat, match=r"1\.xml"):
            list(openi(tmp_path))


def test_translated_reports_say_so(tiny: Path, tmp_path: Path) -> None:
    other, first, second = xray_report_zh(tiny / "datasets/xray_report_zh")
    assert {each.origin.reliability for each in (other, first, second) if each.origin} == {"generated"}
    assert first.question.media[0].sha256 and first.answer.text == "合成样本：双肺清晰。"
    assert other.labels == (("split", "test"),) and other.question.language == "zh"
    for text in (
        "[]",
        "{}",
        '[{"img": "a.png"}]',
        '[{"img": "../a.png", "label": "x"}]',
        "[1]",
        '{"annotations": [{}]}',
    ):
        (tmp_path / "x.json").write_text(text)
        with pytest.raises(BadFormat, match=r"x\.json"):
            list(xray_report_zh(tmp_path))


def test_what_is_not_there_or_broken(tmp_path: Path) -> None:
    for loader in (mimic_cxr, mimic_cxr_jpg, openi, xray_report_zh):
        with pytest.raises(NeedsFile):
            list(loader(tmp_path))
    assert card_of(mimic_cxr).gated and card_of(mimic_cxr_jpg).gated
    (tmp_path / "s1.txt").write_text("FINDINGS: x\n")
    with pytest.raises(BadFormat, match="pNNNNNNNN"):
        list(mimic_cxr(tmp_path))
    place = tmp_path / "p1"
    place.mkdir()
    (tmp_path / "s1.txt").unlink()
    (place / "s1.txt").write_bytes(b"FINDINGS: \xff\n")
    with pytest.raises(BadFormat, match="UTF-8"):
        list(mimic_cxr(tmp_path))


def test_notes_lose_what_would_identify() -> None:
    said = (
        "[**Known lastname 12**] of [**Hospital1 18**] on [**2101-10-20**], [**Telephone/Fax (1) 9**], ___ years; "
        "seen by Dr. Example, call 617-555-0100 or a.b@example.org; [**Age over 90 **] [**Month (only) 3**]"
    )
    assert deidentified(said) == (
        "[name] of [place] on [date], [number], ___ years; seen by Dr. [name], call [number] or [contact]; [age] [date]"
    )
