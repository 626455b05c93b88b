"""Stand-ins for data sets that nobody can get: made-up files in their documented layout, marked synthetic."""

from __future__ import annotations

import csv
import io
import json
import random
import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from probatum.errors import UnknownName

# a made-up complaint, what it is called, a drug with its strength; Chinese beside English
_CASES = (
    ("a cough", "bronchitis", "drugamol", "5 mg", "咳嗽", "支气管炎"),
    ("a rash", "dermatitis", "fictazole", "20 mg", "皮疹", "皮炎"),
    ("a headache", "migraine", "samplidine", "10 mg", "头痛", "偏头痛"),
    ("back pain", "lumbar strain", "nullopril", "40 mg", "腰痛", "腰肌劳损"),
    ("a sore throat", "pharyngitis", "mockacillin", "250 mg", "咽痛", "咽炎"),
)
_PLACES = ("Cardiology", "Dermatology", "Emergency", "Neurology", "Primary care")
_FRAGMENTS = ("C", "CC", "C(=O)O", "c1ccccc1", "N", "CO", "C(F)(F)F", "[nH]1cccc1")
Files = Mapping[str, bytes]


def names() -> tuple[str, ...]:
    """The data sets for which a stand-in can be made, sorted."""
    return tuple(sorted(_MAKERS))


def synthetic(name: str, folder: Path, *, count: int = 20, seed: int = 0) -> tuple[Path, ...]:
    """The files written into `folder` (made where it lacks): `count` records of each part of the data set.

    Equal seeds give equal bytes. Every file is called synthetic..., every text says so, and the loaders pass it on as
    the release of each record: nothing made here can be counted as real. Raises `UnknownName` for another data set.
    """
    if name not in _MAKERS:
        raise UnknownName(f"no stand-in for {name!r}", mend=f"there are: {', '.join(names())}")
    made = _MAKERS[name](random.Random(f"{name}:{seed}"), count)  # noqa: S311 - drawn, not secret
    for at, content in made.items():
        (folder / at).parent.mkdir(parents=True, exist_ok=True)
        (folder / at).write_bytes(content)
    return tuple(folder / at for at in made)


def _lines(rows: list[dict[str, Any]]) -> bytes:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()


