"""Reads DrugBank's full database: drugs with their texts, interactions, targets, pathways and identifiers.

Layout: the schema drugbank.xsd of version 5.1 (https://docs.drugbank.com/xml and https://go.drugbank.com/docs/drugbank.xsd).
Prices, packagers, manufacturers, patents, sequences and chemical properties are left aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from probatum.errors import BadFormat
from probatum.formats.reading import QUOTED
from probatum.formats.xml_records import beginning, records, text
from probatum.types import Malformed, Pairs

NS = "{http://www.drugbank.ca}"
SECTIONS = (
    "description", "indication", "pharmacodynamics", "mechanism-of-action", "toxicity", "metabolism", "absorption",
    "half-life", "protein-binding", "route-of-elimination", "volume-of-distribution", "clearance",
)  # fmt: skip
ROLES = {"targets": "target", "enzymes": "enzyme", "carriers": "carrier", "transporters": "transporter"}
_ID = re.compile(r"DB\d{5}|DB\d{6}")
_CITED = re.compile(r"\s?\[([A-Z]\d+(?:\s*,\s*[A-Z]\d+)*)\]")
_LINKED = re.compile(r"\[([^\[\]]+)\]")
_TAG = re.compile(r"</?(?:sub|sup|i|b|em|strong)>")


@dataclass(frozen=True, slots=True)
class Text:
    """One of the long fields, without its marks, with what the marks cite."""

    section: str
    text: str
    references: tuple[str, ...]  # PMID:..., ISBN:... or an address


@dataclass(frozen=True, slots=True)
class Interaction:
    """Another drug that this one interacts with, and how, in a sentence."""

    drug: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Polypeptide:
    """One protein chain."""

    id: str  # accession in UniProt
    name: str
    gene: str
    organism: str
    taxon: str
    xrefs: Pairs  # (resource, identifier)
    synonyms: tuple[str, ...]
    function: str


@dataclass(frozen=True, slots=True)
class Partner:
    """What a drug acts on or is acted on by: a target, an enzyme, a carrier, a transporter."""

    role: str
    id: str  # BE0000048
    name: str
    organism: str
    known_action: str  # yes, no, unknown: whether the effect of the drug rests on it
    actions: tuple[str, ...]
    strengths: Pairs  # (inhibition or induction, strength) of an enzyme
    references: tuple[str, ...]
    polypeptides: tuple[Polypeptide, ...]


@dataclass(frozen=True, slots=True)
class Pathway:
    """One pathway of SMPDB with the drugs and enzymes in it."""

    id: str
    name: str
    category: str
    drugs: tuple[str, ...]
    enzymes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reaction:
    """One step of the drug's metabolism."""

    left: tuple[str, str]  # (id, name)
    right: tuple[str, str]
    enzymes: tuple[str, ...]  # accessions in UniProt


@dataclass(frozen=True, slots=True)
class Drug:
    """One drug."""

    line: int
    id: str  # DB00682
    others: tuple[str, ...]  # ids that older releases gave it
    name: str
    type: str  # small molecule or biotech
    updated: str
    cas: str
    unii: str
    groups: tuple[str, ...]
    texts: tuple[Text, ...]
    references: tuple[str, ...]
    synonyms: tuple[tuple[str, str, str], ...]  # (text, language, coder)
    brands: tuple[str, ...]
    mixtures: Pairs  # (name, ingredients)
    salts: tuple[tuple[str, str, str], ...]  # (id, name, unii)
    categories: Pairs  # (name, MeSH id)
    dosages: tuple[tuple[str, str, str], ...]  # (form, route, strength)
    atc: tuple[Pairs, ...]  # each (code, name) from the drug's own code up to the anatomical group
    food: tuple[str, ...]
    interactions: tuple[Interaction, ...]
    xrefs: Pairs  # (resource, identifier)
    pathways: tuple[Pathway, ...]
    reactions: tuple[Reaction, ...]
    partners: tuple[Partner, ...]


def release(path: Path) -> str:
    """The release that the file states, version and day of export: 5.1_2025-01-02. Raises `BadFormat`."""
    said = beginning(path, f"{NS}drugbank")
    return "_".join(part for part in (said.get("version", ""), said.get("exported-on", "")) if part)


def drugs(path: Path) -> Iterator[Drug | Malformed]:
    """Every drug, in the order of the file; one without an id or a name is `Malformed`. Raises `BadFormat`."""
    found = 0
    for element in records(path, f"{NS}drug", f"{NS}drugbank"):
        found += 1
        line = element.sourceline or 0
        ids = [text(each) for each in element.findall(f"{NS}drugbank-id")]
        primary = _at(element, "drugbank-id[@primary='true']") or next(iter(ids), "")
        name = _at(element, "name")
        if not _ID.fullmatch(primary) or not name:
            reason = "a drug needs an id DB and five digits, and a name"
            yield Malformed(path.name, line, reason, f"{primary} {name}"[:QUOTED])
            continue
        yield _drug(element, line, primary, tuple(id_ for id_ in ids if id_ not in {primary, ""}), name)
    if not found:
        raise BadFormat("no drug in the file", where=str(path))


