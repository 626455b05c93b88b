"""MedicationQA: what people ask about their medicines, answered from trusted pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files
from probatum.errors import BadFormat
from probatum.formats.xlsx import sheet
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://github.com/abachaa/Medication_QA_MedInfo2019"
COLUMNS = ("Question", "Focus (Drug)", "Question Type", "Answer", "Section Title", "URL")


@card(
    "MedicationQA (MedInfo 2019)",
    survey="medicationqa",
    reference="doi:10.3233/SHTI190176",
    licence="none stated",
    languages=("en",),
    where=OFFICIAL,
    terms="No licence is stated in the repository.",
)
def medicationqa(path: Path) -> Iterator[Example]:
    """The questions row by row; drug, type and section as labels, the page as reference; one drug is one group.

    `path` is MedInfo2019-QA-Medications.xlsx, with the columns of the repository's README in any order, or a folder
    that holds it. A row without a question is passed over. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.xlsx", official=OFFICIAL):
        rows = sheet(file)
        header = [name.strip() for name in next(rows, (0, []))[1]]
        if lacking := [name for name in COLUMNS if name not in header]:
            raise BadFormat(f"the columns {', '.join(lacking)} were expected", where=f"{file}:1")
        for number, cells in rows:
            row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
            asked, drug, url = row.get("Question", ""), row.get("Focus (Drug)", ""), row.get("URL", "")
            if not asked:
                continue
            id = f"{file.stem}:{number}"
            kept = {"drug": drug, "section": row.get("Section Title", ""), "type": row.get("Question Type", "")}
            labels = tuple((name, value) for name, value in kept.items() if value)
            origin = Origin("medicationqa", file.stem, id, references=(url,) if url else ())
            groups = (f"drug:{drug.casefold()}",) if drug else ()
            yield Example(
                id, Question(asked, language="en"), Answer(row.get("Answer", "")), groups, labels=labels, origin=origin
            )
