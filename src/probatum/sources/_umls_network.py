"""The semantic network of the UMLS: its types, and which relations may hold between what bears them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from probatum.formats import rrf
from probatum.formats.reading import QUOTED, lines
from probatum.sources import _nlm
from probatum.types import Concept, Fact, Malformed, Origin, Passage, Relation

_PLAIN = re.compile(r"[^a-z0-9]+")
Pair = tuple[str, str]


def network(tables: Mapping[str, rrf.Table], origin: Pair) -> Iterator[Fact]:
    """Types and relations of SRDEF with their definitions, and the structure of SRSTR as its authors assert it.

    A link that SRSTR blocks is told as negated.
    """
    ids: dict[str, str] = {}
    for row in rrf.rows(tables["SRDEF"], ("RT", "UI", "STY", "DEF")):
        if isinstance(row, Malformed):
            yield row
            continue
        number, (_, ui, name, definition) = row
        if not re.fullmatch(r"T\d{3}", ui) or not name.strip():
            yield Malformed(
                "SRDEF", number, "a type or a relation with its T-code was expected", f"{ui}|{name}"[:QUOTED]
            )
            continue
        ids[name] = f"STY:{ui}"
        here = Origin(*origin, ui)
        concept = Concept(ids[name], name, "OntologyClass", here)
        yield concept
        if definition.strip():
            id, text = f"{concept.id}#definition", definition.strip()
            yield Passage(id, text, name, "en", here, "definition", (concept.id,))
    if "SRSTR" in tables:
        yield from _structure(tables["SRSTR"], ids, origin)


def _structure(table: rrf.Table, ids: Mapping[str, str], origin: Pair) -> Iterator[Fact]:
    for row in rrf.rows(table, ("STY1", "RL", "STY2", "LS")):
        if isinstance(row, Malformed):
            yield row
            continue
        number, (one, relation, other, link) = row
        if not other:
            continue  # the root of each tree
        if one not in ids or other not in ids:
            yield Malformed(
                table.shown, number, "a type that SRDEF does not hold", f"{one}|{relation}|{other}"[:QUOTED]
            )
            continue
        yield _link(ids[one], relation, ids[other], origin, blocked=link == "B")


def triples(files: tuple[Path, ...], origin: Pair) -> Iterator[Fact]:
    """The network as lines `type TAB relation TAB type`, its names written with underscores."""
    seen: set[str] = set()
    for file in files:
        for line in lines(file):
            if isinstance(line, Malformed):
                yield line
                continue
            number, text = line
            cells = text.split("\t")
            if not text.strip():
                continue
            ends = [_codes().get(cell, "") for cell in cells[::2]]
            if len(cells) != 3 or not all(ends) or not cells[1].strip():
                yield Malformed(file.name, number, "two semantic types and a relation were expected", text[:QUOTED])
                continue
            for code in ends:
                if code not in seen:
                    seen.add(code)
                    yield Concept(f"STY:{code}", _nlm.tables()["types"][code], "OntologyClass", Origin(*origin, code))
            yield _link(f"STY:{ends[0]}", cells[1], f"STY:{ends[1]}", origin)


def _link(one: str, relation: str, other: str, origin: Pair, *, blocked: bool = False) -> Relation:
    told = _nlm.said("", relation, "")
    found = _nlm.claim(told, *_nlm.ends(told, (one, one[4:]), (other, other[4:])), origin)
    return replace(found, negated=True) if blocked else found


@cache
def _codes() -> dict[str, str]:
    return {_PLAIN.sub("_", name.lower()): code for code, name in _nlm.tables()["types"].items()}
