"""Drugs.com: monographs of drugs, each field cited by the page and the section that it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.drugs_com_html import Monograph, monograph
from probatum.formats.reading import QUOTED, digest, whole
from probatum.naming import card, card_of
from probatum.sources._files import shown
from probatum.sources._pages import files_of, said, slug
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation, Release

LICENCE = "Drugs.com terms of use (https://www.drugs.com/support/terms.html): personal reading only"
SITE = "https://www.drugs.com/"


@card(
    "Drugs.com",
    survey="drugs_com",
    reference="https://www.drugs.com/support/editorial_policy.html",
    licence=LICENCE,
    languages=("en",),
    where="https://www.drugs.com/drug_information.html",
    terms="Pages that you may save and read; no bulk download, no scraping, no republication without a licence.",
    gated=True,
)
def drugs_com(path: Path | None = None) -> Iterator[Fact]:
    """Drugs with their brands and classes, and each field of their monographs as a passage that cites its section.

    `path` is a folder of pages that you saved as HTML, or one of them; nothing is ever fetched. The field is the
    qualifier `section`: uses, warnings, before_taking, dosage, missed_dose, overdose, avoid, side_effects,
    interactions, pregnancy, breastfeeding, storage. Raises `NeedsFile`.
    """
    files = files_of("drugs_com", path, (".html", ".htm"), card_of(drugs_com))
    sha256 = digest(files)
    yield Release("drugs_com", sha256, LICENCE, sha256, tuple(shown(file) for file in files))
    seen: set[str] = set()
    for file in files:
        try:
            read = monograph(whole(file), file.name)
        except BadFormat as error:
            yield Malformed(file.name, 0, error.what)
            continue
        id_ = _id(read, file)
        if id_ in seen:
            yield Malformed(file.name, 0, "a page that another file holds already", read.address[:QUOTED])
            continue
        seen.add(id_)
        yield from _facts(read, id_, sha256)


def _id(read: Monograph, file: Path) -> str:
    """drugs_com:warfarin, and drugs_com:monograph/warfarin for the professional page."""
    place = read.address.removeprefix(SITE) if read.address.startswith(SITE) else slug(shown(file).rpartition(".")[0])
    return f"drugs_com:{place.partition('#')[0].removesuffix('.html').strip('/') or slug(read.title)}"


def _facts(read: Monograph, id_: str, release: str) -> Iterator[Fact]:
    address = read.address or id_
    at = Origin("drugs_com", release, address)
    name = read.generic or read.title
    names = [Name(read.title, "en", "exact")] if read.title.casefold() != name.casefold() else []
    names += [Name(brand, "en", "narrow", "brand") for brand in read.brands]
    yield Concept(id_, name[:1].upper() + name[1:], "Drug", at, tuple(names))
    for title in read.classes:
        there = f"drugs_com.class:{slug(title)}"
        yield Concept(there, title, "OntologyClass", Origin("drugs_com", release, there))
        yield Relation(id_, "biolink:member_of", there, at, qualifiers=(("original_predicate", "drug class"),))
    for form in read.forms:
        there = f"drugs_com.form:{slug(form)}"
        yield Concept(there, form, "OntologyClass", Origin("drugs_com", release, there))
        yield Relation(id_, "biolink:has_attribute", there, at, qualifiers=(("aspect", "dose_form"),))
    taken: dict[str, int] = {}
    for field in read.fields:
        taken[field.name] = taken.get(field.name, 0) + 1
        number = f"-{taken[field.name]}" if taken[field.name] > 1 else ""
        here = f"{address}#{field.anchor}" if field.anchor else address
        by = f"Medically reviewed by {read.reviewer}" if read.reviewer else ""
        about = [("section", field.name), ("url", here), ("reviewed", read.reviewed), ("comment", by)]
        yield Passage(
            id=f"{id_}#{field.name}{number}",
            text=field.text,
            title=f"{name[:1].upper() + name[1:]}: {field.heading or field.name}",
            language="en",
            origin=Origin("drugs_com", release, f"{here} {field.heading}".strip()),
            about=(id_,),
            qualifiers=said(about),
        )
