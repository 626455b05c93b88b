"""Reads pages of the NHS website, from its content API (JSON) or saved as HTML, with the dates of their review.

Layout: https://digital.nhs.uk/developer/api-catalogue/nhs-website-content (schema.org MedicalWebPage; `lastReviewed`
holds the day of the last review and the day on which the next is due; medicines are cut by `hasHealthAspect`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.html_page import Section, fragment, page
from probatum.formats.reading import loads
from probatum.text.dates import iso
from probatum.types import Pairs

SITE = "https://www.nhs.uk"
_API = re.compile(
    r"https?://(?:[\w.-]+\.)?(?:api\.nhs\.uk|api\.service\.nhs\.uk(?:/nhs-website-content)?|www\.nhs\.uk)"
)
_REVIEWED = re.compile(r"(?:Page last|Last|Page) reviewed:?\s*(\d{1,2} \w+ \d{4})", re.IGNORECASE)
_DUE = re.compile(r"Next review due:?\s*(\d{1,2} \w+ \d{4})", re.IGNORECASE)
_DATED = re.compile(rf"{_REVIEWED.pattern}|{_DUE.pattern}", re.IGNORECASE)
_BRANDS = re.compile(r"(?:Other )?brand names?(?: include)?:\s*([^.\n]+)", re.IGNORECASE)
_ASPECT = re.compile(r"(\w+?)HealthAspect$")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LISTS = {"SearchResultsPage", "CollectionPage", "ItemList"}


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the page under its heading."""

    heading: str
    aspect: str  # of schema.org's HealthAspectEnumeration, in words: side effects, usage or schedule; may be empty
    address: str  # of the page, with the anchor where there is one
    text: str
    links: Pairs  # (address on the site, words)


@dataclass(frozen=True, slots=True)
class NhsPage:
    """One page."""

    name: str
    address: str  # as the public reads it: https://www.nhs.uk/...
    genre: tuple[str, ...]
    description: str
    others: tuple[str, ...]  # other names of what the page is about
    brands: tuple[str, ...]
    modified: str  # ISO dates, empty where not told
    reviewed: str
    review_due: str
    parts: tuple[Part, ...]

    @property
    def place(self) -> str:
        """The path on the site without slashes at its ends: medicines/atenolol/about-atenolol."""
        return self.address.removeprefix(SITE).partition("#")[0].strip("/")

    def is_stale(self, today: str) -> bool:
        """Whether the review that was due has been missed on this day (ISO date); false where none is told."""
        return bool(self.review_due) and self.review_due < today


