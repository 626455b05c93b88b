"""The Unified Medical Language System: what two hundred vocabularies call the same thing, and how they relate it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

from probatum.formats import rrf
from probatum.formats.reading import digest
from probatum.formats.sorting import Sorted
from probatum.naming import card
from probatum.sources import _nlm
from probatum.sources._files import shown
from probatum.sources._umls_files import LICENCE, OFFICIAL, TERMS, umls_files
from probatum.sources._umls_names import Atoms, Chosen, concepts, retired, types_named
from probatum.sources._umls_network import network, triples
from probatum.types import Concept, Fact, Malformed, Origin, Passage, Relation, Release

_SOUND = {"N", ""}


@card(
    "UMLS",
    survey="umls",
    reference="https://doi.org/10.1093/nar/gkh061",
    licence=LICENCE,
    languages=("en", "es", "fr", "de", "it", "pt", "nl", "ja", "zh", "ko", "ru"),
    where=OFFICIAL,
    terms=TERMS,
    gated=True,
)
def umls(
    path: Path | None = None,
    *,
    languages: tuple[str, ...] = (),
    vocabularies: tuple[str, ...] = (),
    restriction: int = 9,
) -> Iterator[Fact]:
    """The facts of one release, from what of its files is there: concepts with names and definitions, relations.

    From the Metathesaurus (MRCONSO, MRSTY, MRDEF, MRSAT, MRCUI, MRREL, MRHIER; `languages` and `vocabularies` chosen,
    all where none is named; none above the level of `restriction`) and the semantic network (SRDEF, SRSTR). Suppressed
    rows are left out, and so are siblings (which follow from their parents) and the qualifiers that headings allow.
    Tables are read side by side in the order of their ids: memory does not grow with them. Layout: see `formats.rrf`.
    Raises `NeedsFile`, `BadFormat`.
    """
    files = umls_files(path)
    sha256, tables = rrf.checked(files.tables.values())
    if files.triples:
        sha256 = digest(files.triples)
    narrowed = (("languages", languages), ("vocabularies", vocabularies), ("restriction", restriction % 9))
    version = _nlm.narrowed(files.version or sha256, narrowed)
    read = (*(table.shown for table in tables.values()), *(shown(file) for file in files.triples))
    yield Release("umls", version, LICENCE, sha256, read, files.published)
    origin = ("umls", version)
    if "MRCONSO" in tables:
        chosen = Chosen(frozenset(languages), frozenset(vocabularies), restriction)
        yield from _metathesaurus(tables, origin, chosen)
    if "SRDEF" in tables:
        yield from network(tables, origin)
    if files.triples:
        yield from triples(files.triples, origin)


def _metathesaurus(tables: Mapping[str, rrf.Table], origin: tuple[str, str], chosen: Chosen) -> Iterator[Fact]:
    for vocabulary in _nlm.vocabularies(tables.get("MRSAB")):
        if isinstance(vocabulary, Malformed):
            yield vocabulary
        else:
            chosen.learn(vocabulary)
            yield from _vocabulary(vocabulary, origin)
    types: dict[str, str] = {}
    with Atoms.where("MRHIER" in tables) as atoms:
        yield from concepts(tables, origin, chosen, types, atoms)
        if "SRDEF" not in tables:
            yield from types_named(types, origin)
        yield from retired(tables, origin)
        yield from _claims(tables, origin, chosen, atoms)


def _vocabulary(vocabulary: _nlm.Vocabulary, origin: tuple[str, str]) -> Iterator[Fact]:
    id = f"umls:{vocabulary.name}"
    here = Origin(*origin, f"MRSAB {vocabulary.name}")
    xrefs = (f"UMLS:{vocabulary.concept}",) if vocabulary.concept else ()
    yield Concept(id, vocabulary.title or vocabulary.name, "InformationContentEntity", here, xrefs=xrefs)
    text = "\n".join(filter(None, (vocabulary.citation, vocabulary.licence)))
    if text.strip():
        told = (("status", f"restriction level {vocabulary.restriction}"), ("version", vocabulary.version))
        pairs = tuple(pair for pair in told if pair[1])
        yield Passage(f"{id}#citation", text, vocabulary.title, "en", here, "definition", (id,), pairs)


def _claims(
    tables: Mapping[str, rrf.Table], origin: tuple[str, str], chosen: Chosen, atoms: Atoms | None
) -> Iterator[Fact]:
    """The claims between two concepts, each once though a row, its mirror image and the hierarchy say the same.

    They come sorted by subject: so they are written where a store holds what is said of that subject already.
    """
    ways = _Ways()
    with Sorted() as held:
        for each in chain(_related(tables, chosen, ways), _under(tables, chosen, atoms, ways)):
            if isinstance(each, Malformed):
                yield each
            else:
                held.add(each)
        last = ""
        for line in held:
            if line != last:
                last = line
                subject, object_, one, other, way = line.split("|")
                yield ways.claim(way, (f"UMLS:{subject}", one), (f"UMLS:{object_}", other), origin)


class _Ways:
    """The ways in which relations are told, by a short number that stands for each in a sorted line."""

    def __init__(self) -> None:
        self._told: list[_nlm.Said] = []  # whatever the end from which a row tells it
        self._numbers: dict[tuple[str, str, str], tuple[_nlm.Said, int]] = {}

    def line(self, kind: tuple[str, str, str], inverse: str, second: tuple[str, str], first: tuple[str, str]) -> str:
        """A row, from what it is told of to what is told, with its way: REL, RELA and SAB."""
        if kind not in self._numbers:
            told = _nlm.said(*kind, inverse)
            plain = replace(told, forward=True)
            if plain not in self._told:
                self._told.append(plain)
            self._numbers[kind] = told, self._told.index(plain)
        told, way = self._numbers[kind]
        subject, object_ = _nlm.ends(told, second, first)
        return f"{subject[0]}|{object_[0]}|{subject[1] or subject[0]}|{object_[1] or object_[0]}|{way}"

    def claim(self, way: str, subject: tuple[str, str], object_: tuple[str, str], origin: tuple[str, str]) -> Relation:
        """The claim of a line."""
        return _nlm.claim(self._told[int(way)], subject, object_, origin)


def _related(tables: Mapping[str, rrf.Table], chosen: Chosen, ways: _Ways) -> Iterator[str | Malformed]:
    """The rows of MRREL between two concepts that are neither suppressed nor of a kind that is not told."""
    if "MRREL" not in tables:
        return
    table, mirrored = tables["MRREL"], _nlm.inverses(tables.get("MRDOC"))
    columns = ("CUI1", "AUI1", "REL", "CUI2", "AUI2", "RELA", "SAB", "SUPPRESS")
    for row in rrf.rows(table, columns):
        if isinstance(row, Malformed):
            yield row
            continue
        number, (first, first_atom, rel, second, second_atom, rela, vocabulary, suppressed) = row
        if not first or not second or not rel:
            yield Malformed(table.shown, number, "two concepts and a relation were expected", f"{first}|{rel}|{second}")
        elif first != second and suppressed in _SOUND and rel not in _nlm.UNTOLD and chosen.has(vocabulary):
            kind = rel, rela, vocabulary
            yield ways.line(kind, mirrored.get(rela, ""), (second, second_atom), (first, first_atom))


def _under(
    tables: Mapping[str, rrf.Table], chosen: Chosen, atoms: Atoms | None, ways: _Ways
) -> Iterator[str | Malformed]:
    """What stands directly under what in the trees of the vocabularies (MRHIER), told as MRREL tells it."""
    if not atoms:
        return
    table = tables["MRHIER"]
    for row in rrf.rows(table, ("CUI", "AUI", "PAUI", "SAB", "RELA", "PTR")):
        if isinstance(row, Malformed):
            yield row
            continue
        number, (child, atom, parent_atom, vocabulary, rela, way) = row
        if not parent_atom or not chosen.has(vocabulary):
            continue
        parent = atoms.concept_of(parent_atom)
        if not child or not parent or way.rpartition(".")[2] != parent_atom:
            why = "the way to the root does not end at the parent" if parent else "a parent that MRCONSO does not hold"
            yield Malformed(table.shown, number, why, f"{child}|{atom}|{parent_atom}|{way}"[:200])
        elif parent != child:
            yield ways.line(("CHD", rela, vocabulary), "", (child, atom), (parent, parent_atom))
