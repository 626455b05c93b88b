"""The notes of the University of Florida's hospitals, on which GatorTron was trained: not obtainable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from probatum.datasets._closed import TERMS, origin_of
from probatum.datasets._deidentified import deidentified
from probatum.datasets._files import files, sound, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import json_lines
from probatum.naming import card
from probatum.types import Answer, Example, Question

OFFICIAL = "the Integrated Data Repository of UF Health (https://idr.ufhealth.org)"


@card(
    "Notes of UF Health (not obtainable)",
    survey="uf_ehrs",
    reference="doi:10.1038/s41746-022-00742-2",
    licence="none: patients' records, not handed out",
    languages=("en",),
    where=OFFICIAL,
    terms=TERMS,
    gated=True,
)
def uf_ehrs(path: Path) -> Iterator[Example]:
    """The notes as documents to train on, in the order of the files; what identifies a person is taken out.

    The repository's own layout is not published; this one holds for any hospital's notes. `path` is a file of objects,
    one a line (note_id, patient_id, department, note_type, date as YYYY-MM-DD, text), or a folder of them. The patient
    is a group; labels: department, kind, year. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.jsonl", "*.jsonl.gz", official=OFFICIAL):
        for line, row in sound(json_lines(file), file):
            where = f"{file}:{line}"
            id, patient = text(row, "note_id", where), text(row, "patient_id", where)
            try:
                written = date.fromisoformat(text(row, "date", where))
            except ValueError as error:
                raise BadFormat("'date' must be a day as YYYY-MM-DD", where=where) from error
            labels = (
                ("department", text(row, "department", where)),
                ("kind", text(row, "note_type", where)),
                ("year", str(written.year)),
            )
            body = deidentified(text(row, "text", where))
            origin = origin_of("uf_ehrs", file, id)
            yield Example(
                id, Question(language="en"), Answer(body), (f"patient:{patient}",), labels=labels, origin=origin
            )  # fmt: skip
