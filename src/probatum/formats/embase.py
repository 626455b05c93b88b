"""Reads what Embase.com exports: RIS, and CSV with a record a row or a field a row.

Layout: the columns and tags of https://www.elsevier.com/products/embase (export: RIS format; CSV, fields by column or
by row). Emtree terms come by name: no export bears the thesaurus' own codes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from probatum.errors import BadFormat
from probatum.formats.citations import date
from probatum.formats.medline_xml import pmid
from probatum.formats.reading import QUOTED, lines
from probatum.formats.ris import Reference, references
from probatum.formats.tables import comma_separated
from probatum.types import Malformed

_PUI = re.compile(r"L\d{6,12}")
_SPLIT = re.compile(r",\s+(?![^(]*\))|;\s*|\n+")
_LINKED = re.compile(r"(?P<name>.*\S)\s+\((?P<links>[^()]+)\)")
# the subheadings of Embase (Embase indexing guide, appendix 2); other brackets belong to a term's name
_LINKS = frozenset(
    """adverse device effect|adverse drug reaction|clinical trial|complication|congenital disorder|device comparison
    |device economics|diagnosis|disease management|drug administration|drug analysis|drug combination|drug comparison
    |drug concentration|drug development|drug dose|drug interaction|drug resistance|drug therapy|drug toxicity
    |endogenous compound|epidemiology|etiology|pharmaceutics|pharmacoeconomics|pharmacokinetics|pharmacology|prevention
    |radiotherapy|rehabilitation|side effect|special situation for pharmacovigilance|surgery|therapy|unexpected outcome
    """.replace("\n    ", "").split("|")
)
_ROUTE = re.compile(r"[\w \-]+ drug administration")
_FIELDS = {  # columns, in lower case -> what they fill
    "title": "title", "original (non-english) title": "original", "author names": "authors", "abstract": "abstract",
    "original (non-english) abstract": "original_abstract", "source title": "journal", "publication year": "year",
    "date of publication": "published", "volume": "volume", "issue": "issue", "first page": "first_page",
    "last page": "last_page", "publication type": "kind", "article language": "language", "language of article":
    "language", "author keywords": "keywords", "emtree drug index terms (major focus)": "drug major",
    "emtree drug index terms": "drug", "emtree medical index terms (major focus)": "medical major",
    "emtree medical index terms": "medical", "clinical trial numbers": "trials", "medline pmid": "pmid", "pui": "id",
    "embase accession id": "accession", "doi": "doi",
}  # fmt: skip


class Term(NamedTuple):
    """One Emtree term of a record."""

    name: str
    kind: str  # drug, medical; index where the export does not tell them apart
    major: bool
    links: tuple[str, ...]  # subheadings: adverse drug reaction, drug therapy ...


class Record(NamedTuple):
    """One record of an export."""

    line: int
    id: str  # PUI (L2001234567), else the accession number
    pmid: int
    doi: str
    title: str
    original: str  # title in the article's own language
    abstract: str
    authors: tuple[str, ...]
    journal: str
    published: str  # ISO 8601 to the day, month or year
    volume: str
    issue: str
    first_page: str
    last_page: str
    kind: str  # Article, Review, Conference Abstract ...
    language: str
    keywords: tuple[str, ...]
    terms: tuple[Term, ...]
    trials: tuple[str, ...]


def records(path: Path) -> Iterator[Record | Malformed]:
    """The records of one export (.ris, .csv, plain or gzip). Raises `NeedsFile`, `BadFormat`."""
    if path.name.removesuffix(".gz").endswith(".csv"):
        yield from _csv(path)
        return
    for each in references(path):
        yield each if isinstance(each, Malformed) else _of_ris(each)


def _of_ris(each: Reference) -> Record:
    link = each.first("DO") or each.first("L2")
    terms = dict.fromkeys(term for said in each.all("KW") for term in _terms(said, "index", split=False))
    return Record(
        each.line, each.first("U2", "AN", "ID"), pmid(each.first("C5")), _doi(link), each.first("T1", "TI"),
        each.first("OP", "TT"), each.first("N2", "AB"), each.all("A1", "AU"), each.first("JF", "T2", "JO"),
        date(each.first("PY", "Y1", "DA").strip("/"))[0], each.first("VL"), each.first("IS"), each.first("SP"),
        each.first("EP"), each.first("M3"), each.first("LA").lower(), (), tuple(terms),
        tuple(re.findall(r"NCT\d{8}", " ".join(each.all("C1", "C2", "C4", "CN", "N1")))),
    )  # fmt: skip


# --- CSV ---


def _csv(path: Path) -> Iterator[Record | Malformed]:
    first = next(lines(path), None)
    if first is None or isinstance(first, Malformed):
        raise BadFormat("a CSV export of Embase was expected", where=f"{path}:1")
    header = _cells(first[1])
    known = [_FIELDS.get(name.strip().lower(), "") for name in header]
    if known[:1] == ["title"] and header[0].isupper():
        yield from _by_fields(path)
        return
    if "title" not in known or ("id" not in known and "accession" not in known):
        raise BadFormat("the columns Title and PUI were expected", where=f"{path}:1")
    for row in comma_separated(path, header):
        if isinstance(row, Malformed):
            yield row
        else:
            yield _of_row(row[0], {name: cell.strip() for name, cell in zip(known, row[1], strict=True) if name})


def _by_fields(path: Path) -> Iterator[Record | Malformed]:
    """A field a row: its name, then its values; the next TITLE begins the next record."""
    said: dict[str, str] = {}
    begun = 0
    for line in lines(path):
        if isinstance(line, Malformed):
            yield line
            continue
        number, text = line
        cells = _cells(text)
        name = _FIELDS.get(cells[0].strip().lower(), "") if cells else ""
        if name == "title":
            if said:
                yield _of_row(begun, said)
            said, begun = {}, number
        if not cells and text.strip():
            yield Malformed(path.name, number, "a field's name and its values were expected", text[:QUOTED])
        elif name:
            said[name] = ", ".join(cell.strip() for cell in cells[1:] if cell.strip())
    if said:
        yield _of_row(begun, said)


def _cells(text: str) -> list[str]:
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        return []


def _of_row(line: int, said: Mapping[str, str]) -> Record:
    def get(name: str) -> str:
        return said.get(name, "")

    terms: dict[str, Term] = {}
    for kind in ("drug major", "medical major", "drug", "medical"):
        plain, _, major = kind.partition(" ")
        for term in _terms(get(kind), plain, split=True):
            terms.setdefault(term.name.casefold(), term._replace(major=bool(major)))
    published = date(get("published"))[0] or date(get("year"))[0]
    return Record(
        line, get("id") or get("accession"), pmid(get("pmid")), _doi(get("doi")), get("title"), get("original"),
        get("abstract"), tuple(_listed(get("authors"))), get("journal"), published, get("volume"), get("issue"),
        get("first_page"), get("last_page"), get("kind"), get("language").lower(), tuple(_listed(get("keywords"))),
        tuple(terms.values()), tuple(re.findall(r"NCT\d{8}", get("trials"))),
    )  # fmt: skip


def _listed(text: str) -> Iterator[str]:
    return (part.strip() for part in re.split(r"[,;]\s+(?=[^\s])", text) if part.strip())


def _terms(text: str, kind: str, *, split: bool) -> Iterator[Term]:
    for part in _SPLIT.split(text) if split else (text,):
        name, links = part.strip(), []
        major = name.startswith("*") or name.endswith("*")
        name = name.strip("*").strip()
        if found := _LINKED.fullmatch(name):
            said = [link.strip() for link in found["links"].split(",")]
            if all(link in _LINKS or _ROUTE.fullmatch(link) for link in said):
                name, links = found["name"], said
        if name:
            yield Term(name, kind, major, tuple(links))


def _doi(text: str) -> str:
    found = text.strip().removeprefix("http://").removeprefix("https://")
    found = found.removeprefix("dx.").removeprefix("doi.org/").removeprefix("doi:").strip()
    return found if found.startswith("10.") and not any(map(str.isspace, found)) else ""
