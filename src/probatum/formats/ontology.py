"""What an ontology file says of its terms, whatever its format: OBO or OBO graphs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from probatum.types import Name

ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*:[^\s|]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Term:
    """One term as its file states it; ids are CURIEs, `line` is where the term begins (0 where lines mean nothing)."""

    id: str
    name: str
    line: int
    definition: str = ""
    definition_references: tuple[str, ...] = ()
    synonyms: tuple[Name, ...] = ()
    is_a: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    obsolete: bool = False
    subsets: tuple[str, ...] = ()  # names of the slims that it belongs to
    links: tuple[
        tuple[str, str], ...
    ] = ()  # (relation, other term) of every axiom besides is_a, as the file names them


def release_in(version: str) -> str:
    """The release that a version line or IRI names: its date where it holds one, else the line itself."""
    dates = _DATE.findall(version)
    return dates[-1] if dates else version.strip()


def curie(iri: str) -> str:
    """The CURIE of an OBO library IRI (http://purl.obolibrary.org/obo/HP_0000001); anything else as it is."""
    iri = iri.strip().strip("<>")
    for start in ("http://purl.obolibrary.org/obo/", "https://purl.obolibrary.org/obo/"):
        if iri.startswith(start):
            prefix, underscore, local = iri[len(start) :].partition("_")
            return f"{prefix}:{local}" if underscore else iri
    return iri
