"""How pages of the NHS website become facts: what the page is about, its parts as passages, its links as relations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.nhs_page import SITE, NhsPage, Part, nhs_page
from probatum.formats.reading import QUOTED, digest, whole
from probatum.naming import Card
from probatum.sources._files import shown
from probatum.sources._pages import files_of, said, slug
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation, Release

Dates = list[tuple[str, str]]
LICENCE = "Open Government Licence v3.0; NHS website content terms"
WHERE = "https://digital.nhs.uk/developer/api-catalogue/nhs-website-content"
TERMS = "Free with attribution to the NHS website and its dates shown; the content API wants a key of its own."
# the first step of a page's path, and what its pages are about
_KINDS = {
    "conditions": "Disease",
    "mental-health": "Disease",
    "symptoms": "PhenotypicFeature",
    "tests-and-treatments": "Procedure",
    "vaccinations": "Procedure",
    "contraception": "Procedure",
}
MEDICINES = "medicines"
_BOTH = re.compile(r"([^()]+?) \(([^()]+)\)")  # DVT (deep vein thrombosis)
_FOR_WHOM = re.compile(r"(.+?) for (?:adults|children|babies).*")  # Paracetamol for adults


def page_facts(name: str, path: Path | None, card: Card, as_of: str) -> Iterator[Fact]:
    """The facts of all pages in a folder; those of the medicines A to Z go to the one source, all others to the other.

    With `as_of` (ISO date) the passages of a page whose review was due before that day bear status = stale; such a
    reading is a release of its own.
    """
    files = files_of(name, path, (".json", ".html", ".htm"), card)
    sha256 = digest(files)
    release = f"{sha256}+{as_of}" if as_of else sha256
    yield Release(name, release, card.licence, sha256, tuple(shown(file) for file in files))
    seen: set[str] = set()
    for file in files:
        try:
            page = nhs_page(whole(file), file.name)
        except BadFormat as error:
            yield Malformed(file.name, _line(error), error.what)
            continue
        if (page.place.partition("/")[0] == MEDICINES) != (name == "nhs_medicines"):
            yield Malformed(
                file.name, 0, f"a page of another part of the site than {name} reads", page.address[:QUOTED]
            )
        elif page.place in seen:
            yield Malformed(file.name, 0, "a page that another file holds already", page.address[:QUOTED])
        else:
            seen.add(page.place)
            yield from _facts(name, page, release, as_of)


def _facts(name: str, page: NhsPage, release: str, as_of: str) -> Iterator[Fact]:
    yield from _concept(name, page, release)
    dates = [("reviewed", page.reviewed), ("review_due", page.review_due), ("modified", page.modified)]
    dates += [("status", "stale")] if as_of and page.is_stale(as_of) else []
    if page.description:
        whole_page = Part("", "description", page.address, page.description, ())
        yield replace(
            _passage(name, page, whole_page, "description", release, dates), title=page.name, kind="definition"
        )
    taken: dict[str, int] = {}
    for part in page.parts:
        section = slug(part.heading or part.aspect or "page")
        taken[section] = taken.get(section, 0) + 1
        section += f"-{taken[section]}" if taken[section] > 1 else ""
        yield _passage(name, page, part, section, release, dates)
        yield from _links(name, _id(page.place), part, release, dates)


def _concept(name: str, page: NhsPage, release: str) -> Iterator[Concept]:
    """What the page is about; of pages within a page only "About ..." names it."""
    label, inner = page.name, page.place.split("/")[2:]
    if inner:
        if not inner[-1].startswith("about-"):
            return
        label = label.removeprefix("About ")
    synonyms = [Name(other, "en", "exact") for other in page.others]
    if found := _BOTH.fullmatch(label):
        synonyms += [Name(found[1], "en", "exact"), Name(found[2], "en", "exact")]
    if found := _FOR_WHOM.fullmatch(label):
        synonyms.append(Name(found[1], "en", "broad"))
    yield Concept(
        id=_id(page.place),
        name=label[:1].upper() + label[1:],
        kind=_kind(page),
        origin=Origin(name, release, page.address),
        names=(*synonyms, *(Name(brand, "en", "narrow", "brand") for brand in page.brands)),
    )


def _passage(name: str, page: NhsPage, part: Part, section: str, release: str, dates: Dates) -> Passage:  # noqa: PLR0917
    title = f"{page.name}: {part.heading or part.aspect}" if part.heading or part.aspect else page.name
    return Passage(
        id=f"{name}:{page.place.removeprefix(f'{MEDICINES}/')}#{section}",
        text=part.text,
        title=title,
        language="en",
        origin=Origin(name, release, part.address),
        about=(_id(page.place),),
        qualifiers=said([*dates, ("section", part.aspect or part.heading), ("url", part.address)]),
    )


def _links(name: str, here: str, part: Part, release: str, dates: Dates) -> Iterator[Relation]:
    """A link to another medicine or condition says that the two belong together, and no more."""
    claim = [pair for pair in dates if pair[0] != "status"]
    for address, words in part.links:
        place = address.removeprefix(SITE).partition("#")[0].strip("/")
        there = _id(place)
        known = place.partition("/")[0] in {*_KINDS, MEDICINES} and "/" in place
        if address.startswith(SITE) and known and there != here:
            qualifiers = said([*claim, ("original_predicate", "link"), ("comment", words)])
            yield Relation(
                here, "biolink:related_to", there, Origin(name, release, part.address), qualifiers=qualifiers
            )


def _id(place: str) -> str:
    """nhs_medicines:atenolol and nhs_health:conditions/acne: a page within a page counts to the whole."""
    first, _, rest = place.partition("/")
    if first == MEDICINES and rest:
        return f"nhs_medicines:{rest.partition('/')[0]}"
    if first in _KINDS and rest:
        return f"nhs_health:{first}/{rest.partition('/')[0]}"
    return f"nhs_health:{place}"


def _kind(page: NhsPage) -> str:
    first, _, rest = page.place.partition("/")
    if first == MEDICINES:
        return "Drug"
    return _KINDS.get(first, "InformationContentEntity") if rest else "InformationContentEntity"


def _line(error: BadFormat) -> int:
    line = error.where.rpartition(":")[2]
    return int(line) if line.isdigit() else 0
