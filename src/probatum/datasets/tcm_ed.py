"""TCM-ED of TCMBench: exam questions of traditional Chinese medicine with an analysis of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from probatum.datasets._exam import item
from probatum.datasets._files import files, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import records
from probatum.naming import card
from probatum.types import Example, Origin, Question

OFFICIAL = "https://github.com/ywjawmw/TCMBench"
_OPTION = re.compile(r"^\s*([A-E])\s*[．.、:：]\s*(.*?)\s*$", re.MULTILINE)
_NUMBER = re.compile(r"^\s*\d+\s*[)）]\s*[．.]?\s*")


@card(
    "TCM-ED (TCMBench)",
    survey="tcm_ed",
    reference="https://arxiv.org/abs/2406.01126",
    licence="none stated",
    languages=("zh",),
    where=OFFICIAL,
    terms="No licence is stated in the repository.",
)
def tcm_ed(path: Path) -> Iterator[Example]:
    """The questions file by file: gold holds the letter and the analysis; the kind and the knowledge point are labels.

    `path` is a JSON of the repository ({"type", "example": [...]}) or a folder of them. An example is one question
    (A1, A2: question, answer, analysis), a case with several (A3, A4: share_content, then sub_question, answer,
    analysis) or options with several (B1: the same, the options in share_content). A case is the context of its
    questions; what shares one is a group. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.json", official=OFFICIAL):
        for record in records(file, ("example", "*")):
            where = f"{file}:{record.line}"
            if not isinstance(record.value, dict):
                raise BadFormat("an example was expected", where=where)
            yield from _questions(record.value, file.stem, where)


def _questions(row: Mapping[str, Any], kind: str, where: str) -> Iterator[Example]:
    number = row.get("index")
    if isinstance(number, bool) or not isinstance(number, int):
        raise BadFormat("'index' must be a number", where=where)
    id = f"{kind}:{number}"
    point = text(row, "knowledge_point", where, needed=False)
    if isinstance(row.get("question"), str):
        yield _one(id, text(row, "question", where), "", row, (kind, point), where=where)
        return
    shared, parts = text(row, "share_content", where), row.get("question")
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise BadFormat("'question' must be a text or a list of sub-questions", where=where)
    for place, part in enumerate(parts, 1):
        yield _one(f"{id}:{place}", text(part, "sub_question", where), shared, part, (kind, point), where=where)


def _one(id: str, said: str, shared: str, row: Mapping[str, Any], told: tuple[str, str], *, where: str) -> Example:
    own = _OPTION.search(said) is not None
    options = tuple(_OPTION.findall(said if own else shared))
    asked = _NUMBER.sub("", _OPTION.sub("", said)).strip()
    key = row.get("answer")
    if not isinstance(key, list) or not all(isinstance(letter, str) for letter in key):
        raise BadFormat("'answer' must be a list of letters", where=where)
    context = (shared,) if shared and own else ()
    question = Question(asked, options, context, language="zh")
    groups = (id.rpartition(":")[0],) if shared else ()
    labels = {"kind": told[0], "knowledge_point": told[1]}
    explained = text(row, "analysis", where, needed=False)
    origin = Origin("tcm_ed", told[0], id)
    return item(id, question, "".join(key), where, origin=origin, explained=explained, labels=labels, groups=groups)
