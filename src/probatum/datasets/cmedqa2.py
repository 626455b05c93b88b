"""cMedQA2: questions of a Chinese health forum with candidate answers to rank."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from probatum.datasets._files import chosen, files, sound
from probatum.errors import BadFormat
from probatum.formats.tables import named_cells
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Origin, Question

OFFICIAL = "https://github.com/zhangsheng93/cMedQA2"
PARTS = ("test", "dev", "train")


@card(
    "cMedQA2",
    survey="cmedqa2",
    reference="doi:10.1109/ACCESS.2018.2883637",
    licence="non-commercial research",
    languages=("zh",),
    where=OFFICIAL,
    terms="For non-commercial research only.",
)
def cmedqa2(path: Path, part: str = "test") -> Iterator[Example]:
    """Each question with its candidates, graded 1 (an answer to it) or 0; gold text is the first that answers.

    `path` is the folder of question.csv (question_id, content), answer.csv (ans_id, question_id, content) and
    <part>_candidates.txt (test and dev: question_id, ans_id, cnt, label; train: question_id, pos_ans_id, neg_ans_id),
    each plain or as its zip. A candidate that stands twice stands once, under its higher grade. Raises `NeedsFile`,
    and `BadFormat` for an id that names nothing.
    """
    chosen(part, PARTS)
    questions = _texts(_one(path, "question"), "question_id")
    answers = _texts(_one(path, "answer"), "ans_id")
    file = _one(path, f"{part}_candidates")
    for asked, lines in groupby(_graded(file, part), key=lambda each: each[1]):
        grades: dict[str, float] = {}
        where = ""
        for line, _, answer, grade in lines:
            where = where or f"{file}:{line}"
            if answer not in answers:
                raise BadFormat(f"there is no answer {answer!r}", where=f"{file}:{line}")
            grades[answer] = max(grade, grades.get(answer, 0.0))
        if asked not in questions:
            raise BadFormat(f"there is no question {asked!r}", where=where)
        told = tuple(Candidate(id, answers[id], grade) for id, grade in grades.items())
        gold = Answer(next((each.name for each in told if each.score), ""), candidates=told)
        origin = Origin("cmedqa2", part, asked)
        question = Question(questions[asked], language="zh")
        yield Example(asked, question, gold, (f"question:{asked}",), labels=(("split", part),), origin=origin)


def _one(path: Path, stem: str) -> Path:
    return files(path, f"{stem}.csv", f"{stem}.txt", f"{stem}.zip", official=OFFICIAL)[0]


def _texts(file: Path, key: str) -> dict[str, str]:
    return {row[key].strip(): row["content"].strip() for _, row in sound(named_cells(file, (key, "content")), file)}


def _graded(file: Path, part: str) -> Iterator[tuple[int, str, str, float]]:
    if part == "train":
        for line, row in sound(named_cells(file, ("question_id", "pos_ans_id", "neg_ans_id")), file):
            yield line, row["question_id"], row["pos_ans_id"], 1.0
            yield line, row["question_id"], row["neg_ans_id"], 0.0
        return
    for line, row in sound(named_cells(file, ("question_id", "ans_id", "label")), file):
        if row["label"] not in {"0", "1"}:
            raise BadFormat(f"the label 0 or 1 was expected, not {row['label']!r}", where=f"{file}:{line}")
        yield line, row["question_id"], row["ans_id"], float(row["label"])
