"""ClinicalKey: a catalogue of books, guidelines, trials, images, videos, education and monographs, each of its type."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.formats.clinicalkey import Item, items
from probatum.formats.reading import digest
from probatum.naming import card, card_of
from probatum.sources._files import shown
from probatum.sources._pages import files_of, said
from probatum.types import Concept, Fact, Malformed, Origin, Passage, Relation, Release

LICENCE = "ClinicalKey subscription and terms of use (Elsevier)"
# what a reader meets, where the export does not give the media type itself (IANA's top level)
_MEDIA = {"image": "image", "video": "video", "procedure_video": "video"}
_LANGUAGES = {"english": "en", "chinese": "zh", "spanish": "es", "french": "fr", "german": "de", "portuguese": "pt"}
_TEXT = {"image": "caption", "video": "transcript", "procedure_video": "transcript"}


@card(
    "ClinicalKey",
    survey="clinicalkey",
    reference="https://www.elsevier.com/products/clinicalkey",
    licence=LICENCE,
    languages=("en",),
    where="https://www.clinicalkey.com (your subscription; export the citations of a search)",
    terms="For subscribers and their own use; content must not be passed on, nor taken in bulk without a licence.",
    gated=True,
)
def clinicalkey(path: Path | None = None) -> Iterator[Fact]:
    """Items as concepts with their type and what they stand in, and their abstracts, captions and transcripts.

    Every item is an `InformationContentEntity` that bears its type as an attribute (aspect content_type); its passages
    say the media type, the year, and where picture or film lies. `path` is a folder of exports (.ris, .json, .csv; see
    `formats.clinicalkey`), or one of them. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("clinicalkey", path, (".ris", ".json", ".csv"), card_of(clinicalkey))
    sha256 = digest(files)
    yield Release("clinicalkey", sha256, LICENCE, sha256, tuple(shown(file) for file in files))
    seen: dict[str, int] = {}
    kinds: set[str] = set()
    for file in files:
        for item in items(file):
            if isinstance(item, Malformed):
                yield item
                continue
            same = hash((item.kind, item.title, item.abstract))  # the texts themselves would fill the memory
            if seen.setdefault(item.id, same) != same:
                name, _, line = item.place.rpartition(":")
                yield Malformed(name, int(line), "another item of an id that was given before", item.id[:200])
                continue
            if item.kind not in kinds:
                kinds.add(item.kind)
                there = f"clinicalkey.type:{item.kind}"
                yield Concept(there, item.kind.replace("_", " "), "OntologyClass", Origin("clinicalkey", sha256, there))
            yield from _facts(item, sha256)


def _facts(item: Item, release: str) -> Iterator[Fact]:
    here = f"clinicalkey:{item.id}"
    at = Origin("clinicalkey", release, item.url or item.id)
    numbers = (("doi", item.doi.lower()), ("ISBN", item.isbn), ("ISSN", item.issn), ("PMID", item.pmid))
    xrefs = (*numbers, ("clinicaltrials", item.nct))
    yield Concept(
        here,
        item.title,
        "InformationContentEntity",
        at,
        xrefs=tuple(f"{prefix}:{value.replace(' ', '')}" for prefix, value in xrefs if value.strip()),
    )
    media = item.media_type or _MEDIA.get(item.kind, "text")
    claim = said([("aspect", "content_type"), ("media_type", media)])
    yield Relation(here, "biolink:has_attribute", f"clinicalkey.type:{item.kind}", at, qualifiers=claim)
    if item.part_of:
        yield Relation(here, "biolink:part_of", f"clinicalkey:{''.join(item.part_of.split())}", at)
    about = [("media_type", media), ("year", item.year), ("url", item.url), ("duration", item.duration)]
    about += [("media_url", item.media_url), ("content_type", item.kind), ("comment", "; ".join(item.keywords))]
    written = item.language.lower()
    language = _LANGUAGES.get(written, written if len(written) in {2, 3} else "und") if written else "en"
    texts = (("citation", _citation(item)), (_TEXT.get(item.kind, "abstract"), item.abstract))
    for section, text in texts:
        if text.strip():
            yield Passage(
                id=f"{here}#{section}",
                text=text.strip(),
                title=item.title,
                language=language,
                origin=at,
                kind="definition" if section == "citation" else "document",
                about=(here,),
                qualifiers=said([*about, ("section", section)]),
            )


def _citation(item: Item) -> str:
    """Who, what, where, when: by this an item without a text of its own can be quoted too."""
    parts = ("; ".join(item.authors), item.title, item.source, item.publisher, item.year)
    return ". ".join(part.rstrip(". ") for part in parts if part.strip()) + "."
