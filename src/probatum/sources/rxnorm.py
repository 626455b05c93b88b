"""RxNorm: the drugs of the United States by ingredient, strength, dose form and brand, and what links them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from probatum.errors import BadPlan, NeedsFile
from probatum.formats import rrf
from probatum.formats.places import data_folder
from probatum.naming import card
from probatum.sources import _nlm
from probatum.sources._files import releases
from probatum.types import Concept, Fact, Malformed, Name, Origin, Relation, Release

OFFICIAL = "https://www.nlm.nih.gov/research/umls/rxnorm/docs/rxnormfiles.html"
LICENCE = "RxNorm's own content: public domain; other vocabularies in the full files: UMLS Metathesaurus licence"
_TABLES = (
    "RXNSAB", "RXNDOC", "RXNCONSO", "RXNSTY", "RXNSAT", "RXNREL", "RXNCUI", "RXNATOMARCHIVE",
)  # fmt: skip
# term types, the telling ones first (https://www.nlm.nih.gov/research/umls/rxnorm/docs/appendix5.html)
_TYPES = {
    "IN": ("Ingredient", "Drug"),
    "PIN": ("Precise ingredient", "Drug"),
    "MIN": ("Multiple ingredients", "MolecularMixture"),
    "SCD": ("Semantic clinical drug", "Drug"),
    "SBD": ("Semantic branded drug", "Drug"),
    "GPCK": ("Generic pack", "Drug"),
    "BPCK": ("Branded pack", "Drug"),
    "SCDC": ("Semantic clinical drug component", "Drug"),
    "SBDC": ("Semantic branded drug component", "Drug"),
    "SCDF": ("Semantic clinical drug and form", "Drug"),
    "SBDF": ("Semantic branded drug and form", "Drug"),
    "SCDFP": ("Semantic clinical drug and form, precise", "Drug"),
    "SBDFP": ("Semantic branded drug and form, precise", "Drug"),
    "SCDG": ("Semantic clinical dose form group", "Drug"),
    "SBDG": ("Semantic branded dose form group", "Drug"),
    "SCDGP": ("Semantic clinical dose form group, precise", "Drug"),
    "BN": ("Brand name", "Drug"),
    "DF": ("Dose form", "OntologyClass"),
    "DFG": ("Dose form group", "OntologyClass"),
}
_RANK = {name: place for place, name in enumerate((*_TYPES, "PSN", "SY", "TMSY", "ET"))}
_PRESCRIBABLE = 4096  # the bit of CVF that marks the current prescribable content
_FREE = {"RXNORM", "MTHSPL"}  # where RXNSAB does not say which vocabularies have no conditions
_IDS = {"NDC": "NDC", "UMLSCUI": "UMLS"}
_STRENGTH = "RXN_STRENGTH"
_MADE = re.compile(r"_(\d{6})[A-Z]?$")  # 20AB_260302F was made on 2 March 2026
_SUBSETS = ("all", "prescribable")


@dataclass(frozen=True, slots=True)
class _Held:
    """What is kept of concepts for the relations between them: RxNorm has some hundred thousand."""

    vocabularies: set[str]
    prescribable: bool
    types: dict[str, str] = field(default_factory=dict)  # of every concept in RXNCONSO; "" for those of others
    strengths: dict[str, str] = field(default_factory=dict)

    def has(self, cvf: str) -> bool:
        """Whether a row belongs to the subset that is read."""
        return not self.prescribable or bool(int(cvf) & _PRESCRIBABLE if cvf.isdecimal() and len(cvf) < 20 else 0)


@card(
    "RxNorm",
    survey="rxnorm",
    reference="https://doi.org/10.1136/amiajnl-2011-000116",
    licence=LICENCE,
    languages=("en",),
    where=OFFICIAL,
    terms="The prescribable subset is free; the full files need a free UMLS account. Read without a choice, only "
    "vocabularies without conditions (level 0) are told.",
)
def rxnorm(path: Path | None = None, *, subset: str = "all", restriction: int = 0) -> Iterator[Fact]:
    """The facts of one release: drugs with their names and NDCs, ingredients, strengths, dose forms and brands.

    `path` is the folder of RXNCONSO.RRF or one above it that holds rrf/ or prescribe/rrf/. `subset` "prescribable"
    keeps what the full files mark as current prescribable content; names of vocabularies above the level of
    `restriction` are left out. A concept's term type (IN, SCD, BN ...) is its category; the strength of a component
    stands at its ingredient as dose. Raises `NeedsFile`, `BadFormat`, `BadPlan`. Layout: see `formats.rrf`.
    """
    if subset not in _SUBSETS:
        raise BadPlan(f"subset = {subset!r} must be one of {', '.join(_SUBSETS)}", where="sources/rxnorm")
    sha256, tables = rrf.checked(_tables(path))
    found = list(_nlm.vocabularies(tables.get("RXNSAB")))
    known = [each for each in found if not isinstance(each, Malformed)]
    stated = next((each.version for each in known if each.name == "RXNORM"), "")
    told = (("subset", subset if subset != "all" else ""), ("restriction", restriction))
    version = _nlm.narrowed(stated or sha256, told)
    made = _MADE.search(stated)
    published = _nlm.day(f"20{made[1]}") if made else ""
    yield Release("rxnorm", version, LICENCE, sha256, tuple(table.shown for table in tables.values()), published)
    yield from (each for each in found if isinstance(each, Malformed))
    free = {each.name for each in known if each.restriction <= restriction} if known else _FREE
    held = _Held(free, subset == "prescribable")
    origin = ("rxnorm", version)
    yield from _concepts(tables, origin, held)
    for type_ in sorted({type_ for type_ in held.types.values() if type_}):
        title = _TYPES[type_][0] if type_ in _TYPES else type_
        yield Concept(f"rxnorm:{type_}", title, "OntologyClass", Origin(*origin, f"TTY {type_}"))
    yield from _relations(tables, origin, held)
    yield from _retired(tables, origin, held)


def _tables(path: Path | None) -> list[rrf.Table]:
    place = data_folder() / "rxnorm" if path is None else path.parent if path.is_file() else path
    for folder in (place, *releases(place)[:1]) if place.is_dir() else ():
        for inner in (folder, folder / "rrf", folder / "prescribe", folder / "prescribe" / "rrf"):
            tables = rrf.tables(inner)
            if "RXNCONSO" in tables:
                return [tables[name] for name in _TABLES if name in tables]
    mend = (
        f"get the full files or the prescribable subset from {OFFICIAL} ({LICENCE}) and give the folder that holds "
        f"rrf/RXNCONSO.RRF, or put it into {data_folder() / 'rxnorm'}"
    )
    raise NeedsFile(f"no RXNCONSO.RRF in {place}", mend=mend)


# --- concepts ---

_NAMES = ("RXCUI", "RXAUI", "SAB", "TTY", "CODE", "STR", "SUPPRESS", "CVF")
_AUI, _SAB, _TTY, _CODE, _STR, _SUPPRESS, _CVF = range(1, len(_NAMES))
Cells = tuple[str, ...]


def _concepts(tables: Mapping[str, rrf.Table], origin: tuple[str, str], held: _Held) -> Iterator[Fact]:
    main = rrf.grouped(rrf.in_order(tables["RXNCONSO"], _NAMES), "RXNCONSO.RRF")
    wanted = {*_IDS, _STRENGTH}
    attributes: Iterator[rrf.Row | Malformed] = iter(())
    if "RXNSAT" in tables:
        found = rrf.in_order(tables["RXNSAT"], ("RXCUI", "ATN", "SAB", "ATV", "SUPPRESS"))
        attributes = (row for row in found if isinstance(row, Malformed) or row[1][1] in wanted)
    types: Iterator[rrf.Row | Malformed] = iter(())
    if "RXNSTY" in tables:
        types = rrf.in_order(tables["RXNSTY"], ("RXCUI", "TUI"))
    beside = (
        ("RXNSTY.RRF", rrf.grouped(types, "RXNSTY.RRF")),
        ("RXNSAT.RRF", rrf.grouped(attributes, "RXNSAT.RRF")),
    )
    for group in rrf.side_by_side(main, *beside):
        if isinstance(group, Malformed):
            yield group
            continue
        id, rows, (of_types, of_attributes) = group
        named = [row for _, row in rows if row[_STR].strip() and row[_SAB] in held.vocabularies]
        if not id or not any(row[_STR].strip() for _, row in rows):
            yield Malformed("RXNCONSO.RRF", rows[0][0], "an id and a name were expected", "|".join(rows[0][1])[:200])
            continue
        # the names of other vocabularies bear no mark of the subset: those of its concepts belong to it
        if named and any(held.has(row[_CVF]) for row in named):
            yield from _concept(named, of_types, of_attributes, origin, held)


def _concept(
    rows: list[Cells], types: list[rrf.Row], attributes: list[rrf.Row], origin: tuple[str, str], held: _Held
) -> Iterator[Concept | Relation]:
    id = rows[0][0]
    own = [row for row in rows if row[_SAB] == "RXNORM"]
    sound = [row for row in own or rows if row[_SUPPRESS] in {"N", ""}]
    label = min(sound or own or rows, key=lambda row: (row[_SAB] != "RXNORM", _RANK.get(row[_TTY], len(_RANK))))
    type_ = label[_TTY] if own else ""
    held.types[id] = type_
    ids = {_nlm.xref(row[_SAB], row[_TTY], row[_CODE]) for row in rows if row[_SAB] != "RXNORM"}
    for _, (_, name, vocabulary, value, suppressed) in attributes:
        if suppressed in {"N", ""} and value and vocabulary in held.vocabularies:
            if name == _STRENGTH:
                held.strengths[id] = value
            elif " " not in value:
                ids.add(f"{_IDS[name]}:{value}")
    kind = _TYPES[type_][1] if type_ in _TYPES else _nlm.kind_of([row[1][1] for row in types])
    here = Origin(*origin, id)
    names = tuple(_names(rows if not sound else [row for row in rows if row[_SUPPRESS] in {"N", ""}], label[_STR]))
    yield Concept(f"RXCUI:{id}", label[_STR], kind, here, names, xrefs=tuple(sorted(ids - {""})), obsolete=not sound)
    if type_:
        yield Relation(f"RXCUI:{id}", _nlm.CATEGORY, f"rxnorm:{type_}", here)


def _names(rows: list[Cells], label: str) -> Iterator[Name]:
    """Each text once; its kind lists the term types of RxNorm and the other vocabularies that use it."""
    by: dict[str, set[str]] = {}
    for row in rows:
        if row[_STR] != label:
            by.setdefault(row[_STR], set()).add(row[_TTY] if row[_SAB] == "RXNORM" else row[_SAB])
    for text, who in by.items():
        yield Name(text, "en", "exact", " ".join(sorted(who)))


# --- what links them ---


def _relations(tables: Mapping[str, rrf.Table], origin: tuple[str, str], held: _Held) -> Iterator[Fact]:
    """The claims of RXNREL between two concepts; a row and its mirror image are one claim that is counted twice."""
    if "RXNREL" not in tables:
        return
    table, mirrored = tables["RXNREL"], _nlm.inverses(tables.get("RXNDOC"))
    columns = ("RXCUI1", "REL", "RXCUI2", "RELA", "SAB", "SUPPRESS", "CVF")
    for row in rrf.rows(table, columns):
        if isinstance(row, Malformed):
            yield row
            continue
        number, (first, rel, second, rela, vocabulary, suppressed, cvf) = row
        if not first or not second or first == second or rel in _nlm.UNTOLD:
            continue  # between atoms: within one concept, or of other vocabularies
        if suppressed not in {"N", ""} or vocabulary not in held.vocabularies or not held.has(cvf):
            continue
        if first not in held.types or second not in held.types:
            if not held.prescribable:
                yield Malformed(table.shown, number, "an end that RXNCONSO does not hold", f"{first}|{rela}|{second}")
            continue
        told = _nlm.said(rel, rela, vocabulary, mirrored.get(rela, ""))
        ends = _nlm.ends(told, (f"RXCUI:{second}", second), (f"RXCUI:{first}", first))
        yield _told(_nlm.claim(told, *ends, origin), held)


def _told(claim: Relation, held: _Held) -> Relation:
    """A claim as RxNorm means it: a brand is no substance, and a component has its ingredient in a strength."""
    if claim.predicate != "biolink:has_active_ingredient":
        return claim
    if held.types.get(claim.object.removeprefix("RXCUI:")) == "BN":
        pairs = tuple(sorted((*claim.qualifiers, ("aspect", "brand_name"))))
        return replace(claim, predicate="biolink:has_attribute", qualifiers=pairs)
    strength = held.strengths.get(claim.subject.removeprefix("RXCUI:"), "")
    pairs = tuple(sorted((*claim.qualifiers, ("dose", strength)))) if strength else claim.qualifiers
    return replace(claim, qualifiers=pairs)


def _retired(tables: Mapping[str, rrf.Table], origin: tuple[str, str], held: _Held) -> Iterator[Fact]:
    """Concepts that RXNCONSO no longer has: what RXNCUI puts in their place, under the names of the archive."""
    names: dict[str, str] = {}
    became: dict[str, dict[str, bool]] = {}  # old -> new -> whether it is the only one
    if "RXNATOMARCHIVE" in tables:
        for row in rrf.rows(tables["RXNATOMARCHIVE"], ("STR", "RXCUI", "SAB", "MERGED_TO_RXCUI")):
            if isinstance(row, Malformed):
                yield row
                continue
            _, (text, id, vocabulary, new) = row
            if id and id not in held.types and vocabulary == "RXNORM" and text.strip():
                names.setdefault(id, text)
                became.setdefault(id, {}).update({new: True} if new and new != id else {})
    if "RXNCUI" in tables:
        for row in rrf.rows(tables["RXNCUI"], ("CUI1", "CARDINALITY", "CUI2")):
            if isinstance(row, Malformed):
                yield row
                continue
            _, (id, several, new) = row
            if id and id not in held.types:
                became.setdefault(id, {}).update({new: several in {"1", ""}} if new not in {"", id} else {})
    for id in sorted(became, key=lambda id: (len(id), id)) if not held.prescribable else ():
        replaced = tuple(sorted(f"RXCUI:{new}" for new, only in became[id].items() if only))
        consider = tuple(sorted(f"RXCUI:{new}" for new, only in became[id].items() if not only))
        yield Concept(
            f"RXCUI:{id}", names.get(id, id), "Drug", Origin(*origin, f"RXNCUI {id}"),
            replaced_by=replaced, consider=consider, obsolete=True,
        )  # fmt: skip
