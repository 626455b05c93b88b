"""Decisions of the review queue as annotated texts: what people accepted is there to be learned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.reading import lines, loads
from probatum.naming import card
from probatum.types import Answer, Example, Malformed, Mention, Origin, Question, Relation


@card(
    "Reviewed relations as examples",
    survey="3.2.1",
    licence="that of the texts; the decisions are yours",
    languages=("en", "zh"),
    where="probatum kb review export FILE",
    terms="Made by you.",
)
def reviewed(path: Path) -> Iterator[Example]:
    """A text an example, in the order of the file: the mentions of all decisions, and the relations that hold.

    `path` is a file that `kb review export` wrote. A rejected relation leaves its mentions, so that a classifier sees
    the pair and learns that it does not hold. Raises `NeedsFile`, `BadFormat`.
    """
    if not path.is_file():
        raise NeedsFile(f"no reviewed relations at {path}", mend="probatum kb review export FILE")
    texts: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for line in lines(path):
        if isinstance(line, Malformed):
            raise BadFormat(line.reason, where=f"{path}:{line.line}")
        number, text = line
        said = loads(text.encode(), f"{path}:{number}")
        try:
            texts.setdefault((said["reference"], said["text"]), []).append(said)
        except (KeyError, TypeError) as error:
            raise BadFormat(f"not a decision: {error}", where=f"{path}:{number}") from error
    for number, ((reference, text), decisions) in enumerate(texts.items(), 1):
        try:
            yield _example(str(number), reference, text, decisions)
        except (KeyError, TypeError, ValueError) as error:
            raise BadFormat(f"not a decision: {error}", where=f"{path}: {reference}") from error


def _example(number: str, reference: str, text: str, decisions: list[dict[str, Any]]) -> Example:
    mentions = {
        Mention(int(start), int(end), text[int(start) : int(end)], str(concept), kind=str(kind))
        for said in decisions
        for start, end, concept, kind in said["mentions"]
    }
    origin = Origin("reviewed", "", reference)
    held = [
        Relation(said["subject"], said["predicate"], said["object"], origin, bool(said["negated"]))
        for said in decisions
        if said["verdict"] == "accepted"
    ]
    ordered = sorted(mentions, key=lambda each: (each.start, each.end, each.concept))
    groups = (reference,) if reference else ()
    return Example(number, Question(context=(text,)), Answer(found=(*ordered, *held)), groups)
