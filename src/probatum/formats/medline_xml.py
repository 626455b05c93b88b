"""Reads MEDLINE / PubMed XML: baseline and update files of NLM, and what its retrieval service gives.

Layout: https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/index.html, and the older MedlineCitationSet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from probatum.errors import BadFormat
from probatum.formats.citations import Author, Citation, Correction, Heading, Section, Subheading, Substance, date
from probatum.formats.xml_blocks import blocks
from probatum.formats.xml_stream import root_of, text_of
from probatum.types import Malformed

_TAGS = {
    "PubmedArticleSet": ("PubmedArticle", "PubmedBookArticle", "DeleteCitation", "DeleteDocument"),
    "PubmedBookArticleSet": ("PubmedBookArticle", "DeleteDocument"),
    "MedlineCitationSet": ("MedlineCitation", "DeleteCitation"),
}
MOST = 99_999_999  # the DTD gives a PMID one to eight digits
_PMC = re.compile(r"PMC\d+")
_OF_RECORD = {"MedlineCitation", "BookDocument"}
_NO_PMID = "a PMID of one to eight digits was expected"


class Deleted(NamedTuple):
    """A PMID that NLM took out."""

    pmid: int
    version: int


def citations(path: Path) -> Iterator[Citation | Deleted | Malformed]:
    """The citations and deletions of one file (.xml or .xml.gz), in its order.

    A record without a PMID comes out as `Malformed`. Raises `NeedsFile`, and `BadFormat` where the file is not of
    this format or breaks off.
    """
    root = root_of(path)
    if root not in _TAGS:
        raise BadFormat(f"<{root}>; one of {', '.join(_TAGS)} was expected", where=f"{path}:1")
    for line, element in blocks(path, _TAGS[root]):
        if not element.tag.startswith("Delete"):
            yield _citation(element) or Malformed(path.name, line, _NO_PMID)
            continue
        for child in element:
            number = pmid(child.text)
            yield Deleted(number, _version(child)) if number else Malformed(path.name, line, _NO_PMID)


def pmid(text: str | None) -> int:
    """The PMID that a text is: one to eight digits, as the DTD has it; else 0."""
    said = (text or "").strip()
    return int(said) if len(said) < 9 and said.isascii() and said.isdecimal() else 0


class _Draft:
    """A citation while it is being read: one walk over its elements fills it."""

    __slots__ = (*Citation._fields, "ids", "people", "sections")

    def __init__(self) -> None:
        self.pmid, self.version, self.kind = 0, 1, "article"
        self.status = self.title = self.vernacular = self.copyright = self.journal = self.journal_short = ""
        self.journal_id = self.issn = self.volume = self.issue = self.pages = ""
        self.published = self.published_text = self.revised = self.doi = self.pmc = ""
        for name in _LISTS:
            setattr(self, name, [])
        # where what comes next belongs: a section, an author, an id
        self.sections: list[Section] = []
        self.people: list[Author] = []
        self.ids = True


def _citation(element: Any) -> Citation | None:
    draft: Any = _Draft()
    _WRITERS.get(element.tag, _down)(element, draft)  # of the older layout the record is itself the citation
    if not draft.pmid:
        return None
    for name in _LISTS:
        setattr(draft, name, tuple(getattr(draft, name)))
    return Citation._make(_fields(draft))


def _down(element: Any, draft: Any) -> None:
    """Lets each element below write what it holds; what writes an element looks at what is in it itself."""
    find = _WRITERS.get
    for child in element:
        write = find(child.tag)
        if write is not None:
            write(child, draft)
        elif len(child):
            _down(child, draft)


def _version(element: Any) -> int:
    said = element.get("Version", "1")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else 1


# --- what each element writes into the draft ---


def _write_pmid(element: Any, draft: Any) -> None:
    # the record's own comes first; others stand in its corrections
    if not draft.pmid and element.getparent().tag in _OF_RECORD:
        draft.pmid, draft.version = pmid(element.text), _version(element)


def _write_citation(element: Any, draft: Any) -> None:
    draft.status = element.get("Status", "")
    _down(element, draft)


def _write_book(element: Any, draft: Any) -> None:
    draft.kind = "book"
    _down(element, draft)


def _writes(name: str) -> Callable[[Any, Any], None]:
    """A writer of one text; the last of its element's name stands."""

    def write(element: Any, draft: Any) -> None:
        setattr(draft, name, text_of(element))

    return write


