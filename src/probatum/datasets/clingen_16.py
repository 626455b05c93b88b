"""The sixteen sets on which ClinGen was tried: classes, relations, inference, facts, likeness, names, attributes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.datasets._files import chosen, files, sound, split_of, text
from probatum.datasets._tagged import mentions
from probatum.errors import BadFormat
from probatum.formats import parquet
from probatum.formats.json_stream import objects
from probatum.formats.reading import lines
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Origin, Question

OFFICIAL = "https://huggingface.co/datasets/ritaranx/clinical-synthetic-text-kg (and -llm)"
TASKS = {
    "litcovid": "text classification", "hoc": "text classification", "gad": "relation extraction",
    "cdr": "relation extraction", "chemprot": "relation extraction", "mednli": "natural language inference",
    "mediqa_nli": "natural language inference", "mediqa_rqe": "natural language inference",
    "pubhealth": "fact verification", "healthver": "fact verification", "mqp": "sentence similarity",
    "bc5cdr_disease": "named entities", "bc5cdr_chemical": "named entities", "ncbi_disease": "named entities",
    "chemdner": "named entities", "casi": "attribute extraction",
}  # fmt: skip
_PAIRS = (("text1", "text2"), ("sentence1", "sentence2"), ("premise", "hypothesis"), ("claim", "evidence"))
_TAGS, _LABELS = ("ner_tags", "tags", "labels"), ("label", "label_id", "labels")


@card(
    "The sixteen sets of ClinGen",
    survey="clingen_16",
    reference="doi:10.48550/arXiv.2311.00287",
    licence="Apache-2.0 (repository); each corpus under its own",
    languages=("en",),
    where=OFFICIAL,
    terms="Each corpus under its own terms; MedNLI and MEDIQA-NLI come without their training sets (PhysioNet).",
)
def clingen_16(path: Path, part: str = "bc5cdr_disease") -> Iterator[Example]:
    """The records of one corpus; `part` is one of sixteen. What train files hold a model wrote (`generated`).

    `path` is the folder with a folder for each corpus (train.jsonl, train_few.jsonl, test.jsonl, or the same as
    Parquet), or one file. Names: tokens with tags (texts in IOB, or numbers as label.txt beside it names them) become
    mentions. Others: text, or two texts, and a label (a name or a number) as choice; several labels as candidates.
    Labels: split (few for the given demonstrations), task. Raises `NeedsFile` and `BadFormat`.
    """
    wanted = chosen(part, TASKS)
    for file in files(path, "*.jsonl", "*.parquet", official=OFFICIAL):
        if file != path and file.parent.name.lower().replace("-", "_") != wanted:
            continue
        names = _names(file)
        split = "few" if "few" in file.stem else split_of(file)
        for line, row in _rows(file):
            where, id = f"{file}:{line}", f"{wanted}:{file.stem}:{line}"
            asked, gold = (
                _named(row, names, where) if TASKS[wanted] == "named entities" else _labelled(row, names, where)
            )
            reliability = "generated" if split == "train" else "curated"
            labels = tuple((key, value) for key, value in (("split", split), ("task", TASKS[wanted])) if value)
            origin = Origin("clingen_16", wanted, id, reliability=reliability)
            yield Example(id, asked, gold, labels=labels, origin=origin)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    yield from parquet.rows(file, ()) if file.suffix == ".parquet" else sound(objects(file), file)


def _names(file: Path) -> list[str]:
    """The names of the labels, a line each, as label.txt beside the file has them."""
    table = file.parent / "label.txt"
    return [said.strip() for _, said in sound(lines(table), table) if said.strip()] if table.is_file() else []


def _name(said: Any, names: list[str], where: str) -> str:
    if isinstance(said, bool) or not isinstance(said, int | str) or said == "":
        raise BadFormat(f"a label was expected, not {said!r:.40}", where=where)
    if isinstance(said, int) and names:
        if not 0 <= said < len(names):
            raise BadFormat(f"the label {said} is none of the {len(names)} of label.txt", where=where)
        return names[said]
    return str(said)


def _named(row: dict[str, Any], names: list[str], where: str) -> tuple[Question, Answer]:
    tokens, tags = row.get("tokens"), next((row[key] for key in _TAGS if key in row), None)
    if not isinstance(tokens, list) or not isinstance(tags, list) or not all(isinstance(each, str) for each in tokens):
        raise BadFormat("tokens and their tags were expected", where=where)
    said, found = mentions(tokens, [_name(each, names, where) for each in tags], " ", where)
    return Question(context=(said,), language="en"), Answer(found=found)


def _labelled(row: dict[str, Any], names: list[str], where: str) -> tuple[Question, Answer]:
    pair = next((keys for keys in _PAIRS if keys[0] in row and keys[1] in row), ())
    context = tuple(text(row, key, where) for key in pair or ("text",))
    said = next((row[key] for key in _LABELS if key in row), None)
    if isinstance(said, list):
        told = tuple(_name(each, names, where) for each in said)
        gold = Answer(candidates=tuple(Candidate(each, each, 1.0) for each in told))
    else:
        gold = Answer(choice=_name(said, names, where))
    options = tuple((name, name) for name in names)
    return Question("Which label fits?", options, context, language="en"), gold
