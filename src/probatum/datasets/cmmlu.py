"""CMMLU's seven medical subjects, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._exam import item, lettered
from probatum.datasets._files import chosen, files, sound
from probatum.formats.tables import named_cells
from probatum.naming import card
from probatum.types import Example, Origin, Question

OFFICIAL = "https://github.com/haonan-li/CMMLU"
SUBJECTS = (
    "anatomy",
    "clinical_knowledge",
    "college_medicine",
    "genetics",
    "nutrition",
    "traditional_chinese_medicine",
    "virology",
)
PARTS = ("test", "dev")


@card(
    "CMMLU, medical subjects",
    survey="cmmlu",
    reference="https://arxiv.org/abs/2306.09212",
    licence="CC BY-NC-SA 4.0",
    languages=("zh",),
    where=OFFICIAL,
    terms="Not for commercial use.",
)
def cmmlu(path: Path, part: str = "test") -> Iterator[Example]:
    """The questions subject by subject; the subject is a label.

    `path` is the unpacked release: <part>/<subject>.csv with a column of numbers without a name, then Question, A to
    D, Answer, as data/dev/anatomy.csv of haonan-li/CMMLU has them; the licence is its README's. A single file takes its
    subject from its name. Raises `NeedsFile` and `BadFormat`.
    """
    chosen(part, PARTS)
    for file in files(path, *(f"{part}/{subject}.csv" for subject in SUBJECTS), official=OFFICIAL):
        for line, row in sound(named_cells(file, ("Question", *"ABCD", "Answer")), file):
            id = f"{file.stem}:{part}:{line}"
            question = Question(row["Question"].strip(), lettered([row[letter] for letter in "ABCD"]), language="zh")
            labels = {"split": part, "subject": file.stem}
            origin = Origin("cmmlu", part, id)
            yield item(id, question, row["Answer"].strip(), f"{file}:{line}", origin=origin, labels=labels)
