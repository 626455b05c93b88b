"""DialogSumm of PULSE-EVAL: conversations to be written up as records; a private set: not obtainable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._closed import TERMS, origin_of
from probatum.datasets._files import files, sound, text
from probatum.formats.json_stream import json_lines
from probatum.naming import card
from probatum.types import Answer, Example, Question

OFFICIAL = "https://github.com/openmedlab/PULSE-EVAL"


@card(
    "DialogSumm of PULSE-EVAL (not obtainable)",
    survey="dialogsumm",
    reference=OFFICIAL,
    licence="none: a private set",
    languages=("zh",),
    where=OFFICIAL,
    terms=TERMS,
)
def dialogsumm(path: Path) -> Iterator[Example]:
    """The tasks in the order of the files: the instruction with its conversation, and the record that answers it.

    The set is private; its makers' public files of the same kind (EMRHG in data/ of PULSE-EVAL) show the layout, and
    are read too: an object a line with type, question and reference_answer. `path` is such a file or a folder of them.
    The type is a label; gold's fields are the record's sections, each a line of name and text. Raises `NeedsFile` and
    `BadFormat`.
    """
    for file in files(path, "*DialogSumm*.jsonl", "EMRHG*.jsonl", "synthetic*.jsonl", official=OFFICIAL):
        for line, row in sound(json_lines(file), file):
            where, id = f"{file}:{line}", f"{file.stem}:{line}"
            note = text(row, "reference_answer", where)
            parts = (each.partition("：") for each in note.splitlines())
            fields = tuple((name.strip(), said.strip()) for name, colon, said in parts if colon and said.strip())
            labels = (("kind", text(row, "type", where)),)
            asked = Question(text(row, "question", where), language="zh")
            origin = origin_of("dialogsumm", file, id)
            yield Example(id, asked, Answer(note, fields=fields), (f"dialogue:{id}",), labels=labels, origin=origin)
