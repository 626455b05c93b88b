"""A citation as bibliographic databases give it: what was published, by whom, indexed how, corrected by what."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_DATE = re.compile(r"(\d{4})(?:[ /-]+([A-Za-z]{3}|\d{1,2})[a-z]*)?(?:[ /-]+(\d{1,2}))?")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}

# Plain tuples with names: tens of thousands are made a second, and a frozen dataclass costs four times as much to make.


class Section(NamedTuple):
    """One labelled stretch of an abstract."""

    label: str  # BACKGROUND, METHODS ... as the authors wrote it; empty where the abstract has none
    category: str  # the five categories of NLM, where given
    text: str


class Author(NamedTuple):
    """One author or collective."""

    last: str
    fore: str
    initials: str
    collective: str
    orcid: str
    affiliations: tuple[str, ...]


class Subheading(NamedTuple):
    """One MeSH qualifier of a heading."""

    id: str  # Q000188
    name: str
    major: bool


class Heading(NamedTuple):
    """One MeSH descriptor with its qualifiers."""

    id: str  # D001249; empty where the format gives names alone
    name: str
    major: bool  # the descriptor itself; a heading is a major topic where it or one of its qualifiers is
    subheadings: tuple[Subheading, ...]


class Substance(NamedTuple):
    """One chemical, or one supplementary concept (disease, protocol, organism)."""

    id: str  # MeSH D or C number
    name: str
    registry: str  # CAS number or UNII, 0 where there is none; empty for a supplementary concept
    kind: str  # Chemical, or the type of the supplementary concept


class Correction(NamedTuple):
    """What another publication did to this one, or this one to another."""

    kind: str  # RetractionIn, ErratumFor, CommentOn ... as MEDLINE names it
    pmid: int  # 0 where the record names none
    source: str


class Citation(NamedTuple):
    """One citation of one release."""

    pmid: int
    version: int
    status: str  # MEDLINE, PubMed-not-MEDLINE, In-Process ...
    kind: str  # article or book
    title: str
    vernacular: str
    abstract: tuple[Section, ...]
    other_abstracts: tuple[tuple[str, str], ...]  # (language, text)
    copyright: str
    languages: tuple[str, ...]  # ISO 639-2: eng, chi ...
    journal: str
    journal_short: str
    journal_id: str  # NLM unique id
    issn: str
    volume: str
    issue: str
    pages: str
    published: str  # 2018-05-17, 2018-05 or 2018
    published_text: str  # as written, where it is no such date: "2007 Mar-Apr"
    revised: str
    authors: tuple[Author, ...]
    types: tuple[tuple[str, str], ...]  # publication types: (MeSH id, name)
    headings: tuple[Heading, ...]
    substances: tuple[Substance, ...]
    keywords: tuple[str, ...]
    corrections: tuple[Correction, ...]
    grants: tuple[tuple[str, str, str], ...]  # (number, agency, country)
    accessions: tuple[tuple[str, str], ...]  # (data bank, number)
    references: tuple[int, ...]  # PMIDs of the works cited
    doi: str
    pmc: str

    @property
    def year(self) -> str:
        """The year of publication, or an empty string."""
        return self.published[:4]


@lru_cache(1 << 14)
def date(written: str) -> tuple[str, bool]:
    """A date as bibliographies write it, as ISO 8601 to the day, month or year; whether nothing of it was left out.

    "2018 May 17" is ("2018-05-17", True); "2007 Mar-Apr" ("2007", False); what holds no year ("", False).
    """
    text = " ".join(written.split())
    if found := _DATE.fullmatch(text):
        year, month, day = found[1], found[2] or "", found[3] or ""
        number = int(month) if month.isdecimal() else _MONTHS.get(month.lower(), 0)
        if 1 <= number <= 12 and (not day or 1 <= int(day) <= 31):
            return f"{year}-{number:02}" + (f"-{int(day):02}" if day else ""), True
        return year, not month
    year_found = _YEAR.search(text)
    return (year_found[0] if year_found else ""), False
