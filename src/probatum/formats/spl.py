"""Reads drug labels as the FDA takes them and DailyMed gives them out: HL7 Structured Product Labeling (SPL).

Layout: the SPL implementation guide (https://www.fda.gov/industry/fda-data-standards-advisory-board/structured-product-
labeling-resources) and https://dailymed.nlm.nih.gov/dailymed/spl-resources.cfm: a `document` in urn:hl7-org:v3 with
setId, versionNumber, effectiveTime, the labeler as author, sections coded in LOINC, products with NDC, ingredients with
UNII, dose forms and routes of the NCI thesaurus.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from probatum.errors import BadFormat
from probatum.formats.xml_records import document, text
from probatum.text.dates import iso
from probatum.types import Pairs

NS = "{urn:hl7-org:v3}"
LOINC, NDC, UNII, NCIT = (f"2.16.840.1.113883.{end}" for end in ("6.1", "6.69", "4.9", "3.26.1.1"))
ACTIVE = {"ACTIB", "ACTIM", "ACTIR"}  # by the moiety that is the basis of strength
_PRODUCTS = (f"{NS}manufacturedProduct", f"{NS}manufacturedMedicine")
_LINES = {f"{NS}{tag}" for tag in ("paragraph", "item", "tr", "br", "caption", "title", "list", "table")}


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One substance of a product."""

    unii: str
    name: str
    active: bool
    strength: str  # 5 mg / 1; empty where none is told
    moieties: tuple[tuple[str, str], ...]  # (UNII, name) of what acts, where the substance is a salt


@dataclass(frozen=True, slots=True)
class Product:
    """One product of a label."""

    ndc: str  # labeler and product part
    name: str
    generic: str
    form: tuple[str, str]  # (NCI thesaurus code, words)
    routes: tuple[tuple[str, str], ...]
    ingredients: tuple[Ingredient, ...]
    approval: str  # NDA009218 ...
    marketed: str  # ISO date on which it came to the market


@dataclass(frozen=True, slots=True)
class LabelSection:
    """One section of a label, without the sections within it."""

    id: str
    loinc: str
    kind: str  # LOINC's words for it
    title: str
    above: Pairs  # (LOINC code, title) of the sections around it, the outermost first
    text: str
    effective: str  # ISO date


@dataclass(frozen=True, slots=True)
class DrugLabel:
    """One version of one label."""

    set_id: str
    version: str
    effective: str
    kind: str  # HUMAN PRESCRIPTION DRUG LABEL ...
    title: str
    labeler: str
    products: tuple[Product, ...]
    sections: tuple[LabelSection, ...]


def drug_label(data: bytes, where: str) -> DrugLabel:
    """The label that one XML file holds. Raises `BadFormat` where it is not SPL or has no set id."""
    root = document(data, where, f"{NS}document")
    set_id = _value(root, "setId", "root")
    if not re.fullmatch(r"[0-9A-Za-z-]{8,64}", set_id):
        raise BadFormat("a label needs a set id", where=where)
    code = root.find(f"{NS}code")
    return DrugLabel(
        set_id=set_id.lower(),
        version=_value(root, "versionNumber", "value"),
        effective=iso(_value(root, "effectiveTime", "value")),
        kind="" if code is None else code.get("displayName", ""),
        title=text(root.find(f"{NS}title")),
        labeler=text(root.find(f"{NS}author//{NS}representedOrganization/{NS}name")),
        products=tuple(_product(each) for each in root.iter(*_PRODUCTS) if _is_product(each)),
        sections=tuple(_sections(root, ())),
    )


def _is_product(element: etree._Element) -> bool:
    """The inner of two elements is the product: manufacturedProduct, or in older files manufacturedMedicine."""
    return element.find(f"{NS}name") is not None and all(element.find(tag) is None for tag in _PRODUCTS)


