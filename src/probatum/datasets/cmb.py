"""CMB: exams of the Chinese health professions, and cases of the clinic with open questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from probatum.datasets._exam import item
from probatum.datasets._files import chosen, files, sound, split_of, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://github.com/FreedomIntelligence/CMB"
PARTS = ("exam", "clin")
_KEYS = "CMB-test-choice-answer.json"  # the keys of the test, published later, by the question's id


@card(
    "CMB, Chinese Medical Benchmark",
    survey="cmb",
    reference="https://arxiv.org/abs/2308.08833",
    licence="Apache-2.0",
    languages=("zh",),
    where=OFFICIAL,
    terms="See the repository.",
)
def cmb(path: Path, part: str = "exam") -> Iterator[Example]:
    """`exam`: questions with one or several right options; `clin`: each open question of a case, the case as context.

    `path` is the unpacked CMB.zip or a file of it, laid out as README.md, src/generate_fewshot.py and score.py of
    FreedomIntelligence/CMB have it: CMB-{train,val,test}*.json and CMB-Clin*.json. A question of the test finds its key
    in CMB-test-choice-answer.json, which the repository keeps in data/, beside the zip: it is looked for in the folder
    of the questions and the two above. Cases that stand twice, as on Hugging Face (whose card has the licence), are
    read once. The questions of a case are one group. Raises `NeedsFile` and `BadFormat`.
    """
    if chosen(part, PARTS) == "clin":
        found = files(path, "CMB-Clin*.json", "CMB-test-qa*.json", official=OFFICIAL)
        for file in {each.name: each for each in found}.values():
            for line, row in sound(objects(file), file):
                yield from _case(row, f"{file}:{line}")
        return
    patterns = ("CMB-train*.json", "CMB-val*.json", "CMB-test*question*.json")
    for file in files(path, *patterns, official=OFFICIAL):
        keys = _keys(next((each for each in _near(file) if each.is_file()), file.parent / _KEYS))
        for line, row in sound(objects(file), file):
            yield _question(row, file, f"{file}:{line}", keys, line)


def _near(file: Path) -> list[Path]:
    """Where the keys of the test may lie: beside its questions, or in one of the two folders above."""
    return [folder / _KEYS for folder in list(file.absolute().parents)[:3]]


def _keys(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    return {str(row.get("id")): text(row, "answer", f"{file}:{line}") for line, row in sound(objects(file), file)}


def _question(row: Mapping[str, Any], file: Path, where: str, keys: Mapping[str, str], line: int) -> Example:
    options = row.get("option")
    if not isinstance(options, dict) or not all(isinstance(each, str) for each in options.values()):
        raise BadFormat("'option' must be an object of texts", where=where)
    own = str(row.get("id", ""))
    labels = {key: text(row, key, where, needed=False) for key in ("exam_type", "exam_class", "exam_subject")}
    labels |= {"question_type": text(row, "question_type", where, needed=False), "split": split_of(file)}
    # an option that an exam does not have stands there as an empty text
    held = tuple(sorted((letter, said.strip()) for letter, said in options.items() if said.strip()))
    asked = Question(text(row, "question", where), held, language="zh")
    id = f"{file.stem}:{own or line}"
    key = text(row, "answer", where, needed=False) or keys.get(own, "")
    explained = text(row, "explanation", where, needed=False)
    return item(id, asked, key, where, origin=Origin("cmb", file.stem, id), explained=explained, labels=labels)


def _case(row: Mapping[str, Any], where: str) -> Iterator[Example]:
    case, title, described = str(row.get("id", "")), text(row, "title", where), text(row, "description", where)
    pairs = row.get("QA_pairs")
    if not case or not isinstance(pairs, list) or not all(isinstance(pair, dict) for pair in pairs):
        raise BadFormat("a case with an id and 'QA_pairs' was expected", where=where)
    for number, pair in enumerate(pairs, 1):
        id = f"clin:{case}:{number}"
        asked = Question(text(pair, "question", where), context=(described,), language="zh")
        gold = Answer(text(pair, "solution", where) if "solution" in pair else text(pair, "answer", where))
        labels = (("open", "yes"), ("title", title))
        yield Example(id, asked, gold, (f"clin:{case}",), labels=labels, origin=Origin("cmb", "clin", id))
