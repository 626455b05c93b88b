"""HealthSearchQA: questions that people put to a search engine, without answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files, sound
from probatum.errors import BadFormat
from probatum.formats.reading import lines
from probatum.formats.tables import named_cells
from probatum.formats.xlsx import sheet
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://doi.org/10.1038/s41586-023-06291-2"


@card(
    "HealthSearchQA",
    survey="healthsearchqa",
    reference="doi:10.1038/s41586-023-06291-2",
    licence="none stated for the questions",
    languages=("en",),
    where=OFFICIAL,
    terms="Supplement of the paper.",
)
def healthsearchqa(path: Path) -> Iterator[Example]:
    """The questions in the order of the file, each once; there is no gold.

    `path` is the supplement as XLSX (first sheet; the column `question`, or the first), the same as CSV with a column
    `question`, a TXT of one question a line, or a folder of one of these. Raises `NeedsFile` and `BadFormat`.
    """
    seen: set[str] = set()
    for file in files(path, "*.xlsx", "*.csv", "*.txt", official=OFFICIAL):
        before = len(seen)
        for number, asked in _asked(file):
            said = asked.strip()
            if not said or said.casefold() in seen:
                continue
            seen.add(said.casefold())
            id = f"{file.stem}:{number}"
            question = Question(said, language="en")
            yield Example(id, question, Answer(), labels=(("open", "yes"),), origin=Origin("healthsearchqa", "", id))
        if len(seen) == before:
            raise BadFormat("no question was found", where=str(file))


def _asked(file: Path) -> Iterator[tuple[int, str]]:
    if file.suffix.lower() == ".xlsx":
        place = 0
        for index, (number, cells) in enumerate(sheet(file)):
            names = [cell.strip().lower() for cell in cells]
            if not index and "question" in names:
                place = names.index("question")
            elif len(cells) > place:
                yield number, cells[place]
    elif file.suffix.lower() == ".csv":
        yield from ((line, row["question"]) for line, row in sound(named_cells(file, ("question",)), file))
    else:
        yield from sound(lines(file), file)
