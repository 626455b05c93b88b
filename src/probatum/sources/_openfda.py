"""How records of openFDA become facts: labels, products, approvals, reports of adverse events."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from probatum.sources._labels import CODES
from probatum.sources._pages import said, slug
from probatum.text.dates import iso
from probatum.types import Concept, Fact, Name, Origin, Passage, Relation

Record = dict[str, Any]
Make = Callable[..., Origin]
SITE = "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid="
HOLDS, PART = "biolink:has_active_ingredient", "biolink:has_part"
_CLASS = re.compile(r"(.+?)\s*\[(EPC|MoA|CS|PE|EXT|Chemical/Ingredient)\]")
_SET = re.compile(r"[0-9A-Za-z-]{8,64}")


def words(record: Record, *keys: str) -> tuple[str, ...]:
    """The texts under the first of these keys that has any: a list of them, or one."""
    for key in keys:
        value = record.get(key)
        values = value if isinstance(value, list) else [value]
        if found := tuple(dict.fromkeys(each.strip() for each in values if isinstance(each, str) and each.strip())):
            return found
    return ()


def word(record: Record, *keys: str) -> str:
    """The first of those texts, or an empty one."""
    return next(iter(words(record, *keys)), "")


def inner(record: Record, key: str) -> Record:
    """The object under a key; empty where there is none."""
    value = record.get(key)
    return value if isinstance(value, dict) else {}


def objects(record: Record, key: str) -> list[Record]:
    """The objects of a list under a key."""
    value = record.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


# --- labels ---


def is_label(record: Record) -> bool:
    """Whether a record is a label: it has a set id."""
    return bool(_SET.fullmatch(word(record, "set_id") or word(inner(record, "openfda"), "spl_set_id")))


def label(record: Record, origin: Make) -> Iterator[Fact]:
    """The label under the id that DailyMed gives it, what is in it, its classes and its sections."""
    known = inner(record, "openfda")
    set_id = (word(record, "set_id") or word(known, "spl_set_id")).lower()
    here, address = f"SPL:{set_id}", f"{SITE}{set_id}"
    at = origin(f"{set_id} version {word(record, 'version')}".removesuffix(" version "))
    names = dict.fromkeys((*words(known, "brand_name"), *words(known, "generic_name"), *words(known, "substance_name")))
    first = next(iter(names), here)
    yield Concept(here, first, "Drug", at, tuple(Name(name, "en", "exact") for name in names if name != first))
    yield from _known(here, known, at, origin)
    since = iso(word(record, "effective_time"))
    for section in sorted(record):
        texts = words(record, section) if isinstance(record[section], list) and not section.endswith("_table") else ()
        if texts:
            code = f"LNC:{CODES[section]}" if section in CODES else ""
            about = [("section", section), ("section_code", code), ("valid_from", since), ("jurisdiction", "US")]
            yield Passage(
                id=f"openfda:{set_id}#{section}",
                text="\n\n".join(texts),
                title=f"{first}: {section.replace('_', ' ')}",
                language="en",
                origin=origin(f"{address}#{section}"),
                about=(here,),
                qualifiers=said([*about, ("url", address)]),
            )


def _known(here: str, known: Record, at: Origin, origin: Make) -> Iterator[Fact]:
    """What openFDA adds to a record: substances, RxNorm ids, NDCs, pharmacological classes."""
    yield from _substances(here, words(known, "unii"), words(known, "substance_name"), at, origin)
    for prefix, key in (("RXCUI", "rxcui"), ("NDC", "product_ndc")):
        for id_ in words(known, key):
            if f"{prefix}:{id_}" != here:
                yield Relation(here, PART, f"{prefix}:{id_}", at, qualifiers=(("aspect", "product"),))
    for key in ("pharm_class_epc", "pharm_class_moa", "pharm_class_cs", "pharm_class_pe"):
        for name in words(known, key):
            yield from _class(here, name, at, origin)


def _substances(
    here: str, uniis: tuple[str, ...], names: tuple[str, ...], at: Origin, origin: Make, *, dose: str = ""
) -> Iterator[Fact]:
    """Active substances by UNII; their names only where there is one of each, for the two lists share no order."""
    for unii in uniis:
        if len(uniis) == len(names) == 1:
            yield Concept(f"UNII:{unii}", names[0], "ChemicalEntity", origin(f"UNII:{unii}"))
        yield Relation(here, HOLDS, f"UNII:{unii}", at, qualifiers=said([("dose", dose)]))


def _class(here: str, written: str, at: Origin, origin: Make) -> Iterator[Fact]:
    found = _CLASS.fullmatch(written)
    name, aspect = (found[1], found[2]) if found else (written, "")
    there = f"openfda.class:{slug(written)}"
    yield Concept(there, name, "OntologyClass", origin(there))
    claim = [("aspect", aspect), ("original_predicate", "pharmacologic class")]
    yield Relation(here, "biolink:member_of", there, at, qualifiers=said(claim))


# --- products and approvals ---


def product(record: Record, origin: Make) -> Iterator[Fact]:
    """A product of the National Drug Code directory with its substances, classes and label."""
    here, known = f"NDC:{word(record, 'product_ndc')}", inner(record, "openfda")
    at = origin(word(record, "product_ndc"))
    name, generic = word(record, "brand_name") or word(record, "generic_name") or here, word(record, "generic_name")
    yield Concept(here, name, "Drug", at, (Name(generic, "en", "broad"),) if generic not in {"", name} else ())
    ingredients = objects(record, "active_ingredients")
    dose = word(ingredients[0], "strength") if len(ingredients) == 1 else ""
    names = tuple(found for each in ingredients if (found := word(each, "name")))
    yield from _substances(here, words(known, "unii"), names, at, origin, dose=dose)
    for set_id in words(known, "spl_set_id"):
        since = iso(word(record, "marketing_start_date"))
        claim = [("aspect", "product"), ("valid_from", since), ("status", word(record, "application_number"))]
        yield Relation(f"SPL:{set_id.lower()}", PART, here, at, qualifiers=said(claim))
    for written in words(record, "pharm_class"):
        yield from _class(here, written, at, origin)
    yield from _given(here, word(record, "dosage_form"), words(record, "route"), at, origin)


def application(record: Record, origin: Make) -> Iterator[Fact]:
    """An application of Drugs@FDA: its products and ingredients, and since when it is approved."""
    number = word(record, "application_number")
    here, at, known = f"openfda:{number}", origin(number), inner(record, "openfda")
    products = objects(record, "products")
    brands = [name for each in products if (name := word(each, "brand_name"))]
    names = dict.fromkeys((*brands, *words(known, "brand_name"), *words(known, "generic_name")))
    first = next(iter(names), number)
    yield Concept(here, first, "Drug", at, tuple(Name(name, "en", "exact") for name in names if name != first))
    approved = [
        iso(word(each, "submission_status_date"))
        for each in objects(record, "submissions")
        if word(each, "submission_type") == "ORIG" and word(each, "submission_status") == "AP"
    ]
    for each in products:
        status = ("status", word(each, "marketing_status"))
        claim = [("jurisdiction", "US"), ("valid_from", min(approved, default="")), status]
        for one in objects(each, "active_ingredients"):
            name = word(one, "name")
            if not name:
                continue
            there = f"openfda.substance:{slug(name)}"
            dose = ("dose", word(one, "strength"))
            more = [
                dose,
                ("route", word(each, "route").lower()),
                ("comment", f"product {word(each, 'product_number')}"),
            ]
            yield Concept(there, name, "ChemicalEntity", origin(there))
            yield Relation(here, HOLDS, there, at, qualifiers=said([*claim, *more]))
        yield from _given(here, word(each, "dosage_form"), (), at, origin)
    yield from _known(here, known, at, origin)


def _given(here: str, form: str, routes: tuple[str, ...], at: Origin, origin: Make) -> Iterator[Fact]:
    for aspect, name in (("dose_form", form), *(("route", route) for route in routes)):
        if name:
            there = f"openfda.{aspect}:{slug(name)}"
            yield Concept(there, name.lower(), "OntologyClass", origin(there))
            yield Relation(here, "biolink:has_attribute", there, at, qualifiers=(("aspect", aspect),))


# --- reports ---


def report(record: Record, origin: Make) -> Iterator[Fact]:
    """One spontaneous report: each suspected drug with each reaction, which shows no cause."""
    number, patient = word(record, "safetyreportid"), inner(record, "patient")
    at = origin(number, "spontaneous report")
    claim = [("valid_from", iso(word(record, "receivedate"))), ("jurisdiction", word(record, "occurcountry"))]
    claim += [("severity", "serious")] if word(record, "serious") == "1" else []
    for reaction in objects(patient, "reaction"):
        name = word(reaction, "reactionmeddrapt")
        if not name:
            continue
        there = f"openfda.reaction:{slug(name)}"
        yield Concept(there, name[:1].upper() + name[1:].lower(), "PhenotypicFeature", origin(there))
        for drug in objects(patient, "drug"):
            subject = _suspect(drug)
            if subject and word(drug, "drugcharacterization") == "1":
                more = [("comment", word(drug, "medicinalproduct")), ("route", word(drug, "drugadministrationroute"))]
                yield Relation(subject, "biolink:has_adverse_event", there, at, qualifiers=said([*claim, *more]))


def _suspect(drug: Record) -> str:
    uniis = words(inner(drug, "openfda"), "unii")
    if len(uniis) == 1:
        return f"UNII:{uniis[0]}"
    name = word(inner(drug, "activesubstance"), "activesubstancename") or word(drug, "medicinalproduct")
    return f"openfda.substance:{slug(name)}" if slug(name) else ""
