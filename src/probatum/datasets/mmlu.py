"""MMLU's six medical subjects: anatomy, clinical knowledge, biology, medicine twice, genetics."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._exam import item, lettered
from probatum.datasets._files import chosen, files, sound
from probatum.formats.tables import bare_cells
from probatum.naming import card
from probatum.types import Example, Origin, Question

OFFICIAL = "https://github.com/hendrycks/test"
SUBJECTS = (
    "anatomy",
    "clinical_knowledge",
    "college_biology",
    "college_medicine",
    "medical_genetics",
    "professional_medicine",
)
PARTS = ("test", "dev", "val")


@card(
    "MMLU, medical subjects",
    survey="mmlu",
    reference="https://arxiv.org/abs/2009.03300",
    licence="MIT",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution.",
)
def mmlu(path: Path, part: str = "test") -> Iterator[Example]:
    """The questions subject by subject; the subject is a label.

    `path` is the unpacked release or a file of it: data/<part>/<subject>_<part>.csv, without a header, six cells a
    row (question, four options, letter). `part`: dev (five a subject, to show), val, test. Raises `NeedsFile` and
    `BadFormat`.
    """
    chosen(part, PARTS)
    for file in files(path, *(f"{subject}_{part}.csv" for subject in SUBJECTS), official=OFFICIAL):
        subject = file.stem.removesuffix(f"_{part}")
        for line, (asked, *options, key) in sound(bare_cells(file, 6), file):
            id = f"{subject}:{part}:{line}"
            question = Question(asked.strip(), lettered(options), language="en")
            labels = {"split": part, "subject": subject}
            yield item(id, question, key, f"{file}:{line}", origin=Origin("mmlu", part, id), labels=labels)
