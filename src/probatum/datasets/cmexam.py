"""CMExam: questions of the Chinese licensing exam with explanations and five annotations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._exam import item
from probatum.datasets._files import files, sound, split_of
from probatum.errors import BadFormat
from probatum.formats.tables import named_cells
from probatum.naming import card
from probatum.types import Example, Origin, Question

OFFICIAL = "https://github.com/williamliujl/CMExam"
NEEDED = ("Question", "Options", "Answer", "Explanation")
_OPTION = re.compile(r"([A-Z])[ .．、:：]+(.*)", re.DOTALL)


@card(
    "CMExam",
    survey="cmexam",
    reference="https://arxiv.org/abs/2306.03030",
    licence="none stated in the README; copies on Hugging Face say Apache-2.0",
    languages=("zh",),
    where=OFFICIAL,
    terms="For research; see the repository.",
)
def cmexam(path: Path) -> Iterator[Example]:
    """The questions file by file; every further column of the table is kept as a label under its own name.

    `path` is an official CSV, train.csv, val.csv or test_with_annotations.csv (Question, Options as one line a letter,
    Answer, Explanation, then the annotations, as src/preprocess/generate_prompt.py of williamliujl/CMExam reads it), or
    a folder of them. A question without an answer has no gold. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.csv", official=OFFICIAL):
        for line, row in sound(named_cells(file, NEEDED), file):
            where = f"{file}:{line}"
            asked = Question(row["Question"].strip(), _options(row["Options"], where), language="zh")
            labels = {name: value.strip() for name, value in row.items() if name and name not in NEEDED}
            id = f"{file.stem}:{line}"
            explained = row["Explanation"].strip()
            labels |= {"split": split_of(file)}
            origin = Origin("cmexam", file.stem, id)
            yield item(id, asked, row["Answer"].strip(), where, origin=origin, explained=explained, labels=labels)


def _options(said: str, where: str) -> tuple[tuple[str, str], ...]:
    found = [_OPTION.fullmatch(line.strip()) for line in said.splitlines() if line.strip()]
    if not all(found):
        raise BadFormat("options, one a line, each after its letter, were expected", where=where)
    return tuple((match[1], match[2].strip()) for match in found if match)
