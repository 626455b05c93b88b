"""What a citation says, as facts: the publication, its abstract, what it speaks of, what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from probatum.formats.citations import Citation, Correction, Heading, Substance
from probatum.types import Concept, Fact, Name, Origin, Pairs, Passage, Relation

MENTIONS, RELATED = "biolink:mentions", "biolink:related_to"
# what a notice says of the paper, as the paper's own record says it: one assertion, whichever of the two tells it
_TURNED = {
    "CommentOn": "CommentIn",
    "CorrectedandRepublishedFrom": "CorrectedandRepublishedIn",
    "ErratumFor": "ErratumIn",
    "ExpressionOfConcernFor": "ExpressionOfConcernIn",
    "PartialRetractionOf": "PartialRetractionIn",
    "ReprintOf": "ReprintIn",
    "RepublishedFrom": "RepublishedIn",
    "RetractedandRepublishedFrom": "RetractedandRepublishedIn",
    "RetractionOf": "RetractionIn",
    "UpdateOf": "UpdateIn",
}
_STATUS = (  # the gravest first
    ("retracted", {"RetractionIn", "RetractedandRepublishedIn"}),
    ("partly retracted", {"PartialRetractionIn"}),
    ("concern", {"ExpressionOfConcernIn"}),
    ("corrected", {"ErratumIn", "CorrectedandRepublishedIn"}),
    ("updated", {"UpdateIn"}),
)
_RETRACTED = "Retracted Publication"  # a publication type of MeSH
# the publication types of MeSH that say how was studied; the others say how it was published or paid for
_STUDIES = frozenset(
    """Adaptive Clinical Trial|Case Reports|Clinical Study|Clinical Trial|Clinical Trial Protocol
    |Clinical Trial, Phase I|Clinical Trial, Phase II|Clinical Trial, Phase III|Clinical Trial, Phase IV
    |Comparative Study|Consensus Development Conference|Controlled Clinical Trial|Equivalence Trial
    |Evaluation Study|Guideline|Meta-Analysis|Multicenter Study|Network Meta-Analysis|Observational Study
    |Practice Guideline|Pragmatic Clinical Trial|Randomized Controlled Trial|Review|Scoping Review|Systematic Review
    |Twin Study|Validation Study""".replace("\n    ", "").split("|")
)
_UNII, _CAS = re.compile(r"[0-9A-Z]{10}"), re.compile(r"\d{2,7}-\d\d-\d")
_LANGUAGES = dict(
    pair.split(":")
    for pair in """ara:ar bul:bg chi:zh cze:cs dan:da dut:nl eng:en est:et fin:fi fre:fr ger:de gre:el heb:he hrv:hr
    hun:hu ind:id ita:it jpn:ja kor:ko lit:lt nor:no per:fa pol:pl por:pt rum:ro rus:ru slo:sk slv:sl spa:es srp:sr
    swe:sv tha:th tur:tr ukr:uk vie:vi""".split()
)


def publication(citation: Citation, release: str, *, source: str = "medline") -> Iterator[Fact]:
    """The facts of one citation.

    The publication as a concept, its abstract as the passage of that id, and other abstracts; a relation for each
    MeSH heading and substance, each correction that names a PMID, each trial registration.
    """
    id = f"PMID:{citation.pmid}"
    origin = Origin(source, release, id)
    title = citation.title or citation.vernacular or id
    language = bcp47(next((said for said in citation.languages if said != "eng"), "und"))
    names = (Name(citation.vernacular, language, "exact"),) if citation.vernacular not in {"", title} else ()
    state = status(citation)
    yield Concept(id, title, "Publication", origin, names, xrefs=ids(citation.doi, citation.pmc))
    major = tuple(f"MESH:{each.id}" for each in citation.headings if each.id and is_major(each))
    yield Passage(id, text(citation) or title, title, "en", origin, about=major, qualifiers=_said(citation, state))
    for place, (spoken, said) in enumerate(citation.other_abstracts, start=1):
        other = (("section", "other abstract"), *((("status", state),) if state else ()))
        yield Passage(f"{id}#abstract-{place}", said, citation.vernacular or title, bcp47(spoken), origin,
                      about=major, qualifiers=other)  # fmt: skip
    yield from _mentions(citation, id, origin, state)
    for correction in citation.corrections:
        if correction.pmid:
            yield _correction(correction, id, origin)
    for bank, accession in citation.accessions:
        if bank == "ClinicalTrials.gov" and accession.startswith("NCT") and accession.isalnum():
            said_of = (("original_predicate", "DataBank"),)
            yield Relation(id, RELATED, f"clinicaltrials:{accession}", origin, qualifiers=said_of)


def terms(citation: Citation, release: str, seen: set[str], *, source: str = "medline") -> Iterator[Concept]:
    """The MeSH terms of a citation that were not met before; `seen` takes their ids."""
    named: tuple[Heading | Substance, ...] = (*citation.headings, *citation.substances)
    for each in named:
        id = f"MESH:{each.id}"
        if each.id and each.name.strip() and id not in seen:
            seen.add(id)
            registry = _registered(each.registry) if isinstance(each, Substance) else ()
            yield Concept(id, each.name.strip(), _kind(each), Origin(source, release, id), xrefs=registry)


def _registered(number: str) -> tuple[str, ...]:
    """The substance under the number that MeSH states for it: the FDA's UNII, or CAS; neither for enzymes (EC)."""
    if _UNII.fullmatch(number):
        return (f"UNII:{number}",)
    return (f"CAS:{number}",) if _CAS.fullmatch(number) else ()