def _first(name: str) -> Callable[[Any, Any], None]:
    """A writer of one text; the first stands."""

    def write(element: Any, draft: Any) -> None:
        if not getattr(draft, name):
            setattr(draft, name, text_of(element))

    return write


def _adds(name: str) -> Callable[[Any, Any], None]:
    """A writer of one text of many."""

    def write(element: Any, draft: Any) -> None:
        if text := text_of(element):
            getattr(draft, name).append(text)

    return write


def _write_abstract(element: Any, draft: Any) -> None:
    draft.sections = draft.abstract
    _down(element, draft)


def _write_other_abstract(element: Any, draft: Any) -> None:
    draft.sections = []  # its sections are told here, as one text
    texts = [text_of(child) for child in element if child.tag == "AbstractText"]
    if said := " ".join(filter(None, texts)):
        draft.other_abstracts.append((element.get("Language", ""), said))
    _down(element, draft)


def _write_section(element: Any, draft: Any) -> None:
    if text := text_of(element):
        draft.sections.append(Section(element.get("Label", ""), element.get("NlmCategory", ""), text))


def _write_published(element: Any, draft: Any) -> None:
    parts = {child.tag: child.text or "" for child in element}
    text = parts.get("MedlineDate") or " ".join(
        parts[part] for part in ("Year", "Season", "Month", "Day") if part in parts
    )
    draft.published, exact = date(text)
    draft.published_text = "" if exact else text


def _write_revised(element: Any, draft: Any) -> None:
    draft.revised = date(" ".join([child.text or "" for child in element]))[0]


def _write_authors(element: Any, draft: Any) -> None:
    draft.people = draft.authors if element.get("Type", "authors") == "authors" else []  # a book has editors too
    _down(element, draft)


def _write_author(element: Any, draft: Any) -> None:
    said, orcid, affiliations = {}, "", []
    for part in element:
        tag = part.tag
        if tag == "AffiliationInfo":
            affiliations += [text_of(child) for child in part if child.tag == "Affiliation"]
        elif tag == "Affiliation":
            affiliations.append(text_of(part))
        elif tag == "Identifier":
            if part.get("Source") == "ORCID":
                orcid = (part.text or "").strip().rpartition("/")[2]
        else:
            said[tag] = text_of(part) if len(part) else part.text or ""
    last, fore, initials, collective = map(said.get, _PERSON, ("", "", "", ""))
    draft.people.append(Author(last, fore, initials, collective, orcid, tuple(affiliations)))


def _pass_over(element: Any, draft: Any) -> None:
    """Nothing of it is told: investigators and whom a paper is about are no authors; days of its way into PubMed."""


def _write_type(element: Any, draft: Any) -> None:
    draft.types.append((element.get("UI", ""), element.text or ""))


def _write_heading(element: Any, draft: Any) -> None:
    descriptor: tuple[str, str, bool] = ("", "", False)
    subheadings = []
    for child in element:
        part = (child.get("UI", ""), child.text or "", child.get("MajorTopicYN") == "Y")
        if child.tag == "QualifierName":
            subheadings.append(Subheading(*part))
        else:
            descriptor = part
    draft.headings.append(Heading(*descriptor, tuple(subheadings)))


def _write_chemical(element: Any, draft: Any) -> None:
    registry = id = name = ""
    for child in element:
        if child.tag == "RegistryNumber":
            registry = child.text or ""
        elif child.tag == "NameOfSubstance":
            id, name = child.get("UI", ""), child.text or ""
    draft.substances.append(Substance(id, name, registry, "Chemical"))


