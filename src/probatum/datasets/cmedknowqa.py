"""cMedKnowQA: questions about diseases and drugs, each answered from an entry of a Chinese knowledge base."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.datasets._closed import origin_of
from probatum.datasets._files import files, sound, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.formats.reading import lines
from probatum.naming import card
from probatum.types import Answer, Example, Question

OFFICIAL = "https://github.com/SCIR-HI/Huatuo-Llama-Med-Chinese"


@card(
    "cMedKnowQA",
    survey="cmedknowqa",
    reference="doi:10.48550/arXiv.2309.04175",
    licence="none stated for the data",
    languages=("zh",),
    where=OFFICIAL,
    terms="For research; the repository shows a sample of the questions.",
)
def cmedknowqa(path: Path) -> Iterator[Example]:
    """The questions in the order of the files; the knowledge that an answer was written from is its context.

    `path` is data/knowledge_tuning_data_sample.txt of SCIR-HI/Huatuo-Llama-Med-Chinese (the word input, then a
    question a line), all that its makers published; or a file of objects, an array or one a line (question or input,
    answer or output, knowledge: a text or an object of texts: a layout of this project's own, for data got from the
    makers); or a folder of them. A question without an answer has no gold. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.json", "*.jsonl", "knowledge_tuning*.txt", official=OFFICIAL):
        for line, row in _sample(file) if file.suffix == ".txt" else sound(objects(file), file):
            where, id = f"{file}:{line}", f"{file.stem}:{line}"
            asked = text(row, "question" if "question" in row else "input", where)
            answer = text(row, "answer" if "answer" in row else "output", where, needed=False)
            question = Question(asked, context=_knowledge(row.get("knowledge"), where), language="zh")
            yield Example(id, question, Answer(answer), origin=origin_of("cmedknowqa", file, id, "generated"))


def _sample(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in sound(lines(file), file):
        if number == 1:
            if line.strip() != "input":
                raise BadFormat("a first line 'input' was expected", where=f"{file}:1")
        elif line.strip():
            yield number, {"input": line}


def _knowledge(said: Any, where: str) -> tuple[str, ...]:
    if not said:
        return ()
    told = {"": said} if isinstance(said, str) else said
    if not isinstance(told, dict) or not all(isinstance(each, str) for each in told.values()):
        raise BadFormat("'knowledge' must be a text or an object of texts", where=where)
    return tuple(f"{name}：{each}" if name else each for name, each in told.items() if each.strip())
