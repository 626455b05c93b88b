"""UpToDate: topics with their graded recommendations, and the calculators, drugs and publications that they lead to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.reading import digest, whole
from probatum.formats.uptodate_topic import SITE, Recommendation, Topic, cited, slug_of, topic, unmarked
from probatum.naming import card, card_of
from probatum.sources._files import shown
from probatum.sources._pages import files_of, said, slug
from probatum.types import Concept, Fact, Malformed, Origin, Passage, Relation, Release

LICENCE = "UpToDate subscription and licence agreement (Wolters Kluwer)"
STRENGTH = {"1": "strong", "2": "weak"}
QUALITY = {"A": "high", "B": "moderate", "C": "low"}
_Pairs = list[tuple[str, str]]


@card(
    "UpToDate",
    survey="uptodate",
    reference="https://www.uptodate.com/home/grading-guide",
    licence=LICENCE,
    languages=("en", "zh"),
    where="https://www.uptodate.com (your subscription; print or save the topics)",
    terms="For subscribers and their own use; topics must not be passed on, nor taken in bulk without a licence.",
    gated=True,
)
def uptodate(path: Path | None = None) -> Iterator[Fact]:
    """Topics by section as passages; each graded sentence as a passage of its own with its grade.

    The grade stands as it is written (Grade 1B) as the evidence, and as the qualifiers strength (strong, weak) and
    grade (high, moderate, low), which is what GRADE's number and letter mean. Calculators, drug monographs and other
    topics that a topic links are related to it, its publications too. `path` is a folder of topics (HTML or JSON, the
    layout is described in `formats.uptodate_topic`) or one of them. Raises `NeedsFile`.
    """
    files = files_of("uptodate", path, (".html", ".htm", ".json"), card_of(uptodate))
    sha256 = digest(files)
    yield Release("uptodate", sha256, LICENCE, sha256, tuple(shown(file) for file in files))
    seen: set[str] = set()
    for file in files:
        try:
            read = topic(whole(file), file.name)
        except BadFormat as error:
            line = error.where.rpartition(":")[2]
            yield Malformed(file.name, int(line) if line.isdigit() else 0, error.what)
            continue
        if read.id in seen:
            yield Malformed(file.name, 0, "a topic that another file holds already", f"{read.id} {read.title}"[:200])
            continue
        seen.add(read.id)
        yield from _facts(read, sha256)


def _facts(read: Topic, release: str) -> Iterator[Fact]:
    place = slug_of(read.address)
    here = f"uptodate:{place or slug(read.id)}"
    dates = [("reviewed", read.reviewed), ("modified", read.updated)]
    at = Origin("uptodate", release, f"{read.address} version {read.version}".removesuffix(" version "))
    numbered = (f"uptodate:{slug(read.id)}",) if place not in {"", slug(read.id)} else ()
    yield Concept(here, read.title, "InformationContentEntity", at, alternatives=numbered)
    for number, each in enumerate(read.recommendations, 1):
        yield _recommendation(read, each, f"{here}#recommendation-{number}", release, dates)
    people = "; ".join(f"{role}: {name}" for role, name in read.contributors)
    taken: dict[str, int] = {}
    for section in read.sections:
        words = ": ".join((*section.above[1:], section.heading)) if section.above else section.heading
        place = slug(words) or "topic"
        taken[place] = taken.get(place, 0) + 1
        again = f"-{taken[place]}" if taken[place] > 1 else ""
        address = f"{read.address}#{section.anchor}" if section.anchor else read.address
        yield Passage(
            id=f"{here}#{place}{again}",
            text=unmarked(section.text),
            title=f"{read.title}: {section.heading}" if section.heading not in {"", read.title} else read.title,
            language=read.language,
            origin=Origin("uptodate", release, address, references=read.pmids(cited(section.text))),
            about=(here,),
            qualifiers=said([*dates, ("section", words), ("url", address), ("comment", people)]),
        )
    yield from _links(read, here, at)


def _recommendation(read: Topic, each: Recommendation, id_: str, release: str, dates: _Pairs) -> Passage:
    address = f"{read.address}#{each.anchor}" if each.anchor else read.address
    grades = [("strength", STRENGTH[each.strength]), ("grade", QUALITY[each.quality])]
    return Passage(
        id=id_,
        text=each.text,
        title=f"{read.title}: recommendation, {each.grade}",
        language=read.language,
        origin=Origin("uptodate", release, address, each.grade, read.pmids(each.cites)),
        about=(id_.partition("#")[0], *(_there(place)[0] for place, _ in each.links)),
        qualifiers=said([*dates, *grades, ("section", each.section), ("url", address)]),
    )


def _links(read: Topic, here: str, at: Origin) -> Iterator[Fact]:
    for place, words in read.links:
        there, what = _there(place)
        if there == here:
            continue
        if what != "topic":
            kind = "Drug" if what == "drug information" else "InformationContentEntity"
            name = there.partition(":")[2].replace("-", " ")  # the words of a link may be "calculator 1"
            yield Concept(there, name, kind, Origin(at.source, at.release, f"{SITE}{place}"))
        yield _related(here, there, at, what, words)
    for each in read.references:
        if each.pmid:
            there = f"PMID:{each.pmid}"
            yield Concept(there, each.citation or there, "Publication", Origin(at.source, at.release, there))
            yield _related(here, there, at, "reference", f"reference {each.number}")


def _related(here: str, there: str, at: Origin, what: str, words: str) -> Relation:
    return Relation(
        here, "biolink:related_to", there, at, qualifiers=said([("original_predicate", what), ("comment", words)])
    )


def _there(place: str) -> tuple[str, str]:
    """The id of what a link leads to, and what that is."""
    if "calculator" in place:
        return f"uptodate.calculator:{place.removeprefix('calculator-')}", "calculator"
    if place.endswith("drug-information"):
        return f"uptodate.drug:{place.removesuffix('-drug-information')}", "drug information"
    return f"uptodate:{place}", "topic"
