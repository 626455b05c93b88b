"""MIMIC-III, MIMIC-IV and its notes: official headers become timelines of patients; no name, no date stays."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path

import pytest

from probatum.datasets.mimic_iii import mimic_iii
from probatum.datasets.mimic_iv import mimic_iv
from probatum.datasets.mimic_iv_note import mimic_iv_note
from probatum.errors import BadFormat, NeedsFile
from probatum.naming import card_of
from probatum.types import Observation, Patient


def patient(example: object) -> Patient:
    found = getattr(getattr(example, "question", None), "patient", None)
    assert isinstance(found, Patient)
    return found


def test_a_timeline_of_mimic_iii(tiny: Path) -> None:
    first, second, third = mimic_iii(tiny / "datasets/mimic_iii")
    person = patient(first)
    assert (person.age, person.sex) == ("P51Y9M", "female") and first.groups == ("patient:mimic_iii:11",)
    assert [(each.kind, each.onset) for each in person.observations] == [
        ("admission", "P50Y2M"), ("condition", "P50Y2M"), ("laboratory", "P50Y2M"), ("medication", "P50Y2M"),
        ("laboratory", "P50Y9M"), ("admission", "P51Y9M"), ("procedure", "P51Y9M"),
    ]  # fmt: skip
    assert person.observations[1] == Observation(
        "condition", "ICD9CM:428.0", text="Congestive heart failure, unspecified", onset="P50Y2M"
    )
    assert person.observations[2].concept == "LNC:2823-3" and person.observations[3].dose == "20 mg PO"
    assert first.answer.fields == (("died_in_hospital", "no"), ("stays", "2"))
    assert patient(second).age == "P90Y" and dict(second.answer.fields)["died_in_hospital"] == "yes"
    assert patient(second).observations[2].concept == "ICD9CM:E885.9" and patient(third).age == "P0Y"
    assert not re.search(r"\d{4}-\d\d?-\d\d?|lastname|617-555", repr((first, second, third)))
    assert person.notes[1] == "Synthetic. [name] was seen at [place] on [date].\nCall [number]."


def test_notes_and_summaries_of_mimic_iii(tiny: Path) -> None:
    assert [each.id for each in mimic_iii(tiny / "datasets/mimic_iii", "notes")] == ["note:1", "note:2", "note:4"]
    (summed,) = mimic_iii(tiny / "datasets/mimic_iii", "impression")
    assert (summed.question.context, summed.answer.text) == (("The heart is large.",), "Cardiomegaly.")


def test_a_timeline_of_mimic_iv_with_notes_beside_it(tiny: Path, tmp_path: Path) -> None:
    first, second, third = mimic_iv(tiny / "datasets/mimic_iv")
    assert (patient(first).age, patient(second).age, patient(third).age) == ("P52Y", "P91Y", "P31Y")
    told = {(each.kind, each.concept, each.value) for each in patient(first).observations}
    assert {("condition", "ICD10CM:E11.9", ""), ("condition", "ICD9CM:401.9", ""), ("laboratory", "", "180")} <= told
    assert ("medication", "NDC:00093104801", "") in told
    folder = shutil.copytree(tiny / "datasets/mimic_iv", tmp_path / "set")
    shutil.copytree(tiny / "datasets/mimic_iv_note/note", folder / "note")
    for file in [*folder.rglob("*.csv")]:  # as they are handed out
        file.with_suffix(".csv.gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
    noted = next(mimic_iv(folder))
    assert patient(noted).observations == patient(first).observations
    assert patient(noted).notes[1] == "Name: ___\nSynthetic summary; Dr. [name] wrote it."


def test_notes_of_mimic_iv(tiny: Path) -> None:
    folder = tiny / "datasets/mimic_iv_note"
    assert [len(patient(each).notes) for each in mimic_iv_note(folder)] == [2, 1, 2]
    documents = list(mimic_iv_note(folder, "discharge"))
    assert [each.id for each in documents] == ["10000011-DS-1", "10000012-DS-1"] and "[name]" in documents[
        0
    ].answer.text
    assert [each.answer.text for each in mimic_iv_note(folder, "impression")] == ["Normal.", "Follow up.", "Resolved."]
    assert documents[0].groups == ("patient:10000011",) == next(mimic_iv(tiny / "datasets/mimic_iv")).groups
    assert len(list(mimic_iv_note(folder, "radiology"))) == 3


def test_what_is_not_there_or_broken(tiny: Path, tmp_path: Path) -> None:
    for loader in (mimic_iii, mimic_iv, mimic_iv_note):
        assert card_of(loader).gated
        with pytest.raises(NeedsFile, match=r"physionet\.org"):
            list(loader(tmp_path))
    folder = shutil.copytree(tiny / "datasets/mimic_iii", tmp_path / "set")
    table = folder / "ADMISSIONS.csv"
    sound = table.read_text()
    for was, now, said in (
        ("HADM_ID", "HADM", r"ADMISSIONS\.csv:1"), ("2150-06-01 08:00:00", "June 1st", r"ADMISSIONS\.csv:2"),
        ("3,12,103", "3,x,103", "subject_id"), ("4,13,104", "4,99,104", "lacks 99"), ("4,13,104", '4,"13,104', "CSV"),
    ):  # fmt: skip
        table.write_text(sound.replace(was, now))
        with pytest.raises(BadFormat, match=said):
            list(mimic_iii(folder))
    table.write_text(sound)
    people = (folder / "PATIENTS.csv").read_text()
    (folder / "PATIENTS.csv").write_text(people.replace('"F"', '"X"'))
    with pytest.raises(BadFormat, match=r"PATIENTS\.csv:2"):
        list(mimic_iii(folder))
    (tmp_path / "patients.csv").write_text("subject_id,gender,anchor_age,anchor_year\n1,F,x,2100\n")
    shutil.copy(tiny / "datasets/mimic_iv/hosp/admissions.csv", tmp_path)
    with pytest.raises(BadFormat, match="anchor"):
        list(mimic_iv(tmp_path))
