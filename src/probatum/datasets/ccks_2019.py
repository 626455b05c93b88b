"""CCKS 2019, task 1: Chinese medical records in which diseases, operations, drugs, tests and body parts are marked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files, sound, split_of, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import json_lines
from probatum.naming import card
from probatum.types import Answer, Example, Mention, Origin, Question

OFFICIAL = "https://www.biendata.xyz/competition/ccks_2019_1/"


@card(
    "CCKS 2019, clinical named entities",
    survey="ccks_2019",
    reference=OFFICIAL,
    licence="terms of the competition (unverified)",
    languages=("zh",),
    where=OFFICIAL,
    terms="Registration with the competition.",
)
def ccks_2019(path: Path) -> Iterator[Example]:
    """The records in the order of the files: the text as context, mentions with the label of the task as their kind.

    `path` is one file of JSON lines (originalText; entities with label_type, start_pos, end_pos in code points) or a
    folder of such. Raises `NeedsFile`, and `BadFormat` where a span does not stand in its text.
    """
    for file in files(path, "*.json", "*.jsonl", "*.txt", official=OFFICIAL):
        for line, row in sound(json_lines(file), file):
            where = f"{file}:{line}"
            said = row.get("originalText")
            marked = row.get("entities")
            if not isinstance(said, str) or not said or not isinstance(marked, list):
                raise BadFormat("originalText and a list of entities were expected", where=where)
            found = sorted(
                (_mention(each, said, where) for each in marked), key=lambda one: (one.start, one.end, one.kind)
            )
            id = f"{file.stem}:{line}"
            labels = (("split", split_of(file)),) if split_of(file) else ()
            origin = Origin("ccks_2019", "2019", id)
            yield Example(
                id, Question(context=(said,), language="zh"), Answer(found=tuple(found)), (), (), labels, origin
            )


def _mention(each: object, said: str, where: str) -> Mention:
    if not isinstance(each, dict):
        raise BadFormat(f"an entity must be an object, not {each!r:.80}", where=where)
    start, end = each.get("start_pos"), each.get("end_pos")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(said):
        raise BadFormat(f"the span {start!r} to {end!r} does not stand in the text", where=where)
    return Mention(start, end, said[start:end], "", kind=text(each, "label_type", where))
