"""Reads topics of UpToDate that a subscriber exported: sections, graded recommendations, references, calculators.

The publisher documents no export format. What is read here, and no more:

- HTML, a printed or saved topic: the h1; "Literature review current through:" and "This topic last updated:" with
  their dates; "Authors:" (or Author, Section Editor, Deputy Editor) with names; sections under headings, the last of
  them REFERENCES with one reference a line, its PMID in the line or in a link to PubMed; "Topic 2905 Version 41.0".
  The same in Chinese, as uptodate.cn has it.
- JSON, an object with `topicInfo` (id, title, version, lastUpdated, literatureReviewedThrough, contributors by role,
  languageCode, url), `bodyHtml` as above, and `references` (number, citation, pmid).

Recommendations bear their grade as described in https://www.uptodate.com/home/grading-guide: a number for the strength
of the recommendation and a letter for the quality of the evidence, "(Grade 1B)". Links to addresses that hold
`calculator` lead to calculators, `drug-information` to monographs, other `/contents/` to topics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.html_page import Section, fragment, page
from probatum.formats.reading import loads
from probatum.text.dates import first_iso, iso
from probatum.text.sentences import sentences
from probatum.types import Pairs

SITE = "https://www.uptodate.com/contents/"
_GRADE = re.compile(r"Grade\s*([12])\s*([ABC])\b")
_CITED = re.compile(r"\[(\d+(?:\s*[-–,]\s*\d+)*)\]")
_WHEN = r"[:：]?\s*(\d{4}-\d{2}(?:-\d{2})?|[\w ,.]+?\d{4})"
_THROUGH = re.compile(rf"(?:Literature review current through|文献评审有效期至){_WHEN}", re.IGNORECASE)
_UPDATED = re.compile(rf"(?:This topic last updated|专题最后更新日期){_WHEN}", re.IGNORECASE)
_VERSION = re.compile(r"(?:Topic|专题)\s*(\d+)\s*(?:Version|版本)\s*([\d.]+)")
_ROLE = re.compile(
    r"(Authors?|Section Editors?|Deputy Editors?|Editors?|作者|分部编辑|副主编|翻译)[:：]\s*(.+)", re.IGNORECASE
)
_PMID = re.compile(r"(?:PMID:?|PubMed)\s*(\d{1,8})\b", re.IGNORECASE)
_PUBMED = re.compile(r"(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?|/pubmed)/(?:\?term=)?(\d{1,8})\b")
_NUMBER = re.compile(r"^(\d{1,4})[.)]?\s+")
_CONTENTS = re.compile(r"(?:^|/)contents/(?:[a-z]{2}(?:-[A-Z][a-z]+)?/)?([\w-]+)")


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the reference list."""

    number: int
    citation: str
    pmid: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One graded sentence."""

    text: str  # without the marks of references, which are `cites`
    grade: str  # as written: Grade 1B
    strength: str  # 1 strong, 2 weak
    quality: str  # A high, B moderate, C low
    section: str
    anchor: str
    cites: tuple[int, ...]
    links: Pairs  # (slug, words) that stand in the sentence


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic."""

    id: str  # its number, or the last part of its address
    title: str
    address: str
    version: str
    language: str
    reviewed: str  # the day or month through which the literature was read, ISO
    updated: str
    contributors: Pairs  # (role, name)
    sections: tuple[Section, ...]
    recommendations: tuple[Recommendation, ...]
    references: tuple[Reference, ...]
    links: Pairs  # (slug, words) to calculators, drugs and topics

    def pmids(self, cites: tuple[int, ...]) -> tuple[str, ...]:
        """The publications that these marks point at, as CURIEs."""
        known = {each.number: each.pmid for each in self.references if each.pmid}
        return tuple(f"PMID:{known[number]}" for number in cites if number in known)


