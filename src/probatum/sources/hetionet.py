"""Hetionet: genes, compounds, diseases, anatomy and more from 29 resources, in 11 kinds of nodes and 24 of edges."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.json_stream import records
from probatum.formats.reading import QUOTED
from probatum.formats.tables import tab_separated
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, references, release
from probatum.sources._pages import files_of
from probatum.sources._relations import readings
from probatum.types import Fact, Malformed

VERSION = "1.0"
KINDS = {  # het.io's kinds: class, prefix of ids that bear none, abbreviation
    "Anatomy": ("AnatomicalEntity", "", "A"),
    "Biological Process": ("BiologicalProcess", "", "BP"),
    "Cellular Component": ("CellularComponent", "", "CC"),
    "Compound": ("Drug", "DRUGBANK", "C"),
    "Disease": ("Disease", "", "D"),
    "Gene": ("Gene", "NCBIGene", "G"),
    "Molecular Function": ("MolecularActivity", "", "MF"),
    "Pathway": ("Pathway", "", "PW"),
    "Pharmacologic Class": ("OntologyClass", "NDFRT", "PC"),
    "Side Effect": ("PhenotypicFeature", "UMLS", "SE"),
    "Symptom": ("PhenotypicFeature", "MESH", "S"),
}
_NODES, _EDGES = ("nodes", "*"), ("edges", "*")
_SOURCES, _PAPERS = ("source", "sources"), ("pubmed_ids", "pmids")


@card(
    "Hetionet",
    reference="https://doi.org/10.7554/eLife.26726",
    licence="CC0 1.0 for original content; each edge under its resource's terms",
    languages=("en",),
    where="https://github.com/hetio/hetionet (hetnet/tsv, hetnet/json)",
    terms="Nodes and edges bear the licence of the resource that they were taken from; see the repository.",
)
def hetionet(path: Path | None = None) -> Iterator[Fact]:
    """The facts of Hetionet v1.0: of its tables (nodes.tsv, edges.sif, plain or gzip) or of its JSON (hetionet.json).

    Ids are those of the resources. An edge bears its kind (CtD, Gr>G ...) as `original_predicate`; JSON tells its
    sources, references, licence and scores besides. Without a file of edges there are nodes only. The release is 1.0
    where file names say so, else the sha256. Raises `NeedsFile`, `BadFormat`.
    """
    found = files_of("hetionet", path, (".tsv", ".sif", ".json"), card_of(hetionet))
    files = [file for file in found if not any(part in file.name for part in ("metagraph", "metaedges"))]
    if not files:
        raise BadFormat("nodes, edges or the JSON of Hetionet were expected", where=str(found[0]))
    begun = release("hetionet", card_of(hetionet), files, VERSION if f"v{VERSION}" in files[0].name else "")
    yield begun
    telling = Telling(begun)
    # nodes before edges, and each edge once though a folder may hold it in two forms
    plain = [file for file in files if ".json" not in file.name]
    for file in sorted(plain or files, key=lambda each: ".sif" in each.name):
        if ".json" in file.name:
            yield from _json(telling, file)
        elif ".sif" in file.name:
            yield from _sif(telling, file)
        else:
            yield from _nodes(telling, file)


def _id(telling: Telling, kind: str, local: str) -> str:
    """The id of a node: of "Gene" and "2629" NCBIGene:2629; what has no public prefix is Hetionet's own."""
    prefix = KINDS[kind][1]
    if prefix:
        return f"{prefix}:{local}"
    return local if ":" in local else telling.own(f"{kind}/{local}")


def _nodes(telling: Telling, file: Path) -> Iterator[Fact]:
    for row in tab_separated(file, ("id", "name", "kind")):
        if isinstance(row, Malformed):
            yield row
            continue
        id, name, kind = (cell.strip() for cell in row[1])
        local = id.partition("::")[2]
        if kind not in KINDS or not local or not name:
            yield Malformed(file.name, row[0], "Kind::id, name and kind were expected", "\t".join(row[1])[:QUOTED])
            continue
        yield telling.concept(_id(telling, kind, local), name, KINDS[kind][0])


def _sif(telling: Telling, file: Path) -> Iterator[Fact]:
    for row in tab_separated(file, ("source", "metaedge", "target")):
        if isinstance(row, Malformed):
            yield row
            continue
        ends = [cell.strip().partition("::")[::2] for cell in (row[1][0], row[1][2])]
        meant = readings("hetionet").get(word := row[1][1].strip())
        if meant is None or any(kind not in KINDS or not local for kind, local in ends):
            yield Malformed(file.name, row[0], "two nodes and a kind of edge were expected", "\t".join(row[1])[:QUOTED])
            continue
        subject, object_ = (_id(telling, kind, local) for kind, local in ends)
        yield telling.claim(subject, word, object_, meant, f"{subject} {word} {object_}")


def _json(telling: Telling, file: Path) -> Iterator[Fact]:
    met = False
    for record in records(file, _NODES, _EDGES):
        met = True
        said: Any = record.value if isinstance(record.value, dict) else {}
        told = (_node if record.place == _NODES else _edge)(telling, said)
        if told is None:
            yield Malformed(file.name, record.line, "a node or an edge was expected", str(record.value)[:QUOTED])
        else:
            yield told
    if not met:
        raise BadFormat("nodes and edges were expected", where=str(file))


def _node(telling: Telling, said: Any) -> Fact | None:
    kind, local, name = (said.get(key) for key in ("kind", "identifier", "name"))
    if (
        kind not in KINDS
        or not isinstance(local, (str, int))
        or not str(local)
        or not isinstance(name, str)
        or not name
    ):
        return None
    return telling.concept(_id(telling, kind, str(local)), name, KINDS[kind][0])


def _edge(telling: Telling, said: Any) -> Fact | None:
    ends, verb, data = [said.get("source_id"), said.get("target_id")], said.get("kind"), said.get("data")
    sound = all(isinstance(end, list) and len(end) == 2 and str(end[0]) in KINDS and str(end[1]) for end in ends)
    if not sound or not isinstance(verb, str) or not verb:
        return None
    middle = verb[0] + (">" if said.get("direction") == "forward" else "")
    word = middle.join(KINDS[end[0]][2] for end in ends)
    meant = readings("hetionet").get(word)
    if meant is None:
        return None
    subject, object_ = (_id(telling, end[0], str(end[1])) for end in ends)
    values = {str(name): _flat(value) for name, value in data.items()} if isinstance(data, dict) else {}
    papers = "|".join(filter(None, (values.pop(name, "") for name in _PAPERS)))
    sources = "|".join(filter(None, (values.pop(name, "") for name in _SOURCES)))
    return telling.claim(
        subject,
        word,
        object_,
        meant,
        f"{subject} {word} {object_}",
        references=references(papers),
        qualifiers=(*((name, value) for name, value in values.items() if name), ("primary_source", sources)),
    )


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return "|".join(filter(None, map(_flat, value)))
    return "" if value is None or isinstance(value, dict) else str(value)
