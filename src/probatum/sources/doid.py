"""The Disease Ontology: diseases by cause and place, their slims, symptoms, names in Spanish, codes elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.curies import curie
from probatum.formats.ontology import ID, Term
from probatum.formats.places import data_folder
from probatum.formats.reading import QUOTED
from probatum.formats.tables import comma_separated, tab_separated
from probatum.naming import card, card_of
from probatum.sources import _terms
from probatum.sources._files import shown
from probatum.sources._graph import Telling, release
from probatum.types import Fact, Malformed, Name, Passage

REPORTS = ("id", "label", "xrefs")
WHOLE = ("id", "label", "subClassOf")
SPANISH = (
    "source_id predicate source_text translation_text translator source_lang translation_lang status auto_review_score"
    " final_reviewer review_notes synonym_type status_history"
).split()
WORDS = {
    "IDO_0000664": "has material basis in", "RO_0002200": "has phenotype", "RO_0001025": "located in",
    "RO_0001022": "has allergic trigger", "RO_0002451": "transmitted by", "RO_0002488": "existence starts during",
    "RO_0004019": "disease has basis in dysfunction of", "RO_0004026": "disease has location",
}  # fmt: skip
_SCOPES = {
    "rdfs:label": "label", "oboInOwl:hasExactSynonym": "exact", "oboInOwl:hasBroadSynonym": "broad",
    "oboInOwl:hasNarrowSynonym": "narrow", "oboInOwl:hasRelatedSynonym": "related",
}  # fmt: skip
_DEFINITION = "IAO:0000115"
_log = logging.getLogger(__name__)


@card(
    "Human Disease Ontology",
    reference="https://doi.org/10.1093/nar/gkad1051",
    licence="CC0 1.0 (releases until 2017: CC BY 3.0)",
    languages=("en", "es"),
    where="https://github.com/DiseaseOntology/HumanDiseaseOntology (src/ontology, DOreports)",
    terms="Free to use; attribution is asked for.",
)
def doid(path: Path | None = None) -> Iterator[Fact]:
    """The facts of one release of the Disease Ontology: one ontology file (OBO, OBO graphs), or a folder.

    Of a folder's ontology files those of its newest release are read, whole ones before slims (DO_*_slim); the tables
    of DOreports and the Spanish names, which state no release, are taken to belong to it. Terms that stand in the
    reports alone come with label, parent and codes. Raises `NeedsFile`, `BadFormat`.
    """
    ontologies, tables, stated = _files(path)
    begun = release("doid", card_of(doid), [*ontologies, *tables], stated)
    yield begun
    telling, terms = Telling(begun), dict[str, Term]()
    yield from _terms.read(ontologies, terms)
    yield from _reported([file for file in tables if "DOreports" in file.parts], terms)
    if not terms:
        raise BadFormat("no term was found", where=str(ontologies[0] if ontologies else path))
    names: dict[str, list[Name]] = {}
    for file in tables:
        if "DOreports" not in file.parts:
            yield from _translations(telling, file, terms, names)
    for id, term in terms.items():
        yield _terms.concept(telling, id, term, "Disease", names.get(id, ()))
        yield from _terms.definition(telling, id, term)
        yield from _terms.axioms(telling, id, term, dialect="doid", words=WORDS)
        yield from _slims(telling, id, term)
    yield from _terms.hierarchy(telling, terms, ", ".join(shown(file) for file in ontologies))


def _files(path: Path | None) -> tuple[list[Path], list[Path], str]:
    """The ontology files of one release, the tables beside them, and the release."""
    place = path if path is not None else data_folder() / "doid"
    found = [place] if place.is_file() else []
    if place.is_dir():
        found = [file for pattern in ("doid*", "DO_*_slim*") for file in sorted(place.glob(pattern)) if file.is_file()]
    ontologies = [file for file in found if file.name.endswith(_terms.ENDINGS)]
    if not ontologies:
        said = card_of(doid)
        raise NeedsFile(
            "there is no ontology file here (doid*.obo, doid*.json, DO_*_slim.obo; plain or .gz)",
            where=str(place),
            mend=f"get it from {said.where}; licence: {said.licence}; put it into {data_folder() / 'doid'}",
        )
    versions = {file: _terms.version(file) for file in ontologies}
    newest = max(versions.values())
    for file, version in versions.items():
        if version != newest:
            _log.warning("doid %s: without %s, which is of release %s", newest, file.name, version or "unknown")
    tables = sorted(place.glob("DOreports/*.tsv")) + sorted(place.glob("*-translated.tsv*")) if place.is_dir() else []
    return [file for file in ontologies if versions[file] == newest], tables, newest


def _slims(telling: Telling, id: str, term: Term) -> Iterator[Fact]:
    for slim in dict.fromkeys(term.subsets):
        subset = telling.own(slim)
        yield from telling.first(subset, slim.replace("_", " "), "OntologyClass")
        yield telling.claim(id, "in_subset", subset, _terms.MEMBER, f"{id} in_subset {slim}")


# --- the tables of DOreports: every current term with its parents' labels, and its codes elsewhere ---


def _reported(files: list[Path], terms: dict[str, Term]) -> Iterator[Malformed]:
    labels = {term.name: id for id, term in terms.items()}
    for file in sorted(files, key=lambda each: each.name != "HumanDO.tsv"):
        whole = file.name == "HumanDO.tsv"
        rows: list[tuple[int, str, str, str]] = []
        for row in tab_separated(file, WHOLE if whole else REPORTS):
            if isinstance(row, Malformed):
                yield row
                continue
            id, label, said = (cell.strip().strip('"') for cell in row[1])
            if not ID.fullmatch(id) or not label:
                yield Malformed(file.name, row[0], "an id and a label were expected", "\t".join(row[1])[:QUOTED])
                continue
            rows.append((row[0], id, label, said))
            labels.setdefault(label, id)
            terms.setdefault(id, Term(id, label, row[0]))
        for number, id, _, said in rows:
            yield from _added(file, number, terms, id, (said, labels if whole else {}))


def _added(
    file: Path, number: int, terms: dict[str, Term], id: str, said: tuple[str, dict[str, str]]
) -> Iterator[Malformed]:
    """Adds parents (by their labels, where some are given) or codes to a term that only the reports hold or both do."""
    cell, labels = said
    term = terms[id]
    if not labels:
        terms[id] = replace(term, xrefs=tuple(dict.fromkeys((*term.xrefs, *filter(None, cell.split("|"))))))
        return
    for parent in filter(None, cell.split("|")):
        if parent not in labels:
            yield Malformed(file.name, number, "a parent that no term is called by", f"{id} {parent}"[:QUOTED])
        elif labels[parent] not in term.is_a:
            term = replace(term, is_a=(*term.is_a, labels[parent]))
    terms[id] = term


# --- Spanish ---


def _translations(telling: Telling, file: Path, terms: dict[str, Term], names: dict[str, list[Name]]) -> Iterator[Fact]:
    current = {old: id for id, term in terms.items() for old in term.alternatives} | {id: id for id in terms}
    for row in comma_separated(file, SPANISH, "\t"):
        if isinstance(row, Malformed):
            yield row
            continue
        cells = dict(zip(SPANISH, (cell.strip() for cell in row[1]), strict=True))
        written, predicate = cells["source_id"], cells["predicate"]
        text, language = cells["translation_text"], cells["translation_lang"]
        id = current.get(curie(written), "")
        if not id or not text or not language:
            reason = "a translation of a term that this release does not hold" if text else "no translation"
            yield Malformed(file.name, row[0], reason, f"{written} {text}"[:QUOTED])
        elif predicate in _SCOPES:
            # the label of a term that was merged into this one is a synonym here
            scope = "exact" if _SCOPES[predicate] == "label" and id != curie(written) else _SCOPES[predicate]
            names.setdefault(id, []).append(Name(text, language, scope))
        elif predicate == _DEFINITION:
            at = f"{id}#definition@{language}"
            yield Passage(at, text, terms[id].name, language, telling.origin(at), "definition", (id,))
        else:
            yield Malformed(file.name, row[0], "a label, a synonym or a definition was expected", predicate[:QUOTED])
