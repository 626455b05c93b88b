"""The hundred thousand instructions of Sunsimiao, of which its makers published samples: not obtainable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._chat import dialogue
from probatum.datasets._closed import TERMS, earlier, origin_of
from probatum.datasets._files import files, sound, text
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Example

OFFICIAL = "https://github.com/X-D-Lab/Sunsimiao"


@card(
    "The instructions of Sunsimiao (not obtainable)",
    survey="sunsimiao_data",
    reference=OFFICIAL,
    licence="none: not handed out, but for the samples in the repository",
    languages=("zh",),
    where=f"{OFFICIAL} (data/example_single.json, data/example_multi.json)",
    terms=TERMS,
)
def sunsimiao_data(path: Path) -> Iterator[Example]:
    """The dialogues in the order of the files; what stands under `history` are their earlier turns.

    `path` is a file of the layout of the two published samples (an array of instruction, input, output and history, a
    list of pairs of question and answer), or a folder of them. What stands under input is context. Label turns: single
    or multi. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.json", "*.jsonl", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where, id = f"{file}:{line}", f"{file.stem}:{line}"
            before = earlier(row, where)
            turns = [*before, ("patient", text(row, "instruction", where)), ("doctor", text(row, "output", where))]
            given = text(row, "input", where, needed=False)
            yield dialogue(
                turns, where, id=id, origin=origin_of("sunsimiao_data", file, id, "generated"), language="zh",
                labels={"turns": "multi" if before else "single"}, context=(given,) if given else (),
            )  # fmt: skip
