"""Reads monograph pages of Drugs.com that a reader saved: what a drug is for, its dose, dangers, interactions.

Layout: the consumer pages of https://www.drugs.com/drug_information.html and the professional ones under
https://www.drugs.com/monograph/. A block under the h1 names the generic name, brands, dosage forms and class and says
who reviewed the page and when; each h2 (`id` uses, warnings, before-taking, dosage, side-effects, interactions ...)
begins a section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from probatum.errors import BadFormat
from probatum.formats.html_page import Section, page
from probatum.text.dates import first_iso

# the fields, and how a heading is known to belong to each; the first that fits counts
_FIELDS = tuple(
    (name, re.compile(words, re.IGNORECASE))
    for name, words in (
        ("pregnancy", r"pregnan"),
        ("breastfeeding", r"breast-?\s?feeding|lactation"),
        ("interactions", r"interact|other (?:drugs|medicines)"),
        ("side_effects", r"side effect|adverse (?:reaction|effect)"),
        ("overdose", r"overdos"),
        ("missed_dose", r"miss(?:ed)? (?:a )?dose"),
        ("dosage", r"\bdos(?:age|ing)\b|how (?:should|to|do) .*(?:take|use|given)"),
        ("before_taking", r"before (?:taking|using|receiving)"),
        ("avoid", r"\bavoid\b"),
        ("warnings", r"warning|important information|contraindicat|precaution"),
        ("storage", r"\bstor(?:e|age|ing)\b"),
        ("uses", r"^uses?\b|\buses\b|what is |used for|indication"),
    )
)
_ANCHORS = {name.replace("_", "-"): name for name, _ in _FIELDS} | {"missed-dose": "missed_dose"}
_LINE = re.compile(r"(Generic name|Brand names?|Dosage forms?|Drug class(?:es)?):\s*(.+)", re.IGNORECASE)
_SAID = re.compile(r"\s*\[[^\]]*\]")  # how a name is pronounced
_REVIEWED = re.compile(r"Medically reviewed by\s+(.+?)\.?\s*(?:Last updated|\bon\b|$)", re.IGNORECASE | re.MULTILINE)
_UPDATED = re.compile(r"(?:Last updated|Medically reviewed)(?: on|:)?\s+([\w ,.]+?\d{4})", re.IGNORECASE)
_KIND = re.compile(r"\s*\(?monograph(?: for professionals)?\)?\s*$", re.IGNORECASE)
_MOTHER = re.compile(r"pregnan|breast-?\s?fe|unborn|nursing", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a monograph and the section that it was read from."""

    name: str  # uses, warnings, dosage, side_effects, interactions, pregnancy ...
    heading: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Monograph:
    """One page."""

    title: str
    address: str
    generic: str
    brands: tuple[str, ...]
    forms: tuple[str, ...]
    classes: tuple[str, ...]
    reviewer: str
    reviewed: str  # ISO date
    fields: tuple[Field, ...]

    def field(self, name: str) -> str:
        """The text of a field, of all its sections; empty where the page has none."""
        return "\n".join(each.text for each in self.fields if each.name == name)


def monograph(data: bytes, where: str) -> Monograph:
    """The monograph that a saved page holds; raises `BadFormat` where none of its headings is one of a monograph.

    Where pregnancy has no heading of its own, the lines on it in another section are its field, cited with that
    section.
    """
    read = page(data, where)
    head = [section for section in read.sections if section.level <= 1]
    said = {
        found[1].split()[0].lower(): found[2]
        for section in head
        for line in section.text.split("\n")
        if (found := _LINE.match(line))
    }
    seen = "\n".join(section.text for section in head) + "\n"
    fields = tuple(_fields(section for section in read.sections if section.level > 1))
    if not fields:
        raise BadFormat("none of the headings of a monograph (uses, warnings, dosage ...)", where=where)
    reviewer, updated = _REVIEWED.search(seen), _UPDATED.search(seen)
    return Monograph(
        title=_KIND.sub("", read.title) or read.title,
        address=read.address,
        generic=_SAID.sub("", said.get("generic", "")).strip(),
        brands=_listed(said.get("brand", "")),
        forms=_listed(said.get("dosage", "")),
        classes=_listed(said.get("drug", "")),
        reviewer=reviewer[1] if reviewer else "",
        reviewed=first_iso(updated[1]) if updated else "",
        fields=fields,
    )


def _fields(sections: Iterator[Section]) -> Iterator[Field]:
    found: list[Field] = []
    current = ""
    for section in sections:
        name = _ANCHORS.get(section.anchor, "") if section.level == 2 else ""
        name = name or next((field for field, words in _FIELDS if words.search(section.heading)), "")
        if section.level == 2:
            current = name
        name = name or current  # what stands under a smaller heading belongs to the greater one
        if name and section.text:
            found.append(Field(name, section.heading, section.anchor, section.text))
    yield from found
    if any(field.name == "pregnancy" for field in found):
        return
    for field in found:
        lines = [line for line in field.text.split("\n") if _MOTHER.search(line)]
        if lines and field.name in {"before_taking", "warnings", "uses"}:
            yield replace(field, name="pregnancy", text="\n".join(lines))


def _listed(written: str) -> tuple[str, ...]:
    """The members of a list; what a bracket holds, and "show all" at its end, are no members."""
    plain = re.sub(r"\s*\([^)]*\)|\.\.\.\s*show all.*|\s*show all.*", "", _SAID.sub("", written), flags=re.IGNORECASE)
    return tuple(dict.fromkeys(name.strip(" .") for name in re.split(r"[,;]", plain) if name.strip(" .")))
