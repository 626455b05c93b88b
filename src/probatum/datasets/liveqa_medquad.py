"""Questions that people sent to the National Library of Medicine, with MedQuAD answers judged by experts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.reading import lines
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Malformed, Question

OFFICIAL = "https://github.com/abachaa/MedQuAD"
_GRADES = {"1-Incorrect": 1, "2-Related": 2, "3-Incomplete": 3, "4-Excellent": 4}
_JUDGMENT = re.compile(r"(\d+)\s+(\S+)\s+(\S+)")


@card(
    "LiveQA-Med judgments over MedQuAD",
    survey="liveqa",
    reference="https://doi.org/10.1186/s12859-019-3119-4",
    licence="CC BY 4.0; the wording of the questions bears none and is for testing only",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution.",
)
def liveqa_medquad(path: Path) -> Iterator[Example]:
    """The judged questions by number; their judged answers as candidates, best first, each with grade - 1 as its score.

    `path` is the folder qrels-odd or one that holds it: a file queries*.tsv (number, tab, question) and a file
    qrels*.txt (number, grade, answer id), with the grades 1-Incorrect, 2-Related, 3-Incomplete and 4-Excellent.
    A question that nobody judged is left out. Where a pair was judged more than once and the judges differ, the lowest
    grade counts: it does not hang on the order of the file, and an answer counts only for what all judges grant it.
    Raises `NeedsFile` and `BadFormat`.
    """
    queries, judgments = _found(path)
    asked = dict(_questions(queries))
    given: dict[str, dict[str, list[int]]] = {}
    for number, grade, answer in _judgments(judgments):
        if number in asked:
            given.setdefault(number, {}).setdefault(answer, []).append(grade)
    for number in sorted(given, key=int):
        grades = {answer: min(each) for answer, each in given[number].items()}
        best_first = sorted(grades, key=lambda answer: (-grades[answer], answer))
        candidates = tuple(Candidate(answer, answer, float(grades[answer] - 1)) for answer in best_first)
        yield Example(number, Question(asked[number], language="en"), Answer(candidates=candidates))


def _found(path: Path) -> tuple[Path, Path]:
    queries, judgments = (sorted(path.rglob(pattern)) for pattern in ("queries*.tsv", "qrels*.txt"))
    if not queries or not judgments:
        mend = f"get them from {OFFICIAL} (QA-TestSet-LiveQA-Med-Qrels-2479-Answers.zip) and give the folder"
        raise NeedsFile(f"no queries*.tsv with qrels*.txt in {path}", mend=mend)
    return queries[0], judgments[0]


def _questions(path: Path) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for place, text in _lines(path):
        number, tab, question = text.partition("\t")
        if not tab or not _is_number(number) or not question.strip() or number in seen:
            raise BadFormat("a new number, a tab and a question were expected", where=place)
        seen.add(number)
        yield number, question.strip()


def _judgments(path: Path) -> Iterator[tuple[str, int, str]]:
    for place, text in _lines(path):
        match = _JUDGMENT.fullmatch(text.strip())
        if not match or match[2] not in _GRADES or not _is_number(match[1]):
            raise BadFormat(f"a number, a grade ({', '.join(_GRADES)}) and an answer's id were expected", where=place)
        yield match[1], _GRADES[match[2]], match[3]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    for line in lines(path):
        if isinstance(line, Malformed):
            raise BadFormat(line.reason, where=f"{path}:{line.line}")
        if line[1].strip():
            yield f"{path}:{line[0]}", line[1]
