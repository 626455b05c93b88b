"""The Human Phenotype Ontology: signs and symptoms, the diseases and genes that show them, in three languages."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats import babelon, hpoa, obo, obographs
from probatum.formats.ontology import Term
from probatum.formats.reading import QUOTED, digest
from probatum.naming import card
from probatum.sources._files import shown
from probatum.sources._hpo_files import LICENCE, OFFICIAL, HpoFiles, hpo_files
from probatum.sources._ontology import closing_edges, descendants
from probatum.text import frequency
from probatum.types import Concept, Fact, Malformed, Mark, Name, Origin, Passage, Relation, Resumable

ABNORMALITY = "HP:0000118"  # phenotypic abnormality: the root of what a patient can show
MARKED = 30_000  # rows from mark to mark: what a kill can cost, about a second's work
_PREDICATES = {"P": "biolink:has_phenotype", "I": "biolink:has_mode_of_inheritance"}
_ATTRIBUTE = "biolink:has_attribute"
_log = logging.getLogger(__name__)


@card(
    "Human Phenotype Ontology",
    survey="hpo",
    reference="https://doi.org/10.1093/nar/gkad1005",
    licence=LICENCE,
    languages=("en", "zh", "es"),
    where=OFFICIAL,
    terms="Free to use and redistribute with attribution, the version shown and the content unmodified.",
)
def hpo(path: Path | None = None) -> Generator[Fact, str | None, None]:
    """The facts of one HPO release: terms, definitions, is_a; diseases and their phenotypes; genes; translations.

    `path` is a folder (see `hpo_files` for the order in which files are found) or one ontology file. Terms are
    mandatory; what else is absent is logged, and `Release.files` lists what was read. Raises `NeedsFile`, `BadFormat`.
    """
    files = hpo_files(path)
    reader = obographs if shown(files.terms).endswith(".json") else obo
    sha256 = digest(files.all())
    version = reader.release(files.terms) or sha256
    answer = yield Resumable("hpo", version, LICENCE, sha256, tuple(shown(file) for file in files.all()))
    _say_what_is_absent(files, version)
    if answer:
        yield Mark(answer)
    done, marking = _Done.read(answer or "{}"), answer is not None
    if done.stage == "terms":
        yield from _terms(reader.terms(files.terms), files, version)
        done = _Done("diseases")
    if done.stage == "diseases":
        if files.annotations:
            yield from _diseases(files.annotations, version, done, marking)
        done = _Done("genes", diseases=set(done.names))
    if files.genes:
        yield from _genes(files.genes, version, done, marking)


@dataclass
class _Done:
    """What stands behind a place of a release, as far as the rest needs it: the text of a mark."""

    stage: str = "terms"
    rows: int = 0  # of the stage's table, malformed ones among them
    names: dict[str, Counter[str]] = field(default_factory=dict)  # of a disease, how often each stands there
    diseases: set[str] = field(default_factory=set)
    symbols: dict[str, str] = field(default_factory=dict)
    pairs: set[tuple[str, str]] = field(default_factory=set)  # gene and disease

    @classmethod
    def read(cls, text: str) -> _Done:
        done = cls(**json.loads(text))
        done.names = {id_: Counter(names) for id_, names in done.names.items()}
        done.diseases = set(done.diseases)
        done.pairs = {(gene, disease) for gene, disease in done.pairs}
        return done

    def mark(self) -> Mark:
        said = vars(self) | {"diseases": sorted(self.diseases), "pairs": sorted(self.pairs)}
        return Mark(json.dumps(said, ensure_ascii=False, separators=(",", ":")))


def _say_what_is_absent(files: HpoFiles, version: str) -> None:
    for what in files.absent():
        _log.warning("hpo %s: without %s", version, what)
    if files.annotations and (other := hpoa.release(files.annotations)) not in ("", version):
        _log.warning("hpo %s: %s is of release %s", version, files.annotations.name, other)


# --- the ontology ---


def _terms(found: Iterable[Term | Malformed], files: HpoFiles, version: str) -> Iterator[Fact]:
    terms: dict[str, Term] = {}
    for each in found:
        if isinstance(each, Malformed):
            yield each
        else:
            terms[each.id] = each
    if not terms:
        raise BadFormat("the ontology holds no term", where=str(files.terms))
    yield from _ontology(terms, files, version)


def _ontology(terms: dict[str, Term], files: HpoFiles, version: str) -> Iterator[Fact]:
    translated: dict[str, list[Name]] = {}
    yield from _translations(terms, files, version, translated)
    phenotypes = descendants({term.id: term.is_a for term in terms.values()}, ABNORMALITY)
    for term in terms.values():
        origin = Origin("hpo", version, term.id)
        yield Concept(
            id=term.id,
            name=term.name,
            kind="PhenotypicFeature" if term.id in phenotypes else "OntologyClass",
            origin=origin,
            names=_joined((*term.synonyms, *sorted(translated.get(term.id, ()), key=_order))),
            alternatives=term.alternatives,
            replaced_by=term.replaced_by,
            consider=term.consider,
            xrefs=term.xrefs,
            obsolete=term.obsolete,
        )
        if term.definition:
            yield Passage(
                id=f"{term.id}#definition",
                text=term.definition,
                title=term.name,
                language="en",
                origin=replace(origin, references=term.definition_references),
                kind="definition",
                about=(term.id,),
            )
    yield from _is_a(terms, files.terms.name, version)


def _is_a(terms: dict[str, Term], file: str, version: str) -> Iterator[Fact]:
    known = {term.id: tuple(parent for parent in term.is_a if parent in terms) for term in terms.values()}
    closing = closing_edges(known)
    for term in terms.values():
        for parent in dict.fromkeys(term.is_a):
            if parent not in terms:
                yield Malformed(file, term.line, "is_a a term that the file does not hold", f"{term.id} is_a {parent}")
                continue
            if (term.id, parent) in closing:
                yield Malformed(file, term.line, "is_a closes a cycle", f"{term.id} is_a {parent}")
            yield Relation(term.id, "biolink:subclass_of", parent, Origin("hpo", version, f"{term.id} {parent}"))


def _translations(
    terms: dict[str, Term], files: HpoFiles, version: str, names: dict[str, list[Name]]
) -> Iterator[Fact]:
    """Gathers translated names by term into `names`; yields translated definitions and what belongs to no term."""
    current = {old: term.id for term in terms.values() for old in term.alternatives} | {id_: id_ for id_ in terms}
    sources: list[tuple[Path, Iterable[babelon.Translation | Malformed]]]
    sources = [(file, babelon.translations(file)) for file in files.translations]
    if files.lay:
        sources.append((files.lay, babelon.lay_synonyms(files.lay)))
    for file, found in sources:
        for each in found:
            if isinstance(each, Malformed):
                yield each
                continue
            id_, name = current.get(each.term, ""), each.name
            if not id_:
                reason = f"a translation of a term that release {version} does not hold"
                yield Malformed(file.name, each.line, reason, f"{each.term} {name.text}"[:QUOTED])
            elif name.scope == "definition":
                at = f"{id_}#definition@{name.language}"
                origin = Origin("hpo", version, at)
                yield Passage(at, name.text, terms[id_].name, name.language, origin, "definition", (id_,))
            else:
                # the label of a term that was merged into this one is a synonym here
                merged = each.term != id_ and name.scope == "label"
                names.setdefault(id_, []).append(replace(name, scope="exact") if merged else name)


def _order(name: Name) -> tuple[str, str, str, str]:
    return name.language, name.scope, name.text, name.kind


def _joined(names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Each text once a language; where several say it, the first, which takes over the others' kind if it has none."""
    joined: dict[tuple[str, str], Name] = {}
    for name in names:
        key = name.text, name.language
        first = joined.setdefault(key, name)
        if not first.kind and name.kind:
            joined[key] = replace(first, kind=name.kind)
    return tuple(joined.values())


