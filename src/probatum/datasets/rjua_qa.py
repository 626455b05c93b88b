"""RJUA-QA: questions of urology with the pieces of guidelines that answer them, diagnoses and advice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files, sound, split_of, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import json_lines
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://github.com/alipay/RJU_Ant_QA"
_SEVERAL = str.maketrans("，；;、\n", ",,,,,")


@card(
    "RJUA-QA",
    survey="rjua_qa",
    reference="https://arxiv.org/abs/2312.09785",
    licence="CC BY-SA 4.0",
    languages=("zh",),
    where=OFFICIAL,
    terms="With attribution, and what is made of it under the same licence.",
)
def rjua_qa(path: Path) -> Iterator[Example]:
    """The questions by their ids, the pieces of guidelines as context; gold: the answer and fields disease and advice.

    `path` is a JSONL of the release (id, Question, Context, Answer, Disease, Advice, as README.md of alipay/RJU_Ant_QA
    names them, in capitals or not; the licence is its Data/LICENSE .rtf) or a folder of them, handed out by OpenKG.
    Several diseases or pieces of advice are several fields of that name. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.jsonl", "*.json", official=OFFICIAL):
        for line, read in sound(json_lines(file), file):
            where = f"{file}:{line}"
            row = {name.lower(): value for name, value in read.items()}
            id = row.get("id")
            if isinstance(id, bool) or not isinstance(id, int | str) or id == "":
                raise BadFormat("an id was expected", where=where)
            fields = tuple(
                (name, part.strip())
                for name in ("advice", "disease")
                for part in text(row, name, where, needed=False).translate(_SEVERAL).split(",")
                if part.strip()
            )
            asked = Question(text(row, "question", where), context=(text(row, "context", where),), language="zh")
            said = split_of(file)
            labels = (("split", said),) if said else ()
            origin = Origin("rjua_qa", file.stem, str(id))
            gold = Answer(text(row, "answer", where), fields=fields)
            yield Example(f"{file.stem}:{id}", asked, gold, labels=labels, origin=origin)
