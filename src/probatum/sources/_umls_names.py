"""The concepts of the UMLS: the names that the vocabularies give them, their semantic types and definitions."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from heapq import merge
from typing import IO

from probatum.formats import rrf
from probatum.sources import _nlm
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation

_NAMES = ("CUI", "LAT", "TS", "STT", "ISPREF", "AUI", "SAB", "TTY", "CODE", "STR", "SRL", "SUPPRESS")
_CUI, _LAT, _TS, _STT, _ISPREF, _AUI, _SAB, _TTY, _CODE, _STR, _SRL, _SUPPRESS = range(len(_NAMES))
_SOUND = {"N", ""}
_TYPE = re.compile(r"T\d{3}")
_PREFERRED = ("P", "PF", "Y")
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of a release is wanted, and what MRSAB says of its vocabularies."""

    languages: frozenset[str]  # empty: all
    vocabularies: frozenset[str]  # empty: all
    restriction: int  # the highest level
    levels: dict[str, int] = field(default_factory=dict)
    spoken: dict[str, str] = field(default_factory=dict)

    def learn(self, vocabulary: _nlm.Vocabulary) -> None:
        """Remembers level and language of a vocabulary."""
        self.levels[vocabulary.name] = vocabulary.restriction
        self.spoken[vocabulary.name] = vocabulary.language

    def has(self, vocabulary: str) -> bool:
        """Whether what a vocabulary asserts is wanted."""
        wanted = not self.vocabularies or vocabulary in self.vocabularies
        return wanted and self.levels.get(vocabulary, 0) <= self.restriction

    def has_name(self, row: Cells) -> bool:
        """Whether a row of MRCONSO is wanted; its own level counts, it may differ from its vocabulary's."""
        if self.languages and _nlm.language(row[_LAT]) not in self.languages:
            return False
        level = row[_SRL]
        return self.has(row[_SAB]) and (int(level) if level.isdecimal() else 0) <= self.restriction


