"""The questions of KG-RAG: which gene of five belongs to two diseases, and statements that hold or do not."""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.tables import comma_separated
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Malformed, Origin, Question

OFFICIAL = "https://github.com/BaranziniLab/KG_RAG"
TRUTH = (("A", "True"), ("B", "False"))
PARTS = {
    "mcq": ("disease_pair", "correct_node", "negative_samples", "disease_1", "disease_2", "options_combined", "text"),
    "true_false": ("", "text", "label"),
}
_LIST = "Given list is:"


@card(
    "BiomixQA, the questions of KG-RAG",
    survey="3.2.3",
    reference="doi:10.1093/bioinformatics/btae560",
    licence="Apache-2.0",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution.",
)
def biomixqa(path: Path, part: str = "mcq") -> Iterator[Example]:
    """The questions in the order of the file; `mcq` with five genes as options, `true_false` with True and False.

    `path` is the official CSV or a folder that holds it. The list of the options is taken out of the question's text;
    an option that the file repeats stands once; an id is the part and the row of the file. Raises `NeedsFile` and
    `BadFormat`.
    """
    if part not in PARTS:
        raise BadFormat(f"part = {part!r}", mend=f"one of: {', '.join(PARTS)}")
    file = path if path.is_file() else next(iter(sorted(path.rglob(f"{part}_questions*.csv"))), None)
    if file is None or not file.is_file():
        raise NeedsFile(f"no {part}_questions*.csv in {path}", mend=f"get it from {OFFICIAL} and give the folder")
    for number, row in enumerate(comma_separated(file, PARTS[part]), 1):
        if isinstance(row, Malformed):
            raise BadFormat(row.reason, where=f"{file}:{row.line}")
        line, cells = row
        said = dict(zip(PARTS[part], cells, strict=True))
        yield (_gene if part == "mcq" else _statement)(number, said, f"{file}:{line}")


def _gene(number: int, row: dict[str, str], where: str) -> Example:
    texts = list(dict.fromkeys(text.strip() for text in row["options_combined"].split(",")))
    right = row["correct_node"].strip()
    if right not in texts:
        raise BadFormat(f"{right!r} must stand among the options", where=where)
    options = tuple(zip(string.ascii_uppercase, texts, strict=False))
    letter = next(letter for letter, text in options if text == right)
    asked = row["text"].partition(_LIST)[0].strip(" .") + "?"
    labels = (("disease_1", row["disease_1"]), ("disease_2", row["disease_2"]))
    return _made(f"mcq-{number}", Question(asked, options, language="en"), letter, (right,), labels)


def _statement(number: int, row: dict[str, str], where: str) -> Example:
    said = row["label"].strip().capitalize()
    if said not in {"True", "False"}:
        raise BadFormat(f"True or False was expected, not {row['label']!r}", where=where)
    letter = "A" if said == "True" else "B"
    return _made(f"true_false-{number}", Question(row["text"].strip(), TRUTH, language="en"), letter)


def _made(
    id: str, question: Question, letter: str, groups: tuple[str, ...] = (), labels: tuple[tuple[str, str], ...] = ()
) -> Example:
    gold = Answer(choice=letter, candidates=(Candidate(letter, dict(question.options)[letter], 1.0),))
    return Example(id, question, gold, groups, labels=labels, origin=Origin("biomixqa", "", id))
