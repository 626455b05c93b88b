"""CMD: questions to the doctors of six departments of Chinese sites, each with one answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files, text
from probatum.formats.encoded import encoded_cells
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://github.com/Toyhom/Chinese-medical-dialogue-data"


@card(
    "CMD, Chinese medical dialogue data",
    survey="cmd",
    reference=OFFICIAL,
    licence="MIT",
    languages=("zh",),
    where=OFFICIAL,
    terms="Free to use with the licence.",
)
def cmd(path: Path) -> Iterator[Example]:
    """The questions in the order of the files, the title before what is asked; department and title are labels.

    `path` is a CSV of the release (department, title, ask, answer; GB18030 or UTF-8) or a folder of them; the folder's
    name (`IM_内科`) tells the specialty, a label too. A question without a text of its own is its
    title alone. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.csv", official=OFFICIAL):
        for line, row in encoded_cells(file, ("department", "title", "ask", "answer")):
            where, id = f"{file}:{line}", f"{file.stem}:{line}"
            title, asked = row["title"].strip(), row["ask"].strip()
            labels = {"department": row["department"].strip(), "specialty": _specialty(file), "title": title}
            question = Question("\n".join(filter(None, (title, asked if asked != title else ""))), language="zh")
            said = tuple(sorted((name, value) for name, value in labels.items() if value))
            groups = (f"question:{question.text}",)
            gold = Answer(text(row, "answer", where))
            yield Example(id, question, gold, groups, labels=said, origin=Origin("cmd", file.stem, id))


def _specialty(file: Path) -> str:
    """What stands behind the folder's Latin abbreviation, where it has one."""
    short, _, name = file.parent.name.partition("_")
    return name if short.isascii() and not name.isascii() else ""
