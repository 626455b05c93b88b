"""C-Eval's medical subjects: clinical medicine, basic medicine and the physician's exam, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._exam import item, lettered
from probatum.datasets._files import chosen, files, sound
from probatum.formats.tables import named_cells
from probatum.naming import card
from probatum.types import Example, Origin, Question

OFFICIAL = "https://github.com/hkust-nlp/ceval"
SUBJECTS = ("clinical_medicine", "basic_medicine", "physician")
PARTS = ("val", "dev", "test")


@card(
    "C-Eval, medical subjects",
    survey="c_eval",
    reference="https://arxiv.org/abs/2305.08322",
    licence="CC BY-NC-SA 4.0",
    languages=("zh",),
    where=OFFICIAL,
    terms="Not for commercial use.",
)
def c_eval(path: Path, part: str = "val") -> Iterator[Example]:
    """The questions subject by subject; those of `test` have no key, those of `dev` an explanation.

    `path` is the unpacked release or a file of it: <part>/<subject>_<part>.csv with the columns id, question, A to D
    and, where published, answer and explanation, in UTF-8, as the README of hkust-nlp/ceval shows them; it puts the
    questions under another licence than the code (MIT). Raises `NeedsFile` and `BadFormat`.
    """
    chosen(part, PARTS)
    for file in files(path, *(f"{subject}_{part}.csv" for subject in SUBJECTS), official=OFFICIAL):
        subject = file.stem.removesuffix(f"_{part}")
        for line, row in sound(named_cells(file, ("id", "question", *"ABCD")), file):
            id = f"{subject}:{part}:{row['id'].strip()}"
            question = Question(row["question"].strip(), lettered([row[letter] for letter in "ABCD"]), language="zh")
            yield item(
                id, question, row.get("answer", "").strip(), f"{file}:{line}", origin=Origin("c_eval", part, id),
                explained=row.get("explanation", "").strip(), labels={"split": part, "subject": subject},
            )  # fmt: skip
