"""PubMed Central: open full-text articles, section by section, each under its own licence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.jats import Article, Float, articles
from probatum.formats.places import data_folder
from probatum.formats.reading import contents, digest, members
from probatum.naming import card
from probatum.sources._duplicates import STATED
from probatum.sources._publications import RELATED, ids
from probatum.types import Concept, Fact, Malformed, Origin, Pairs, Passage, Relation, Release

LICENCE = "each article its own (qualifier `licence`); the commercial-use subset is CC BY, CC0 and the like"
OFFICIAL = "https://pmc.ncbi.nlm.nih.gov/tools/openftlist/"
_SUFFIX = "xml"  # .nxml and .xml
_NOTICES = {  # related-article-type -> (what MEDLINE calls it, whether this article is the notice)
    "retracted-article": ("RetractionIn", True),
    "retraction-forward": ("RetractionIn", False),
    "corrected-article": ("ErratumIn", True),
    "correction-forward": ("ErratumIn", False),
    "concern-forward": ("ExpressionOfConcernIn", False),
    "object-of-concern": ("ExpressionOfConcernIn", True),
    "commentary-article": ("CommentIn", True),
    "commentary": ("CommentIn", False),
}
_STATUS = {"retraction-forward": "retracted", "concern-forward": "concern", "correction-forward": "corrected"}


@card(
    "PubMed Central",
    survey="pmc",
    reference="https://jats.nlm.nih.gov/archiving/tag-library/1.3/",
    licence=LICENCE,
    languages=("en",),
    where=OFFICIAL,
    terms="Only the open access subset may be loaded in bulk; each article is used under the licence that it states.",
    tar=True,
)
def pmc(path: Path | None = None) -> Iterator[Fact]:
    """The articles of a folder or a tar archive of JATS files: abstract, sections, captions and tables as passages.

    An article is PMC:<its number> (else PMID: or doi:), with its other ids as xrefs; its PMID is also a mapping. A
    passage's qualifiers: section (titles from the outermost), licence and licence_url as the article states them ("none
    stated" where it states none), journal, published, year, status; of a figure or table its label as section, and
    media, its files. `path` None stands for $PROBATUM_DATA/pmc. A file that is no article is `Malformed`. A release is
    named by its sha256 and updates earlier ones article by article. Raises `NeedsFile`, `BadFormat`.
    """
    place = path if path is not None else data_folder() / "pmc"
    if not (place.is_file() or (place.is_dir() and next(place.rglob(f"*{_SUFFIX}"), None))):
        mend = f"get article packages from {OFFICIAL} and give the folder, or put them into {data_folder() / 'pmc'}"
        raise NeedsFile(f"no JATS file (.nxml, .xml) or archive in {place}", mend=f"{mend} ({LICENCE})")
    packed = place.is_dir() or ".tar" in place.name or place.name.endswith(".tgz")
    sha256 = digest([], before=contents(place, _SUFFIX)) if packed else digest([place])
    yield Release("pmc", sha256, LICENCE, sha256, (place.name,), manner="updates")
    seen: set[str] = set()
    for member in members(place, _SUFFIX) if packed else [(place.name, place.read_bytes())]:
        if isinstance(member, Malformed):
            yield member
            continue
        name, data = member
        try:
            for article in articles(data, name):
                yield from _facts(article, name, sha256, seen)
        except BadFormat as error:
            line = error.where.rpartition(":")[2]
            yield Malformed(name, int(line) if line.isdecimal() else 0, error.what)


def _facts(article: Article, name: str, release: str, seen: set[str]) -> Iterator[Fact]:
    others = ids(article.doi, article.pmc)
    known = [*reversed(others), *([f"PMID:{article.pmid}"] if article.pmid else [])]
    id = next(iter(sorted(known, key=lambda each: ("PMC:", "PMID", "doi:").index(each[:4]))), "")
    if not id or id in seen:
        yield Malformed(name, 0, "an article of an id that was read before" if id else "an article without any id", id)
        return
    seen.add(id)
    origin = Origin("pmc", release, id)
    title = article.title or id
    yield Concept(id, title, "Publication", origin, xrefs=tuple(sorted({*known} - {id})))
    if article.pmid and id.startswith("PMC:"):
        yield Relation(id, "skos:exactMatch", f"PMID:{article.pmid}", origin, qualifiers=STATED)
    shared = _said(article)
    places = [(f"{id}#abstract", each) for each in article.abstract] + [
        (f"{id}#body", each) for each in article.sections
    ]
    for place, (where, part) in enumerate(places, start=1):
        head = ("Abstract",) if "#abstract" in where else ()
        pairs = _pairs({**shared, "section": " > ".join((*head, *part.titles))})
        yield Passage(f"{where}-{place}", part.text, title, article.language, origin, qualifiers=pairs)
    for place, each in enumerate(article.floats, start=1):
        if text := _text(each):
            said = {**shared, "section": each.label or each.kind, "media": " ".join(each.files), "kind": each.kind}
            yield Passage(f"{id}#{each.kind}-{place}", text, title, article.language, origin, qualifiers=_pairs(said))
    for kind, scheme, other in article.related:
        if kind in _NOTICES and (target := _curie(scheme, other)):
            word, notice = _NOTICES[kind]
            subject, object_ = (target, id) if notice else (id, target)
            yield Relation(subject, RELATED, object_, origin, qualifiers=(("original_predicate", word),))


def _said(article: Article) -> dict[str, str]:
    states = [_STATUS[kind] for kind, _, _ in article.related if kind in _STATUS]
    return {
        "copyright": article.copyright,
        "journal": article.journal,
        "licence": article.licence or article.licence_text[:200] or "none stated",
        "licence_url": article.licence_url,
        "published": article.published,
        "status": "retracted" if "retracted" in states else next(iter(states), ""),
        "year": article.published[:4],
    }


def _pairs(said: dict[str, str]) -> Pairs:
    return tuple(sorted((name, value) for name, value in said.items() if value))


def _text(each: Float) -> str:
    rows = (" | ".join(row) for row in each.rows)
    return "\n".join(filter(str.strip, (f"{each.label} {each.caption}".strip() if each.caption else "", *rows)))


def _curie(scheme: str, id: str) -> str:
    if not id or any(map(str.isspace, id)):
        return ""
    prefix = {"pmid": "PMID:", "pubmed": "PMID:", "doi": "doi:", "pmc": "PMC:", "pmcid": "PMC:"}.get(scheme.lower(), "")
    return prefix + (id.lower() if prefix == "doi:" else id) if prefix else ""
