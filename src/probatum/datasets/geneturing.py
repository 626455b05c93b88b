"""Questions about genes, variants and sequences with short answers: GeneTuring and the longer chains of GeneHop."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat, NeedsFile
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://github.com/ncbi/GeneGPT"
PARTS = ("geneturing", "genehop")


@card(
    "GeneTuring and GeneHop",
    survey="geneturing",
    reference="doi:10.1093/bioinformatics/btae075",
    licence="United States government work, public domain",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use; the authors ask to be cited.",
)
def geneturing(path: Path, part: str = "") -> Iterator[Example]:
    """The questions task by task in the order of the file; gold holds the key as text and the task as a field.

    `path` is a file of the official layout (task: question: answer) or a folder that holds geneturing*.json and
    genehop*.json; `part` takes one of the two. A list of answers becomes one text, parted by a comma and a blank, as
    the published rule reads it. Raises `NeedsFile` and `BadFormat`.
    """
    if part and part not in PARTS:
        raise BadFormat(f"part = {part!r}", mend=f"one of: {', '.join(PARTS)}")
    wanted = (part,) if part else PARTS
    files = [path] if path.is_file() else [file for name in wanted for file in sorted(path.rglob(f"{name}*.json"))[:1]]
    if not files or not all(file.is_file() for file in files):
        raise NeedsFile(f"no {' or '.join(wanted)}*.json in {path}", mend=f"get data/ of {OFFICIAL}, give the folder")
    for file in files:
        yield from _examples(file)


def _examples(file: Path) -> Iterator[Example]:
    try:
        tasks = json.loads(file.read_text(encoding="utf-8"))
        read = [(task, asked, key) for task, items in tasks.items() for asked, key in items.items()]
    except (OSError, UnicodeDecodeError, ValueError, AttributeError) as error:
        raise BadFormat(f"not a table of tasks: {error!r}", where=str(file)) from error
    counted: dict[str, int] = {}
    for task, asked, key in read:
        counted[task] = counted.get(task, 0) + 1
        listed = key if isinstance(key, list) else [key]
        if not asked or not all(isinstance(each, str) and each for each in listed):
            raise BadFormat(f"{task}, item {counted[task]}: a text or a list of texts was expected", where=str(file))
        id = f"{task.lower().replace(' ', '-')}-{counted[task]}"
        origin = Origin("geneturing", file.stem, id)
        gold = Answer(text=", ".join(listed), fields=(("task", task),))
        yield Example(id, Question(asked, language="en"), gold, labels=(("task", task),), origin=origin)
