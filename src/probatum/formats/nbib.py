"""Reads MEDLINE tagged text (.nbib), as PubMed gives it for a search.

Layout: https://www.nlm.nih.gov/bsd/mms/medlineelements.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from probatum.formats.citations import Author, Citation, Correction, Heading, Section, Subheading, Substance, date
from probatum.formats.medline_xml import pmid
from probatum.formats.reading import QUOTED, lines
from probatum.types import Malformed

MOST = 100_000  # lines of one record
_LINE = re.compile(r"([A-Z]{2,4}) *- ?(.*)")
_LABEL = re.compile(r"(?:^|(?<=[.;!?)\]] ))([A-Z][A-Z0-9 ,/&()'-]{2,60}): ")
_PMID = re.compile(r"PMID: *(\d{1,8})")
_CORRECTIONS = {
    "CIN": "CommentIn", "CON": "CommentOn", "CRF": "CorrectedandRepublishedFrom", "CRI": "CorrectedandRepublishedIn",
    "DDIN": "AssociatedDataset", "DRIN": "AssociatedPublication", "ECF": "ExpressionOfConcernFor",
    "ECI": "ExpressionOfConcernIn", "EFR": "ErratumFor", "EIN": "ErratumIn", "ORI": "OriginalReportIn",
    "PRIN": "PartialRetractionIn", "PROF": "PartialRetractionOf", "RIN": "RetractionIn", "ROF": "RetractionOf",
    "RPF": "RepublishedFrom", "RPI": "RepublishedIn", "RRF": "RetractedandRepublishedFrom",
    "RRI": "RetractedandRepublishedIn", "SPIN": "SummaryForPatientsIn", "UIN": "UpdateIn", "UOF": "UpdateOf",
}  # fmt: skip
_Fields = list[tuple[str, str]]


def citations(path: Path) -> Iterator[Citation | Malformed]:
    """The citations of one file, in its order; a record without a PMID or a line of no record is `Malformed`.

    MeSH headings and substances come without ids: this form gives their names alone. Raises `NeedsFile`, `BadFormat`.
    """
    fields: _Fields = []
    begun = 0
    for line in lines(path):
        if isinstance(line, Malformed):
            yield line
            continue
        number, text = line
        found = _LINE.fullmatch(text)
        if (found and found[1] == "PMID") or not text.strip() or len(fields) >= MOST:
            if fields:
                yield _citation(fields, path, begun)
            fields, begun = [], number
        if found:
            fields.append((found[1], found[2].strip()))
        elif text.startswith("      ") and fields:
            tag, said = fields[-1]
            fields[-1] = tag, f"{said} {text.strip()}"
        elif text.strip():
            yield Malformed(path.name, number, "a tag of two to four letters and '- ' was expected", text[:QUOTED])
    if fields:
        yield _citation(fields, path, begun)


def _citation(fields: _Fields, path: Path, line: int) -> Citation | Malformed:
    said: dict[str, list[str]] = {}
    for tag, text in fields:
        said.setdefault(tag, []).append(text)

    def first(*tags: str) -> str:
        return next((said[tag][0] for tag in tags if tag in said), "")

    number = pmid(first("PMID"))
    if not number:
        reason = "a record that begins with PMID- and one to eight digits was expected"
        return Malformed(path.name, line, reason, " ".join(fields[0])[:QUOTED])
    published, exact = date(first("DP"))
    return Citation(
        pmid=number, version=1, status=first("STAT"), kind="book" if "BTI" in said else "article",
        title=first("TI", "BTI"), vernacular=first("TT"), abstract=_sections(first("AB")),
        other_abstracts=tuple(("", text) for text in said.get("OAB", ())), copyright=first("CI"),
        languages=tuple(said.get("LA", ())), journal=first("JT"), journal_short=first("TA"), journal_id=first("JID"),
        issn=first("IS").partition(" ")[0], volume=first("VI"), issue=first("IP"), pages=first("PG"),
        published=published, published_text="" if exact else first("DP"), revised=_day(first("LR")),
        authors=_authors(fields), types=tuple(("", text) for text in said.get("PT", ())),
        headings=tuple(map(_heading, said.get("MH", ()))), substances=tuple(map(_substance, said.get("RN", ()))),
        keywords=tuple(text.lstrip("*") for text in said.get("OT", ())), corrections=tuple(_corrections(fields)),
        grants=tuple(map(_grant, said.get("GR", ()))), accessions=tuple(map(_accession, said.get("SI", ()))),
        references=(), doi=_doi(said), pmc=first("PMC"),
    )  # fmt: skip


def _sections(text: str) -> tuple[Section, ...]:
    """The parts of an abstract: labels are words in capitals before a colon, at the beginning of a sentence."""
    marks = list(_LABEL.finditer(text))
    if not marks or marks[0].start():
        return (Section("", "", text),) if text else ()
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    parts = zip(marks, ends, strict=True)
    return tuple(Section(mark[1], "", text[mark.end() : end].strip()) for mark, end in parts)


def _authors(fields: _Fields) -> tuple[Author, ...]:
    people: list[list[str]] = []
    places: list[list[str]] = []
    for tag, text in fields:
        if tag in {"FAU", "CN"}:
            last, _, fore = ("", "", "") if tag == "CN" else text.partition(", ")
            people.append([last, fore, "", text if tag == "CN" else "", ""])
            places.append([])
        elif tag == "AU":
            last, _, initials = text.rpartition(" ")
            if people and people[-1][0] and not people[-1][2]:
                people[-1][2] = initials
            else:
                people.append([last or initials, "", initials if last else "", "", ""])
                places.append([])
        elif tag == "AD" and people:
            places[-1].append(text)
        elif tag == "AUID" and people and text.startswith("ORCID:"):
            people[-1][4] = text.removeprefix("ORCID:").strip().rpartition("/")[2]
    return tuple(Author._make((*who, tuple(where))) for who, where in zip(people, places, strict=True))


def _heading(text: str) -> Heading:
    name, *rest = text.split("/")
    subheadings = tuple(Subheading("", each.lstrip("*"), each.startswith("*")) for each in rest)
    return Heading("", name.lstrip("*"), name.startswith("*"), subheadings)


def _substance(text: str) -> Substance:
    registry, _, name = text.partition(" (")
    return Substance("", name.removesuffix(")") or registry, registry if name else "", "Chemical")


def _corrections(fields: _Fields) -> Iterator[Correction]:
    for tag, text in fields:
        if tag in _CORRECTIONS:
            found = _PMID.search(text)
            yield Correction(
                _CORRECTIONS[tag], pmid(found[1]) if found else 0, text[: found.start()] if found else text
            )


def _grant(text: str) -> tuple[str, str, str]:
    parts = text.split("/")
    return parts[0], parts[-2] if len(parts) > 2 else "", parts[-1] if len(parts) > 1 else ""


def _accession(text: str) -> tuple[str, str]:
    bank, _, number = text.partition("/")
    return bank, number


def _doi(said: dict[str, list[str]]) -> str:
    marked = (text for tag in ("LID", "AID", "DO") for text in said.get(tag, ()) if text.endswith("[doi]"))
    return next((text.removesuffix("[doi]").strip() for text in marked), "")


def _day(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if len(text) == 8 and text.isascii() and text.isdecimal() else ""
