"""Reads translations of an ontology (Babelon tables) and its lay synonyms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from probatum.formats.ontology import ID, curie
from probatum.formats.reading import QUOTED
from probatum.formats.tables import tab_separated
from probatum.types import Malformed, Name

_COLUMNS = ("source_language", "translation_language", "subject_id", "predicate_id", "source_value",
            "translation_value", "translation_status")  # fmt: skip
_SCOPES = {
    "rdfs:label": "label",
    "oboInOwl:hasExactSynonym": "exact",
    "oboInOwl:hasBroadSynonym": "broad",
    "oboInOwl:hasNarrowSynonym": "narrow",
    "oboInOwl:hasRelatedSynonym": "related",
    "IAO:0000115": "definition",
}


@dataclass(frozen=True, slots=True)
class Translation:
    """One text of a term in another language or register; a definition has the scope `definition`."""

    term: str
    name: Name
    line: int


def translations(path: Path) -> Iterator[Translation | Malformed]:
    """The translated labels, synonyms and definitions of a Babelon table; what is not translated yet is left out.

    The name's kind is empty for an OFFICIAL translation, otherwise the status in small letters (candidate).
    """
    for row in tab_separated(path, _COLUMNS):
        if isinstance(row, Malformed):
            yield row
            continue
        number, (_, language, subject, predicate, _, text, status) = row
        if status == "NOT_TRANSLATED":
            continue
        if predicate not in _SCOPES or not ID.fullmatch(subject) or not language or not text.strip():
            wrong = "a term's id, a known predicate, a language and a translation were expected"
            yield Malformed(path.name, number, wrong, "\t".join(row[1])[:QUOTED])
            continue
        kind = "" if status == "OFFICIAL" else status.lower()
        yield Translation(subject, Name(text.strip(), language, _SCOPES[predicate], kind), number)


def lay_synonyms(path: Path) -> Iterator[Translation | Malformed]:
    """The lay synonyms of a table '?term ?term_label ?layperson' (SPARQL TSV results), scope exact, kind layperson."""
    for row in tab_separated(path, ("?term", "?term_label", "?layperson")):
        if isinstance(row, Malformed):
            yield row
            continue
        number, (iri, _, quoted) = row
        term, text = curie(iri), _unquoted(quoted)
        if not ID.fullmatch(term) or not text:
            yield Malformed(path.name, number, "a term and a quoted text were expected", "\t".join(row[1])[:QUOTED])
            continue
        yield Translation(term, Name(text, "en", "exact", "layperson"), number)


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return text[1:-1].replace('\\"', '"').replace("\\\\", "\\").strip()
    return ""
