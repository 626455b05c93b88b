"""MultiMedBench and its sets of pictures, molecules and proteins: official tables, classes, licences, broken rows."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from probatum.datasets.cbis_ddsm import cbis_ddsm
from probatum.datasets.chebi_20 import chebi_20
from probatum.datasets.multimedbench import MEMBERS, multimedbench
from probatum.datasets.pad_ufes_20 import pad_ufes_20
from probatum.datasets.uniprotqa import uniprotqa
from probatum.errors import BadFormat, NeedsFile
from probatum.naming import card_of


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_lesions_of_the_skin(tiny: Path) -> None:
    first, second, third = pad_ufes_20(tiny / "datasets/pad_ufes_20")
    assert [each.answer.choice for each in (first, second, third)] == ["NEV", "BCC", "ACK"]
    assert len(second.question.options) == 6 and second.groups == ("patient:PAT_9002", "lesion:PAT_9002:2")
    assert second.question.media[0].sha256 == sha("own skin image") and "itch: True" in second.question.context
    assert first.labels == (("biopsied", "no"),) and "skin_cancer_history: UNK" not in third.question.context


def test_mammograms(tiny: Path) -> None:
    oval, first, second = cbis_ddsm(tiny / "datasets/cbis_ddsm")
    assert [each.answer.choice for each in (oval, first, second)] == [
        "BENIGN_WITHOUT_CALLBACK",
        "MALIGNANT",
        "MALIGNANT",
    ]
    assert dict(oval.labels) == {"assessment": "3", "density": "2", "split": "test", "view": "RIGHT CC"}
    assert first.question.media[0].sha256 == sha("own mammogram") and first.groups == second.groups
    assert dict(first.answer.fields) == {"mass shape": "IRREGULAR", "mass margins": "SPICULATED"}
    (calcification,) = cbis_ddsm(tiny / "datasets/cbis_ddsm", "calcification")
    assert calcification.id == "calcification:P_90003:RIGHT_CC:1" and dict(calcification.labels)["density"] == "3"


def test_molecules_and_proteins(tiny: Path, tmp_path: Path) -> None:
    water, acid, alcohol = chebi_20(tiny / "datasets/chebi_20")
    assert (acid.question.context, acid.groups) == (("CC(=O)O",), ("PUBCHEM.COMPOUND:176",))
    assert water.labels == (("split", "test"),) and alcohol.answer.text.endswith("burns.")
    family, function, place = uniprotqa(tiny / "datasets/uniprotqa")
    assert function.question.context == ("P90001: MKTAYIAK",) and len(place.groups) == 2
    assert dict(family.labels) == {"source": "protein family", "split": "test"}
    shutil.copy(tiny / "datasets/uniprotqa/test.json", tmp_path)
    (alone,) = uniprotqa(tmp_path)
    assert alone.question.context == ("P90002",)


def test_the_suite_reads_who_is_there_and_lists_every_licence(tiny: Path, tmp_path: Path) -> None:
    found = list(multimedbench(tiny / "datasets/multimedbench"))
    members = [dict(each.labels)["member"] for each in found]
    assert {name: members.count(name) for name in members} == {
        "cbis_ddsm_mass": 3, "mimic_cxr": 3, "mimic_iii": 1, "pad_ufes_20": 3, "vqa_rad": 3,
    }  # fmt: skip
    assert len({each.id for each in found}) == len(found) and card_of(multimedbench).gated
    (summed,) = multimedbench(tiny / "datasets/multimedbench", "mimic_iii")
    assert summed.answer.text == "Cardiomegaly." and dict(summed.labels)["task"] == "report summarisation"
    states = {each.id: dict(each.answer.fields) for each in multimedbench(tiny / "datasets/multimedbench", "licences")}
    assert list(states) == list(MEMBERS) and all(each["licence"] and each["where"] for each in states.values())
    assert states["mimic_cxr"]["access"] == "gated" and states["pad_ufes_20"]["access"] == "open"
    told = {name: each["state"] for name, each in states.items()}
    assert (told["vqa_rad"], told["slake"], told["vindr_mammo"]) == ("there", "not there", "nothing here reads it")
    with pytest.raises(NeedsFile, match="medqa"):
        list(multimedbench(tmp_path))


PAD = "patient_id,lesion_id,smoke,drink,background_father,background_mother,age,pesticide,gender,skin_cancer_history,"
PAD += "cancer_history,has_piped_water,has_sewage_system,fitspatrick,region,diameter_1,diameter_2,diagnostic,itch,grew,"
PAD += "hurt,changed,bleed,elevation,img_id,biopsed\n"
MASS = "patient_id,breast_density,left or right breast,image view,abnormality id,mass shape,mass margins,pathology,"
MASS += "image file path\n"


@pytest.mark.parametrize(
    ("loader", "name", "text"),
    [
        (pad_ufes_20, "metadata.csv", PAD + "P,1" + "," * 15 + ",XXX" + "," * 7 + "a.png,\n"),
        (pad_ufes_20, "metadata.csv", PAD + "P,1" + "," * 15 + ",MEL" + "," * 7 + "../a.png,\n"),
        (pad_ufes_20, "metadata.csv", "patient_id\nP\n"),
        (cbis_ddsm, "mass_case_description_train_set.csv", MASS + "P_1,3,LEFT,CC,1,OVAL,X,UNPROVEN,a.dcm\n"),
        (cbis_ddsm, "mass_case_description_train_set.csv", MASS + "P_1,3,LEFT,CC,1,OVAL,X,BENIGN,/a.dcm\n"),
        (chebi_20, "test.txt", "CID\tSMILES\tdescription\nx\tC\tA gas.\n"),
        (chebi_20, "test.txt", "CID\tSMILES\tdescription\n1\tC\n"),
        (chebi_20, "test.txt", "CID\tdescription\n1\tC\n"),
        (uniprotqa, "test.json", json.dumps([{"protein_accession": [], "question": "q", "answer": "a"}])),
        (uniprotqa, "test.json", json.dumps([{"protein_accession": [1], "question": "q", "answer": "a"}])),
        (uniprotqa, "test.json", json.dumps([{"protein_accession": "P1", "question": "q"}])),
    ],
)
def test_what_is_broken(loader: Any, name: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(loader(tmp_path))
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadFormat, match=name.replace(".", r"\.")):
        list(loader(tmp_path))


def test_sequences_are_an_object(tiny: Path, tmp_path: Path) -> None:
    shutil.copy(tiny / "datasets/uniprotqa/test.json", tmp_path)
    (tmp_path / "sequences.json").write_text("[]")
    with pytest.raises(BadFormat, match=r"sequences\.json"):
        list(uniprotqa(tmp_path))
