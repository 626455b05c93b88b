"""Reads ontologies in the OBO graphs JSON format (github.com/geneontology/obographs), as hp.json."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.ontology import ID, Term, curie, release_in
from probatum.formats.reading import QUOTED, loads, whole
from probatum.types import Malformed, Name

LARGEST = 512 << 20  # bytes; hp.json has about 22 MB, the largest published graphs a few hundred
_SCOPES = {
    "hasExactSynonym": "exact",
    "hasBroadSynonym": "broad",
    "hasNarrowSynonym": "narrow",
    "hasRelatedSynonym": "related",
}
_REPLACED, _CONSIDER, _MERGED = "IAO_0100001", "consider", "hasAlternativeId"


def release(path: Path) -> str:
    """The release that the graph's version names: a date where it holds one, else its owl:versionInfo, else itself."""
    meta = _graph(path).get("meta")
    said = meta.get("version") if isinstance(meta, dict) else None
    version = release_in(said) if isinstance(said, str) else ""
    if version.startswith("http"):
        values = _listed(meta, "basicPropertyValues")
        stated = (_text(each, "val") for each in values if _end(_text(each, "pred")) == "owl_versionInfo")
        version = next(stated, version)
    return version


def words(path: Path) -> dict[str, str]:
    """The labels of a graph's relations (nodes of type PROPERTY) by the end of their IRI."""
    nodes = (node for node in _listed(_graph(path), "nodes") if isinstance(node, dict))
    named = ((node.get("id"), node.get("lbl")) for node in nodes if node.get("type") == "PROPERTY")
    return {_end(id_): label for id_, label in named if isinstance(id_, str) and isinstance(label, str)}


def terms(path: Path) -> Iterator[Term | Malformed]:
    """The classes of the first graph of a file, in its order; a node that breaks the format is `Malformed`.

    Raises `BadFormat` where the file is not a graph document.
    """
    graph = _graph(path)
    parents: dict[str, list[str]] = {}
    links: dict[str, list[tuple[str, str]]] = {}
    for edge in _listed(graph, "edges"):
        if not isinstance(edge, dict) or not all(isinstance(edge.get(key), str) for key in ("sub", "pred", "obj")):
            yield _wrong(path, "an edge needs sub, pred and obj", edge)
        elif edge["pred"] == "is_a":
            parents.setdefault(curie(edge["sub"]), []).append(curie(edge["obj"]))
        else:
            links.setdefault(curie(edge["sub"]), []).append((_end(edge["pred"]), curie(edge["obj"])))
    _defined(graph, links)
    seen: set[str] = set()
    for node in _listed(graph, "nodes"):
        if not isinstance(node, dict) or not isinstance(node.get("id"), str):
            yield _wrong(path, "a node needs an id", node)
            continue
        if node.get("type", "CLASS") != "CLASS":
            continue
        id_ = curie(node["id"])
        try:
            term = _term(node, id_, tuple(parents.get(id_, ())), tuple(dict.fromkeys(links.get(id_, ()))))
        except BadFormat as error:
            yield _wrong(path, error.what, node["id"])
            continue
        if term.id in seen:
            yield _wrong(path, "a second term of this id; the first stands", term.id)
        elif term.obsolete or "lbl" in node:  # a node without a label is another ontology's, met in an axiom
            seen.add(term.id)
            yield term


def _graph(path: Path) -> dict[str, Any]:
    document = loads(whole(path, LARGEST), str(path))
    graphs = document.get("graphs") if isinstance(document, dict) else None
    if not isinstance(graphs, list) or not graphs or not isinstance(graphs[0], dict):
        raise BadFormat('{"graphs": [...]} was expected', where=str(path))
    graph: dict[str, Any] = graphs[0]
    return graph


def _defined(graph: dict[str, Any], links: dict[str, list[tuple[str, str]]]) -> None:
    """Adds what the definitions of terms say: of a genus, that which has these relations."""
    for axiom in _listed(graph, "logicalDefinitionAxioms"):
        defined = axiom.get("definedClassId") if isinstance(axiom, dict) else None
        for each in _listed(axiom, "restrictions") if isinstance(defined, str) else ():
            relation, filler = (each.get("propertyId"), each.get("fillerId")) if isinstance(each, dict) else ("", None)
            if isinstance(relation, str) and isinstance(filler, str):
                links.setdefault(curie(str(defined)), []).append((_end(relation), curie(filler)))


def _term(node: dict[str, Any], id_: str, parents: tuple[str, ...], links: tuple[tuple[str, str], ...]) -> Term:
    meta = node.get("meta", {})
    name = node.get("lbl", id_)
    if not ID.fullmatch(id_) or not isinstance(name, str) or not name or not isinstance(meta, dict):
        raise BadFormat("a term needs an id, a label (lbl) and a meta object")
    values: dict[str, list[str]] = {}
    for value in _listed(meta, "basicPropertyValues"):
        values.setdefault(_end(_text(value, "pred")), []).append(curie(_text(value, "val")))
    definition = meta.get("definition")
    return Term(
        id=id_,
        name=name,
        line=0,
        definition=_text(definition, "val") if definition else "",
        definition_references=_texts(definition, "xrefs") if definition else (),
        synonyms=tuple(_synonym(each) for each in _listed(meta, "synonyms")),
        is_a=parents,
        alternatives=tuple(values.get(_MERGED, ())),
        replaced_by=tuple(values.get(_REPLACED, ())),
        consider=tuple(values.get(_CONSIDER, ())),
        xrefs=tuple(_text(each, "val") for each in _listed(meta, "xrefs")),
        obsolete=meta.get("deprecated") is True,
        subsets=tuple(_end(each) for each in _texts(meta, "subsets")),
        links=links,
    )


def _synonym(said: Any) -> Name:
    scope = _SCOPES.get(_end(_text(said, "pred")))
    if scope is None:
        raise BadFormat("a synonym needs one of the four scopes")
    kind = said.get("synonymType", "")
    if not isinstance(kind, str):
        raise BadFormat("synonymType must be text")
    return Name(_text(said, "val"), scope=scope, kind=_end(curie(kind)))


def _end(iri: str) -> str:
    return iri.rpartition("/")[2].rpartition("#")[2]


def _text(holder: Any, key: str) -> str:
    value = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(value, str):
        raise BadFormat(f"{key} must be text")
    return value


def _texts(holder: Any, key: str) -> tuple[str, ...]:
    values = _listed(holder, key)
    if not all(isinstance(value, str) for value in values):
        raise BadFormat(f"{key} must be a list of texts")
    return tuple(values)


def _listed(holder: Any, key: str) -> list[Any]:
    values = holder.get(key, []) if isinstance(holder, dict) else None
    if not isinstance(values, list):
        raise BadFormat(f"{key} must be a list")
    return values


def _wrong(path: Path, reason: str, said: Any) -> Malformed:
    return Malformed(path.name, 0, reason, str(said)[:QUOTED])
