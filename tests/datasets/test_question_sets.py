"""Sets of open and grounded questions: pinned records of every layout, what is broken, the real visits."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.naming import card_of, find
from probatum.types import Example

SETS = {
    "bioasq": "bioasq.json",
    "liveqa": "liveqa.xml",
    "medicationqa": "medicationqa.xlsx",
    "healthsearchqa": "healthsearchqa.csv",
    "rjua_qa": "rjua_qa.jsonl",
    "aci_bench": "aci_bench/train.csv",
    "ehrnoteqa": "ehrnoteqa.jsonl",
    "tcm_ed": "tcm_ed/FKU.json",
}

SOUND = {("healthsearchqa", "cut"), ("medicationqa", "zero")}


def read(name: str, path: Path, *given: Any, **settings: Any) -> list[Example]:
    return list(find("datasets", name)(path, *given, **settings))


@pytest.mark.parametrize("name", SETS)
def test_ids_are_unique_and_broken_files_say_where(name: str, tiny: Path, tmp_path: Path) -> None:
    sample = tiny / "datasets" / SETS[name]
    found = read(name, sample)
    assert len({each.id for each in found}) == len(found) > 0
    assert all(each.origin and each.origin.source == name and each.question.text for each in found)
    whole = sample.read_bytes()
    kinds = {"cut": whole[: len(whole) * 2 // 3], "zero": b"\0" + whole, "other": b"[[[["}
    # a table cut between two cells of its last column is whole; an archive may begin with what is not its own
    for broken in (kinds[kind] for kind in kinds if (name, kind) not in SOUND):
        file = tmp_path / sample.name
        file.write_bytes(broken)
        with pytest.raises(BadFormat, match=sample.stem):
            read(name, file)
    with pytest.raises(NeedsFile):
        read(name, tmp_path / "nothing")


def test_bioasq_by_kind(tiny: Path) -> None:
    yes, factoid, several, summary = read("bioasq", tiny / "datasets/bioasq.json")
    assert yes.answer.choice == "A" and yes.question.context == ("The sample gene lies there.",)
    assert yes.groups == ("http://www.ncbi.nlm.nih.gov/pubmed/90000001",)
    assert [each.name for each in factoid.answer.candidates] == ["samplin"]
    assert dict(factoid.answer.fields) == {"synonyms samplin": "SMPL"}
    assert [each.name for each in several.answer.candidates] == ["alpha disease", "beta disease"]
    assert summary.answer.text.startswith("A part") and summary.labels == (("type", "summary"),)


def test_liveqa_of_the_test_and_of_training(tiny: Path) -> None:
    found = read("liveqa", tiny / "datasets/liveqa.xml")
    assert [each.id for each in found] == ["TQ1", "Q1-S1", "Q1-S2"]
    assert [(each.id, each.name) for each in found[0].answer.candidates] == [
        ("TQ1_A1", "Sample ankles hum when wound up."),
        ("TQ1_A2", "They may be springs."),
    ]
    assert dict(found[0].labels)["paraphrase"] == "Why would an ankle hum?"
    assert found[1].groups == found[2].groups == ("Q1",) and dict(found[2].labels)["type"] == "SUSCEPTIBILITY"
    assert [each.id for each in found[2].answer.candidates] == ["Q1-S2-A1"]


def test_medicationqa_out_of_its_workbook(tiny: Path) -> None:
    found = read("medicationqa", tiny / "datasets/medicationqa.xlsx")
    assert [each.answer.text for each in found] == ["With a sample of water.", "It does not.", "An example."]
    assert found[0].groups == found[1].groups == ("drug:samplol",)
    assert "section" not in dict(found[1].labels) and found[1].origin.references == ("https://example.org/samplol",)


def test_a_workbook_that_unpacks_without_end_or_declares_entities(tmp_path: Path) -> None:
    entity = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    for sheet in (b" " * (65 << 20), entity.encode(), b"<x>"):
        file = tmp_path / "sheet.xlsx"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", sheet)
        with pytest.raises(BadFormat, match=r"sheet\.xlsx"):
            read("medicationqa", file)


def test_healthsearchqa_asks_each_once(tiny: Path) -> None:
    found = read("healthsearchqa", tiny / "datasets/healthsearchqa.csv")
    assert [each.id for each in found] == ["healthsearchqa:2", "healthsearchqa:3", "healthsearchqa:5"]
    assert not any(each.answer.text or each.answer.choice for each in found)


def test_ehrnoteqa_is_gated_and_keeps_patients_together(tiny: Path) -> None:
    found = read("ehrnoteqa", tiny / "datasets/ehrnoteqa.jsonl")
    assert card_of(find("datasets", "ehrnoteqa")).gated and [each.answer.choice for each in found] == ["B"] * 3
    assert found[1].groups == found[2].groups != found[0].groups and len(found[0].question.context) == 1
