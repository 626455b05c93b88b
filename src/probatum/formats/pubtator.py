"""Reads PubTator: titles and abstracts with the concepts and relations that somebody or something found there.

Layout: https://www.ncbi.nlm.nih.gov/research/pubtator3/tutorial (PubTator text, and the JSON of its export).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.medline_xml import pmid
from probatum.formats.reading import QUOTED, lines, loads
from probatum.types import Malformed

MOST = 100_000  # lines of one document
_TEXT = re.compile(r"(\d{1,8})\|([ta])\|(.*)")
_SPLIT = re.compile(r"[|;,]")
_SNP = re.compile(r"(?:RS#:|^rs)(\d+)")
_PREFIXES = {
    "gene": "NCBIGene", "species": "NCBITaxon", "chemical": "MESH", "disease": "MESH", "cellline": "cellosaurus",
    "genus": "NCBITaxon", "strain": "NCBITaxon",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Annotation:
    """One place in title, blank and abstract, in code points, and the concepts that it names."""

    start: int
    end: int
    text: str
    type: str  # Gene, Disease, Chemical, Species, CellLine, a kind of mutation
    ids: tuple[str, ...]  # as CURIEs; empty where none was found
    name: str = ""  # of the concept, where the file tells it: exports in JSON do


@dataclass(frozen=True, slots=True)
class Document:
    """One abstract."""

    pmid: int
    title: str
    abstract: str
    annotations: tuple[Annotation, ...]
    relations: tuple[tuple[str, str, str], ...]  # (type, id, id): as the text has them, as CURIEs from JSON
    scores: tuple[str, ...] = ()  # of each relation, from JSON

    @property
    def text(self) -> str:
        """Title, a blank and the abstract: what the offsets count in."""
        return f"{self.title} {self.abstract}"


def documents(path: Path) -> Iterator[Document | Malformed]:
    """The documents of a file, plain or gzip, in its order.

    A line of another form, and an annotation whose text does not stand at its offsets, is `Malformed`. Raises
    `NeedsFile`, `BadFormat`.
    """
    block: list[tuple[int, str]] = []
    for line in lines(path):
        if isinstance(line, Malformed):
            yield line
        elif line[1].strip() and len(block) < MOST:
            found = _TEXT.fullmatch(line[1])
            if found and found[2] == "t" and block:  # files without the empty line between documents
                yield from _document(path, block)
                block = []
            block.append(line)
        elif block:
            yield from _document(path, block)
            block = []
    if block:
        yield from _document(path, block)


def _document(path: Path, block: list[tuple[int, str]]) -> Iterator[Document | Malformed]:
    said = {"t": "", "a": ""}
    number, rows = 0, []
    for line, text in block:
        if found := _TEXT.fullmatch(text):
            number, said[found[2]] = pmid(found[1]), found[3]
        else:
            rows.append((line, text))
    if not number or not said["t"].strip():
        yield Malformed(path.name, block[0][0], "a document begins with 'PMID|t|title'", block[0][1][:QUOTED])
        return
    whole = f"{said['t']} {said['a']}"
    annotations, relations = [], []
    for line, text in rows:
        cells = text.split("\t")
        if len(cells) == 4 and pmid(cells[0]) == number:
            relations.append((cells[1], cells[2], cells[3]))
            continue
        found_there = _annotation(cells, number, whole)
        if isinstance(found_there, str):
            yield Malformed(path.name, line, found_there, text[:QUOTED])
        else:
            annotations.append(found_there)
    yield Document(number, said["t"], said["a"], tuple(annotations), tuple(relations))


def _annotation(cells: list[str], number: int, whole: str) -> Annotation | str:
    """An annotation, or why the row is none."""
    if len(cells) < 5 or pmid(cells[0]) != number:
        return "PMID, start, end, text, type and id were expected"
    start, end = cells[1], cells[2]
    if not (
        start.isascii() and start.isdecimal() and end.isascii() and end.isdecimal() and max(len(start), len(end)) < 9
    ):
        return "offsets were expected"
    if whole[int(start) : int(end)] != cells[3]:
        return "another text stands at these offsets"
    return Annotation(int(start), int(end), cells[3], cells[4], curies(cells[4], cells[5] if len(cells) > 5 else ""))


def curies(type_: str, written: str) -> tuple[str, ...]:
    """The ids of an annotation as CURIEs: MESH:D000544, NCBIGene:351, NCBITaxon:9606, dbSNP:rs63750264."""
    prefix = _PREFIXES.get(type_.lower().replace(" ", ""), "")
    if not prefix:  # mutations: what is known of them stands in one cell, of which the dbSNP number is an id
        found = _SNP.search(written)
        return (f"dbSNP:rs{found[1]}",) if found else ()
    parts = (part.strip() for part in _SPLIT.split(written))
    known = (part for part in parts if part and part != "-" and not any(map(str.isspace, part)))
    return tuple(dict.fromkeys(part if ":" in part else f"{prefix}:{part}" for part in known))


# --- the JSON that the service exports ---


def exported(data: bytes, where: str) -> Iterator[Document | Malformed]:
    """The documents of an export in JSON ({"PubTator3": [...]}): title, and all other passages as the abstract.

    What is no document, and an annotation whose text does not stand at its offsets, is `Malformed`. Raises `BadFormat`.
    """
    found = loads(data, where)
    entries = found.get("PubTator3") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        raise BadFormat('{"PubTator3": [...]} was expected', where=where)
    for place, entry in enumerate(entries, start=1):
        passages = [each for each in _items(entry, "passages") if isinstance(each.get("text"), str)]
        number = pmid(str(entry.get("pmid") or entry.get("id") or "")) if isinstance(entry, dict) else 0
        if not number or not passages:
            yield Malformed(where, 0, f"entry {place}: a pmid and passages were expected", repr(entry)[:QUOTED])
            continue
        title, *others = (str(each["text"]) for each in passages)
        whole = " ".join((title, *others))
        good, annotations = [], [each for passage in passages for each in _items(passage, "annotations")]
        for each in annotations:
            for start, end in _spans(each):
                infons = _infons(each)
                if not 0 <= start < end <= len(whole) or whole[start:end] != each.get("text"):
                    reason = f"entry {place}: another text stands at these offsets"
                    yield Malformed(where, 0, reason, f"{start} {end} {each.get('text')}"[:QUOTED])
                    continue
                type_, id = str(infons.get("type", "")), str(infons.get("identifier") or "")
                name = str(infons.get("name") or "")
                good.append(Annotation(start, end, whole[start:end], type_, curies(type_, id), name))
        related = dict(_relations(entry))
        relations, scores = tuple(related), tuple(related.values())
        yield Document(number, title, " ".join(others), tuple(good), relations, scores)


def _relations(entry: dict[str, Any]) -> Iterator[tuple[tuple[str, str, str], str]]:
    """(type, id, id) and the score of each relation."""
    for each in _items(entry, "relations"):
        infons = _infons(each)
        roles = [infons.get("role1"), infons.get("role2")]
        ids = [curies(str(r.get("type")), str(r.get("identifier") or "")) for r in roles if isinstance(r, dict)]
        if len(ids) == 2 and all(ids) and infons.get("type"):
            yield (str(infons["type"]), ids[0][0], ids[1][0]), str(infons.get("score") or "")


def _items(value: Any, key: str) -> list[dict[str, Any]]:
    """The objects in a list that an object holds under a key."""
    found = value.get(key) if isinstance(value, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _infons(value: dict[str, Any]) -> dict[str, Any]:
    found = value.get("infons")
    return found if isinstance(found, dict) else {}


def _spans(annotation: dict[str, Any]) -> Iterator[tuple[int, int]]:
    for each in _items(annotation, "locations"):
        offset, length = each.get("offset"), each.get("length")
        if isinstance(offset, int) and isinstance(length, int):
            yield offset, offset + length
