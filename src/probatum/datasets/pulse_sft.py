"""The four million instructions of PULSE, of which its makers published none: not obtainable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._chat import dialogue
from probatum.datasets._closed import TERMS, earlier, origin_of
from probatum.datasets._files import files, sound, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import json_lines
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://github.com/openmedlab/PULSE"
KINDS = ("QA", "MT", "T2T")  # questions, dialogues of several turns, one text made of another


@card(
    "The instructions of PULSE (not obtainable)",
    survey="pulse_sft",
    reference=OFFICIAL,
    licence="none: not handed out",
    languages=("zh",),
    where=OFFICIAL,
    terms=TERMS,
)
def pulse_sft(path: Path) -> Iterator[Example]:
    """The instructions in the order of the files; kind (QA, MT, T2T) as label.

    The layout is the one of its makers' published test files (PULSE-EVAL: an object a line with type, question and
    reference_answer), with the earlier turns of a dialogue as `history`, pairs of question and answer. `path` is such
    a file or a folder of them. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.jsonl", official=OFFICIAL):
        for line, row in sound(json_lines(file), file):
            where, id = f"{file}:{line}", f"{file.stem}:{line}"
            kind = text(row, "type", where)
            if kind not in KINDS or (kind == "MT") != bool(row.get("history")):
                raise BadFormat(f"one of {', '.join(KINDS)}, MT with its history, was expected", where=where)
            turns = [*earlier(row, where), ("patient", text(row, "question", where))]
            turns.append(("doctor", text(row, "reference_answer", where)))
            origin = origin_of("pulse_sft", file, id)
            yield dialogue(turns, where, id=id, origin=origin, language="zh", labels={"kind": kind})
