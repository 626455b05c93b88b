"""Examples as this program writes them: what was exported, cleaned, split, or made from the knowledge of a store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import sound
from probatum.formats import answer_json
from probatum.formats.json_stream import json_lines
from probatum.naming import card
from probatum.types import Example


@card(
    "Examples that this program wrote (data make, data clean, data export)",
    licence="that of what they were made from",
    languages=("en", "zh"),
    where="probatum data make MAKER --out FILE.jsonl",
)
def examples(path: Path) -> Iterator[Example]:
    """The examples of a file in its order, whole: origin, reliability, evidence, the hash of the knowledge behind them.

    One JSON object a line, with the names of the fields of `probatum.types.Example`; other keys are passed over. Raises
    `NeedsFile`, and `BadFormat` with line and field for a line that is none.
    """
    for line, row in sound(json_lines(path), path):
        yield answer_json.example(row, f"{path}:{line}")
