"""BigBio: more than a hundred biomedical data sets, each in the unified schema of its task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from probatum.datasets._exam import lettered
from probatum.datasets._files import files, sound, split_of, text
from probatum.errors import BadFormat
from probatum.formats.bigbio import document, marked, schema_of
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Origin, Question

OFFICIAL = "https://github.com/bigscience-workshop/biomedical"
_CLOSED = ("yes", "no", "maybe")


@card(
    "BigBio",
    survey="bigbio",
    reference="doi:10.48550/arXiv.2206.15076",
    licence="of each data set",
    languages=("mul",),
    where=OFFICIAL,
    terms="Some of its sets are open, others need an agreement with their makers: see each.",
)
def bigbio(path: Path) -> Iterator[Example]:
    """The records of any of its sets as the datasets library writes them (to_json: an object a line), file by file.

    The schema is told by the keys of a record: kb (passages, entities, relations: gold is found), qa (question,
    choices, context, answer), te (premise, hypothesis, label), pairs (two texts and a label, which is a field score
    where it is a number), t2t (one text into another), text (text and labels). `path` is such a file or a folder of
    them; its stem is the name of the set. The document is a group. Labels: schema, split, type. Raises `NeedsFile`
    and `BadFormat`.
    """
    for file in files(path, "*.jsonl", "*.json", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where = f"{file}:{line}"
            schema = schema_of(row, where)
            id = f"{file.stem}:{row.get('id') or line}"
            of = str(row.get("document_id") or "")
            group = f"document:{of}" if of and of != "NULL" else f"item:{id}"
            told = {"schema": schema, "split": split_of(file), "type": text(row, "type", where, needed=False)}
            labels = tuple((name, value) for name, value in told.items() if value)
            origin = Origin("bigbio", file.stem, id)
            asked, gold = _read(schema, row, origin, where)
            yield Example(id, asked, gold, (group,), labels=labels, origin=origin)


def _read(schema: str, row: Mapping[str, Any], origin: Origin, where: str) -> tuple[Question, Answer]:
    if schema == "kb":
        whole = document(row, where)
        return Question(context=(whole,)), Answer(found=marked(row, whole, origin, where))
    if schema == "qa":
        return _asked(row, where)
    if schema == "te":
        pair = (text(row, "premise", where), text(row, "hypothesis", where))
        return Question(context=pair), Answer(choice=text(row, "label", where))
    if schema == "text":
        said = row.get("labels", row.get("label"))
        names = [said] if isinstance(said, str) else said
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            raise BadFormat("labels of texts were expected", where=where)
        told = tuple(Candidate(each, each, 1.0) for each in names)
        return Question(context=(text(row, "text", where),)), Answer(choice=names[0] if names else "", candidates=told)
    first, second = text(row, "text_1", where), text(row, "text_2", where)
    if schema == "t2t":
        return Question(context=(first,)), Answer(second)
    label = str(row["label"]).strip()
    number = label.removeprefix("-").replace(".", "", 1).isdecimal()
    gold = Answer(fields=(("score", label),)) if number else Answer(choice=label)
    return Question(context=(first, second)), gold


def _asked(row: Mapping[str, Any], where: str) -> tuple[Question, Answer]:
    """A question of qa: the letter of its choice, yes, no or maybe, or its answers as texts."""
    answers, choices = row.get("answer"), row.get("choices") or []
    for each in (answers, choices):
        if not isinstance(each, list) or not all(isinstance(said, str) for said in each):
            raise BadFormat("'answer' and 'choices' must be lists of texts", where=where)
    given = text(row, "context", where, needed=False)
    right = [said.strip() for said in answers or [] if said.strip()]
    options = lettered(choices)
    if {choice.lower() for choice in choices} <= set(_CLOSED):
        options = ()
    question = Question(text(row, "question", where), options, (given,) if given else ())
    letters = "".join(letter for letter, said in options if said in right)
    if options and len(letters) != len(right):
        raise BadFormat("an answer is none of the choices, or several", where=where)
    if options:
        return question, Answer(choice=letters)
    if len(right) == 1 and right[0].lower() in _CLOSED:
        return question, Answer(choice=right[0].lower())
    several = tuple(Candidate(each, each, 1.0) for each in right) if len(right) > 1 else ()
    return question, Answer(right[0] if right else "", candidates=several)
