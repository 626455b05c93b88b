"""MedMCQA: questions of Indian entrance exams with subject, topic and explanation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._exam import LETTERS, item, lettered
from probatum.datasets._files import files, sound, split_of, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Example, Origin, Question

OFFICIAL = "https://github.com/medmcqa/medmcqa"
_NO_KEY = (None, -1)  # as the test split has it


@card(
    "MedMCQA",
    survey="medmcqa",
    reference="https://proceedings.mlr.press/v174/pal22a.html",
    licence="Apache-2.0",
    languages=("en",),
    where=OFFICIAL,
    terms="See the repository.",
)
def medmcqa(path: Path, *, first: int = 1) -> Iterator[Example]:
    """The questions by their own ids; subject and topic as labels, the explanation as gold text.

    `path` is train.json, dev.json or test.json (an object a line: id, question, opa to opd, cop, exp, subject_name,
    topic_name, choice_type) or a folder of them. `first` is the number that stands for option A: 1 in the release of
    the authors, 0 in its copies on model hubs. Raises `NeedsFile` and `BadFormat`.
    """
    if first not in {0, 1}:
        raise BadFormat(f"first = {first}", mend="1 for the authors' release, 0 for its copies on model hubs")
    for file in files(path, "train.json*", "dev.json*", "validation.json*", "test.json*", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where = f"{file}:{line}"
            options = lettered([text(row, key, where) for key in ("opa", "opb", "opc", "opd")])
            number = row.get("cop")
            key = ""
            if number not in _NO_KEY:
                if isinstance(number, bool) or not isinstance(number, int) or not first <= number < first + 4:
                    mend = f"medmcqa counts from {first} here; copies differ: the setting first"
                    raise BadFormat(f"cop = {number!r} is no option", where=where, mend=mend)
                key = LETTERS[number - first]
            names = {"subject": "subject_name", "topic": "topic_name", "choice_type": "choice_type"}
            labels = {name: text(row, said, where, needed=False) for name, said in names.items()}
            id = text(row, "id", where)
            asked = Question(text(row, "question", where), options, language="en")
            yield item(
                id, asked, key, where, origin=Origin("medmcqa", file.stem, id),
                explained=text(row, "exp", where, needed=False), labels=labels | {"split": split_of(file)},
            )  # fmt: skip
