"""Any knowledge graph in KGX files: its nodes as concepts, its edges as claims, each with the source that it names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from probatum.errors import NeedsFile
from probatum.formats import kgx as tables
from probatum.formats.curies import curie
from probatum.formats.ontology import ID
from probatum.formats.places import data_folder
from probatum.formats.reading import QUOTED, digest
from probatum.naming import card, card_of
from probatum.sources._files import shown
from probatum.types import Concept, Fact, Malformed, Name, Origin, Pairs, Passage, Relation, Release

LICENCE = "as the graph's publisher states"
ENDINGS = tuple(f"{ending}{packed}" for ending in (".tsv", ".jsonl", ".ndjson") for packed in ("", ".gz"))
GENERAL = {"NamedThing", "Entity", "BiologicalEntity", "ThingWithTaxon", "PhysicalEssence", "OntologyClass",
           "ChemicalEntityOrGeneOrGeneProduct", "GeneOrGeneProduct", "GenomicEntity", "DiseaseOrPhenotypicFeature",
           "PhysicalEssenceOrOccurrent", "Occurrent", "ChemicalEntity"}  # fmt: skip
# Who made an edge, by Biolink's agent_type; what a person made or looked at is curated, and so is what is not said.
RELIABILITY = {
    "text_mining_agent": "extracted",
    "image_processing_agent": "extracted",
    "automated_agent": "extracted",
    "data_analysis_pipeline": "extracted",
    "computational_model": "generated",
}
SCOPES = {"exact_synonym": "exact", "broad_synonym": "broad", "narrow_synonym": "narrow", "related_synonym": "related"}
# Slots that another place of a claim holds, and those that say a frequency in parts.
_HELD = {"source_record", "source_release", "source_reliability", "evidence_code", "source_qualifiers", "has_quotient"}
_PARTS = {"has_count", "has_total", "has_percentage", "frequency_qualifier"}
_RENAMED = {"onset_qualifier": "onset", "sex_qualifier": "sex", "disease_context_qualifier": "disease",
            "relation": "original_predicate"}  # fmt: skip


@card(
    "Knowledge graphs in KGX",
    reference="https://github.com/biolink/kgx/blob/master/specification/kgx-format.md",
    licence=LICENCE,
    languages=("en",),
    where="the publisher of the graph: a folder with *nodes and *edges files, .tsv or .jsonl, plain or .gz",
    terms="Those of the graph; read them before you load it.",
)
def kgx(path: Path | None = None) -> Iterator[Fact]:
    """The facts of a folder of KGX files, or of one such file: concepts, definitions, claims.

    Each claim keeps primary_knowledge_source, knowledge_level and agent_type as qualifiers, and every slot that has no
    place of its own; publications become references, agent_type tells the reliability. A graph is named by the sha256
    of its files, for they state no release. Raises `NeedsFile`, `BadFormat`.
    """
    nodes, edges = _files(path)
    sha256 = digest((*nodes, *edges))
    read = tuple(shown(file) for file in (*nodes, *edges))
    yield Release("kgx", sha256, LICENCE, sha256, read, manner="joins")
    for file in nodes:
        for node in tables.nodes(file):
            yield from (node,) if isinstance(node, Malformed) else _concept(node, sha256)
    for file in edges:
        for edge in tables.edges(file):
            yield edge if isinstance(edge, Malformed) else _claim(edge, sha256, file.name)


def _files(path: Path | None) -> tuple[list[Path], list[Path]]:
    place = path or data_folder() / "kgx"
    found = sorted(place.iterdir()) if place.is_dir() else [place] if place.is_file() else []
    files = {
        kind: [
            file for file in found if file.is_file() and file.name.endswith(tuple(f"{kind}{end}" for end in ENDINGS))
        ]
        for kind in ("nodes", "edges")
    }
    if not any(files.values()):
        said = card_of(kgx)
        raise NeedsFile(
            "there are no files named *nodes.tsv, *edges.tsv (or .jsonl, .gz) here",
            where=str(place),
            mend=f"get them from {said.where}; licence: {LICENCE}; then give their folder",
        )
    return files["nodes"], files["edges"]


# --- nodes ---


def _concept(node: tables.Node, release: str) -> Iterator[Fact]:
    known = node.name or node.synonyms or node.xrefs or node.description or node.deprecated or node.said("source_names")
    if not known:  # an end of an edge that the graph itself does not know
        return
    id_ = _id(node.id)
    try:
        names = _names(node)
    except ValueError as error:
        yield Malformed("nodes", node.line, f"source_names: {error}", node.id[:QUOTED])
        return
    record, references = next(iter(node.said("source_record")), node.id), node.said("publications")
    origin = Origin("kgx", release, record, next(iter(node.said("evidence_code")), ""), references)
    yield Concept(
        id=id_,
        name=node.name or id_,
        kind=_kind(node.categories),
        origin=origin,
        names=names,
        alternatives=tuple(map(_id, _several(node, "alternative_id"))),
        replaced_by=tuple(map(_id, _several(node, "replaced_by"))),
        consider=tuple(map(_id, _several(node, "consider"))),
        xrefs=tuple(sorted({id for id in map(curie, (*node.xrefs, *_several(node, "same_as"))) if ID.match(id)})),
        obsolete=node.deprecated,
    )
    if node.description.strip():
        text, title = node.description.strip(), node.name or id_
        yield Passage(f"{id_}#definition", text, title, "en", origin, "definition", (id_,))


def _several(node: tables.Node, slot: str) -> tuple[str, ...]:
    """The values of a slot that a table writes with '|', though it is none of KGX's own lists."""
    return tuple(part for value in node.said(slot) for part in value.split("|") if part)


