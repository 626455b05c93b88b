"""MD-EHR: records of hospitals from which ClinicalGPT learned to diagnose: not obtainable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._closed import TERMS, origin_of
from probatum.datasets._deidentified import deidentified
from probatum.datasets._files import files, sound, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Question

OFFICIAL = "https://arxiv.org/abs/2306.09968"
SECTIONS = ("chief_complaint", "present_illness", "past_history", "physical_examination", "auxiliary_examination")
_SEVERAL = re.compile(r"[;；\n]|(?<!\d)[、，](?!\d)")
_ASKED = "诊断是什么？"


@card(
    "MD-EHR, records with their diagnoses (not obtainable)",
    survey="md_ehr",
    reference="doi:10.48550/arXiv.2306.09968",
    licence="none: patients' records, not handed out",
    languages=("zh",),
    where=OFFICIAL,
    terms=TERMS,
    gated=True,
)
def md_ehr(path: Path) -> Iterator[Example]:
    """The records in the order of the files: their sections are context, gold text and candidates the diagnoses.

    The hospitals' layout is not published. `path` is a file of objects, an array or one a line (record_id, department,
    diagnosis, and of chief_complaint, present_illness, past_history, physical_examination and auxiliary_examination
    those that are there), or a folder of them. What identifies a person is taken out. Label: department. Raises
    `NeedsFile`, and `BadFormat` for a record without a section or a diagnosis.
    """
    for file in files(path, "*.json", "*.jsonl", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where = f"{file}:{line}"
            told = [(name, text(row, name, where, needed=False)) for name in SECTIONS]
            context = tuple(f"{name.replace('_', ' ')}: {deidentified(said)}" for name, said in told if said)
            listed = [each for part in _SEVERAL.split(text(row, "diagnosis", where)) if (each := part.strip())]
            if not context or not listed:
                raise BadFormat("a section and a diagnosis were expected", where=where)
            id = text(row, "record_id", where)
            gold = Answer("；".join(listed), candidates=tuple(Candidate(each, each, 1.0) for each in listed))
            department = text(row, "department", where, needed=False)
            labels = (("department", department),) if department else ()
            asked = Question(_ASKED, context=context, language="zh")
            origin = origin_of("md_ehr", file, id)
            yield Example(id, asked, gold, (f"record:{id}",), labels=labels, origin=origin)
