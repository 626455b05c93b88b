"""Writes the knowledge as KGX tables (nodes.tsv, edges.tsv), with Biolink categories, predicates and provenance.

KGX: https://github.com/biolink/kgx/blob/master/specification/kgx-format.md; Biolink Model 4: https://w3id.org/biolink.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from probatum.errors import StoreRefused
from probatum.formats import kgx
from probatum.store import rows
from probatum.store.reader import Store
from probatum.text import frequency
from probatum.types import Concept, Relation

NODE_COLUMNS = "id category name description synonym translation xref deprecated provided_by".split()
EDGE_COLUMNS = (
    "id category subject predicate object negated primary_knowledge_source knowledge_level agent_type publications"
    " frequency_qualifier has_count has_total has_quotient has_percentage onset_qualifier sex_qualifier"
    " disease_context_qualifier evidence_code source_qualifiers source_record source_release"
).split()

INFORES = {"hpo": "infores:hpo-annotations"}  # https://w3id.org/information-resource-registry, where the name differs
ASSOCIATIONS = {
    ("Disease", "biolink:has_phenotype"): "biolink:DiseaseToPhenotypicFeatureAssociation",
    ("Gene", "biolink:has_phenotype"): "biolink:GeneToPhenotypicFeatureAssociation",
    ("Gene", "biolink:gene_associated_with_condition"): "biolink:GeneToDiseaseAssociation",
    ("Disease", "biolink:has_mode_of_inheritance"): (
        "biolink:DiseaseOrPhenotypicFeatureToGeneticInheritanceAssociation"
    ),
}
ELECTRONIC = "IEA"  # "inferred from electronic annotation"; every other evidence code is given by a person


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote."""

    folder: str
    nodes: int
    edges: int


def export(store: Store, folder: Path) -> Exported:
    """The concepts and claims of a store as nodes.tsv and edges.tsv in a folder; the same store gives the same bytes.

    An edge is one claim: its id is made of its key, `source_qualifiers` holds the qualifiers as the source wrote them
    (JSON), so that nothing is lost. Passages other than definitions are no part of a graph and stay behind. Raises
    `StoreRefused` where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        nodes = kgx.write(folder / "nodes.tsv", NODE_COLUMNS, _nodes(store))
        edges = kgx.write(folder / "edges.tsv", EDGE_COLUMNS, _edges(store))
    except OSError as error:
        raise StoreRefused(str(error), where=str(folder), mend="give a folder that you may write to") from error
    return Exported(str(folder), nodes, edges)


def _nodes(store: Store) -> Iterator[kgx.Row]:
    for concept in store.concepts():
        defined = next(store.passages(about=concept.id, kind="definition"), None)
        yield _node(concept) | {"description": defined.text if defined else ""}
    for id in store.unnamed():  # KGX wants a node at each end of an edge
        yield {"id": id, "category": "biolink:NamedThing"}


def _node(concept: Concept) -> dict[str, kgx.Value]:
    return {
        "id": concept.id,
        "category": f"biolink:{concept.kind or 'NamedThing'}",
        "name": concept.name,
        "synonym": sorted({name.text for name in concept.names if name.language == "en"}),
        "translation": [f"{name.language}:{name.text}" for name in concept.names if name.language != "en"],
        "xref": concept.xrefs,
        "deprecated": "true" if concept.obsolete else "",
        "provided_by": _infores(concept.origin.source),
    }


def _edges(store: Store) -> Iterator[kgx.Row]:
    for subject, claims in groupby(store.relations(), key=attrgetter("subject")):
        kind = store.kind_of(subject)
        for claim in claims:
            yield _edge(claim, kind)


def _edge(claim: Relation, kind: str) -> dict[str, str]:
    origin = claim.origin
    key = rows.key_of("relation", origin.source, origin.release, rows.of_relation(claim))
    level, agent = _standing(claim)
    return {
        "id": f"urn:probatum:{key.hex()}",
        "category": ASSOCIATIONS.get((kind, claim.predicate), "biolink:Association"),
        "subject": claim.subject,
        "predicate": claim.predicate,
        "object": claim.object,
        "negated": "true" if claim.negated else "false",
        "primary_knowledge_source": _infores(origin.source),
        "knowledge_level": level,
        "agent_type": agent,
        "publications": origin.references,
        **_frequency(claim.qualifier("frequency")),
        "onset_qualifier": claim.qualifier("onset"),
        "sex_qualifier": claim.qualifier("sex"),
        "disease_context_qualifier": claim.qualifier("disease"),
        "evidence_code": origin.evidence,
        "source_qualifiers": json.dumps(claim.qualifiers, ensure_ascii=False, separators=(",", ":")),
        "source_record": origin.at,
        "source_release": f"{origin.source}@{origin.release}",
    }


def _standing(claim: Relation) -> tuple[str, str]:
    """Biolink's knowledge_level and agent_type, only where the source says so."""
    if claim.predicate == "biolink:subclass_of":
        return "knowledge_assertion", "manual_agent"
    if not claim.origin.evidence:
        return "not_provided", "not_provided"
    return "knowledge_assertion", "automated_agent" if claim.origin.evidence == ELECTRONIC else "manual_agent"


def _frequency(written: str) -> dict[str, str]:
    """The frequency in Biolink's slots; one that is written in another way stays in the source's qualifiers."""
    try:
        read = frequency.read(written) if written else None
    except ValueError:
        return {}
    if read is None:
        return {}
    if read.term:
        return {"frequency_qualifier": read.term}
    if read.n is not None and read.m:
        return {"has_count": str(read.n), "has_total": str(read.m), "has_quotient": f"{read.low:.6g}"}
    return {"has_percentage": f"{100 * read.low:.6g}", "has_quotient": f"{read.low:.6g}"}


def _infores(source: str) -> str:
    return INFORES.get(source) or f"infores:{source.replace('_', '-')}"