def _table(columns: list[str], rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([columns, *rows])
    return out.getvalue().encode()


def _note(chance: random.Random) -> tuple[str, tuple[str, ...]]:
    case = chance.choice(_CASES)
    days = chance.randint(1, 30)
    return f"Synthetic note. A made-up patient with {case[0]} for {days} days. {case[2]} {case[3]} was given.", case


def _uf_ehrs(chance: random.Random, count: int) -> Files:
    rows = [
        {
            "note_id": f"synthetic-{number}", "patient_id": f"synthetic-patient-{number // 2}",
            "department": chance.choice(_PLACES), "note_type": "progress note",
            "date": f"20{chance.randint(11, 21)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}",
            "text": _note(chance)[0],
        }
        for number in range(1, count + 1)
    ]  # fmt: skip
    return {"synthetic_notes.jsonl": _lines(rows)}


def _mtb(chance: random.Random, count: int) -> Files:
    rows = []
    for number in range(1, count + 1):
        what = chance.choice(_CASES)[1]
        pieces = [f"Synthetic page on {what}.", {"image": "synthetic_grey.png"}, f"The synthetic figure shows {what}."]
        rows.append({"book": f"Synthetic book {1 + number // 10}", "segment": number, "pieces": pieces})
    return {"synthetic_segments.jsonl": _lines(rows), "images/synthetic_grey.png": _grey()}


def _grey() -> bytes:
    """A grey image of one pixel, as PNG."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0\x80")), (b"IEND", b""))
    packed = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def _dialogue(chance: random.Random) -> tuple[list[list[str]], str, str]:
    *_, complaint, called = chance.choice(_CASES)
    before = [[f"（合成）我{complaint}{chance.randint(1, 30)}天了。", "（合成）还有别的不舒服吗？"]]
    return before, "（合成）没有了，是什么问题？", f"（合成）可能是{called}，请就诊。"


def _pulse_sft(chance: random.Random, count: int) -> Files:
    rows = []
    for number in range(count):
        before, asked, answer = _dialogue(chance)
        kind = ("QA", "MT", "T2T")[number % 3]
        row = {"type": kind, "question": asked, "reference_answer": answer}
        rows.append(row | {"history": before} if kind == "MT" else row)
    return {"synthetic_instructions.jsonl": _lines(rows)}


def _sunsimiao_data(chance: random.Random, count: int) -> Files:
    rows = []
    for number in range(count):
        before, asked, answer = _dialogue(chance)
        rows.append({"instruction": asked, "input": "", "output": answer, "history": before if number % 2 else []})
    return {"synthetic_instructions.json": json.dumps(rows, ensure_ascii=False, indent=1).encode()}


def _pangu_drug_molecules(chance: random.Random, count: int) -> Files:
    made = ("".join(chance.choices(_FRAGMENTS, k=chance.randint(2, 6))) for _ in range(count))
    return {"synthetic_molecules.smi": "".join(f"{s} synthetic-{at}\n" for at, s in enumerate(made, 1)).encode()}


def _hospital_dx_gao(chance: random.Random, count: int) -> Files:
    rows = []
    for number in range(1, count + 1):
        note, case = _note(chance)
        other = chance.choice(_CASES)[1]
        summary = case[1] if other == case[1] else f"{case[1]}; {other}"
        rows.append([f"synthetic-{number}", f"Synthetic assessment: {case[0]}.", summary, note, "Synthetic: afebrile."])
    return {
        "synthetic_notes.csv": _table(
            ["File ID", "Assessment", "Summary", "Subjective Sections", "Objective Sections"], rows
        )
    }


def _clinical_calc_48(chance: random.Random, count: int) -> Files:
    rows = []
    for number in range(1, count + 1):
        low, high = chance.randint(50, 80), chance.randint(100, 160)
        wrong = number % 3 == 0
        value = round((2 * low + high) / 3, 1) + (10 if wrong else 0)
        query = f"Synthetic: the blood pressure is {high}/{low} mmHg. What is the mean arterial pressure?"
        verdict = ["Incorrect", "", "assignment-error"] if wrong else ["Correct", "", ""]
        rows.append(
            [f"synthetic-{number}", "Mean Arterial Pressure", *verdict, query, f"Synthetic answer: {value} mmHg."]
        )
    columns = "experiment_id Calculator response_correct open_ai_url errors_by_class query model_response".split()
    return {"synthetic_abacus_229.csv": _table(columns, rows)}


def _gatortron_5tasks(chance: random.Random, count: int) -> Files:
    made: dict[str, bytes] = {}
    alike, inferred, asked = [], [], []
    for number in range(1, count + 1):
        note, case = _note(chance)
        drug, dose = note.index(case[2]), note.index(case[3])
        marks = (
            f"T1\tDrug {drug} {drug + len(case[2])}\t{case[2]}\nT2\tStrength {dose} {dose + len(case[3])}\t{case[3]}\n"
            "R1\tStrength-Drug Arg1:T2 Arg2:T1\n"
        )
        made |= {f"concepts/synthetic_{number}.txt": note.encode(), f"concepts/synthetic_{number}.ann": marks.encode()}
        other = chance.choice(_CASES)
        same = other is case
        first, second = f"Synthetic: {case[0]}.", f"Synthetic: the patient has {other[0]}."
        alike.append(f"{first}\t{second}\t{4.5 if same else 1}\n")
        label = "entailment" if same else "neutral"
        inferred.append({"pairID": str(number), "sentence1": first, "sentence2": second, "gold_label": label})
        answers = [{"text": case[2], "answer_start": drug}]
        qas = [{"id": str(number), "question": "Which synthetic drug was given?", "answers": answers}]
        asked.append({"context": note, "qas": qas})
    emr = {"data": [{"title": "synthetic", "paragraphs": asked}]}
    return made | {
        "synthetic_similarity.tsv": "".join(alike).encode(),
        "synthetic_nli.jsonl": _lines(inferred),
        "synthetic_qa.json": json.dumps(emr, indent=1).encode(),
    }


def _cmedqa_kg(chance: random.Random, count: int) -> Files:
    rows = []
    for number in range(1, count + 1):
        *_, complaint, called = chance.choice(_CASES)
        name = f"合成{called}{number}"
        triple = {"subject": name, "predicate": "症状", "object": complaint}
        rows.append({"question": f"{name}有什么症状？", "answer": f"（合成）{name}的症状是{complaint}。", **triple})
    return {"synthetic_questions.jsonl": _lines(rows)}


def _md_ehr(chance: random.Random, count: int) -> Files:
    rows = []
    for number in range(1, count + 1):
        *_, complaint, called = chance.choice(_CASES)
        illness = f"（合成）患者{chance.randint(1, 30)}天前出现{complaint}。"
        told = {"chief_complaint": f"（合成）{complaint}", "present_illness": illness, "diagnosis": f"合成{called}"}
        rows.append({"record_id": f"synthetic-{number}", "department": "合成科", **told})
    return {"synthetic_records.jsonl": _lines(rows)}


def _dialogsumm(chance: random.Random, count: int) -> Files:
    rows = []
    for _ in range(count):
        *_, complaint, called = chance.choice(_CASES)
        days = chance.randint(1, 30)
        said = f"患者：（合成）我{complaint}{days}天了。\n医生：（合成）考虑{called}。"
        note = f"主诉：（合成）{complaint}{days}天\n现病史：{complaint}\n既往史：无"
        rows.append({"type": "DialogSumm", "question": f"合成任务：请写病历。\n{said}", "reference_answer": note})
    return {"synthetic_dialogues.jsonl": _lines(rows)}


_MAKERS: dict[str, Callable[[random.Random, int], Files]] = {
    "cmedqa_kg": _cmedqa_kg,
    "dialogsumm": _dialogsumm,
    "md_ehr": _md_ehr,
    "clinical_calc_48": _clinical_calc_48,
    "gatortron_5tasks": _gatortron_5tasks,
    "hospital_dx_gao": _hospital_dx_gao,
    "mtb": _mtb,
    "pangu_drug_molecules": _pangu_drug_molecules,
    "pulse_sft": _pulse_sft,
    "sunsimiao_data": _sunsimiao_data,
    "uf_ehrs": _uf_ehrs,
}