def topic(data: bytes, where: str) -> Topic:
    """The topic that a file holds, JSON or HTML as described above. Raises `BadFormat`."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return _of_json(loads(data, where), where)
    read = page(data, where)
    seen = "\n".join(section.text for section in read.sections)
    version, through, updated = _VERSION.search(seen), _THROUGH.search(seen), _UPDATED.search(seen)
    slug = slug_of(read.address)
    if not version and not slug:
        raise BadFormat("a topic needs its number (Topic ... Version ...) or its address", where=where)
    roles = (found for line in seen.split("\n") if (found := _ROLE.match(line)))
    return _topic(
        read.sections,
        tuple(_listed(section) for section in read.sections if _is_list(section)),
        id=version[1] if version else slug,
        title=read.title,
        address=read.address or f"{SITE}{slug}",
        version=version[2] if version else "",
        language=read.language,
        reviewed=iso(through[1]) or first_iso(through[1]) if through else "",
        updated=iso(updated[1]) or first_iso(updated[1]) if updated else "",
        contributors=tuple((found[1].rstrip("s").lower(), name) for found in roles for name in _names(found[2])),
    )


def slug_of(address: str) -> str:
    """The last part of the address of a topic, a calculator or a monograph; empty where it is none of these."""
    found = _CONTENTS.search(address)
    return found[1] if found else ""


def cited(text: str) -> tuple[int, ...]:
    """The numbers that the marks of a text hold, each once: "[1,4-6]" is 1, 4, 5, 6."""
    numbers: dict[int, None] = {}
    for found in _CITED.finditer(text):
        for part in found[1].replace("–", "-").split(","):
            first, _, last = part.strip().partition("-")
            low, high = int(first), int(last.strip() or first)
            numbers |= dict.fromkeys(range(low, min(high, low + 100) + 1))
    return tuple(numbers)


def unmarked(text: str) -> str:
    """A text without its marks: they point into the topic's own list, and nowhere else."""
    return re.sub(r"\s+([.,;:])", r"\1", _CITED.sub("", text)).strip()


def _of_json(value: Any, where: str) -> Topic:
    info = value.get("topicInfo") if isinstance(value, dict) else None
    if not isinstance(info, dict) or not _word(info.get("title")) or not _word(info.get("id")):
        raise BadFormat("an object with topicInfo (id, title) was expected", where=where)
    sections = fragment(_word(value.get("bodyHtml")), where)
    if not sections:
        raise BadFormat("a topic without a body", where=where)
    roles = info.get("contributors")
    people = roles.items() if isinstance(roles, dict) else ()
    listed = tuple(
        Reference(
            int(number), _word(each.get("citation")), pmid if (pmid := _word(each.get("pmid"))).isdecimal() else ""
        )
        for each in _dicts(value.get("references"))
        if (number := _word(each.get("number"))).isdecimal() and len(number) < 6
    )
    id_ = _word(info.get("id"))
    return _topic(
        sections,
        (listed, *(_listed(section) for section in sections if _is_list(section))),
        id=id_,
        title=_word(info.get("title")),
        address=_word(info.get("url")) or f"{SITE}{id_}",
        version=_word(info.get("version")),
        language=_word(info.get("languageCode")) or "en",
        reviewed=iso(_word(info.get("literatureReviewedThrough"))),
        updated=iso(_word(info.get("lastUpdated"))),
        contributors=tuple(
            (role, name) for role, names in people if isinstance(names, list) for each in names if (name := _word(each))
        ),
    )


def _topic(sections: tuple[Section, ...], lists: tuple[tuple[Reference, ...], ...], **said: Any) -> Topic:
    text = tuple(section for section in sections if section.text and not _is_list(section))
    links = ((slug_of(to), words) for section in text for to, words in section.links if slug_of(to))
    return Topic(
        sections=text,
        recommendations=tuple(each for section in text for each in _graded(section)),
        references=next((listed for listed in lists if listed), ()),
        links=tuple(dict.fromkeys(links)),
        **said,
    )


def _graded(section: Section) -> Iterator[Recommendation]:
    for start, end in sentences(section.text):
        sentence = section.text[start:end]
        grade = _GRADE.search(sentence)
        if not grade:
            continue
        inside = ((slug_of(to), words) for to, words in section.links if slug_of(to) and words and words in sentence)
        yield Recommendation(
            text=unmarked(" ".join(sentence.split())),
            grade=f"Grade {grade[1]}{grade[2]}",
            strength=grade[1],
            quality=grade[2],
            section=": ".join((*section.above[1:], section.heading)) if section.above else section.heading,
            anchor=section.anchor,
            cites=cited(sentence),
            links=tuple(dict.fromkeys(inside)),
        )


def _is_list(section: Section) -> bool:
    return section.heading.strip().casefold() in {"references", "参考文献"}


def _listed(section: Section) -> tuple[Reference, ...]:
    """The references of a section, one a line; where the lines bear no numbers, counted from 1."""
    linked = [(hit[1], words) for to, words in section.links if (hit := _PUBMED.search(to)) and words]
    found: list[Reference] = []
    lines = (line for line in section.text.split("\n") if not _VERSION.match(line))
    for place, line in enumerate(lines, 1):
        number, pmid = _NUMBER.match(line), _PMID.search(line)
        of_link = next((id_ for id_, words in linked if words in line), "")
        text = line[number.end() :] if number else line
        text = _PMID.sub("", text).strip()
        found.append(Reference(int(number[1]) if number else place, text, pmid[1] if pmid else of_link))
    return tuple(found)


def _names(written: str) -> list[str]:
    return [name.strip() for name in re.split(r";|；|、|\s{2,}", written) if name.strip()]


def _word(value: Any) -> str:
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
