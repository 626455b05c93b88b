"""DailyMed: the labels of medicines on the American market, section by section, with products and ingredients."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.reading import QUOTED, digest, whole
from probatum.formats.spl import DrugLabel, Product, drug_label
from probatum.naming import card, card_of
from probatum.sources._files import shown
from probatum.sources._labels import SECTIONS, attribute, substance
from probatum.sources._pages import files_of, said, slug
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation, Release

LICENCE = "Public domain (labels as submitted to the FDA; National Library of Medicine)"
SITE = "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid="


@card(
    "DailyMed",
    reference="https://dailymed.nlm.nih.gov/dailymed/spl-resources.cfm",
    licence=LICENCE,
    languages=("en",),
    where="https://dailymed.nlm.nih.gov/dailymed/spl-resources-all-drug-labels.cfm",
    terms="Free for all; the Library asks to be named and its name not to be used as an endorsement.",
)
def dailymed(path: Path | None = None) -> Iterator[Fact]:
    """Labels as drugs, their products (NDC) with substances (UNII), dose forms and routes, and their sections.

    A passage is one section without those within it; it bears the section's name and LOINC code, the label's date as
    `valid_from`, and the address on DailyMed. `path` is a folder of SPL files (.xml, unpacked), or one of them; of one
    set id the highest version counts, others go to quarantine. Raises `NeedsFile`.
    """
    files = files_of("dailymed", path, (".xml",), card_of(dailymed))
    sha256 = digest(files)
    yield Release("dailymed", sha256, LICENCE, sha256, tuple(shown(file) for file in files))
    newest: dict[str, tuple[int, Path]] = {}
    for file in files:  # a first reading, for the versions alone
        label = _read(file)
        if isinstance(label, Malformed):
            yield label
        elif label.set_id not in newest or _number(label) > newest[label.set_id][0]:
            newest[label.set_id] = (_number(label), file)
    for file in files:
        label = _read(file)
        if isinstance(label, Malformed):
            continue
        if newest[label.set_id][1] != file:
            yield Malformed(
                file.name, 0, "another version of this label counts", f"{label.set_id} {label.version}"[:QUOTED]
            )
            continue
        yield from _facts(label, sha256)


def _read(file: Path) -> DrugLabel | Malformed:
    try:
        return drug_label(whole(file), file.name)
    except BadFormat as error:
        line = error.where.rpartition(":")[2]
        return Malformed(file.name, int(line) if line.isdigit() else 0, error.what)


def _number(label: DrugLabel) -> int:
    return int(label.version) if label.version.isdecimal() and len(label.version) < 9 else 0


def _facts(label: DrugLabel, release: str) -> Iterator[Fact]:
    here, address = f"SPL:{label.set_id}", f"{SITE}{label.set_id}"
    at = Origin("dailymed", release, f"{label.set_id} version {label.version}")
    names = dict.fromkeys(name for product in label.products for name in (product.name, product.generic) if name)
    first = next(iter(names), label.title or here)
    synonyms = tuple(Name(name, "en", "exact") for name in names if name != first)
    yield Concept(here, first, "Drug", at, synonyms)
    for product in label.products:
        yield from _product(here, product, label, at)
    dates = [("valid_from", label.effective), ("jurisdiction", "US"), ("comment", label.kind)]
    taken: dict[str, int] = {}
    for section in label.sections:
        around = (section.loinc, *(code for code, _ in reversed(section.above)))
        known = next((SECTIONS[code] for code in around if code in SECTIONS), "")  # an unclassified one counts to those
        name = known or slug(section.title or section.kind).replace("-", "_") or "unclassified"
        taken[name] = taken.get(name, 0) + 1
        number = f"-{taken[name]}" if taken[name] > 1 else ""
        code = f"LNC:{section.loinc}" if section.loinc else ""
        words = ": ".join(title for _, title in (*section.above, ("", section.title)) if title) or name.replace(
            "_", " "
        )
        yield Passage(
            id=f"dailymed:{label.set_id}#{name}{number}",
            text=section.text,
            title=f"{first}: {words}",
            language="en",
            origin=Origin("dailymed", release, f"{address}#{section.id or name}"),
            about=(here,),
            qualifiers=said([*dates, ("section", name), ("section_code", code), ("url", address)]),
        )


def _product(here: str, product: Product, label: DrugLabel, at: Origin) -> Iterator[Fact]:
    """The product, which belongs to the label, with what is in it."""
    there = f"NDC:{product.ndc}" if product.ndc else here
    if product.ndc:
        generic = (Name(product.generic, "en", "broad"),) if product.generic not in {"", product.name} else ()
        yield Concept(there, product.name or there, "Drug", at, generic)
        claim = [("status", product.approval), ("valid_from", product.marketed), ("comment", label.labeler)]
        yield Relation(here, "biolink:has_part", there, at, qualifiers=said([*claim, ("aspect", "product")]))
    for each in product.ingredients:
        if not each.unii:
            continue
        kind = Origin(at.source, at.release, f"UNII:{each.unii}")
        predicate = "biolink:has_active_ingredient" if each.active else "biolink:has_ingredient"
        yield substance(each.unii, each.name, kind)
        yield Relation(there, predicate, f"UNII:{each.unii}", at, qualifiers=said([("dose", each.strength)]))
        for unii, name in each.moieties:
            if unii and unii != each.unii:
                yield substance(unii, name, Origin(at.source, at.release, f"UNII:{unii}"))
                claim = [("original_predicate", "active moiety")]
                yield Relation(f"UNII:{each.unii}", "biolink:has_part", f"UNII:{unii}", kind, qualifiers=said(claim))
    for code, words, aspect in (
        (*product.form, "dose_form"),
        *((code, words, "route") for code, words in product.routes),
    ):
        if code:
            yield from attribute(there, code, words, aspect, at)
