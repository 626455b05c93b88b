"""BioASQ task B: questions of biomedical experts with the snippets and answers that they gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from probatum.datasets._files import chosen, files, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import records
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Origin, Question

OFFICIAL = "http://participants-area.bioasq.org"
YES_NO = (("A", "yes"), ("B", "no"))
KINDS = ("yesno", "factoid", "list", "summary")


@card(
    "BioASQ, task B",
    survey="bioasq",
    reference="doi:10.1186/s12859-015-0564-6",
    licence="CC BY 2.5, as sets made of it tell; NLM's terms for the records of PubMed",
    languages=("en",),
    where=OFFICIAL,
    terms="Registration with BioASQ.",
)
def bioasq(path: Path, part: str = "all") -> Iterator[Example]:
    """The questions by their ids, snippets as context; gold is yes or no, the exact answers, the ideal answer as text.

    `path` is a JSON of the task ({"questions": [{id, body, type, documents, snippets, exact_answer, ideal_answer}]})
    or a folder of them; `part` is all, or one kind (yesno, factoid, list, summary), which is a label too. Exact answers
    stand as candidates, one an entity; its further names follow it in the field `synonyms`. The documents are the
    groups. Raises `NeedsFile` and `BadFormat`.
    """
    chosen(part, ("all", *KINDS))
    for file in files(path, "*.json", official=OFFICIAL):
        for record in records(file, ("questions", "*")):
            where = f"{file}:{record.line}"
            if not isinstance(record.value, dict):
                raise BadFormat("a question was expected", where=where)
            made = _example(record.value, file.stem, where)
            if part in {"all", dict(made.labels)["type"]}:
                yield made


def _example(row: Mapping[str, Any], release: str, where: str) -> Example:
    id, kind = text(row, "id", where), text(row, "type", where)
    if kind not in KINDS:
        raise BadFormat(f"type {kind!r} is none of {', '.join(KINDS)}", where=where)
    snippets = row.get("snippets", [])
    documents = row.get("documents", [])
    if not isinstance(snippets, list) or not all(isinstance(each, dict) for each in snippets):
        raise BadFormat("'snippets' must be a list of objects", where=where)
    if not isinstance(documents, list) or not all(isinstance(each, str) for each in documents):
        raise BadFormat("'documents' must be a list of addresses", where=where)
    context = tuple(text(each, "text", where) for each in snippets)
    ideal = row.get("ideal_answer") or [""]
    said = ideal if isinstance(ideal, str) else ideal[0] if isinstance(ideal, list) else None
    if not isinstance(said, str):
        raise BadFormat("'ideal_answer' must be a text or a list of texts", where=where)
    exact = row.get("exact_answer")
    choice, gold = "", list[list[str]]()
    if kind == "yesno" and exact is not None:
        word = exact.strip().lower() if isinstance(exact, str) else ""
        choice = next((letter for letter, each in YES_NO if each == word), "")
        if not choice:
            raise BadFormat(f"yes or no was expected, not {exact!r:.40}", where=where)
    elif kind in {"factoid", "list"} and exact is not None:
        gold = _entities(exact, where)
    asked = Question(text(row, "body", where), YES_NO if kind == "yesno" else (), context, language="en")
    told = [Candidate(choice, dict(YES_NO)[choice], 1.0)] if choice else []
    told += [Candidate(names[0], names[0], 1.0) for names in gold]
    synonyms = tuple((f"synonyms {names[0]}", "; ".join(names[1:])) for names in gold if names[1:])
    answer = Answer(said.strip(), choice, synonyms, tuple(told))
    origin = Origin("bioasq", release, id, references=tuple(documents))
    return Example(id, asked, answer, tuple(documents), labels=(("type", kind),), origin=origin)


def _entities(exact: object, where: str) -> list[list[str]]:
    """Entities with their names: the file writes a text, a list of texts (names of one), or a list of such lists."""
    listed = [exact] if isinstance(exact, str) else exact
    if not isinstance(listed, list) or not listed:
        raise BadFormat("'exact_answer' must be a text or a list", where=where)
    entities = listed if all(isinstance(each, list) for each in listed) else [listed]
    if not all(names and all(isinstance(name, str) and name for name in names) for names in entities):
        raise BadFormat("'exact_answer' must hold texts", where=where)
    return entities
