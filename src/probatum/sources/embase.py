"""Embase: biomedical literature under Emtree terms, each record put together with its double in MEDLINE."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from probatum.errors import NeedsFile
from probatum.formats import medline_xml, nbib, sssom
from probatum.formats.citations import Citation
from probatum.formats.curies import curie
from probatum.formats.embase import Record, Term, records
from probatum.formats.ontology import ID
from probatum.formats.places import data_folder
from probatum.formats.reading import QUOTED, digest
from probatum.naming import card
from probatum.sources._duplicates import Citations, Together
from probatum.sources._files import shown
from probatum.sources._publications import MENTIONS, RELATED
from probatum.text.normal import fold
from probatum.types import Concept, Fact, Malformed, Name, Origin, Pairs, Passage, Relation, Release

LICENCE = "Elsevier, by subscription; exports are for the subscriber's own use"
_EXPORTS, _MEDLINE, _MAPPINGS = (".csv", ".ris"), (".xml", ".nbib"), (".sssom.tsv",)
_KINDS = {"drug": "ChemicalEntity"}
_log = logging.getLogger(__name__)


@card(
    "Embase",
    survey="embase",
    reference="https://www.embase.com/",
    licence=LICENCE,
    languages=("en",),
    where="an export of your own search at https://www.embase.com/: RIS format, or CSV with all fields",
    terms="Subscribers may keep exports for their own research; neither the records nor Emtree may be passed on.",
    gated=True,
)
def embase(path: Path | None = None) -> Iterator[Fact]:
    """The records of exports (.csv, .ris) with their Emtree terms, and which MEDLINE citation each is.

    A record is embase:<PUI>, a term EMTREE:<its name, percent-encoded>. Beside the exports may lie MEDLINE files
    (.xml, .nbib) with the same articles and a mapping set (*.sssom.tsv) from EMTREE: to MESH:. A record that states a
    PMID, or has the DOI or the title, year, first author and first page of one of those citations, is its double:
    skos:exactMatch with its ground. A double's abstract is left out where the citation has one. A term is mapped to
    MeSH as the mapping set says, and by skos:closeMatch where an article has both the term and a heading of the same
    words. `path` None stands for $PROBATUM_DATA/embase. Raises `NeedsFile`, `BadFormat`.
    """
    files = _files(path)
    sha256 = digest(files)
    yield Release("embase", sha256, LICENCE, sha256, tuple(map(shown, files)), manner="updates")
    known, together, terms = Citations(), Together(), dict[str, str]()
    for file in _of(files, _MEDLINE):
        for citation in nbib.citations(file) if ".nbib" in file.name else medline_xml.citations(file):
            if isinstance(citation, Citation):
                known.add(citation)
            elif isinstance(citation, Malformed):
                yield citation
    seen: set[str] = set()
    for file in _of(files, _EXPORTS):
        for each in records(file):
            if isinstance(each, Malformed) or not (each.id or each.doi) or not each.title:
                reason = "a record with a title and a PUI, an accession number or a DOI was expected"
                yield (
                    each
                    if isinstance(each, Malformed)
                    else Malformed(file.name, each.line, reason, each.title[:QUOTED])
                )
                continue
            id = f"embase:{quote(each.id or each.doi, safe='/')}"
            if id in seen:
                _log.info("embase: %s stands in more than one export; the first is kept", id)
                continue
            seen.add(id)
            yield from _terms(each.terms, sha256, terms)
            yield from _record(each, id, sha256, known, together)
    for file in _of(files, _MAPPINGS):
        yield from _mapped(file, sha256)
    for term, mesh, why in together.mappings():
        at = Origin("embase", sha256, f"{emtree(term)} MESH:{mesh}", reliability="extracted")
        yield Relation(emtree(term), "skos:closeMatch", f"MESH:{mesh}", at, qualifiers=why)


def emtree(term: str) -> str:
    """The id of an Emtree term: its name, which the thesaurus gives to one term alone, percent-encoded."""
    return f"EMTREE:{quote(fold(term).replace(' ', '_'), safe='_.,()+-')}"


def _files(path: Path | None) -> list[Path]:
    place = path if path is not None else data_folder() / "embase"
    found = [place] if place.is_file() else sorted(file for file in place.rglob("*") if file.is_file())
    if not _of(found, _EXPORTS):
        mend = f"export RIS or CSV from https://www.embase.com/ ({LICENCE}) into {data_folder() / 'embase'}"
        raise NeedsFile(f"no export of Embase (.ris, .csv) in {place}", mend=mend)
    # CSV first: it says more of the same record than RIS
    return [*_of(found, _EXPORTS[:1]), *_of(found, _EXPORTS[1:]), *_of(found, _MEDLINE), *_of(found, _MAPPINGS)]


def _of(files: Sequence[Path], suffixes: tuple[str, ...]) -> list[Path]:
    return [file for file in files if file.name.removesuffix(".gz").lower().endswith(suffixes)]


def _terms(found: Sequence[Term], release: str, seen: dict[str, str]) -> Iterator[Concept]:
    for term in found:
        id = emtree(term.name)
        if id not in seen:
            seen[id] = term.name
            yield Concept(id, term.name, _KINDS.get(term.kind, "OntologyClass"), Origin("embase", release, id))


def _record(each: Record, id: str, release: str, known: Citations, together: Together) -> Iterator[Fact]:
    origin = Origin("embase", release, id)
    pmid, double, why = known.find(
        pmid=each.pmid,
        doi=each.doi,
        title=each.title,
        year=each.published[:4],
        author=_surname(each),
        page=each.first_page,
    )
    names = (Name(each.original, "und", "exact"),) if each.original not in {"", each.title} else ()
    xrefs = (f"doi:{each.doi.lower()}",) if each.doi else ()
    yield Concept(id, each.title, "Publication", origin, names, xrefs=xrefs)
    if pmid:
        yield Relation(id, "skos:exactMatch", f"PMID:{pmid}", origin, qualifiers=why)
    if double is None or (each.abstract and not double.has_abstract):
        major = tuple(emtree(term.name) for term in each.terms if term.major)
        yield Passage(id, each.abstract or each.title, each.title, "en", origin, about=major, qualifiers=_said(each))
    if double is not None:
        together.note(dict.fromkeys(term.name for term in each.terms), double.headings)
    for term in each.terms:
        yield Relation(id, MENTIONS, emtree(term.name), origin, qualifiers=_term(term))
    for trial in dict.fromkeys(each.trials):
        said = (("original_predicate", "clinical trial number"),)
        yield Relation(id, RELATED, f"clinicaltrials:{trial}", origin, qualifiers=said)


def _surname(each: Record) -> str:
    """The first author's surname: 'Ito A.' and 'Ito, Akira' are both Ito."""
    first = next(iter(each.authors), "")
    return first.partition(",")[0] if "," in first else first.rpartition(" ")[0] or first


