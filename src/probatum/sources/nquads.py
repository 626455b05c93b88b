"""Knowledge as N-Quads, as a store writes it: each claim a graph of its own, with what its release says of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from urllib.parse import unquote

from probatum.errors import NeedsFile
from probatum.formats import nquads as statements
from probatum.formats.nquads import Quad, curie
from probatum.formats.ontology import ID
from probatum.formats.places import data_folder
from probatum.formats.reading import QUOTED, digest
from probatum.naming import card, card_of
from probatum.sources._files import shown
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation, Release

LICENCE = "as its statements say"
OWN = "urn:probatum:"
CLAIM, QUALIFIER = f"{OWN}claim:", f"{OWN}qualifier:"
OWL, OBO = "http://www.w3.org/2002/07/owl#", "http://www.geneontology.org/formats/oboInOwl#"
TYPE, LABEL = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2000/01/rdf-schema#label"
DEFINITION, REPLACED = "http://purl.obolibrary.org/obo/IAO_0000115", "http://purl.obolibrary.org/obo/IAO_0100001"
REFERENCES = "http://purl.org/dc/terms/references"
SCOPES = {LABEL: "label", f"{OBO}hasExactSynonym": "exact", f"{OBO}hasBroadSynonym": "broad",
          f"{OBO}hasNarrowSynonym": "narrow", f"{OBO}hasRelatedSynonym": "related"}  # fmt: skip
SAID = (f"{OWL}sourceIndividual", f"{OWL}assertionProperty", f"{OWL}targetIndividual")
Found = list[tuple[int, Quad]]


@card(
    "Knowledge as N-Quads",
    reference="https://www.w3.org/TR/n-quads/",
    licence=LICENCE,
    languages=("en", "zh"),
    where="another store: probatum kb export --nquads FILE",
    terms="Those of the sources that the statements name.",
)
def nquads(path: Path | None = None) -> Iterator[Fact]:
    """The facts of a file or of all *.nq of a folder: concepts, definitions, claims and denials.

    The statements of one concept, and those of one claim, stand together, as a store writes them. A claim keeps the
    release that made it as the qualifier source_release. A statement between two things outside of any claim is a
    claim of its graph. Raises `NeedsFile`.
    """
    files = _files(path)
    sha256 = digest(files)
    yield Release("nquads", sha256, LICENCE, sha256, tuple(shown(file) for file in files))
    for file in files:
        for key, group in groupby(statements.quads(file), key=_record):
            if not key:
                yield from (each for each in group if isinstance(each, Malformed))
                continue
            found = [each for each in group if not isinstance(each, Malformed)]
            try:
                yield from _claim(found, sha256) if key.startswith(CLAIM) else _concept(key, found, sha256)
            except ValueError as error:
                yield Malformed(file.name, found[0][0], str(error), key[:QUOTED])


def _files(path: Path | None) -> list[Path]:
    place = path or data_folder() / "nquads"
    found = sorted(place.iterdir()) if place.is_dir() else [place] if place.is_file() else []
    files = [file for file in found if file.is_file() and file.name.endswith((".nq", ".nq.gz", ".nquads"))]
    if not files:
        mend = f"write them with {card_of(nquads).where}; licence: {LICENCE}; then give the file or its folder"
        raise NeedsFile("there are no files named *.nq here", where=str(place), mend=mend)
    return files


def _record(each: tuple[int, Quad] | Malformed) -> str:
    if isinstance(each, Malformed):
        return ""
    quad = each[1]
    return quad.graph if quad.graph.startswith(CLAIM) else quad.subject


def _id(iri: str) -> str:
    id_ = curie(iri)
    if not ID.fullmatch(id_):
        raise ValueError(f"not the IRI of an id: {iri[:QUOTED]}")
    return id_


def _claim(found: Found, release: str) -> Iterator[Fact]:
    said: dict[str, list[str]] = {}
    ends: tuple[str, ...] = ()
    for _, quad in found:
        if quad.graph.startswith(CLAIM):
            ends = (quad.subject, quad.predicate, quad.object)
        else:
            said.setdefault(quad.predicate, []).append(quad.object)
    negated = not ends
    ends = ends or tuple(said.get(role, [""])[0] for role in SAID)
    subject, predicate, object_ = map(_id, ends)
    qualifiers = [
        (unquote(name[len(QUALIFIER) :]), value)
        for name, values in said.items() if name.startswith(QUALIFIER) for value in values
    ]  # fmt: skip
    made = found[-1][1].graph.removeprefix(f"{OWN}release:")
    if made and not any(name == "source_release" for name, _ in qualifiers):
        qualifiers.append(("source_release", unquote(made)))
    reliability = said.get(f"{OWN}reliability", ["curated"])[0]
    if reliability not in {"curated", "extracted", "generated"}:
        raise ValueError(f"no reliability: {reliability[:QUOTED]}")
    at = said.get(f"{OWN}at", [f"{subject} {predicate} {object_}"])[0]
    references = tuple(curie(each) for each in said.get(REFERENCES, ()))
    origin = Origin("nquads", release, at, said.get(f"{OWN}evidence", [""])[0], references, reliability=reliability)
    held = tuple(sorted({pair for pair in qualifiers if pair[0] and pair[1]}))
    yield Relation(subject, predicate, object_, origin, negated, held)


def _concept(iri: str, found: Found, release: str) -> Iterator[Fact]:
    told = [
        (number, quad) for number, quad in found if quad.predicate in SCOPES and quad.literal and quad.object.strip()
    ]
    at = next((quad.object for _, quad in found if quad.predicate == f"{OWN}at"), "")
    if not told:
        yield from _loose(found, release)
        return
    id_ = _id(iri)
    kinds = [_id(quad.object) for _, quad in found if quad.predicate == TYPE]
    origin = Origin("nquads", release, at or id_)
    label = next((quad.object for _, quad in told if quad.predicate == LABEL and quad.language in {"", "en"}), id_)
    names = [Name(quad.object, quad.language or "en", SCOPES[quad.predicate]) for _, quad in told]

    def linked(predicate: str) -> tuple[str, ...]:
        return tuple(_id(quad.object) for _, quad in found if quad.predicate == predicate and not quad.literal)

    kind = kinds[0].partition(":")[2] if kinds else ""
    yield Concept(
        id_, label, kind if kind[:1].isupper() else "NamedThing", origin,
        tuple(name for name in names if name != Name(label)), linked(f"{OBO}hasAlternativeId"), linked(REPLACED),
        linked(f"{OBO}consider"), linked(f"{OBO}hasDbXref"),
        any(quad.predicate == f"{OWL}deprecated" and quad.object == "true" for _, quad in found),
    )  # fmt: skip
    for number, (_, quad) in enumerate((each for each in found if each[1].predicate == DEFINITION), 1):
        if quad.object.strip():
            passage = f"{id_}#definition" + (f"-{number}" if number > 1 else "")
            yield Passage(passage, quad.object, label, quad.language or "en", origin, "definition", (id_,))


def _loose(found: Found, release: str) -> Iterator[Fact]:
    """Statements of other makers: each between two things is a claim of its graph."""
    for _, quad in found:
        if not quad.literal and quad.predicate != TYPE:
            ends = _id(quad.subject), _id(quad.predicate), _id(quad.object)
            said = (("primary_knowledge_source", quad.graph),) if quad.graph else ()
            yield Relation(*ends, Origin("nquads", release, " ".join(ends)), False, said)