def text(citation: Citation) -> str:
    """The abstract, each labelled section on a line of its own with its label before it."""
    return "\n".join(f"{each.label}: {each.text}" if each.label else each.text for each in citation.abstract)


def status(citation: Citation) -> str:
    """What became of the publication: retracted, partly retracted, concern, corrected, updated, or an empty string."""
    if any(name == _RETRACTED for _, name in citation.types):
        return "retracted"
    found = {correction.kind for correction in citation.corrections}
    return next((state for state, kinds in _STATUS if kinds & found), "")


def is_major(heading: Heading) -> bool:
    """Whether a heading is a main topic: its descriptor or one of its qualifiers is marked so."""
    return heading.major or any(each.major for each in heading.subheadings)


def bcp47(code: str) -> str:
    """The language tag of an ISO 639-2 code: zh for chi; a code without a shorter one stays."""
    return _LANGUAGES.get(code, code) or "und"


def ids(doi: str, pmc: str) -> tuple[str, ...]:
    """The other ids of a publication as CURIEs, DOIs in lower case (they know no case)."""
    found = (f"doi:{doi.lower()}" if doi and not any(map(str.isspace, doi)) else "", f"PMC:{pmc}" if pmc else "")
    return tuple(filter(None, found))


def _said(citation: Citation, state: str) -> Pairs:
    labels = dict.fromkeys(each.label for each in citation.abstract if each.label)
    studies = dict.fromkeys(name for _, name in citation.types if name in _STUDIES)
    plain = [each for each in citation.headings if not each.id]  # tagged text gives names alone
    said = {
        "copyright": citation.copyright,
        "headings": "; ".join(map(_written, plain)),
        "journal": citation.journal or citation.journal_short,
        "language": "; ".join(bcp47(each) for each in citation.languages if each != "eng"),
        "published": citation.published,
        "revised": citation.revised,
        "section": "; ".join(labels),
        "status": state,
        "study": "; ".join(studies),
        "version": str(citation.version) if citation.version > 1 else "",
        "year": citation.year,
    }
    return tuple((name, value) for name, value in said.items() if value)


def _written(heading: Heading) -> str:
    parts = [("*" if heading.major else "") + heading.name]
    return "/".join([*parts, *(("*" if each.major else "") + each.name for each in heading.subheadings)])


def _mentions(citation: Citation, id: str, origin: Origin, state: str) -> Iterator[Relation]:
    state_of = (("status", state),) if state else ()
    for heading in citation.headings:
        if heading.id:
            yield Relation(id, MENTIONS, f"MESH:{heading.id}", origin, qualifiers=_heading(heading, state_of))
    for substance in citation.substances:
        if substance.id:
            qualifiers = (("original_predicate", substance.kind or "Supplementary"), *state_of)
            yield Relation(id, MENTIONS, f"MESH:{substance.id}", origin, qualifiers=qualifiers)


def _heading(heading: Heading, state: Pairs) -> Pairs:
    """major: the descriptor or one of its qualifiers is a main topic; subheading: their ids, main ones with a star."""
    major = (("major", "yes"),) if is_major(heading) else ()
    ids = "; ".join(f"MESH:{each.id}" + ("*" if each.major else "") for each in heading.subheadings)
    under = (("subheading", ids),) if ids else ()
    return (*major, ("original_predicate", "MeshHeading"), *state, *under)


def _correction(correction: Correction, id: str, origin: Origin) -> Relation:
    other, kind = f"PMID:{correction.pmid}", correction.kind or "CommentsCorrections"
    subject, object_ = (other, id) if kind in _TURNED else (id, other)
    return Relation(subject, RELATED, object_, origin, qualifiers=(("original_predicate", _TURNED.get(kind, kind)),))


def _kind(term: Heading | Substance) -> str:
    if isinstance(term, Heading):
        return "OntologyClass"  # a heading does not say what it is; the source mesh does
    return {"Chemical": "ChemicalEntity", "Disease": "Disease", "Organism": "OrganismTaxon"}.get(
        term.kind, "OntologyClass"
    )
