"""Sets that nobody can get: records pinned, parts, and what is broken or hostile refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from probatum.datasets.clinical_calc_48 import clinical_calc_48
from probatum.datasets.gatortron_5tasks import gatortron_5tasks
from probatum.datasets.hospital_dx_gao import hospital_dx_gao
from probatum.datasets.mtb import mtb
from probatum.datasets.pangu_drug_molecules import pangu_drug_molecules
from probatum.datasets.pulse_sft import pulse_sft
from probatum.datasets.sunsimiao_data import sunsimiao_data
from probatum.datasets.uf_ehrs import uf_ehrs
from probatum.errors import BadFormat, NeedsFile, UnknownName
from probatum.formats.brat import standoff
from probatum.preparing.synthetic import synthetic
from probatum.types import Mention, Relation

NOTE = {"note_id": "n1", "patient_id": "p1", "department": "D", "note_type": "t", "date": "2015-02-03", "text": "Well."}


def test_notes_of_a_hospital(tmp_path: Path) -> None:
    rows = [
        NOTE,
        {**NOTE, "note_id": "n2", "text": "Call 555-010-4477."},
        {**NOTE, "note_id": "n3", "patient_id": "p2"},
    ]
    (tmp_path / "notes.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = list(uf_ehrs(tmp_path))
    assert [(each.id, each.groups) for each in found] == [
        ("n1", ("patient:p1",)), ("n2", ("patient:p1",)), ("n3", ("patient:p2",)),
    ]  # fmt: skip
    assert found[0].labels == (("department", "D"), ("kind", "t"), ("year", "2015")) and found[0].answer.text == "Well."
    assert "4477" not in found[1].answer.text
    assert found[0].origin and (found[0].origin.release, found[0].origin.reliability) == ("notes", "curated")


def test_books_keep_their_figures_in_place(tiny: Path) -> None:
    found = list(mtb(tiny / "datasets/mtb"))
    assert [each.id for each in found] == ["Synthetic book 1:1", "Synthetic book 1:2", "Synthetic book 1:3"]
    assert all(each.answer.text.split("\n")[1] == "<image>" for each in found)
    (image,) = found[0].question.media
    assert image.kind == "image/png" and len(image.sha256) == 64 and image.origin
    assert (image.origin.release, image.origin.at) == ("synthetic", "images/synthetic_grey.png")


def test_dialogues_of_pulse_and_sunsimiao(tiny: Path) -> None:
    pulse = list(pulse_sft(tiny / "datasets/pulse_sft"))
    assert [dict(each.labels)["kind"] for each in pulse] == ["QA", "MT", "T2T"]
    assert [len(each.question.turns) for each in pulse] == [0, 2, 0]
    sunsimiao = list(sunsimiao_data(tiny / "datasets/sunsimiao_data"))
    assert [each.labels for each in sunsimiao] == [(("turns", told),) for told in ("single", "multi", "single")]
    assert sunsimiao[1].question.turns[0][0] == "patient" and sunsimiao[1].question.turns[1][0] == "doctor"


def test_molecules_and_diagnoses(tmp_path: Path, tiny: Path) -> None:
    (tmp_path / "own.smi").write_text("CC(=O)Oc1ccccc1C(=O)O aspirin\n\nC[C@H](N)C(=O)O\tL-alanine\nO water\n")
    found = list(pangu_drug_molecules(tmp_path))
    assert [(each.id, each.answer.text) for each in found] == [
        ("aspirin", "CC(=O)Oc1ccccc1C(=O)O"), ("L-alanine", "C[C@H](N)C(=O)O"), ("water", "O"),
    ]  # fmt: skip
    first, *rest = hospital_dx_gao(tiny / "datasets/hospital_dx_gao")
    assert first.id == "synthetic-1" and first.question.context[2].startswith("Synthetic assessment") and len(rest) == 2
    assert [each.id for each in first.answer.candidates] == first.answer.text.split("; ")
    head = "File ID,Assessment,Summary,Subjective Sections,Objective Sections\n"
    (tmp_path / "BioNLP2023-1A-Train.csv").write_text(f"{head}1.txt,Own cough.,,s,o\n2.txt,Own cough.,cough,s,o\n")
    assert [each.id for each in hospital_dx_gao(tmp_path)] == ["2.txt"]  # a note without a list of problems is none


def test_calculations_with_and_without_an_answer(tmp_path: Path) -> None:
    head = "experiment_id,Calculator,response_correct,open_ai_url,errors_by_class,query,model_response\n"
    rows = 'map-1,MAP ,Correct,no,,"You\n\nWhat is it?",93\nmap-2,MAP,Incorrect,no,"a, b",And now?,7\n'
    rows += "map-3,MAP,Correct,no,,,\n"
    (tmp_path / "abacus229.csv").write_text(head + rows)
    right, wrong = clinical_calc_48(tmp_path)
    assert (right.question.text, right.answer.text, right.rejected) == ("What is it?", "93", ())
    assert not wrong.answer.text and wrong.rejected[0].text == "7" and dict(wrong.labels)["errors"] == "a, b"
    assert right.groups == wrong.groups == ("task:MAP",)
    (tmp_path / "abacus229.csv").write_text(head + "map-1,MAP,Perhaps,no,,a,b\n")
    with pytest.raises(BadFormat, match=r"abacus229\.csv:2: an id and Correct"):
        list(clinical_calc_48(tmp_path))


def test_the_five_tasks(tiny: Path, tmp_path: Path) -> None:
    folder = tiny / "datasets/gatortron_5tasks"
    for example in gatortron_5tasks(folder, "relations"):
        drug, strength, link = example.answer.found
        assert isinstance(drug, Mention) and isinstance(strength, Mention) and isinstance(link, Relation)
        assert (drug.kind, strength.kind) == ("Drug", "Strength") and drug.end < strength.start
        assert (link.subject, link.predicate, link.object) == (strength.concept, "Strength-Drug", drug.concept)
        assert example.question.context[0][drug.start : drug.end] == drug.text
    concepts = list(gatortron_5tasks(folder))
    assert len(concepts) == 3 and all(isinstance(one, Mention) and not one.concept for one in concepts[0].answer.found)
    assert {dict(each.answer.fields)["score"] for each in gatortron_5tasks(folder, "similarity")} <= {"1", "4.5"}
    (tmp_path / "clinicalSTS.test.txt").write_text("own cough\town coughing\nown knee\town ear\n")
    (tmp_path / "clinicalSTS.test.gs.sim.txt").write_text("4.5\n0\n")
    apart = list(gatortron_5tasks(tmp_path, "similarity"))
    assert [(dict(each.answer.fields)["score"], each.labels) for each in apart] == [
        ("4.5", (("split", "test"),)), ("0", (("split", "test"),)),
    ]  # fmt: skip
    assert {each.answer.choice for each in gatortron_5tasks(folder, "inference")} <= {"entailment", "neutral"}
    for example in gatortron_5tasks(folder, "answers"):
        (place,) = example.answer.found
        assert (
            isinstance(place, Mention) and example.question.context[0][place.start : place.end] == example.answer.text
        )
    with pytest.raises(BadFormat, match="one of: concepts, relations"):
        list(gatortron_5tasks(folder, "other"))


def test_standoff_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Left é and\r\nright lung".encode())
    said = "T1\tSite 0 4;18 22\tLeft lung\nT2\tSite 12 17\tright\nE1\tX:T1\n#1\tNote T1\tx\nR1\tOf Arg1:T1 Arg2:T2\n"
    file = tmp_path / "a.ann"
    file.write_text(said, encoding="utf-8")
    found = standoff(file)
    assert found.mentions == {"T1": ("Site", 0, 22), "T2": ("Site", 12, 17)} and found.text[12:17] == "right"
    assert found.relations == (("R1", "Of", "T1", "T2"),)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("T1\tSite 0 99\tLeft", "does not stand at 0 to 99"),
        ("T1\tSite 0 4\tLift", "'Lift' does not stand"),
        ("T1\tSite 4 x\tLeft", "a span and its words"),
        ("T1\tSite 0 4", "a span and its words"),
        ("T1\tSite 0 4\tLeft\nT1\tSite 0 4\tLeft", r"a\.ann:2: a mention \(T\)"),
        ("T1\tSite 0 4\tLeft\nR1\tOf Arg1:T1 Arg2:T9", "T1 or T9 is no mention"),
        ("R1\t", "a kind, Arg1 and Arg2"),
        ("left", "a mention"),
    ],
)
def test_standoff_files_that_are_broken(tmp_path: Path, said: str, why: str) -> None:
    (tmp_path / "a.txt").write_text("Left lung")
    (tmp_path / "a.ann").write_text(said)
    with pytest.raises(BadFormat, match=why):
        standoff(tmp_path / "a.ann")
    (tmp_path / "a.txt").write_bytes(b"\xff")
    with pytest.raises(BadFormat, match="not UTF-8"):
        standoff(tmp_path / "a.ann")
    (tmp_path / "a.txt").unlink()
    with pytest.raises(NeedsFile, match=r"a\.txt"):
        standoff(tmp_path / "a.ann")


@pytest.mark.parametrize(
    ("name", "file", "said", "why"),
    [
        ("uf_ehrs", "a.jsonl", json.dumps({**NOTE, "date": "3/2/15"}), r"a\.jsonl:1: 'date'"),
        ("uf_ehrs", "a.jsonl", '{"note_id": "a"', "a.jsonl"),
        ("mtb", "a.jsonl", '{"book": "b", "segment": true, "pieces": []}', "'segment' must be a number"),
        ("mtb", "a.jsonl", '{"book": "b", "segment": 1, "pieces": ["only text"]}', "at least one image"),
        ("mtb", "a.jsonl", '{"book": "b", "segment": 1, "pieces": ["t", {"image": "../../etc/pw"}]}', "the folder"),
        ("mtb", "a.jsonl", '{"book": "b", "segment": 1, "pieces": ["<image>", {"image": "a.png"}]}', "or an image"),
        ("pulse_sft", "a.jsonl", '{"type": "MT", "question": "a", "reference_answer": "b"}', "MT with its history"),
        ("pulse_sft", "a.jsonl", '{"type": "MT", "question": "a", "reference_answer": "b", "history": [[]]}', "pairs"),
        ("sunsimiao_data", "a.json", '[{"instruction": "a", "output": 3}]', "'output' must be a text"),
        ("sunsimiao_data", "a.json", '[{"instruction": "a", "output": "b"}', "a.json"),
        ("pangu_drug_molecules", "a.smi", "CC(=O aspirin\n", "a.smi:1: a SMILES string"),
        ("pangu_drug_molecules", "a.smi", "C]C[ x\n", "a SMILES string"),
        ("pangu_drug_molecules", "a.smi", "C<script> x\n", "a SMILES string"),
        ("pangu_drug_molecules", "a.smi", "CC\n", "a SMILES string and a name"),
        ("hospital_dx_gao", "a.csv", "File ID,Assessment\n1,a\n", "the header must name once: Summary"),
        ("gatortron_5tasks", "a_similarity.tsv", "a\tb\t9\n", "from 0 to 5"),
        ("gatortron_5tasks", "a_similarity.tsv", "a\tb\n", "from 0 to 5"),
        ("gatortron_5tasks", "a_nli.jsonl", '{"sentence1": "a", "sentence2": "b", "gold_label": "-"}', "one of entail"),
        ("gatortron_5tasks", "a_qa.json", '{"data": [{"paragraphs": [{"context": "a", "qas": 3}]}]}', "and its qas"),
    ],
)  # fmt: skip
def test_what_is_broken_or_hostile_is_refused(tmp_path: Path, name: str, file: str, said: str, why: str) -> None:
    loader = {
        "uf_ehrs": uf_ehrs, "mtb": mtb, "pulse_sft": pulse_sft, "sunsimiao_data": sunsimiao_data,
        "pangu_drug_molecules": pangu_drug_molecules, "hospital_dx_gao": hospital_dx_gao,
    }  # fmt: skip
    (tmp_path / file).write_text(said)
    with pytest.raises(BadFormat, match=why):
        if name == "gatortron_5tasks":
            part = {"a_similarity.tsv": "similarity", "a_nli.jsonl": "inference", "a_qa.json": "answers"}[file]
            list(gatortron_5tasks(tmp_path, part))
        else:
            list(loader[name](tmp_path))
    with pytest.raises(NeedsFile):
        list(uf_ehrs(tmp_path / "none"))


def test_a_stand_in_for_another_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="no stand-in for 'pubmedqa'"):
        synthetic("pubmedqa", tmp_path)
