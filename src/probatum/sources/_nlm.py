"""What the vocabularies of the National Library of Medicine share: languages, prefixes, semantic types, relations."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import resources

from probatum.formats import rrf
from probatum.formats.curies import curie
from probatum.types import Malformed, Origin, Pairs, Relation

CATEGORY = "biolink:category"  # the class that a concept belongs to: a property, not a way from one concept to another
RELATED = "biolink:related_to"
# what the Metathesaurus can derive or has taken back, and which qualifiers a heading allows
UNTOLD = {"SIB", "DEL", "AQ", "QB", ""}
_TRANSLATED = ("MSH", "MDR", "LNC", "SNOMEDCT_US")
_ORDER = (
    "Gene", "Disease", "PhenotypicFeature", "ClinicalFinding", "Drug", "Protein", "Procedure", "Device", "Cell",
    "CellularComponent", "AnatomicalEntity", "Food", "ChemicalEntity", "MolecularActivity", "BiologicalProcess",
    "Behavior", "OrganismTaxon", "InformationContentEntity", "OntologyClass",
)  # fmt: skip


@cache
def tables() -> dict[str, dict[str, str]]:
    """The tables of _nlm.toml that give one text for another."""
    text = resources.files("probatum.sources").joinpath("_nlm.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    found["kinds"] = {type_: kind for type_, (kind, _) in found["types"].items()}
    found["types"] = {type_: name for type_, (_, name) in found["types"].items()}
    return found


def language(code: str) -> str:
    """A language as BCP 47 writes it, from the three letters of LAT."""
    return tables()["languages"].get(code) or code.lower() or "en"


def kind_of(types: list[str]) -> str:
    """The Biolink class of what bears these semantic types; of several classes the more telling one."""
    kinds = {tables()["kinds"].get(type_, "OntologyClass") for type_ in types}
    return min(kinds, key=_ORDER.index, default="OntologyClass")


def xref(vocabulary: str, term_type: str, code: str) -> str:
    """The id that a vocabulary gives a concept, as a CURIE; empty where the code is none of the vocabulary's own."""
    if code in {"NOCODE", ""} or vocabulary in {"MTH", "SRC"} or code.startswith("MTHU"):
        return ""
    if vocabulary == "MTHSPL":  # substances bear their UNII; products the number of their label
        return f"UNII:{code}" if term_type == "SU" else ""
    # translations bear the codes of what they translate: MSHFRE those of MSH
    translated = next((base for base in _TRANSLATED if vocabulary.startswith(base)), vocabulary)
    prefix = tables()["prefixes"].get(translated, vocabulary)
    return curie(f"{prefix}:{code}") if ":" in code or prefix == "HGNC" else f"{prefix}:{code}"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One source vocabulary as the release describes it."""

    name: str  # RSAB
    concept: str  # RCUI
    title: str
    short: str
    version: str
    restriction: int  # SRL: 0 free, 1 to 4 and 9 with conditions
    language: str
    licence: str  # whom to ask
    citation: str


def vocabularies(table: rrf.Table | None) -> Iterator[Vocabulary | Malformed]:
    """The current vocabularies of MRSAB or RXNSAB, in the order of the file."""
    columns = ("RCUI", "RSAB", "SON", "SVER", "SLC", "SRL", "LAT", "CURVER", "SSN", "SCIT")
    for row in rrf.rows(table, columns) if table else ():
        if isinstance(row, Malformed):
            yield row
            continue
        number, (concept, name, title, version, licence, level, spoken, current, short, citation) = row
        if current == "N":
            continue
        if not name or not level.isdecimal():
            yield Malformed(
                table.shown if table else "", number, "a name and a level of restriction were expected", name
            )
            continue
        spoken = language(spoken or "ENG")
        yield Vocabulary(name, concept, title, short, version, int(level), spoken, licence, citation)


def narrowed(version: str, settings: Iterable[tuple[str, object]]) -> str:
    """The name of a release of which only a part is read: the part is another release, with facts of its own."""
    told = (
        f"{name}={','.join(sorted(value)) if isinstance(value, tuple) else value}" for name, value in settings if value
    )
    return "+".join((version, *told))


def day(digits: str) -> str:
    """The ISO date of eight digits, year first; empty where they are no day."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Said:
    """How a relation of a vocabulary is told: by which predicate, read from which end."""

    predicate: str
    forward: bool  # the second concept of the row is the subject
    negated: bool
    symmetric: bool
    qualifiers: Pairs


@lru_cache(1 << 16)
def said(rel: str, rela: str, vocabulary: str, inverse: str = "") -> Said:
    """How a row (REL, RELA, SAB) is told, so that it and its mirror image give one and the same claim.

    A row reads: the second concept has the relation to the first. `inverse` is the mirror of a RELA as MRDOC gives it.
    """
    known, inverses = tables()["relations"], tables()["inverses"]
    word = rela or rel
    forward = word not in inverses
    word = inverses.get(word, word)
    if word not in known and inverse and (inverse in known or _plainer(inverse, word)):
        forward, word = not forward, inverse
    predicate, _, aspect = known.get(word, _general(rel, forward)).partition(" ")
    symmetric = word in {"RO", "RQ", "RL", "RU", "SY", "XR"} or inverse == rela != ""
    told = [("original_predicate", word)] if word != predicate.partition(":")[2] else []
    pairs = (("aspect", aspect), *told, ("vocabulary", vocabulary))
    return Said(predicate, forward, rel == "XR", symmetric, tuple(pair for pair in pairs if pair[1]))


def _plainer(one: str, other: str) -> bool:
    return (one.startswith(("has_", "inverse_")), one) < (other.startswith(("has_", "inverse_")), other)


def _general(rel: str, forward: bool) -> str:
    """The predicate of a RELA that no table knows: narrower than what it hangs from, or merely related."""
    return "biolink:subclass_of" if rel == ("CHD" if forward else "PAR") else RELATED


def ends(told: Said, second: tuple[str, str], first: tuple[str, str]) -> tuple[tuple[str, str], tuple[str, str]]:
    """Subject and object of a row as (id, record), from its second and its first concept."""
    one, other = (second, first) if told.forward else (first, second)
    return (other, one) if told.symmetric and other < one else (one, other)


def claim(told: Said, subject: tuple[str, str], object_: tuple[str, str], origin: tuple[str, str]) -> Relation:
    """The claim between two ends, (id, record) each; `origin` is (source, release)."""
    at = Origin(*origin, f"{subject[1]} {object_[1]}")
    return Relation(subject[0], told.predicate, object_[0], at, told.negated, told.qualifiers)


def inverses(table: rrf.Table | None) -> Mapping[str, str]:
    """The mirror of each RELA that MRDOC or RXNDOC gives."""
    found: dict[str, str] = {}
    for row in rrf.rows(table, ("DOCKEY", "VALUE", "TYPE", "EXPL")) if table else ():
        if not isinstance(row, Malformed):
            _, (key, value, type_, expanded) = row
            if key == "RELA" and type_ == "rela_inverse" and value and expanded:
                found[value] = expanded
    return found
