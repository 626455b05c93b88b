"""Reads MEDLINE / PubMed XML: baseline and update files of NLM, and what its retrieval service gives.

Layout: https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/index.html, and the older MedlineCitationSet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from operator import itemgetter
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
    if text and len(text) < 9 and text.isdecimal() and text.isascii():  # as nearly all are
        return int(text)
    said = (text or "").strip()
    return int(said) if len(said) < 9 and said.isdecimal() and said.isascii() else 0


# --- one walk over all elements of a record, in the order in which they stand ---
#
# It is three times as fast as to go down from each element to those in it, but an element is not told where it is:
# what opens a part (an author, a list of works cited) leaves in the draft where that which follows belongs.

_Draft = dict[str, Any]
_CITING: list[Any] = []  # a work that is cited: its number alone is kept
_new: Callable[[Any, Any], Any] = tuple.__new__  # a named tuple's own constructor takes five times as long


def _citation(record: Any) -> Citation | None:
    draft: _Draft = _EMPTY | {name: [] for name in _LISTS}
    draft["sections"], draft["people"] = draft["abstract"], draft["authors"]
    draft["cited"] = []
    draft["person"], draft["heading"] = _person(), _heading()  # of no list: a part that stands alone is nobody's
    find = _WRITERS.get
    for element in record.iter():
        write = find(element.tag)
        if write is not None:
            write(element, draft)
    if not draft["pmid"]:
        return None
    for said in (*draft["authors"], *draft["headings"]):
        said[-1] = tuple(said[-1])
    draft["authors"] = [_new(Author, said) for said in draft["authors"]]
    draft["headings"] = [_new(Heading, said) for said in draft["headings"]]
    draft["corrections"] = [_new(Correction, said) for said in draft["corrections"]]
    draft["references"] += draft["cited"]
    for name in _LISTS:
        draft[name] = tuple(draft[name])
    whole: Citation = _new(Citation, _fields(draft))
    return whole


def _person() -> list[Any]:
    return ["", "", "", "", "", []]


def _heading() -> list[Any]:
    return ["", "", False, []]


def _version(element: Any) -> int:
    said = element.get("Version", "1")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else 1


# --- what each element writes into the draft ---


def _write_pmid(element: Any, draft: _Draft) -> None:
    # the record's own comes first; others stand in its corrections
    if of := draft["correction"]:
        of[1] = pmid(element.text)
    elif of is _CITING:
        if number := pmid(element.text):
            draft["cited"].append(number)
    elif not draft["pmid"] and element.getparent().tag in _OF_RECORD:
        draft["pmid"], draft["version"] = pmid(element.text), _version(element)


def _write_citation(element: Any, draft: _Draft) -> None:
    draft["status"] = element.get("Status", "")


def _write_book(element: Any, draft: _Draft) -> None:
    draft["kind"] = "book"


def _writes(name: str) -> Callable[[Any, _Draft], None]:
    """A writer of one text; the last of its element's name stands."""

    def write(element: Any, draft: _Draft) -> None:
        draft[name] = text_of(element)

    return write


def _first(name: str) -> Callable[[Any, _Draft], None]:
    """A writer of one text; the first stands."""

    def write(element: Any, draft: _Draft) -> None:
        if not draft[name]:
            draft[name] = text_of(element)

    return write


def _adds(name: str) -> Callable[[Any, _Draft], None]:
    """A writer of one text of many."""

    def write(element: Any, draft: _Draft) -> None:
        if text := text_of(element):
            draft[name].append(text)

    return write


def _write_abstract(element: Any, draft: _Draft) -> None:
    draft["sections"] = draft["abstract"]


def _write_other_abstract(element: Any, draft: _Draft) -> None:
    draft["sections"] = []  # its sections are told here, as one text
    texts = [text_of(child) for child in element if child.tag == "AbstractText"]
    if said := " ".join(filter(None, texts)):
        draft["other_abstracts"].append((element.get("Language", ""), said))


def _write_section(element: Any, draft: _Draft) -> None:
    if text := text_of(element):
        draft["sections"].append(_new(Section, (element.get("Label", ""), element.get("NlmCategory", ""), text)))


def _write_published(element: Any, draft: _Draft) -> None:
    parts = {child.tag: child.text or "" for child in element}
    text = parts.get("MedlineDate") or " ".join(
        parts[part] for part in ("Year", "Season", "Month", "Day") if part in parts
    )
    draft["published"], exact = date(text)
    draft["published_text"] = "" if exact else text


def _write_revised(element: Any, draft: _Draft) -> None:
    draft["revised"] = date(" ".join([child.text or "" for child in element]))[0]


def _write_authors(element: Any, draft: _Draft) -> None:
    # a book has editors too
    draft["people"] = draft["authors"] if element.get("Type", "authors") == "authors" else []


def _write_author(element: Any, draft: _Draft) -> None:
    draft["person"] = said = _person()
    draft["people"].append(said)


def _write_nobody(element: Any, draft: _Draft) -> None:
    draft["person"] = _person()  # investigators, and whom a paper is about, are no authors


def _of_person(place: int) -> Callable[[Any, _Draft], None]:
    """A writer of one part of a name."""

    def write(element: Any, draft: _Draft) -> None:
        draft["person"][place] = text_of(element) if len(element) else element.text or ""

    return write