def nhs_page(data: bytes, where: str) -> NhsPage:
    """The page that a file holds, JSON of the content API or HTML. Raises `BadFormat`; so do lists of pages."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return _of_json(loads(data, where), where)
    return _of_html(data, where)


def public(address: str) -> str:
    """An address of the site or of its interface as the public reads it, with a slash before any anchor."""
    path, mark, anchor = address.partition("#")
    if not path:
        return address
    path = _API.sub("", path, count=1) if _API.match(path) else path
    if path.startswith(("http:", "https:", "mailto:", "tel:")):
        return address
    return f"{SITE}/{path.strip('/')}/{mark}{anchor}" if path.strip("/") else f"{SITE}/{mark}{anchor}"


# --- the content API ---


def _of_json(value: Any, where: str) -> NhsPage:
    if not isinstance(value, dict) or not isinstance(value.get("name"), str) or not value["name"].strip():
        raise BadFormat("a page with a name was expected", where=where)
    if value.get("@type") in _LISTS:
        raise BadFormat(f"a list of pages ({value['@type']}); a page of content was expected", where=where)
    address = public(_word(value.get("webpage")) or _word(value.get("url")))
    if not address.startswith(SITE):
        raise BadFormat("a page needs its url", where=where)
    about = value.get("about")
    others = _words(about.get("alternateName")) if isinstance(about, dict) else ()
    description = _word(value.get("description"))
    reviewed, due = _reviews(value.get("lastReviewed"))
    parts = tuple(_parts(value, address, where))
    if not parts:
        raise BadFormat("a page without any text", where=where)
    return NhsPage(
        value["name"].strip(),
        address,
        _words(value.get("genre")),
        description,
        tuple(other for other in others if other != value["name"]),
        _brands(description, *(part.text for part in parts[:1])),
        iso(_word(value.get("dateModified"))),
        reviewed,
        due,
        parts,
    )


def _parts(value: dict[str, Any], address: str, where: str) -> Iterator[Part]:
    """The elements of the page: `hasPart` where it holds text (medicines), else `mainEntityOfPage`."""
    for key in ("hasPart", "mainEntityOfPage"):
        found = [part for element in _dicts(value.get(key)) for part in _part(element, key, address, where)]
        if found:
            yield from found
            return


def _part(element: dict[str, Any], key: str, address: str, where: str) -> Iterator[Part]:
    aspect = _ASPECT.search(_word(element.get("hasHealthAspect")))
    words = _WORDS.sub(" ", aspect[1]).lower() if aspect else ""
    here = public(_word(element.get("url"))) if element.get("url") else address
    sections: list[Section] = []
    heading = _word(element.get("headline"))
    for inner in [element] if isinstance(element.get("text"), str) else _dicts(element.get(key)):
        below = _word(inner.get("headline"))
        for section in fragment(_word(inner.get("text")), where):
            sections.append(_under(section, below if inner is not element else "", heading))
    for name in dict.fromkeys(section.heading for section in sections):
        same = [section for section in sections if section.heading == name]
        text = "\n".join(section.text for section in same if section.text)
        links = (link for section in same for link in section.links)
        if text:
            yield Part(name, words, here, text, tuple(dict.fromkeys((public(to), said) for to, said in links)))


def _under(section: Section, below: str, heading: str) -> Section:
    """A section of a fragment with the nearest heading: its own, that of its element, that of the part."""
    return Section(section.level, section.heading or below or heading, "", section.text, (), section.links)


# --- saved pages ---


def _of_html(data: bytes, where: str) -> NhsPage:
    read = page(data, where)
    if not read.address.startswith(("http:", "https:")):
        raise BadFormat("a saved page needs its canonical address", where=where)
    address = public(read.address)
    seen = "\n".join(section.text for section in read.sections)
    reviewed, due = (found[1] if (found := pattern.search(seen)) else "" for pattern in (_REVIEWED, _DUE))
    linked = _reviews(read.linked("lastReviewed"))
    meta = dict(read.meta)
    description = meta.get("description", "")
    name = _word(read.linked("name")) or read.title.partition(" - ")[0]
    parts = tuple(
        Part(
            ": ".join((*section.above[1:], section.heading)) if section.level > 1 else "",
            "",
            f"{address}#{section.anchor}" if section.anchor else address,
            text,
            tuple((public(to), said) for to, said in section.links),
        )
        for section in read.sections
        if (text := "\n".join(line for line in section.text.split("\n") if not _DATED.match(line)))
    )
    return NhsPage(
        name,
        address,
        _words(read.linked("genre")),
        description,
        (),
        _brands(description, seen[:500]),
        iso(_word(read.linked("dateModified"))),
        iso(reviewed) or linked[0],
        iso(due) or linked[1],
        parts,
    )


def _reviews(value: Any) -> tuple[str, str]:
    """The day of the last review and the day on which the next is due, as `lastReviewed` lists them."""
    found = [iso(each) for each in _words(value)]
    return (found[0] if found else "", found[1] if len(found) > 1 else "")


def _brands(*texts: str) -> tuple[str, ...]:
    found = (match for text in texts for match in _BRANDS.findall(text))
    return tuple(
        dict.fromkeys(name.strip() for each in found for name in re.split(r",| and | or ", each) if name.strip())
    )


def _word(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _words(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(found for each in values if (found := _word(each)))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