class Atoms:
    """Which concept each atom belongs to, kept on disk: the place of an atom in the file is its number."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file.fileno()

    @classmethod
    @contextmanager
    def where(cls, wanted: bool) -> Iterator[Atoms | None]:
        """A table of atoms that goes with the context; None where none is wanted."""
        if not wanted:
            yield None
            return
        with tempfile.TemporaryFile() as file:
            yield cls(file)

    def note(self, atom: str, concept: str) -> None:
        """Keeps the concept of an atom; ids that are not a letter and at most nine digits are passed over."""
        if (place := _number(atom)) is not None and (number := _number(concept)) is not None:
            os.pwrite(self._file, number.to_bytes(4), 4 * place)

    def concept_of(self, atom: str) -> str:
        """The concept of an atom; empty where none was noted."""
        place = _number(atom)
        held = os.pread(self._file, 4, 4 * place) if place is not None else b""
        return f"C{number:07}" if (number := int.from_bytes(held)) else ""


def _number(id: str) -> int | None:
    digits = id[1:]
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) <= 9 else None


def concepts(
    tables: Mapping[str, rrf.Table], origin: tuple[str, str], chosen: Chosen, types: dict[str, str], atoms: Atoms | None
) -> Iterator[Fact]:
    """Each concept with its names, types and definitions; gathers the names of semantic types and where atoms belong.

    MRCONSO, MRSTY, MRDEF and MRSAT are read side by side.
    """
    main = rrf.grouped(rrf.in_order(tables["MRCONSO"], _NAMES), "MRCONSO.RRF")
    beside = (
        _beside(tables, "MRSTY", ("CUI", "TUI", "STY", "ATUI")),
        _beside(tables, "MRDEF", ("CUI", "ATUI", "SAB", "DEF", "SUPPRESS")),
        _beside(tables, "MRSAT", ("CUI", "ATN", "ATV", "SAB", "SUPPRESS")),
    )
    for group in rrf.side_by_side(main, *beside):
        if isinstance(group, Malformed):
            yield group
            continue
        cui, rows, (of_types, definitions, attributes) = group
        if atoms:
            for _, row in rows:
                atoms.note(row[_AUI], cui)
        wanted = [(number, row) for number, row in rows if row[_STR].strip() and chosen.has_name(row)]
        if not cui or not wanted:
            if not cui or not all(row[_STR].strip() for _, row in rows):
                yield Malformed("MRCONSO.RRF", rows[0][0], "an id and a name were expected", "|".join(rows[0][1])[:200])
            continue
        concept = _concept(cui, [row for _, row in wanted], of_types, _ids(attributes, chosen), origin)
        yield concept
        for number, (_, type_, name, record) in of_types:
            if not _TYPE.fullmatch(type_):
                yield Malformed("MRSTY.RRF", number, "a semantic type (T047) was expected", f"{cui}|{type_}"[:200])
                continue
            types.setdefault(type_, name)
            here = Origin(*origin, record or f"{cui} {type_}")
            yield Relation(concept.id, _nlm.CATEGORY, f"STY:{type_}", here)
        yield from _definitions(concept, definitions, origin, chosen)


def _beside(
    tables: Mapping[str, rrf.Table], name: str, columns: tuple[str, ...]
) -> tuple[str, Iterator[rrf.Group | Malformed]]:
    if name not in tables:
        return name, iter(())
    found = rrf.in_order(tables[name], columns)
    if name == "MRSAT":  # most attributes are none of ours: they need not be gathered
        ours = _nlm.tables()["attributes"]
        found = (row for row in found if isinstance(row, Malformed) or row[1][1] in ours)
    return tables[name].shown, rrf.grouped(found, tables[name].shown)


def _concept(cui: str, rows: list[Cells], types: list[rrf.Row], ids: set[str], origin: tuple[str, str]) -> Concept:
    sound = [row for row in rows if row[_SUPPRESS] in _SOUND]
    standing = sound or rows  # where every name has been withdrawn the concept is obsolete, under those names
    label = min(standing, key=lambda row: (row[_LAT] != "ENG", _rank(row)))
    codes = {_nlm.xref(row[_SAB], row[_TTY], row[_CODE]) for row in standing}
    return Concept(
        id=f"UMLS:{cui}",
        name=label[_STR],
        kind=_nlm.kind_of([row[1][1] for row in types]),
        origin=Origin(*origin, cui),
        names=tuple(_names(standing, (label[_STR], label[_LAT]))),
        xrefs=tuple(sorted((codes | ids) - {""})),
        obsolete=not sound,
    )


def _rank(row: Cells) -> tuple[bool, bool, bool]:
    return row[_TS] != _PREFERRED[0], row[_STT] != _PREFERRED[1], row[_ISPREF] != _PREFERRED[2]


def _names(rows: list[Cells], label: tuple[str, str]) -> Iterator[Name]:
    """Each text once a language; its kind lists the vocabularies that use it."""
    by: dict[tuple[str, str], list[Cells]] = {}
    for row in rows:
        if (key := (row[_STR], row[_LAT])) != label:
            by.setdefault(key, []).append(row)
    for (text, spoken), same in by.items():
        preferred = spoken != "ENG" and any(not any(_rank(row)) for row in same)
        kind = " ".join(sorted({row[_SAB] for row in same}))
        yield Name(text, _nlm.language(spoken), "label" if preferred else "exact", kind)


def _ids(attributes: list[rrf.Row], chosen: Chosen) -> set[str]:
    prefixes = _nlm.tables()["attributes"]
    return {
        f"{prefixes[name]}:{value}"
        for _, (_, name, value, vocabulary, suppressed) in attributes
        if value and " " not in value and suppressed in _SOUND and chosen.has(vocabulary)
    }


def _definitions(concept: Concept, rows: list[rrf.Row], origin: tuple[str, str], chosen: Chosen) -> Iterator[Passage]:
    for _, (cui, record, vocabulary, text, suppressed) in rows:
        spoken = chosen.spoken.get(vocabulary, "en")
        wanted = suppressed in _SOUND and chosen.has(vocabulary) and text.strip()
        if wanted and (not chosen.languages or spoken in chosen.languages):
            id, here = f"{concept.id}#{record or vocabulary}", Origin(*origin, record or cui)
            told = (("vocabulary", vocabulary),)
            yield Passage(id, text.strip(), concept.name, spoken, here, "definition", (concept.id,), told)


def types_named(types: Mapping[str, str], origin: tuple[str, str]) -> Iterator[Concept]:
    """The semantic types that concepts bear, as concepts."""
    for type_, name in sorted(types.items()):
        yield Concept(f"STY:{type_}", name or type_, "OntologyClass", Origin(*origin, type_))


def retired(tables: Mapping[str, rrf.Table], origin: tuple[str, str]) -> Iterator[Fact]:
    """Concepts that the Metathesaurus no longer has, with what stands in their place.

    MRCUI maps them as synonyms (SY: replaced by) or otherwise (RB, RN, RO: to be considered); MERGEDCUI and DELETEDCUI
    tell of this release, the latter with names.
    """
    parts = [
        _gone(tables, "MRCUI", ("CUI1", "REL", "CUI2")),
        _gone(tables, "MERGEDCUI", ("PCUI", "CUI")),
        _gone(tables, "DELETEDCUI", ("PCUI", "PSTR")),
    ]
    for group in rrf.grouped(merge(*parts, key=_place), "MRCUI.RRF"):
        if isinstance(group, Malformed):
            yield group
            continue
        cui, rows = group
        called = next((name for _, (_, how, name) in rows if how == "name" and name), cui)
        replaced, consider = (
            tuple(sorted({f"UMLS:{new}" for _, (_, how, new) in rows if how in ways and new not in {"", cui}}))
            for ways in (("SY",), ("RB", "RN", "RO"))
        )
        if cui:
            here = Origin(*origin, f"MRCUI {cui}")
            yield Concept(
                f"UMLS:{cui}", called, "OntologyClass", here, replaced_by=replaced, consider=consider, obsolete=True
            )


def _gone(tables: Mapping[str, rrf.Table], name: str, columns: tuple[str, ...]) -> Iterator[rrf.Row | Malformed]:
    """The rows of a table of retired concepts as (id, how, what): how is a REL, or says that what follows is a name."""
    how = {"MERGEDCUI": "SY", "DELETEDCUI": "name"}.get(name, "")
    for row in rrf.in_order(tables[name], columns) if name in tables else ():
        if isinstance(row, Malformed):
            yield row
        else:
            number, (cui, *rest) = row
            yield number, (cui, how or rest[0], rest[-1])


def _place(row: rrf.Row | Malformed) -> tuple[int, str]:
    return (0, "") if isinstance(row, Malformed) else (len(row[1][0]), row[1][0])