def _write_affiliation(element: Any, draft: _Draft) -> None:
    draft["person"][5].append(text_of(element))


def _write_identifier(element: Any, draft: _Draft) -> None:
    if element.get("Source") == "ORCID" and element.getparent().tag == "Author":
        draft["person"][4] = (element.text or "").strip().rpartition("/")[2]


def _write_type(element: Any, draft: _Draft) -> None:
    draft["types"].append((element.get("UI", ""), element.text or ""))


def _write_heading(element: Any, draft: _Draft) -> None:
    draft["heading"] = said = _heading()
    draft["headings"].append(said)


def _write_descriptor(element: Any, draft: _Draft) -> None:
    draft["heading"][:3] = element.get("UI", ""), element.text or "", element.get("MajorTopicYN") == "Y"


def _write_qualifier(element: Any, draft: _Draft) -> None:
    part = element.get("UI", ""), element.text or "", element.get("MajorTopicYN") == "Y"
    draft["heading"][3].append(_new(Subheading, part))


def _write_chemical(element: Any, draft: _Draft) -> None:
    registry = id = name = ""
    for child in element:
        if child.tag == "RegistryNumber":
            registry = child.text or ""
        elif child.tag == "NameOfSubstance":
            id, name = child.get("UI", ""), child.text or ""
    draft["substances"].append(_new(Substance, (id, name, registry, "Chemical")))


def _write_supplementary(element: Any, draft: _Draft) -> None:
    draft["substances"].append(Substance(element.get("UI", ""), element.text or "", "", element.get("Type", "")))


def _write_correction(element: Any, draft: _Draft) -> None:
    kind = element.get("RefType", "")
    if kind == "Cites":
        draft["correction"] = _CITING
    else:
        draft["correction"] = said = [kind, 0, ""]
        draft["corrections"].append(said)


def _write_source(element: Any, draft: _Draft) -> None:
    if of := draft["correction"]:
        of[2] = element.text or ""


def _write_references(element: Any, draft: _Draft) -> None:
    draft["ids"] = False  # the ids that follow are of the works cited


def _write_data(element: Any, draft: _Draft) -> None:
    draft["ids"] = True  # of the record itself, after a book's works cited


def _write_id(element: Any, draft: _Draft) -> None:
    kind, text = element.get("IdType"), element.text or ""
    if not draft["ids"]:
        if kind == "pubmed" and (number := pmid(text)):
            draft["references"].append(number)
    elif kind == "doi":
        draft["doi"] = draft["doi"] or text.strip()
    elif kind == "pmc" and (found := _PMC.search(text)):
        draft["pmc"] = found[0]


def _write_location(element: Any, draft: _Draft) -> None:
    if element.get("EIdType") == "doi" and element.get("ValidYN", "Y") == "Y":
        draft["doi"] = draft["doi"] or text_of(element)


def _write_other_id(element: Any, draft: _Draft) -> None:
    if found := _PMC.match(element.text or ""):
        draft["pmc"] = draft["pmc"] or found[0]


def _write_grant(element: Any, draft: _Draft) -> None:
    said = {child.tag: child.text or "" for child in element}
    draft["grants"].append((said.get("GrantID", ""), said.get("Agency", ""), said.get("Country", "")))


def _write_bank(element: Any, draft: _Draft) -> None:
    name = next((child.text or "" for child in element if child.tag == "DataBankName"), "")
    draft["accessions"] += [(name, number.text or "") for number in element.iter("AccessionNumber")]


_LISTS = (
    "abstract other_abstracts languages authors types headings substances keywords corrections grants accessions "
    "references"
).split()
_EMPTY: _Draft = {
    **dict.fromkeys(set(Citation._fields) - set(_LISTS), ""),
    **{"pmid": 0, "version": 1, "kind": "article"},
    # where what comes next belongs: an id, a name, a qualifier, a PMID
    **{"ids": True, "correction": None},
}
_fields = itemgetter(*Citation._fields)
_WRITERS: dict[Any, Callable[[Any, _Draft], None]] = {
    "MedlineCitation": _write_citation,
    "BookDocument": _write_book,
    "PubmedData": _write_data,
    "PubmedBookData": _write_data,
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
    "Investigator": _write_nobody,
    "PersonalNameSubject": _write_nobody,
    "LastName": _of_person(0),
    "ForeName": _of_person(1),
    "Initials": _of_person(2),
    "CollectiveName": _of_person(3),
    "Affiliation": _write_affiliation,
    "Identifier": _write_identifier,
    "PublicationType": _write_type,
    "MeshHeading": _write_heading,
    "DescriptorName": _write_descriptor,
    "QualifierName": _write_qualifier,
    "Chemical": _write_chemical,
    "SupplMeshName": _write_supplementary,
    "Keyword": _adds("keywords"),
    "CommentsCorrections": _write_correction,
    "RefSource": _write_source,
    "Grant": _write_grant,
    "DataBank": _write_bank,
    "ELocationID": _write_location,
    "ReferenceList": _write_references,
    "ArticleId": _write_id,
    "OtherID": _write_other_id,
}
