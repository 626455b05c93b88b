"""SPOKE, the precision-medicine graph of UCSF: an export of its database, and the contexts that KG-RAG reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.curies import curie
from probatum.formats.json_stream import json_lines
from probatum.formats.reading import QUOTED
from probatum.formats.tables import comma_separated
from probatum.formats.triples import first_row
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, references, release
from probatum.sources._pages import files_of
from probatum.sources._relations import Reading, kind, readings
from probatum.types import Fact, Malformed, Passage

# What an identifier is of, by the label of its node, where it bears no prefix itself.
PREFIXES = {
    "Gene": "NCBIGene",
    "Protein": "UniProtKB",
    "SideEffect": "UMLS",
    "Symptom": "MESH",
    "PharmacologicClass": "NDFRT",
}
_ID = re.compile(r"[A-Za-z][\w.]*:\S+")
_LETTERS = re.compile(r"_[A-Z][A-Za-z]*[a-z][A-Z][A-Za-z]*$")  # TREATS_CtD: the letters name the kinds of the ends
_SOURCES, _PAPERS = ("source", "sources"), ("pubmed", "pmid", "pmids", "pubmed_ids", "pmid_list")
_APPROVED = 4.0  # of the phases of clinical trials: a drug of an earlier one is being tried (ClinicalTrials.gov)
CONTEXT = ("node_name", "node_context")
VOCABULARY = ("disease_name", "disease_id")

_Node = tuple[str, str, str]  # id, name, class


@card(
    "SPOKE",
    survey="spoke",
    reference="https://doi.org/10.1093/bioinformatics/btad080; https://github.com/BaranziniLab/KG_RAG (contexts)",
    licence="restricted; its sources' own terms",
    languages=("en",),
    where="https://spoke.ucsf.edu (download on request); contexts: https://github.com/BaranziniLab/KG_RAG",
    terms="Ask UCSF for the graph; every edge is under the terms of the source that it names.",
    gated=True,
)
def spoke(path: Path | None = None) -> Iterator[Fact]:
    """The facts of a Neo4j export (apoc.export.json or .csv of the whole graph) and of KG-RAG's tables (.csv).

    JSON lines hold nodes, then relationships with `start` and `end`; CSV has _id, _labels, _start, _end, _type. An edge
    keeps its own properties as qualifiers, its source as `primary_source`; a drug that is in a trial before phase 4 is
    `in_clinical_trials_for`. A context (node_name, node_context) becomes a passage, a row of the vocabulary
    (disease_name, disease_id) a concept. Of each node its id is remembered until the file ends (some 150 bytes), as
    relationships of such exports name database ids. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("spoke", path, (".json", ".jsonl", ".csv"), card_of(spoke))
    begun = release("spoke", card_of(spoke), files)
    yield begun
    telling = Telling(begun)
    for file in files:
        if not file.name.removesuffix(".gz").lower().endswith(".csv"):
            yield from _exported(telling, file, json_lines(file))
            continue
        columns = first_row(file, ",")
        if set(CONTEXT) <= set(columns):
            yield from _contexts(telling, file, columns)
        elif set(VOCABULARY) <= set(columns):
            yield from _vocabulary(telling, file, columns)
        elif {"_id", "_labels", "_start", "_end", "_type"} <= set(columns):
            yield from _exported(telling, file, _as_json(file, columns))
        else:
            raise BadFormat("the columns of a Neo4j export or of KG-RAG contexts were expected", where=f"{file}:1")


def _as_json(file: Path, columns: list[str]) -> Iterator[tuple[int, dict[str, Any]] | Malformed]:
    """Rows of a CSV export as the objects of a JSON export."""
    for row in comma_separated(file, columns):
        if isinstance(row, Malformed):
            yield row
            continue
        number, values = row
        cells = dict(zip(columns, values, strict=True))
        properties = {name: value for name, value in cells.items() if value and not name.startswith("_")}
        if cells["_type"]:
            ends = {"start": {"id": cells["_start"]}, "end": {"id": cells["_end"]}}
            yield number, {"type": "relationship", "label": cells["_type"], "properties": properties, **ends}
        else:
            labels = [label for label in cells["_labels"].split(":") if label]
            yield number, {"type": "node", "id": cells["_id"], "labels": labels, "properties": properties}


