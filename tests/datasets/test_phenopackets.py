"""Published cases: the patient is the question, the disease the answer, and nothing leaks from one to the other."""

from __future__ import annotations

import json
import shutil
import tarfile
from dataclasses import astuple
from pathlib import Path

import pytest

from probatum.datasets.phenopackets import phenopackets
from probatum.errors import BadFormat, NeedsFile
from probatum.types import Candidate


def test_the_first_third_and_last_cases(tiny: Path) -> None:
    found = list(phenopackets(tiny / "datasets/phenopackets"))
    assert len(found) == 10
    assert found[0].id == "PMID_2000001_case_0"
    assert found[0].answer.candidates == (Candidate("OMIM:230800", "Gaucher disease, type I", 1.0),)
    assert found[0].groups == ("PMID:2000001",)
    patient = found[2].question.patient
    assert patient and (patient.sex, patient.age, len(patient.observations)) == ("", "", 3)
    assert [each.present for each in patient.observations] == [True, True, False]
    assert found[-1].id == "PMID_2000005_case_9"
    assert found[-1].groups == ("PMID:2000005", "PMID:2999999")
    assert found[-2].answer.candidates == (Candidate("OMIM:230800", "Gaucher disease, type I", 1.0),)


def test_nothing_of_the_answer_reaches_the_question(tiny: Path) -> None:
    for example in phenopackets(tiny / "datasets/phenopackets"):
        said = str(astuple(example.question))
        assert not any(secret in said for secret in ("OMIM", "PMID", "GBA1", "HGNC", "Gaucher"))


def test_an_archive_and_its_folder_give_the_same(tiny: Path, tmp_path: Path) -> None:
    expected = list(phenopackets(tiny / "datasets/phenopackets"))
    file = tmp_path / "phenopackets-json.tar.gz"
    with tarfile.open(file, "w:gz") as tar:
        for case in sorted((tiny / "datasets/phenopackets").iterdir(), reverse=True):
            tar.add(case, f"notebooks/GBA1/phenopackets/{case.name}")
    assert list(phenopackets(file)) == list(phenopackets(tmp_path)) == expected


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not JSON"),
        (b'{"id": "x", "phenotypicFeatures": [{"type": ', "not JSON"),
        (b"\xff\xfe{\0", "not UTF-8"),
        (b"[" * 5000, "nested more than"),
        (b'{"phenotypicFeatures": []}', "needs an id"),
        (b'{"id": "PMID_2000001_case_0"}', "a second case"),
    ],
)
def test_a_broken_case_names_its_file(tiny: Path, tmp_path: Path, data: bytes, said: str) -> None:
    shutil.copytree(tiny / "datasets/phenopackets", tmp_path / "cases")
    (tmp_path / "cases/a_bad.json").write_bytes(data)
    with pytest.raises(BadFormat, match=said) as refused:
        list(phenopackets(tmp_path / "cases"))
    assert ".json" in str(refused.value)


def test_a_hostile_archive_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "t.tar"
    with tarfile.open(file, "w") as tar:
        tar.addfile(tarfile.TarInfo("../../x.json"))
    with pytest.raises(BadFormat, match="leads out of the archive"):
        list(phenopackets(file))
    assert not list(tmp_path.parent.glob("x.json"))


def test_a_path_without_cases_is_refused_with_help(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NeedsFile, match="monarch-initiative/phenopacket-store"):
            list(phenopackets(path))


@pytest.mark.shared
@pytest.mark.slow
def test_all_the_cases(shared: Path) -> None:
    found = list(phenopackets(shared / "phenopackets"))
    assert len(found) == 8_404
    assert [example.id for example in found] == sorted(example.id for example in found)
    observed = [each for example in found if example.question.patient for each in example.question.patient.observations]
    assert (len(observed), sum(not each.present for each in observed)) == (181_425, 106_463)
    assert len({example.answer.candidates[0].id for example in found}) == 773
    assert all(len(example.answer.candidates) == 1 and example.groups for example in found)
    assert (
        json.dumps([found[0].id, found[-1].id])
        == '["PMID_10077612_Family_A_III_10", "PMID_9916936_second_cousin_IV_3"]'
    )
