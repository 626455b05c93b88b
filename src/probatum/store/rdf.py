"""The knowledge as RDF: each claim is a graph of one statement, and a release says of the claim what its source says.

Claims are urn:probatum:claim:<key>, releases urn:probatum:release:<source>@<version>. What is asserted stands in the
claim's own graph; what is denied is an owl:NegativePropertyAssertion. Evidence, references and qualifiers of a claim,
and all concepts, stand in the graph of their release.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from probatum.errors import BadFormat, NeedsExtra, StoreRefused
from probatum.formats.nquads import Quad, iri, line, write
from probatum.store import rows
from probatum.store.reader import Store
from probatum.types import Concept, Name, Origin, Relation

OWN = "urn:probatum:"
CLAIM, RELEASE, QUALIFIER = f"{OWN}claim:", f"{OWN}release:", f"{OWN}qualifier:"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
OWL = "http://www.w3.org/2002/07/owl#"
OBO = "http://www.geneontology.org/formats/oboInOwl#"
DEFINITION, REPLACED = "http://purl.obolibrary.org/obo/IAO_0000115", "http://purl.obolibrary.org/obo/IAO_0100001"
DERIVED, REFERENCES = "http://www.w3.org/ns/prov#wasDerivedFrom", "http://purl.org/dc/terms/references"
LICENCE = "http://purl.org/dc/terms/license"
BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
SCOPES = {
    "label": RDFS_LABEL, "exact": f"{OBO}hasExactSynonym", "broad": f"{OBO}hasBroadSynonym",
    "narrow": f"{OBO}hasNarrowSynonym", "related": f"{OBO}hasRelatedSynonym",
}  # fmt: skip


def export(store: Store, path: Path) -> int:
    """Writes a store as N-Quads; the number of statements. The same store gives the same bytes.

    Raises `StoreRefused` where the file cannot be written.
    """
    try:
        return write(path, statements(store))
    except OSError as error:
        raise StoreRefused(str(error), where=str(path), mend="give a file that you may write to") from error


def statements(store: Store) -> Iterator[Quad]:
    """The statements: releases, then concepts with their definitions, then claims, each part sorted."""
    for release in store.releases():
        here = release_iri(release.source, release.version)
        yield Quad(here, LICENCE, release.licence, here, literal=True)
    for concept in store.concepts():
        yield from _of_concept(store, concept)
    for claim in store.relations():
        yield from _of_claim(claim)


def sparql(store: Store, query: str) -> Iterator[dict[str, str]]:
    """The rows that a SPARQL query gives over the store, or one row `answer` for ASK; the default graph is all graphs.

    The statements are held in memory for the call. Raises `NeedsExtra` without pyoxigraph, `BadFormat` for a query
    that is none.
    """
    try:
        import pyoxigraph  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise NeedsExtra("SPARQL needs pyoxigraph", mend='pip install "probatum[rdf]"') from error
    graph: Any = pyoxigraph.Store()
    text = "\n".join(map(line, statements(store))).encode("utf-8", "replace")
    graph.bulk_load(input=text, format=pyoxigraph.RdfFormat.N_QUADS)
    try:
        found: Any = graph.query(query, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise BadFormat(str(error), where="query", mend="a SPARQL 1.1 query was expected") from error
    if isinstance(found, pyoxigraph.QueryBoolean):
        yield {"answer": "true" if bool(found) else "false"}
    elif isinstance(found, pyoxigraph.QueryTriples):
        for triple in found:
            yield {"subject": str(triple.subject), "predicate": str(triple.predicate), "object": str(triple.object)}
    else:
        names = [each.value for each in found.variables]
        for row in found:
            yield {name: _value(row[place]) for place, name in enumerate(names)}


def _value(term: Any) -> str:
    return "" if term is None else str(getattr(term, "value", term))


def release_iri(source: str, version: str) -> str:
    """The IRI of a release, which is also the graph of what it says."""
    return f"{RELEASE}{quote(f'{source}@{version}', safe='@')}"


def _of_concept(store: Store, concept: Concept) -> Iterator[Quad]:
    here, graph = iri(concept.id), _graph(concept.origin)
    yield Quad(here, RDF_TYPE, iri(f"biolink:{concept.kind or 'NamedThing'}"), graph)
    for name in dict.fromkeys((Name(concept.name), *concept.names)):
        yield Quad(
            here, SCOPES.get(name.scope, SCOPES["related"]), name.text, graph, literal=True, language=name.language
        )
    groups = (
        (f"{OBO}hasAlternativeId", concept.alternatives), (REPLACED, concept.replaced_by),
        (f"{OBO}consider", concept.consider), (f"{OBO}hasDbXref", concept.xrefs),
    )  # fmt: skip
    for predicate, ids in groups:
        yield from (Quad(here, predicate, iri(id), graph) for id in ids)
    if concept.obsolete:
        yield Quad(here, f"{OWL}deprecated", "true", graph, literal=True, datatype=BOOLEAN)
    yield Quad(here, f"{OWN}at", concept.origin.at, graph, literal=True)
    for passage in store.passages(about=concept.id, kind="definition"):
        yield Quad(here, DEFINITION, passage.text, _graph(passage.origin), literal=True, language=passage.language)


def _of_claim(claim: Relation) -> Iterator[Quad]:
    origin = claim.origin
    key = rows.key_of("relation", origin.source, origin.release, rows.of_relation(claim))
    here, graph = f"{CLAIM}{key.hex()}", _graph(origin)
    ends = iri(claim.subject), iri(claim.predicate), iri(claim.object)
    if claim.negated:
        yield Quad(here, RDF_TYPE, f"{OWL}NegativePropertyAssertion", graph)
        for role, end in zip(("sourceIndividual", "assertionProperty", "targetIndividual"), ends, strict=True):
            yield Quad(here, f"{OWL}{role}", end, graph)
    else:
        yield Quad(*ends, here)
    yield Quad(here, DERIVED, graph, graph)
    yield Quad(here, f"{OWN}at", origin.at, graph, literal=True)
    yield Quad(here, f"{OWN}reliability", origin.reliability, graph, literal=True)
    if origin.evidence:
        yield Quad(here, f"{OWN}evidence", origin.evidence, graph, literal=True)
    yield from (Quad(here, REFERENCES, iri(reference), graph) for reference in origin.references)
    yield from (
        Quad(here, f"{QUALIFIER}{quote(name, safe='')}", value, graph, literal=True) for name, value in claim.qualifiers
    )


def _graph(origin: Origin) -> str:
    return release_iri(origin.source, origin.release)
