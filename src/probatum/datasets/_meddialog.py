"""The layouts of MedDialog as dialogues: texts in blocks, and the JSON that was made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.datasets._chat import dialogue, spoken
from probatum.datasets._files import files, split_of
from probatum.errors import BadFormat
from probatum.formats.json_stream import records
from probatum.formats.meddialog_txt import consultations
from probatum.types import Example, Origin

PARTS = ("all", "en", "zh")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def meddialogs(path: Path, source: str, part: str, *, official: str) -> Iterator[Example]:
    """The consultations of a part (all, en, zh) in the order of the files; raises `NeedsFile` and `BadFormat`."""
    for file in files(path, "*.txt", "*.json", official=official):
        for each in _of_json(file, source) if file.suffix == ".json" else _of_text(file, source):
            if part in {"all", each.question.language}:
                yield each


def _of_text(file: Path, source: str) -> Iterator[Example]:
    for block in consultations(file):
        id = f"{file.stem}:{block.id}"
        about = block.sections.get("description", "")
        labels = {"advice": block.sections.get("advice", ""), "department": block.sections.get("department", "")}
        origin = Origin(source, file.stem, block.url or id)
        yield dialogue(
            block.turns, f"{file}:{block.line}", id=id, origin=origin, language=_language(block.turns),
            labels=labels | {"url": block.url}, context=(about,) if about else (),
        )  # fmt: skip


def _of_json(file: Path, source: str) -> Iterator[Example]:
    for number, record in enumerate(records(file, ("*",)), 1):
        where, id = f"{file}:{record.line}", f"{file.stem}:{number}"
        value: Any = record.value
        about, said = (value.get("description"), value.get("utterances")) if isinstance(value, dict) else ("", value)
        if not isinstance(said, list) or not said or not all(isinstance(each, str) for each in said):
            raise BadFormat("a list of utterances was expected", where=where)
        turns = [turn for each in said for turn in spoken(each, where)]
        yield dialogue(
            turns, where, id=id, origin=Origin(source, file.stem, id), language=_language(turns),
            labels={"split": split_of(file)}, context=(about,) if isinstance(about, str) and about else (),
        )  # fmt: skip


def _language(turns: list[tuple[str, str]]) -> str:
    return "zh" if any(_CHINESE.search(text) for _, text in turns) else "en"
