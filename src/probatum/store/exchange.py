"""Writes what a store knows for other tools: mappings as SSSOM, the hierarchy with its names as OBO graphs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.errors import StoreRefused
from probatum.formats import sssom
from probatum.store.graph import SUBCLASS
from probatum.store.reader import Store
from probatum.types import Concept

MAPPINGS = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")
SLOTS = ("confidence", "mapping_tool", "mapping_tool_version", "mapping_date", "subject_label", "object_label",
         "comment", "author_id", "reviewer_id", "subject_source", "object_source", "mapping_source",
         "other")  # fmt: skip
UNSTATED = "semapv:UnspecifiedMatching"
SCOPES = {
    "exact": "hasExactSynonym",
    "broad": "hasBroadSynonym",
    "narrow": "hasNarrowSynonym",
    "related": "hasRelatedSynonym",
}


def mappings(store: Store, path: Path) -> int:
    """Writes every mapping of the store as SSSOM, its source as mapping_source; the number of rows.

    A slot of the mapping that SSSOM's table here has no column for stands in `other`, as name=value. Raises
    `StoreRefused` where the file cannot be written.
    """
    said = sssom.Head((("mapping_set_id", (f"urn:probatum:content:{store.content}",)),))
    try:
        return sssom.write(path, said, _mappings(store), SLOTS)
    except OSError as error:
        raise StoreRefused(str(error), where=str(path), mend="give a file that you may write to") from error


def _mappings(store: Store) -> Iterator[sssom.Mapping]:
    for predicate in MAPPINGS:
        for claim in store.relations(predicate=predicate):
            own = {name: value for name, value in claim.qualifiers if name in SLOTS}
            rest = [
                f"{name}={value}" for name, value in claim.qualifiers if name not in (*SLOTS, "mapping_justification")
            ]
            if rest:
                own["other"] = "|".join([*filter(None, [own.get("other")]), *rest])
            own["mapping_source"] = f"{claim.origin.source}@{claim.origin.release}"
            why = claim.qualifier("mapping_justification") or UNSTATED
            yield sssom.Mapping(claim.subject, predicate, claim.object, why, claim.negated, tuple(sorted(own.items())))


def obographs(store: Store, path: Path) -> int:
    """Writes concepts, definitions and the hierarchy as one OBO graph (JSON); the number of nodes.

    Names keep scope and kind; those of other languages than English, which the format cannot hold, stay behind. Raises
    `StoreRefused` where the file cannot be written.
    """
    beside, count = path.with_name(f".{path.name}.new"), 0
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as out:
            out.write(f'{{"graphs":[{{"id":{_json(f"urn:probatum:content:{store.content}")},"nodes":[')
            for count, concept in enumerate(store.concepts(), 1):
                out.write((",\n" if count > 1 else "\n") + _json(_node(store, concept)))
            out.write('],"edges":[')
            for number, (subject, object_) in enumerate(_edges(store)):
                edge = {"sub": _iri(subject), "pred": "is_a", "obj": _iri(object_)}
                out.write((",\n" if number else "\n") + _json(edge))
            out.write("]}]}\n")
        beside.replace(path)
    except OSError as error:
        raise StoreRefused(str(error), where=str(path), mend="give a file that you may write to") from error
    return count


def _edges(store: Store) -> Iterator[tuple[str, str]]:
    seen = ("", "")
    for claim in store.relations(predicate=SUBCLASS):
        ends = claim.subject, claim.object
        if ends != seen and not claim.negated:
            seen = ends
            yield ends


def _node(store: Store, concept: Concept) -> dict[str, Any]:
    meta: dict[str, Any] = {}
    defined = next(
        (each for each in store.passages(about=concept.id, kind="definition") if each.language == "en"), None
    )
    if defined:
        meta["definition"] = {"val": defined.text, "xrefs": list(defined.origin.references)}
    names = [name for name in concept.names if name.language == "en" and name.text != concept.name]
    if names:
        meta["synonyms"] = [
            {"pred": SCOPES.get(name.scope, SCOPES["related"]), "val": name.text, "xrefs": []}
            | ({"synonymType": name.kind} if name.kind else {})
            for name in names
        ]
    if concept.xrefs:
        meta["xrefs"] = [{"val": xref} for xref in concept.xrefs]
    values = [("http://www.geneontology.org/formats/oboInOwl#hasAlternativeId", id) for id in concept.alternatives]
    values += [("http://purl.obolibrary.org/obo/IAO_0100001", id) for id in concept.replaced_by]
    values += [("http://www.geneontology.org/formats/oboInOwl#consider", id) for id in concept.consider]
    if values:
        meta["basicPropertyValues"] = [{"pred": predicate, "val": id} for predicate, id in values]
    if concept.obsolete:
        meta["deprecated"] = True
    return {"id": _iri(concept.id), "lbl": concept.name, "type": "CLASS"} | ({"meta": meta} if meta else {})


def _iri(id: str) -> str:
    """The address of an id as the OBO library writes addresses, from which readers take the id again."""
    return f"http://purl.obolibrary.org/obo/{id.replace(':', '_', 1)}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