def _drug(element: etree._Element, line: int, primary: str, others: tuple[str, ...], name: str) -> Drug:
    cited = _references(element.find(f"{NS}general-references"))
    return Drug(
        line=line,
        id=primary,
        others=others,
        name=name,
        type=element.get("type", ""),
        updated=element.get("updated", ""),
        cas=_at(element, "cas-number"),
        unii=_at(element, "unii"),
        groups=_texts(element, "groups/group"),
        texts=tuple(_long(element, section, cited) for section in SECTIONS if _at(element, section)),
        references=tuple(dict.fromkeys(cited.values())),
        synonyms=tuple(
            (text(each), each.get("language", ""), each.get("coder", ""))
            for each in _all(element, "synonyms/synonym")
            if text(each)
        ),
        brands=tuple(
            dict.fromkeys(
                (
                    *_texts(element, "international-brands/international-brand/name"),
                    *_texts(element, "brands/brand"),
                    *_texts(element, "products/product/name"),
                )
            )
        ),
        mixtures=_pairs(element, "mixtures/mixture", "name", "ingredients"),
        salts=tuple(
            (_at(each, "drugbank-id"), _at(each, "name"), _at(each, "unii")) for each in _all(element, "salts/salt")
        ),
        categories=_pairs(element, "categories/category", "category", "mesh-id"),
        dosages=tuple(
            dict.fromkeys(
                (_at(each, "form"), _at(each, "route"), _at(each, "strength"))
                for each in _all(element, "dosages/dosage")
            )
        ),
        atc=tuple(
            ((each.get("code", ""), name), *((level.get("code", ""), text(level)) for level in _all(each, "level")))
            for each in _all(element, "atc-codes/atc-code")
        ),
        food=_texts(element, "food-interactions/food-interaction"),
        interactions=tuple(
            Interaction(_at(each, "drugbank-id"), _at(each, "name"), _at(each, "description"))
            for each in _all(element, "drug-interactions/drug-interaction")
        ),
        xrefs=_pairs(element, "external-identifiers/external-identifier", "resource", "identifier"),
        pathways=tuple(_pathway(each) for each in _all(element, "pathways/pathway")),
        reactions=tuple(_reaction(each) for each in _all(element, "reactions/reaction")),
        partners=tuple(
            _partner(each, role) for group, role in ROLES.items() for each in _all(element, f"{group}/{role}")
        ),
    )


def _long(element: etree._Element, section: str, cited: dict[str, str]) -> Text:
    """A long field; its marks [A1, L2] become references, its links [aspirin] plain words."""
    written = element.findtext(f"{NS}{section}") or ""
    marks = [mark.strip() for found in _CITED.finditer(written) for mark in found[1].split(",")]
    plain = _TAG.sub("", _LINKED.sub(r"\1", _CITED.sub("", written)))
    paragraphs = [" ".join(paragraph.split()) for paragraph in re.split(r"\r?\n\s*\r?\n", plain)]
    references = tuple(dict.fromkeys(cited[mark] for mark in marks if mark in cited))
    return Text(section, "\n\n".join(paragraph for paragraph in paragraphs if paragraph), references)


def _references(element: etree._Element | None) -> dict[str, str]:
    """What a reference list cites, by the mark that stands in texts (or by place, where it has none)."""
    found: dict[str, str] = {}
    if element is None:
        return found
    for place, prefix, tag in (
        ("articles/article", "PMID:", "pubmed-id"),
        ("textbooks/textbook", "ISBN:", "isbn"),
        ("links/link", "", "url"),
    ):
        for each in _all(element, place):
            if value := _at(each, tag):
                found[_at(each, "ref-id") or f"{place} {len(found)}"] = prefix + value
    return found


def _partner(element: etree._Element, role: str) -> Partner:
    return Partner(
        role=role,
        id=_at(element, "id"),
        name=_at(element, "name"),
        organism=_at(element, "organism"),
        known_action=_at(element, "known-action"),
        actions=_texts(element, "actions/action"),
        strengths=tuple(
            (what, strength) for what in ("inhibition", "induction") if (strength := _at(element, f"{what}-strength"))
        ),
        references=tuple(dict.fromkeys(_references(element.find(f"{NS}references")).values())),
        polypeptides=tuple(_polypeptide(each) for each in _all(element, "polypeptide")),
    )


def _polypeptide(element: etree._Element) -> Polypeptide:
    organism = element.find(f"{NS}organism")
    return Polypeptide(
        id=element.get("id", "").strip(),
        name=_at(element, "name"),
        gene=_at(element, "gene-name"),
        organism=text(organism),
        taxon="" if organism is None else organism.get("ncbi-taxonomy-id", ""),
        xrefs=_pairs(element, "external-identifiers/external-identifier", "resource", "identifier"),
        synonyms=_texts(element, "synonyms/synonym"),
        function=_at(element, "specific-function"),
    )


def _pathway(element: etree._Element) -> Pathway:
    return Pathway(
        _at(element, "smpdb-id"),
        _at(element, "name"),
        _at(element, "category"),
        _texts(element, "drugs/drug/drugbank-id"),
        _texts(element, "enzymes/uniprot-id"),
    )


def _reaction(element: etree._Element) -> Reaction:
    left, right = (
        (_at(element, f"{side}-element/drugbank-id"), _at(element, f"{side}-element/name"))
        for side in ("left", "right")
    )
    return Reaction(left, right, _texts(element, "enzymes/enzyme/uniprot-id"))


@cache
def _path(place: str) -> str:
    return "/".join(f"{NS}{step}" for step in place.split("/"))


def _all(element: etree._Element, place: str) -> list[etree._Element]:
    return list(element.findall(_path(place)))


def _at(element: etree._Element, place: str) -> str:
    return text(element.find(_path(place)))


def _texts(element: etree._Element, place: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for each in _all(element, place) if (found := text(each))))


def _pairs(element: etree._Element, place: str, first: str, second: str) -> Pairs:
    found = ((_at(each, first), _at(each, second)) for each in _all(element, place))
    return tuple(dict.fromkeys((one, other) for one, other in found if one))