# --- diseases ---


def _diseases(path: Path, version: str, done: _Done, marking: bool) -> Iterator[Fact]:
    names = done.names
    for row in hpoa.disease_rows(path, passed=done.rows):
        if marking and done.rows % MARKED == 0:
            yield done.mark()
        done.rows += 1
        if isinstance(row, Malformed):
            yield row
            continue
        if row.disease not in names:
            names[row.disease] = Counter()
        names[row.disease][row.name] += 1
        # seen in none of m patients: the row speaks against the phenotype though it bears no NOT
        negated = bool(row.qualifier) or _in_none(row.frequency)
        yield Relation(
            row.disease,
            _PREDICATES.get(row.aspect, _ATTRIBUTE),
            row.term,
            Origin("hpo", version, f"{row.disease} {row.term}", row.evidence, _references(row.reference)),
            negated,
            _qualifiers(row),
        )
    for id_ in sorted(names):
        # the commonest of a disease's spellings is its name; on a tie the first by alphabet
        first, *others = sorted(names[id_], key=lambda name: (-names[id_][name], name))
        spellings = tuple(Name(other, scope="exact") for other in others)
        yield Concept(id_, first, "Disease", Origin("hpo", version, id_), spellings)


def _qualifiers(row: hpoa.Annotation) -> tuple[tuple[str, str], ...]:
    said = (
        ("aspect", row.aspect),
        ("biocuration", row.biocuration),
        ("frequency", row.frequency),
        ("modifier", row.modifier),
        ("onset", row.onset),
        ("sex", row.sex),
    )
    return tuple([pair for pair in said if pair[1]])


