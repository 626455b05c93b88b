"""Reads and writes RDF as N-Quads (www.w3.org/TR/n-quads): a statement a line, with the graph that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from probatum.formats.reading import QUOTED, lines
from probatum.types import Malformed

REGISTRY = "https://bioregistry.io/"  # resolves every CURIE of a registered prefix
NAMESPACES = {
    "biolink": "https://w3id.org/biolink/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
_IRI = r"<([^\x00-\x20<>\"{}|^`\\]*)>"
_LINE = re.compile(
    rf"\s*{_IRI}\s+{_IRI}\s+(?:{_IRI}|\"((?:[^\"\\\n\r]|\\.)*)\"(?:@([A-Za-z][A-Za-z0-9-]*)|\^\^{_IRI})?)(?:\s+{_IRI})?\s*\.\s*(?:#.*)?"
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_PLAIN = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Quad:
    """One statement. Its object is an IRI, or a text where `literal`; blank nodes are not read."""

    subject: str
    predicate: str
    object: str
    graph: str = ""
    literal: bool = False
    language: str = ""
    datatype: str = ""


def quads(path: Path) -> Iterator[tuple[int, Quad] | Malformed]:
    """The statements of a file, plain or gzip, with their lines; what is no statement is `Malformed`."""
    for line in lines(path):
        if isinstance(line, Malformed):
            yield line
            continue
        number, text = line
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            yield Malformed(path.name, number, "a statement of IRIs and texts was expected", text[:QUOTED])
            continue
        subject, predicate, iri, literal, language, datatype, graph = match.groups()
        try:
            said = _ESCAPE.sub(_unescaped, literal) if iri is None else iri
            said.encode()
        except ValueError:
            yield Malformed(path.name, number, "an escape that is no character", text[:QUOTED])
            continue
        yield number, Quad(subject, predicate, said, graph or "", iri is None, language or "", datatype or "")


def _unescaped(found: re.Match[str]) -> str:
    if found[3]:
        if found[3] not in _PLAIN:
            raise ValueError(found[0])
        return _PLAIN[found[3]]
    return chr(int(found[1] or found[2], 16))


def line(quad: Quad) -> str:
    """A statement as its line, in canonical form."""
    if quad.literal:
        said = quad.object.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
        tail = f"@{quad.language}" if quad.language else f"^^<{quad.datatype}>" if quad.datatype else ""
        object_ = f'"{said}"{tail}'
    else:
        object_ = f"<{quad.object}>"
    graph = f" <{quad.graph}>" if quad.graph else ""
    return f"<{quad.subject}> <{quad.predicate}> {object_}{graph} ."


def write(path: Path, found: Iterable[Quad]) -> int:
    """Writes statements beside their place and shows them by one rename; their number."""
    beside, count = path.with_name(f".{path.name}.new"), 0
    with beside.open("w", encoding="utf-8", newline="\n") as out:
        for quad in found:
            out.write(line(quad) + "\n")
            count += 1
    beside.replace(path)
    return count


def iri(id: str) -> str:
    """The IRI of a CURIE: in its own namespace for words of Biolink, SKOS, OWL and RDFS, else at the Bioregistry."""
    if id.startswith(("http://", "https://", "urn:")) and not re.search(r"[\x00-\x20<>\"{}|^`\\]", id):
        return id
    prefix, _, local = id.partition(":")
    if prefix in NAMESPACES:
        return NAMESPACES[prefix] + quote(local, safe="")
    return REGISTRY + quote(id, safe=":/")


def curie(iri: str) -> str:
    """The CURIE of an IRI that `iri` made; any other IRI as it is."""
    if iri.startswith(REGISTRY):
        return unquote(iri[len(REGISTRY) :])
    for prefix, start in NAMESPACES.items():
        if iri.startswith(start):
            return f"{prefix}:{unquote(iri[len(start) :])}"
    return iri