def _product(element: etree._Element) -> Product:
    outer = element.getparent()
    outer = element if outer is None else outer
    form = element.find(f"{NS}formCode")
    return Product(
        ndc=_code(element.find(f"{NS}code"), NDC),
        name=_named(element),
        generic=text(element.find(f"{NS}asEntityWithGeneric/{NS}genericMedicine/{NS}name")),
        form=_coded(form),
        routes=tuple(dict.fromkeys(_coded(each) for each in outer.iter(f"{NS}routeCode") if _coded(each)[0])),
        ingredients=tuple(_ingredients(element)),
        approval=_value(outer, f"subjectOf/{NS}approval/{NS}id", "extension"),
        marketed=iso(_value(outer, f"subjectOf/{NS}marketingAct/{NS}effectiveTime/{NS}low", "value")),
    )


def _ingredients(element: etree._Element) -> Iterator[Ingredient]:
    """Both spellings: <ingredient classCode="ACTIB"> of today, <activeIngredient> of older files."""
    for each in element:
        tag = etree.QName(each).localname if isinstance(each.tag, str) else ""
        if tag not in {"ingredient", "activeIngredient", "inactiveIngredient"}:
            continue
        substance = next((inner for inner in each if str(inner.tag).endswith("Substance")), None)
        if substance is None:
            continue
        moieties = (moiety for moiety in substance.iter(f"{NS}activeMoiety") if moiety.find(f"{NS}name") is not None)
        yield Ingredient(
            unii=_code(substance.find(f"{NS}code"), UNII),
            name=text(substance.find(f"{NS}name")),
            active=tag == "activeIngredient" or each.get("classCode", "") in ACTIVE,
            strength=_strength(each.find(f"{NS}quantity")),
            moieties=tuple((_code(one.find(f"{NS}code"), UNII), text(one.find(f"{NS}name"))) for one in moieties),
        )


def _strength(quantity: etree._Element | None) -> str:
    if quantity is None:
        return ""
    parts = []
    for side in ("numerator", "denominator"):
        found = quantity.find(f"{NS}{side}")
        if found is not None and found.get("value"):
            unit = found.get("unit", "1")
            parts.append(f"{found.get('value')} {unit}" if unit != "1" else str(found.get("value")))
    return " / ".join(parts)


def _sections(element: etree._Element, above: Pairs) -> Iterator[LabelSection]:
    """The sections under an element, each before those within it; libxml2 allows no deeper nesting than 256."""
    for section in element.iterfind(f"{NS}component/{NS}section"):
        code = section.find(f"{NS}code")
        title = text(section.find(f"{NS}title"))
        found = LabelSection(
            id=_value(section, "id", "root") or section.get("ID", ""),
            loinc=_code(code, LOINC),
            kind="" if code is None else code.get("displayName", ""),
            title=title,
            above=above,
            text=_lines(section.find(f"{NS}text")),
            effective=iso(_value(section, "effectiveTime", "value")),
        )
        if found.text:
            yield found
        yield from _sections(section, (*above, (found.loinc, title)))
    for body in element.iterfind(f"{NS}component/{NS}structuredBody"):
        yield from _sections(body, above)


def _lines(element: etree._Element | None) -> str:
    """The text of a section, a line for each paragraph, item and row; cells of a row apart by " | "."""
    if element is None:
        return ""
    parts: list[str] = []
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if each.tag in _LINES:
            parts.append("\n")
        elif each.tag in {f"{NS}td", f"{NS}th"} and event == "start" and each.getprevious() is not None:
            parts.append(" | ")
        said = each.text if event == "start" else (each.tail if each is not element else None)
        parts.append((said or "").replace("\n", " "))
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _named(element: etree._Element) -> str:
    suffix = text(element.find(f"{NS}name/{NS}suffix"))
    name = text(element.find(f"{NS}name"))
    return f"{name.removesuffix(suffix).strip()} {suffix}".strip() if suffix else name


def _code(element: etree._Element | None, system: str) -> str:
    if element is None or element.get("codeSystem", "") != system:
        return ""
    return str(element.get("code", "")).strip()


def _coded(element: etree._Element | None) -> tuple[str, str]:
    return ("", "") if element is None else (_code(element, NCIT), element.get("displayName", ""))


def _value(element: etree._Element, place: str, attribute: str) -> str:
    found = element.find(f"{NS}{place}")
    return "" if found is None else str(found.get(attribute, "")).strip()
