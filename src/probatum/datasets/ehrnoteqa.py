"""EHRNoteQA: questions about a patient's discharge summaries, with five options."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._exam import item
from probatum.datasets._files import files, sound, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import json_lines
from probatum.naming import card
from probatum.types import Example, Origin, Question

OFFICIAL = "https://physionet.org/content/ehr-notes-qa-llms/"


@card(
    "EHRNoteQA",
    survey="ehrnoteqa",
    reference="https://arxiv.org/abs/2402.16040",
    licence="PhysioNet Credentialed Health Data License",
    languages=("en",),
    where=OFFICIAL,
    terms="PhysioNet credentials, training and a signed agreement.",
    gated=True,
)
def ehrnoteqa(path: Path) -> Iterator[Example]:
    """The questions patient by patient, the discharge summaries as context where they have been put in.

    `path` is EHRNoteQA.jsonl (patient_id, category, num_notes, question, choice_A to choice_E, answer), or the file
    that the repository's preprocessing makes of it with MIMIC-IV (note_1 to note_3), or a folder of one of these. A
    patient is a group. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "EHRNoteQA*.jsonl", "ehrnoteqa*.jsonl", official=OFFICIAL):
        for line, row in sound(json_lines(file), file):
            where = f"{file}:{line}"
            patient = row.get("patient_id")
            if isinstance(patient, bool) or not isinstance(patient, int | str) or patient == "":
                raise BadFormat("a patient_id was expected", where=where)
            notes = tuple(filter(None, (text(row, f"note_{n}", where, needed=False) for n in (1, 2, 3))))
            options = tuple((letter, text(row, f"choice_{letter}", where)) for letter in "ABCDE")
            asked = Question(text(row, "question", where), options, notes, language="en")
            labels = {"category": text(row, "category", where, needed=False), "notes": str(row.get("num_notes", ""))}
            id = f"{file.stem}:{line}"
            yield item(
                id, asked, text(row, "answer", where), where, origin=Origin("ehrnoteqa", file.stem, id),
                labels=labels, groups=(f"patient:{patient}",),
            )  # fmt: skip
