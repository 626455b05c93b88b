"""Reads lists of ClinicalKey's content as a subscriber exports them: typed items in RIS, JSON or CSV.

The publisher gives citations out in RIS and documents no other export; JSON and CSV are read as described here. What an
item is comes from its content type (`M3` in RIS), else from the RIS type, else from its address, which bears it:
https://www.clinicalkey.com/#!/content/drug_monograph/6-s2.0-55.

- RIS: AN the EID, C1 the EID of what the item stands in, C2 the PMID, C3 the number of a trial, M1 the media type,
  L1 where picture or film lies, AB the abstract, caption or transcript.
- JSON: an array, or an object with `items`; keys as the columns below in camel case (contentType, mediaUrl ...),
  authors and keywords as lists.
- CSV: the columns of `COLUMNS`, lists apart by ";".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from probatum.formats.json_stream import records
from probatum.formats.reading import QUOTED
from probatum.formats.ris import Reference, references
from probatum.formats.tables import comma_separated
from probatum.types import Malformed

COLUMNS = (
    "EID", "Content Type", "Title", "Authors", "Source", "Part Of", "Publisher", "Year", "URL", "DOI", "ISBN", "ISSN",
    "PMID", "NCT", "Language", "Abstract", "Keywords", "Media Type", "Media URL", "Duration",
)  # fmt: skip
# every type that the catalogue knows, and how exports and addresses call it
TYPES = {
    "book": ("book", "ebook", "whole book"),
    "chapter": ("chapter", "book chapter", "chap", "echap"),
    "journal": ("journal", "jfull"),
    "article": ("article", "journal article", "full text article", "jour", "ejour", "playcontent"),
    "medline_abstract": ("medline", "medline abstract", "abst"),
    "guideline": ("guideline", "guidelines", "practice guideline", "stand"),
    "clinical_trial": ("clinical trial", "clinical trials", "trial"),
    "image": ("image", "images", "figure", "art"),
    "video": ("video", "videos", "mpct"),
    "procedure_video": ("procedure video", "procedures consult", "medical procedure", "operation video"),
    "patient_education": ("patient education", "patient handout", "patient ed"),
    "drug_monograph": ("drug monograph", "drug monographs", "drug"),
    "clinical_overview": ("clinical overview", "first consult", "clinical focus", "topic"),
}
_KNOWN = {name: kind for kind, names in TYPES.items() for name in names}
_ADDRESS = re.compile(r"/content/([A-Za-z_]+)/([\w.\-:()]+)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of content."""

    place: str  # file and line, for what goes wrong later
    id: str  # EID, else DOI, else the end of the address
    kind: str  # one of TYPES
    title: str
    authors: tuple[str, ...]
    source: str  # the book, journal or collection that it stands in
    part_of: str  # EID of that
    publisher: str
    year: str
    url: str
    doi: str
    isbn: str
    issn: str
    pmid: str
    nct: str
    language: str
    abstract: str  # abstract, caption, transcript or text
    keywords: tuple[str, ...]
    media_type: str  # as given: image/jpeg, video/mp4
    media_url: str
    duration: str


def items(path: Path) -> Iterator[Item | Malformed]:
    """The items of one export, known by the file's ending: .ris, .json or .csv; of an unknown type: `Malformed`.

    Raises `NeedsFile`, `BadFormat`.
    """
    name = path.name.removesuffix(".gz").lower()
    read = _of_json if name.endswith(".json") else _of_csv if name.endswith(".csv") else _of_ris
    for line, said in read(path):
        yield said if isinstance(said, Malformed) else _item(path, line, said)


Said = dict[str, str | tuple[str, ...]]


def _item(path: Path, line: int, said: Said) -> Item | Malformed:
    texts = {key: value for key, value in said.items() if isinstance(value, str)}
    found = _ADDRESS.search(texts.get("url", ""))
    kind = _kind(texts.get("content_type", "")) or _kind(texts.get("ris", "")) or (_kind(found[1]) if found else "")
    id_ = texts.get("eid") or texts.get("doi") or (found[2] if found else "")
    if not kind or not id_ or not texts.get("title"):
        lacks = "a known content type" if not kind else "an id (EID, DOI, address)" if not id_ else "a title"
        shown = f"{texts.get('content_type', '')} {id_} {texts.get('title', '')}".strip()
        return Malformed(path.name, line, f"an item without {lacks}", shown[:QUOTED])
    known = {each.name for each in fields(Item)} - {"place", "id", "kind"}
    rest: dict[str, Any] = {key: said.get(key, "") for key in known}
    for key in ("authors", "keywords"):
        value = rest[key]
        rest[key] = value if isinstance(value, tuple) else _listed(value)
    return Item(place=f"{path.name}:{line}", id="".join(id_.split()), kind=kind, **rest)


def _kind(written: str) -> str:
    plain = " ".join(_CAMEL.sub(" ", written).replace("_", " ").replace("-", " ").lower().split())
    return _KNOWN.get(plain) or _KNOWN.get(plain.replace(" ", ""), "")


def _of_ris(path: Path) -> Iterator[tuple[int, Said | Malformed]]:
    for each in references(path):
        if isinstance(each, Malformed):
            yield each.line, each
        else:
            yield each.line, _of_reference(each)


def _of_reference(each: Reference) -> Said:
    number = each.first("SN")
    year = re.search(r"\d{4}", each.first("PY", "Y1", "DA"))
    media = each.first("L1", "L4")
    return {
        "ris": each.first("TY"),
        "content_type": each.first("M3"),
        "eid": each.first("AN", "ID"),
        "title": each.first("TI", "T1", "BT", "CT"),
        "authors": each.all("AU", "A1"),
        "source": each.first("T2", "JO", "JF", "BT"),
        "part_of": each.first("C1"),
        "publisher": each.first("PB"),
        "year": year[0] if year else "",
        "url": each.first("UR"),
        "doi": each.first("DO"),
        "isbn": number if len(re.sub(r"\D", "", number)) > 8 else "",
        "issn": number if len(re.sub(r"\D", "", number)) <= 8 else "",
        "pmid": each.first("C2") if each.first("C2").isdecimal() else "",
        "nct": next((value for value in each.all("C3", "C2", "AN") if value.startswith("NCT")), ""),
        "language": each.first("LA"),
        "abstract": each.first("AB", "N2"),
        "keywords": each.all("KW"),
        "media_type": each.first("M1"),
        "media_url": media,
    }


def _of_csv(path: Path) -> Iterator[tuple[int, Said | Malformed]]:
    keys = [column.lower().replace(" ", "_") for column in COLUMNS]
    for row in comma_separated(path, COLUMNS):
        if isinstance(row, Malformed):
            yield row.line, row
        else:
            yield row[0], {key: cell.strip() for key, cell in zip(keys, row[1], strict=True)}


def _of_json(path: Path) -> Iterator[tuple[int, Said | Malformed]]:
    for each in records(path, ("*",), ("items", "*")):
        if not isinstance(each.value, dict):
            yield each.line, Malformed(path.name, each.line, "an object was expected", str(each.value)[:QUOTED])
            continue
        said: Said = {}
        for key, value in each.value.items():
            plain = _CAMEL.sub("_", key).lower()
            if isinstance(value, list):
                said[plain] = tuple(
                    str(one).strip() for one in value if isinstance(one, (str, int)) and str(one).strip()
                )
            elif isinstance(value, (str, int)) and not isinstance(value, bool):
                said[plain] = str(value).strip()
        yield each.line, said


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(value.strip() for value in cell.split(";") if value.strip())
