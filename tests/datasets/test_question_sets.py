"""Sets of open and grounded questions: pinned records of every layout, what is broken, the real visits."""

from __future__ import annotations

import json
import shutil
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


def test_the_suite_reads_each_member_there_is(tiny: Path, tmp_path: Path) -> None:
    found = read("multimedqa", tiny / "datasets/multimedqa")
    members = [dict(each.labels)["member"] for each in found]
    assert {name: members.count(name) for name in members} == {"medqa": 3, "mmlu": 1, "liveqa": 3, "healthsearchqa": 3}
    assert len({each.id for each in found}) == 10 and found[0].id == "medqa/us:train:1"
    assert len(read("multimedqa", tiny / "datasets/multimedqa", "mmlu")) == 1
    with pytest.raises(NeedsFile, match="medmcqa"):
        read("multimedqa", tmp_path)


def test_cmedqa2_grades_its_candidates(tiny: Path, tmp_path: Path) -> None:
    folder = tiny / "datasets/cmedqa2"
    found = read("cmedqa2", folder)
    assert [(each.id, [one.score for one in each.answer.candidates]) for each in found] == [
        ("101", [0.0, 1.0, 1.0]),
        ("102", [1.0, 0.0]),
        ("103", [1.0]),
    ]
    assert found[0].answer.text == "多喝虚构水。"
    train = read("cmedqa2", folder, "train")
    assert [(each.id, each.score) for each in train[0].answer.candidates] == [("1", 1.0), ("3", 0.0), ("4", 0.0)]
    for name in ("question", "answer"):  # as the release packs them
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.write(folder / f"{name}.csv", f"{name}.csv")
    shutil.copy(folder / "test_candidates.txt", tmp_path)
    assert read("cmedqa2", tmp_path) == found
    (tmp_path / "test_candidates.txt").write_text("question_id,ans_id,cnt,label\n101,9,0,1\n")
    with pytest.raises(BadFormat, match=r"test_candidates\.txt:2: there is no answer '9'"):
        read("cmedqa2", tmp_path)


def test_rjua_qa_keeps_its_evidence_and_its_findings(tiny: Path) -> None:
    found = read("rjua_qa", tiny / "datasets/rjua_qa.jsonl")
    assert found[1].answer.fields == (
        ("advice", "休息"),
        ("advice", "复查"),
        ("disease", "虚构症"),
        ("disease", "样本症"),
    )
    assert found[0].question.context == ("虚构指南：唱歌者宜休息。",) and found[0].id == "rjua_qa:1"


def test_ehrnoteqa_is_gated_and_keeps_patients_together(tiny: Path) -> None:
    found = read("ehrnoteqa", tiny / "datasets/ehrnoteqa.jsonl")
    assert card_of(find("datasets", "ehrnoteqa")).gated and [each.answer.choice for each in found] == ["B"] * 3
    assert found[1].groups == found[2].groups != found[0].groups and len(found[0].question.context) == 1


def test_tcm_ed_of_three_kinds(tiny: Path) -> None:
    found = {each.id: each for each in read("tcm_ed", tiny / "datasets/tcm_ed")}
    assert {id: each.answer.choice for id, each in found.items()} == {
        "CVR:7:1": "B",
        "CVR:7:2": "E",
        "FKU:1": "C",
        "KHC:3:1": "D",
    }
    assert found["CVR:7:2"].question.context == ("虚构病人，数苹果后头晕。",)
    assert found["CVR:7:2"].groups == ("CVR:7",) and found["CVR:7:1"].question.text == "其辨证是（  ）。"
    assert dict(found["KHC:3:1"].question.options)["D"] == "丁汤" and not found["KHC:3:1"].question.context
    assert found["FKU:1"].answer.text == "图上在头。"


def test_aci_bench_turns_and_metadata(tiny: Path) -> None:
    found = read("aci_bench", tiny / "datasets/aci_bench")
    assert [role for role, _ in found[0].question.turns] == ["doctor", "patient", "doctor"]
    assert found[0].question.turns[1][1] == "hi . my sample hurts\nsince noon ."
    assert dict(found[0].labels)["complaint"] == "sample pain" and "complaint" not in dict(found[1].labels)


@pytest.mark.shared
def test_the_real_visits_of_aci_bench(shared: Path) -> None:
    train, valid = (read("aci_bench", shared / "aci-bench/challenge_data", part) for part in ("train", "valid"))
    assert (len(train), sum(len(each.question.turns) for each in train)) == (67, 3735)
    assert (len(valid), sum(len(each.question.turns) for each in valid)) == (20, 1051)
    both = json.loads((shared / "aci-bench/challenge_data_json/train.json").read_text(encoding="utf-8"))["data"]
    assert [each.answer.text.split() for each in train] == [each["tgt"].split() for each in both]
