"""MedQA: questions of the medical boards of the United States, mainland China and Taiwan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._exam import item
from probatum.datasets._files import chosen, files, sound, split_of, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import json_lines
from probatum.naming import card
from probatum.types import Example, Origin, Question

OFFICIAL = "https://github.com/jind11/MedQA"
PARTS = {  # folder of the release, whether its variant with four options, language
    "us": ("US", False, "en"),
    "us_4_options": ("US", True, "en"),
    "mainland": ("Mainland", False, "zh-Hans"),
    "mainland_4_options": ("Mainland", True, "zh-Hans"),
    "taiwan": ("Taiwan", False, "zh-Hant"),
}
_NAMED = ("train.jsonl", "dev.jsonl", "test.jsonl")


@card(
    "MedQA (USMLE, MCMLE, TWMLE)",
    survey="medqa",
    reference="doi:10.3390/app11146421",
    licence="MIT",
    languages=("en", "zh-Hans", "zh-Hant"),
    where=OFFICIAL,
    terms="See the repository.",
)
def medqa(path: Path, part: str = "us") -> Iterator[Example]:
    """The questions of one board, split by split; `mainland` is MCMLE, `taiwan` TWMLE.

    `path` is one JSONL file or the unpacked release (questions/US, questions/Mainland, questions/Taiwan), with the
    keys question, options, answer, answer_idx and meta_info. Where answer_idx lacks, the key is the one option whose
    text is the answer. Raises `NeedsFile` and `BadFormat`.
    """
    folder, four, language = PARTS[chosen(part, PARTS)]
    if path.is_file():
        found = [path]
    else:
        inner = f"{folder}/4_options" if four else folder
        names = [f"{inner}/*{name}" for name in _NAMED] if four else [f"{inner}/**/{name}" for name in _NAMED]
        found = [file for file in files(path, *names, official=OFFICIAL) if four or "4_options" not in file.parts]
    for file in found:
        for line, row in sound(json_lines(file), file):
            where = f"{file}:{line}"
            options = row.get("options")
            if not isinstance(options, dict) or not all(isinstance(each, str) for each in options.values()):
                raise BadFormat("'options' must be an object of texts", where=where)
            key = text(row, "answer_idx", where, needed=False) or _letter(options, text(row, "answer", where), where)
            asked = Question(text(row, "question", where), tuple(sorted(options.items())), language=language)
            labels = {"exam": text(row, "meta_info", where, needed=False), "part": part, "split": split_of(file)}
            id = f"{part}:{file.stem}:{line}"
            yield item(id, asked, key, where, origin=Origin("medqa", part, id), labels=labels)


def _letter(options: dict[str, str], answer: str, where: str) -> str:
    found = [letter for letter, said in options.items() if said.strip() == answer]
    if len(found) != 1:
        raise BadFormat("the answer must be the text of exactly one option", where=where)
    return found[0]