def _write_supplementary(element: Any, draft: Any) -> None:
    draft.substances.append(Substance(element.get("UI", ""), element.text or "", "", element.get("Type", "")))


def _write_correction(element: Any, draft: Any) -> None:
    kind, number, source = element.get("RefType", ""), 0, ""
    for child in element:
        if child.tag == "PMID":
            number = pmid(child.text)
        elif child.tag == "RefSource":
            source = child.text or ""
    if kind != "Cites":
        draft.corrections.append(Correction(kind, number, source))
    elif number:
        draft.references.append(number)


def _write_references(element: Any, draft: Any) -> None:
    draft.ids = False  # the ids that follow are of the works cited
    _down(element, draft)


def _write_id(element: Any, draft: Any) -> None:
    kind, text = element.get("IdType"), element.text or ""
    if not draft.ids:
        if kind == "pubmed" and (number := pmid(text)):
            draft.references.append(number)
    elif kind == "doi":
        draft.doi = draft.doi or text.strip()
    elif kind == "pmc" and (found := _PMC.search(text)):
        draft.pmc = found[0]


def _write_location(element: Any, draft: Any) -> None:
    if element.get("EIdType") == "doi" and element.get("ValidYN", "Y") == "Y":
        draft.doi = draft.doi or text_of(element)


def _write_other_id(element: Any, draft: Any) -> None:
    if found := _PMC.match(element.text or ""):
        draft.pmc = draft.pmc or found[0]


def _write_grant(element: Any, draft: Any) -> None:
    said = {child.tag: child.text or "" for child in element}
    draft.grants.append((said.get("GrantID", ""), said.get("Agency", ""), said.get("Country", "")))


def _write_bank(element: Any, draft: Any) -> None:
    name = next((child.text or "" for child in element if child.tag == "DataBankName"), "")
    draft.accessions += [(name, number.text or "") for number in element.iter("AccessionNumber")]


_LISTS = (
    "abstract other_abstracts languages authors types headings substances keywords corrections grants accessions "
    "references"
).split()
_PERSON = ("LastName", "ForeName", "Initials", "CollectiveName")
_fields = attrgetter(*Citation._fields)
_WRITERS: dict[Any, Callable[[Any, Any], None]] = {
    "MedlineCitation": _write_citation,
    "BookDocument": _write_book,
    "PMID": _write_pmid,
    "ArticleTitle": _writes("title"),
    "VernacularTitle": _writes("vernacular"),
    "Title": _writes("journal"),
    "BookTitle": _writes("journal"),
    "MedlineTA": _writes("journal_short"),
    "ISOAbbreviation": _first("journal_short"),
    "PublisherName": _first("journal_short"),
    "NlmUniqueID": _writes("journal_id"),
    "ISSN": _first("issn"),
    "ISSNLinking": _writes("issn"),
    "Volume": _first("volume"),
    "Issue": _first("issue"),
    "MedlinePgn": _writes("pages"),
    "PubDate": _write_published,
    "DateRevised": _write_revised,
    "Abstract": _write_abstract,
    "AbstractText": _write_section,
    "CopyrightInformation": _first("copyright"),
    "OtherAbstract": _write_other_abstract,
    "Language": _adds("languages"),
    "AuthorList": _write_authors,
    "Author": _write_author,
    "Investigator": _pass_over,
    "PersonalNameSubject": _pass_over,
    "ArticleDate": _pass_over,
    "DateCompleted": _pass_over,
    "DateCreated": _pass_over,
    "History": _pass_over,
    "PublicationType": _write_type,
    "MeshHeading": _write_heading,
    "Chemical": _write_chemical,
    "SupplMeshName": _write_supplementary,
    "Keyword": _adds("keywords"),
    "CommentsCorrections": _write_correction,
    "Grant": _write_grant,
    "DataBank": _write_bank,
    "ELocationID": _write_location,
    "ReferenceList": _write_references,
    "ArticleId": _write_id,
    "OtherID": _write_other_id,
}
