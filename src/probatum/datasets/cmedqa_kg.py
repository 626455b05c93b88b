"""cMedQA-KG: questions and answers that ClinicalGPT's makers made of knowledge graphs: not obtainable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from probatum.datasets._closed import TERMS, origin_of
from probatum.datasets._files import files, sound, text
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Answer, Example, Question, Relation

OFFICIAL = "https://arxiv.org/abs/2306.09968"


@card(
    "cMedQA-KG, questions made of knowledge graphs (not obtainable)",
    survey="cmedqa_kg",
    reference="doi:10.48550/arXiv.2306.09968",
    licence="none: not handed out",
    languages=("zh",),
    where=OFFICIAL,
    terms=TERMS,
)
def cmedqa_kg(path: Path) -> Iterator[Example]:
    """The questions in the order of the files; gold: the answer, and found the relation that it was made of.

    The makers' layout is not published. `path` is a file of objects, an array or one a line (question, answer, and
    where it is known the triple: subject, predicate, object), or a folder of them. The subject is a group. Raises
    `NeedsFile`, and `BadFormat` where a triple is told in part.
    """
    for file in files(path, "*.json", "*.jsonl", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where, id = f"{file}:{line}", f"{file.stem}:{line}"
            origin = origin_of("cmedqa_kg", file, id, "generated")
            gold, groups = Answer(text(row, "answer", where)), (f"item:{id}",)
            if any(row.get(key) for key in ("subject", "predicate", "object")):
                subject, predicate, object_ = (text(row, key, where) for key in ("subject", "predicate", "object"))
                gold = replace(gold, found=(Relation(subject, predicate, object_, origin),))
                groups = (f"subject:{subject}",)
            yield Example(id, Question(text(row, "question", where), language="zh"), gold, groups, origin=origin)