def _kind(categories: tuple[str, ...]) -> str:
    """The most telling of a node's categories; KGX lists those above it beside it, in no order."""
    plain = [category.rpartition(":")[2] for category in categories]
    fitting = [kind for kind in plain if re.fullmatch(r"[A-Z]\w*", kind)]
    return next((kind for kind in fitting if kind not in GENERAL), next(iter(fitting), "NamedThing"))


def _names(node: tables.Node) -> tuple[Name, ...]:
    if written := node.said("source_names"):
        return tuple(Name(*map(str, each)) for each in json.loads(written[0]))
    found = {text: Name(text, "en", scope) for slot, scope in reversed(SCOPES.items()) for text in _several(node, slot)}
    loose = [Name(text, "en", "related") for text in node.synonyms if text not in found]  # KGX does not say how near
    translated = [each.partition(":") for each in node.said("translation")]
    names = [*found.values(), *loose, *(Name(text, language) for language, _, text in translated)]
    return tuple(dict.fromkeys(name for name in names if name.text.strip() and name.language))


# --- edges ---


def _claim(edge: tables.Edge, release: str, file: str) -> Relation | Malformed:
    try:
        qualifiers = _qualifiers(edge)
    except ValueError as error:
        return Malformed(file, edge.line, f"source_qualifiers: {error}", edge.id[:QUOTED])
    subject, predicate, object_ = _id(edge.subject), _predicate(edge.predicate), _id(edge.object)
    said = {name: value for name, value in reversed(edge.others) if name in _HELD}
    record = said.get("source_record") or edge.id or f"{subject} {predicate} {object_}"
    reliability = said.get("source_reliability", "")
    if reliability not in {"curated", "extracted", "generated"}:
        reliability = RELIABILITY.get(edge.agent_type, "curated")
    origin = Origin(
        "kgx", release, record, said.get("evidence_code", ""), edge.publications, reliability=reliability
    )  # fmt: skip
    return Relation(subject, predicate, object_, origin, edge.negated, qualifiers)


def _qualifiers(edge: tables.Edge) -> Pairs:
    provenance = (
        ("agent_type", edge.agent_type),
        ("knowledge_level", edge.knowledge_level),
        ("primary_knowledge_source", edge.primary_source),
        ("source_release", next(iter(edge.said("source_release")), "")),
        *(("category", each) for each in edge.categories if each != "biolink:Association"),
    )
    own: list[tuple[str, str]] = []
    if written := edge.said("source_qualifiers"):  # whatever stood in a store, as it stood there
        own = [(str(name), str(value)) for name, value in json.loads(written[0])]
    else:
        own = [(_RENAMED.get(name, name), value) for name, value in edge.others if name not in _HELD | _PARTS]
        own.append(("frequency", _frequency(dict(edge.others))))
    return tuple(sorted({(name, value) for name, value in (*provenance, *own) if name and value}))


def _frequency(said: dict[str, str]) -> str:
    if said.get("has_count") and said.get("has_total"):
        return f"{said['has_count']}/{said['has_total']}"
    if said.get("has_percentage"):
        return f"{said['has_percentage']}%"
    return said.get("frequency_qualifier", "")


def _predicate(written: str) -> str:
    return written if ":" in written else f"biolink:{'_'.join(written.split())}"


def _id(written: str) -> str:
    id_ = curie(written)
    return id_ if ID.fullmatch(id_) else f"kgx:{'_'.join(id_.replace('|', ' ').split())}"