# --- genes ---


def _genes(path: Path, version: str, done: _Done, marking: bool) -> Iterator[Fact]:
    symbols, pairs, diseases, origin = done.symbols, done.pairs, done.diseases, _origins(version)
    for row in hpoa.gene_rows(path, passed=done.rows):
        if marking and done.rows % MARKED == 0:
            yield done.mark()
        done.rows += 1
        if isinstance(row, Malformed):
            yield row
            continue
        if row.gene not in symbols:
            symbols[row.gene] = row.symbol
            yield Concept(row.gene, row.symbol, "Gene", Origin("hpo", version, row.gene))
        elif symbols[row.gene] != row.symbol:
            yield Malformed(path.name, row.line, f"{row.gene} was {symbols[row.gene]} before", row.symbol)
            continue
        if row.disease not in diseases:
            diseases.add(row.disease)
            yield Concept(row.disease, row.disease, "Disease", Origin("hpo", version, row.disease))
        at = f"{row.gene} {row.disease}"
        if (row.gene, row.disease) not in pairs:
            pairs.add((row.gene, row.disease))
            yield Relation(row.gene, "biolink:gene_associated_with_condition", row.disease, origin(at))
        said = (("disease", row.disease), ("frequency", row.frequency))
        claim = said if row.frequency else said[:1]
        # the file repeats what the disease's rows say, so a frequency of 0/m speaks against here too
        negated = _in_none(row.frequency)
        yield Relation(row.gene, "biolink:has_phenotype", row.term, origin(at), negated, claim)


@lru_cache(1 << 16)
def _in_none(written: str) -> bool:
    """Whether a frequency says that no patient showed it: 0/m, 0% or the class 'excluded'."""
    return frequency.read(written).high == 0.0


@lru_cache(1 << 12)
def _references(written: str) -> tuple[str, ...]:
    return tuple(filter(None, written.split(";")))


def _origins(version: str) -> Callable[[str], Origin]:
    """A maker of origins that hands out the same one again to the rows of one record, which stand together."""

    @lru_cache(maxsize=4096)
    def origin(at: str) -> Origin:
        return Origin("hpo", version, at)

    return origin
