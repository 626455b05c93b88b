"""ADQA: the questions about Alzheimer's disease of four exams, with which DALK was tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from probatum.datasets._exam import LETTERS, item, lettered
from probatum.datasets._files import chosen, files, sound, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Example, Origin, Question

OFFICIAL = "https://github.com/David-Li0406/DALK"
Read = Callable[[Mapping[str, Any], str], tuple[str, list[str], int]]  # the question, its options, the place of the key


@card(
    "ADQA",
    survey="adqa",
    reference="doi:10.48550/arXiv.2405.04819",
    licence="of MedQA, MedMCQA, MMLU and QA4MRE",
    languages=("en",),
    where=f"{OFFICIAL} (KG4LLM/Alzheimers/result_filter)",
    terms="Under the terms of the four sets that it was filtered from.",
)
def adqa(path: Path, part: str = "") -> Iterator[Example]:
    """The questions exam by exam, by their own ids where they have one; label exam.

    `path` is the folder with <exam>_filter.json, or <exam>_zero-shot.json of result_ner, or one of them, each an array
    in the layout of its exam: medqa (BigBio's: choices, answer as texts), medmcqa (opa to opd, cop counted from 0),
    mmlu (choices, answer counted from 0), qa4mre (question_str, answer_options, correct_answer_id). `part` takes one
    exam. The document of qa4mre, long as an article, is left out, as DALK leaves it out; it is a group. Raises
    `NeedsFile` and `BadFormat`.
    """
    wanted = (chosen(part, _EXAMS),) if part else tuple(_EXAMS)
    patterns = [f"{exam}_{kind}.json" for exam in wanted for kind in ("filter", "zero-shot")]
    for file in files(path, *patterns, official=OFFICIAL):
        exam = file.stem.partition("_")[0]
        if exam not in wanted:
            raise BadFormat(f"the name of one of {', '.join(wanted)} was expected", where=str(file))
        for place, (line, row) in enumerate(sound(objects(file), file), 1):
            where = f"{file}:{line}"
            asked, options, key = _EXAMS[exam](row, where)
            if not all(isinstance(each, str) for each in options) or not 0 <= key < len(options):
                raise BadFormat("options and a key that is one of them were expected", where=where)
            own = row.get("id") if exam != "qa4mre" else f"{row.get('test_id')}-{row.get('question_id')}-{place}"
            id = f"{exam}:{own or place}"
            group = (f"document:{row['document_id']}",) if exam == "qa4mre" and row.get("document_id") else ()
            yield item(
                id, Question(asked, lettered(options), language="en"), LETTERS[key], where,
                origin=Origin("adqa", exam, id), labels={"exam": exam}, groups=group,
            )  # fmt: skip


def _medqa(row: Mapping[str, Any], where: str) -> tuple[str, list[str], int]:
    options, answers = row.get("choices"), row.get("answer")
    if not isinstance(options, list) or not isinstance(answers, list) or len(answers) != 1:
        raise BadFormat("a list of choices and one answer were expected", where=where)
    key = options.index(answers[0]) if answers[0] in options else -1
    return text(row, "question", where), options, key


def _medmcqa(row: Mapping[str, Any], where: str) -> tuple[str, list[str], int]:
    options = [text(row, key, where) for key in ("opa", "opb", "opc", "opd")]
    return text(row, "question", where), options, _number(row.get("cop"))


def _mmlu(row: Mapping[str, Any], where: str) -> tuple[str, list[str], int]:
    options = row.get("choices")
    return text(row, "question", where), options if isinstance(options, list) else [], _number(row.get("answer"))


def _qa4mre(row: Mapping[str, Any], where: str) -> tuple[str, list[str], int]:
    told = row.get("answer_options")
    options = told.get("answer_str") if isinstance(told, dict) else None
    key = row.get("correct_answer_id")
    number = int(key) if isinstance(key, str) and key.isdecimal() else _number(key)
    return text(row, "question_str", where), options if isinstance(options, list) else [], number - 1


def _number(said: Any) -> int:
    return said if type(said) is int else -1


_EXAMS: dict[str, Read] = {"medmcqa": _medmcqa, "medqa": _medqa, "mmlu": _mmlu, "qa4mre": _qa4mre}
