"""PubMed: titles and abstracts as documents to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from probatum.datasets._alpaca import document
from probatum.datasets._files import files, sound
from probatum.formats.citations import Citation
from probatum.formats.medline_xml import citations
from probatum.naming import card
from probatum.types import Example, Origin

OFFICIAL = "https://pubmed.ncbi.nlm.nih.gov/download/"


@card(
    "PubMed",
    survey="pubmed",
    reference="https://pubmed.ncbi.nlm.nih.gov/download/",
    licence="terms of the National Library of Medicine",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution; abstracts may be under copyright.",
)
def pubmed(path: Path) -> Iterator[Example]:
    """A document for each citation with an abstract: title, then the sections under their labels; in file order.

    `path` is a file of the baseline or of the updates (XML, plain or under gzip) or a folder of them; within the files
    given a later version of a citation is an example of its own, and deletions are passed over: `sources/medline` keeps
    the last alone. Labels: journal, year. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.xml", "*.xml.gz", official=OFFICIAL):
        for each in sound(citations(file), file):
            if isinstance(each, Citation) and each.abstract:
                yield _example(each, file.name.partition(".")[0])


def _example(each: Citation, release: str) -> Example:
    sections = (f"{part.label}: {part.text}" if part.label else part.text for part in each.abstract)
    said = "\n".join((each.title, *sections)).strip()
    at = f"PMID:{each.pmid}"
    id = at if each.version <= 1 else f"{at}.{each.version}"
    language = "zh" if each.languages[:1] == ("chi",) and not each.title.isascii() else "en"
    origin = Origin("pubmed", release, at, references=(at,))
    made = document(f"{release}:{id}", said, origin, language, journal=each.journal, year=each.year)
    return replace(made, groups=(at,))
