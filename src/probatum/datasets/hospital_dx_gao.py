"""Progress notes of a hospital with the problems and diagnoses that a physician listed: not obtainable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._closed import TERMS, origin_of
from probatum.datasets._deidentified import deidentified
from probatum.datasets._files import files, sound
from probatum.errors import BadFormat
from probatum.formats.tables import named_cells
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Question

OFFICIAL = "https://arxiv.org/abs/2308.14321"
COLUMNS = ("File ID", "Assessment", "Summary", "Subjective Sections", "Objective Sections")
_ASKED = "List the problems and diagnoses of this patient."


@card(
    "Diagnoses of a hospital, as DR.KNOWS was tried on (not obtainable)",
    survey="hospital_dx_gao",
    reference="doi:10.48550/arXiv.2308.14321",
    licence="none: patients' records, not handed out",
    languages=("en",),
    where=OFFICIAL,
    terms=TERMS,
    gated=True,
)
def hospital_dx_gao(path: Path) -> Iterator[Example]:
    """The notes by their ids: the sections are context; gold text is the list, gold candidates its problems.

    The hospital's own layout is not published. This is the one of the public task of the same authors, ProbSum of
    BioNLP 2023 (BioNLP2023-1A-Train.csv with File ID, Assessment, Summary, Subjective Sections and Objective Sections,
    as those who read it name them; PhysioNet gives it to credentialed users alone); problems in Summary are parted by
    semicolons. A note without a summary, of which that file has some, is passed over. `path` is such a file or a folder
    of them. What identifies a person is taken out. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.csv", official=OFFICIAL):
        for line, row in sound(named_cells(file, COLUMNS), file):
            id, listed = row["File ID"].strip(), deidentified(row["Summary"].strip())
            problems = [each for part in listed.split(";") if (each := part.strip())]
            if not id or not row["Assessment"].strip():
                raise BadFormat("an id and an assessment were expected", where=f"{file}:{line}")
            if not problems:
                continue
            told = ("Subjective Sections", "Objective Sections", "Assessment")
            context = tuple(deidentified(said) for name in told if (said := row[name].strip()))
            gold = Answer("; ".join(problems), candidates=tuple(Candidate(each, each, 1.0) for each in problems))
            origin = origin_of("hospital_dx_gao", file, id)
            yield Example(id, Question(_ASKED, context=context, language="en"), gold, (f"note:{id}",), origin=origin)