def _said(each: Record) -> Pairs:
    said = {
        "journal": each.journal,
        "language": "" if each.language in {"", "english"} else each.language,
        "published": each.published,
        "study": each.kind if "trial" in each.kind.lower() or "review" in each.kind.lower() else "",
        "type": each.kind,
        "year": each.published[:4],
    }
    return tuple((name, value) for name, value in said.items() if value)


def _term(term: Term) -> Pairs:
    major = (("major", "yes"),) if term.major else ()
    under = (("subheading", "; ".join(term.links)),) if term.links else ()
    return (*major, ("original_predicate", f"Emtree {term.kind} term"), *under)


def _mapped(file: Path, release: str) -> Iterator[Relation | Malformed]:
    """What a mapping set says of Emtree terms; a row of other vocabularies is set aside."""
    for row in sssom.mappings(file):
        if isinstance(row, Malformed):
            yield row
            continue
        label, object_ = row.said("subject_label"), curie(row.object)
        if not row.subject.upper().startswith("EMTREE:") or not ID.fullmatch(object_):
            reason = "a mapping from an EMTREE: id to another id was expected"
            yield Malformed(file.name, row.line, reason, f"{row.subject} {row.object}"[:QUOTED])
            continue
        subject = emtree(label) if label else f"EMTREE:{row.subject[7:]}"
        slots = {name: row.said(name) for name in ("comment", "confidence", "mapping_tool")}
        slots["mapping_justification"] = row.justification
        said = tuple(sorted((name, value) for name, value in slots.items() if value))
        at = Origin("embase", release, f"{subject} {object_}")
        yield Relation(subject, row.predicate, object_, at, row.negated, said)
