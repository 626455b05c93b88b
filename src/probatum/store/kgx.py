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

NODE_COLUMNS = (
    "id category name description synonym translation xref deprecated provided_by alternative_id replaced_by consider"
    " publications evidence_code source_names source_record"
).split()
EDGE_COLUMNS = (
    "id category subject predicate object negated primary_knowledge_source knowledge_level agent_type publications"
    " frequency_qualifier has_count has_total has_quotient has_percentage onset_qualifier sex_qualifier"
    " disease_context_qualifier evidence_code source_qualifiers source_record source_release source_reliability"
).split()
# Qualifiers that a claim read from KGX brings along; they go back to where they came from.
BROUGHT = ("agent_type", "category", "knowledge_level", "primary_knowledge_source", "source_release")

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
MACHINES = {
    "extracted": ("not_provided", "text_mining_agent"),
    "generated": ("prediction", "computational_model"),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote."""

    folder: str
    nodes: int
    edges: int


def export(store: Store, folder: Path) -> Exported:
    """The concepts and claims of a store as nodes.tsv and edges.tsv in a folder; the same store gives the same bytes.

    An edge is one claim: its id is made of its key; `source_qualifiers` and `source_names` (JSON) hold what KGX has no
    slot for, so that reading the folder as the source `kgx` loses no name, link or claim. Passages other than
    definitions are no part of a graph and stay behind. Raises `StoreRefused` where the folder cannot be written.
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
        yield _node(concept, _said_by_all(store, concept)) | {"description": defined.text if defined else ""}
    for id in store.unnamed():  # KGX wants a node at each end of an edge
        yield {"id": id, "category": "biolink:NamedThing"}


def _said_by_all(store: Store, concept: Concept) -> tuple[list[list[str]], list[str]]:
    """The links of a concept (alternatives, replaced_by, consider, xrefs) by all its sources, and these sources."""
    sql = """SELECT source, links FROM concepts JOIN releases ON releases.id = release
        WHERE concepts.id = ? AND state = 'complete'"""
    found = list(store.rows(sql, concept.id))
    groups: list[set[str]] = [set(), set(), set(), set()]
    for _, links in found:
        for group, ids in zip(groups, rows.groups(links), strict=True):
            group.update(ids)
    return [sorted(group) for group in groups], sorted({_infores(source) for source, _ in found})


def _node(concept: Concept, said: tuple[list[list[str]], list[str]]) -> dict[str, kgx.Value]:
    (alternatives, replaced_by, consider, xrefs), sources = said
    names = [[name.text, name.language, name.scope, name.kind] for name in concept.names]
    return {
        "id": concept.id,
        "category": f"biolink:{concept.kind or 'NamedThing'}",
        "name": concept.name,
        "synonym": sorted({name.text for name in concept.names if name.language == "en"}),
        "translation": [f"{name.language}:{name.text}" for name in concept.names if name.language != "en"],
        "xref": xrefs,
        "deprecated": "true" if concept.obsolete else "",
        "provided_by": sources,
        "alternative_id": alternatives,
        "replaced_by": replaced_by,
        "consider": consider,
        "publications": concept.origin.references,
        "evidence_code": concept.origin.evidence,
        "source_names": _compact(names) if names else "",  # with the scope and kind that a synonym of KGX has not
        "source_record": concept.origin.at,
    }


def _edges(store: Store) -> Iterator[kgx.Row]:
    for subject, claims in groupby(store.relations(), key=attrgetter("subject")):
        kind = store.kind_of(subject)
        for claim in claims:
            yield _edge(claim, kind)


def _edge(claim: Relation, kind: str) -> dict[str, kgx.Value]:
    origin = claim.origin
    key = rows.key_of("relation", origin.source, origin.release, rows.of_relation(claim))
    level, agent = _standing(claim)
    own = [pair for pair in claim.qualifiers if pair[0] not in BROUGHT]
    return {
        "id": f"urn:probatum:{key.hex()}",
        "category": claim.qualifier("category") or ASSOCIATIONS.get((kind, claim.predicate), "biolink:Association"),
        "subject": claim.subject,
        "predicate": claim.predicate,
        "object": claim.object,
        "negated": "true" if claim.negated else "false",
        "primary_knowledge_source": claim.qualifier("primary_knowledge_source") or _infores(origin.source),
        "knowledge_level": claim.qualifier("knowledge_level") or level,
        "agent_type": claim.qualifier("agent_type") or agent,
        "publications": origin.references,
        **_frequency(claim.qualifier("frequency")),
        "onset_qualifier": claim.qualifier("onset"),
        "sex_qualifier": claim.qualifier("sex"),
        "disease_context_qualifier": claim.qualifier("disease"),
        "evidence_code": origin.evidence,
        "source_qualifiers": _compact(own),
        "source_record": origin.at,
        "source_release": claim.qualifier("source_release") or f"{origin.source}@{origin.release}",
        "source_reliability": origin.reliability,
    }


def _compact(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _standing(claim: Relation) -> tuple[str, str]:
    """Biolink's knowledge_level and agent_type, only where the source says so."""
    if claim.origin.reliability != "curated":
        return MACHINES[claim.origin.reliability]
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
