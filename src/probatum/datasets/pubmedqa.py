"""PubMedQA: questions that the titles of papers ask, each with its abstract and yes, no or maybe by experts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.reading import loads
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Origin, Question

OFFICIAL = "https://github.com/pubmedqa/pubmedqa"
OPTIONS = (("A", "yes"), ("B", "no"), ("C", "maybe"))
PARTS = {"labelled": "ori_pqal", "artificial": "ori_pqaa", "unlabelled": "ori_pqau"}
_LETTERS = {text: letter for letter, text in OPTIONS}


@card(
    "PubMedQA",
    survey="pubmedqa",
    reference="doi:10.18653/v1/D19-1259",
    licence="MIT",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution.",
)
def pubmedqa(path: Path, part: str = "labelled") -> Iterator[Example]:
    """The questions by PMID: options yes, no, maybe; the abstract's sections as context; the conclusion as gold text.

    `path` is the official JSON or a folder that holds it (`part`: labelled, artificial, unlabelled). A question
    without a decision has no gold choice. Labels: the year, the sections' names in order, the MeSH headings. Raises
    `NeedsFile` and `BadFormat`.
    """
    if part not in PARTS:
        raise BadFormat(f"part = {part!r}", mend=f"one of: {', '.join(PARTS)}")
    file = path if path.is_file() else next(iter(sorted(path.rglob(f"{PARTS[part]}*.json"))), None)
    if file is None or not file.is_file():
        raise NeedsFile(f"no {PARTS[part]}*.json in {path}", mend=f"get it from {OFFICIAL} and give the folder")
    read = loads(file.read_bytes(), str(file))
    if not isinstance(read, dict):
        raise BadFormat("an object by PMID was expected", where=str(file))
    for pmid, item in sorted(read.items()):
        yield _example(pmid, item, f"{file}: {pmid}", part)


def _example(pmid: str, item: Any, where: str, part: str) -> Example:
    try:
        sections, names = tuple(map(str, item["CONTEXTS"])), tuple(map(str, item["LABELS"]))
        question = Question(str(item["QUESTION"]), OPTIONS, sections, language="en")
        decision, said = str(item.get("final_decision", "")), str(item["LONG_ANSWER"])
        labels = (
            ("mesh", "; ".join(item["MESHES"])),
            ("sections", "; ".join(names)),
            ("year", str(item["YEAR"] or "")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BadFormat(f"not an item of PubMedQA: {error}", where=where) from error
    if not pmid.isascii() or not pmid.isdigit() or decision not in {*_LETTERS, ""}:
        raise BadFormat(f"a PMID with yes, no or maybe was expected, not {decision!r}", where=where)
    letter = _LETTERS.get(decision, "")
    gold = Answer(said, letter, candidates=(Candidate(letter, decision, 1.0),) if letter else ())
    reliability = "generated" if part == "artificial" else "curated"
    origin = Origin("pubmedqa", part, f"PMID:{pmid}", references=(f"PMID:{pmid}",), reliability=reliability)
    return Example(pmid, question, gold, (f"PMID:{pmid}",), labels=labels, origin=origin)
