"""Huatuo-26M: Chinese questions and answers out of encyclopaedias, graphs and consultations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.datasets._files import chosen, files, sound, split_of
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://github.com/FreedomIntelligence/Huatuo-26M"
PARTS = ("all", "answered")


@card(
    "Huatuo-26M",
    survey="huatuo_26m",
    reference="doi:10.48550/arXiv.2305.01526",
    licence="Apache-2.0",
    languages=("zh",),
    where=OFFICIAL,
    terms="Answers of consultations are addresses of pages, not texts.",
)
def huatuo_26m(path: Path, part: str = "all") -> Iterator[Example]:
    """The questions in the order of the files; a question asked in several ways gives an example each, of one group.

    `path` is a JSONL of the release (questions: texts, or lists of them; answers: texts) or a folder of them. The first
    answer is gold; an address in place of an answer is kept as the label `url`, and the gold text is empty. `part`
    answered leaves such questions out. Raises `NeedsFile` and `BadFormat`.
    """
    left_out = chosen(part, PARTS) == "answered"
    for file in files(path, "*.jsonl", "*.json", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where, id = f"{file}:{line}", f"{file.stem}:{line}"
            asked, said = _texts(row.get("questions"), where), _texts(row.get("answers"), where)[0]
            url = said if said.startswith(("http://", "https://")) else ""
            if url and left_out:
                continue
            labels = tuple((key, value) for key, value in (("split", split_of(file)), ("url", url)) if value)
            for place, each in enumerate(asked, 1):
                name = id if len(asked) == 1 else f"{id}.{place}"
                question, gold = Question(each, language="zh"), Answer("" if url else said)
                origin = Origin("huatuo_26m", file.stem, name)
                yield Example(name, question, gold, (f"question:{id}",), labels=labels, origin=origin)


def _texts(value: object, where: str) -> list[str]:
    listed: list[Any] = value if isinstance(value, list) else [value]
    flat: list[Any] = [each for inner in listed for each in (inner if isinstance(inner, list) else [inner])]
    if not flat or not all(isinstance(each, str) and each.strip() for each in flat):
        raise BadFormat("questions and answers as texts or lists of texts were expected", where=where)
    return [each.strip() for each in flat]