def _exported(telling: Telling, file: Path, found: Iterator[tuple[int, dict[str, Any]] | Malformed]) -> Iterator[Fact]:
    met: dict[str, _Node] = {}
    for each in found:
        if isinstance(each, Malformed):
            yield each
            continue
        number, record = each
        if record.get("type") == "node":
            node = _node(telling, record)
            if node:
                met[str(record.get("id"))] = node
                yield from telling.first(*node)
        else:
            ends = [_end(telling, record.get(side), met) for side in ("start", "end")]
            node = ends[0] if all(ends) and isinstance(record.get("label"), str) and record["label"] else None
            if node:
                yield from _edge(telling, record, [end for end in ends if end])
        if not node:
            shown = json.dumps(record, ensure_ascii=False)[:QUOTED]
            yield Malformed(
                file.name, number, "a node with an identifier, or a relationship of two was expected", shown
            )


def _end(telling: Telling, said: Any, met: Mapping[str, _Node]) -> _Node | None:
    if not isinstance(said, dict):
        return None
    return _node(telling, said) or met.get(str(said.get("id")))


def _node(telling: Telling, record: Mapping[str, Any]) -> _Node | None:
    properties, labels = record.get("properties"), record.get("labels")
    if not isinstance(properties, dict) or not isinstance(labels, list) or not labels:
        return None
    label, identifier = str(labels[0]), properties.get("identifier", "")
    if not isinstance(identifier, (str, int)) or not str(identifier).strip():
        return None
    written = str(identifier).strip()
    if label in PREFIXES and ":" not in written:
        id = f"{PREFIXES[label]}:{written}"
    elif re.fullmatch(r"DB\d{5}", written):
        id = f"DRUGBANK:{written}"
    else:
        id = curie(written) if _ID.fullmatch(written) else telling.own(f"{label}/{written}")
    name = properties.get("name")
    return id, name if isinstance(name, str) and name.strip() else written, kind(label) or "NamedThing"


def _edge(telling: Telling, record: Mapping[str, Any], ends: list[_Node]) -> Iterator[Fact]:
    word = record["label"]
    said = record.get("properties")
    properties: Mapping[str, Any] = said if isinstance(said, dict) else {}
    table = readings("spoke")
    meant = table.get(word) or table.get(_LETTERS.sub("", word)) or Reading()
    if meant.predicate == "biolink:treats" and (phase := _number(properties.get("phase"))) and phase < _APPROVED:
        meant = Reading("biolink:in_clinical_trials_for")
    for end in ends:
        yield from telling.first(*end)
    values = {str(name).casefold(): _flat(value) for name, value in properties.items() if str(name).strip()}
    papers = "|".join(values.pop(name, "") for name in _PAPERS)
    sources = "|".join(filter(None, (values.pop(name, "") for name in _SOURCES)))
    yield telling.claim(
        ends[0][0],
        word,
        ends[1][0],
        meant,
        f"{ends[0][0]} {word} {ends[1][0]}",
        references=references(papers),
        qualifiers=(*values.items(), ("primary_source", sources)),
    )


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return "|".join(filter(None, map(_flat, value)))
    return "" if value is None or isinstance(value, dict) else str(value)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def _contexts(telling: Telling, file: Path, columns: list[str]) -> Iterator[Fact]:
    for row in comma_separated(file, columns):
        if isinstance(row, Malformed):
            yield row
            continue
        cells = dict(zip(columns, (cell.strip() for cell in row[1]), strict=True))
        name, text = cells["node_name"], cells["node_context"]
        if not name or not text:
            yield Malformed(file.name, row[0], "node_name and node_context were expected", f"{name},{text}"[:QUOTED])
            continue
        given = curie(cells.get("node_id", "") or cells.get("disease_id", ""))
        id = given if _ID.fullmatch(given) else telling.own(f"Disease/{name}")
        yield from telling.first(id, name, "Disease")
        at = f"{id}#context"
        yield Passage(at, text, name, "en", telling.origin(at), "document", (id,))


def _vocabulary(telling: Telling, file: Path, columns: list[str]) -> Iterator[Fact]:
    for row in comma_separated(file, columns):
        if isinstance(row, Malformed):
            yield row
            continue
        cells = dict(zip(columns, (cell.strip() for cell in row[1]), strict=True))
        name, id = cells["disease_name"], curie(cells["disease_id"])
        if name and _ID.fullmatch(id):
            yield telling.concept(id, name, "Disease")
        else:
            yield Malformed(file.name, row[0], "a name and an id were expected", ",".join(cells.values())[:QUOTED])
