"""MEDLINE / PubMed: what was published in medicine, its abstracts, what it speaks of and what became of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.formats import medline_xml, nbib, spreading
from probatum.formats.citations import Citation
from probatum.formats.medline_xml import Deleted
from probatum.naming import card
from probatum.sources._files import shown
from probatum.sources._medline_files import LICENCE, OFFICIAL, manner, medline_files, missing, survey, version
from probatum.sources._publications import publication, terms
from probatum.types import Fact, Gone, Malformed, Origin, Release

_UNTOLD: dict[str, Any] = dict.fromkeys(("authors", "grants", "keywords", "references"), ())
_log = logging.getLogger(__name__)


@card(
    "MEDLINE / PubMed",
    survey="medline",
    reference="https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html",
    licence=LICENCE,
    languages=("en",),
    where=OFFICIAL,
    terms="https://www.nlm.nih.gov/databases/download/terms_and_conditions.html",
)
def medline(path: Path | None = None) -> Iterator[Fact]:
    """The citations of baseline and update files, each in its last version; deleted ones are left out.

    A publication is PMID:<number>, and so is the passage with its title and abstract (qualifiers: section, the labels
    of its parts; study, the publication types that tell how was studied; status, retracted and the like; journal,
    published, year, revised). What it speaks of are relations to MESH: ids, major topics among them in the passage's
    `about`. A correction or retraction is one relation from the paper to the notice, whichever of both tells it; works
    cited are left out. `path` is a file or a folder (see `medline_files` for the order). A release with the first file
    of a baseline replaces earlier ones; any other updates them record by record, and takes back what was deleted. Its
    day, by which releases stand in order, is the last on which one of its citations was revised.
    Tagged text (.nbib) names MeSH headings without their ids: they stand in the passage's qualifier `headings`.
    Raises `NeedsFile`, `BadFormat`.
    """
    files = medline_files(path)
    sha256, latest = survey(files)
    release, how = version(files, sha256), manner(files)
    yield Release("medline", release, LICENCE, sha256, tuple(map(shown, files)), latest.revised, how)
    if gaps := missing(files):
        _log.warning("medline %s: without %s", release, ", ".join(gaps[:10]) + (" ..." if len(gaps) > 10 else ""))
    seen: set[str] = set()
    gone: set[int] = set()
    for place, found in enumerate(spreading.each(_read, files)):
        for each in found:
            if isinstance(each, Malformed):
                yield each
            elif isinstance(each, Citation):
                if latest.wanted(place, each.pmid):
                    yield from terms(each, release, seen)
                    yield from publication(each, release)
            elif how == "updates" and latest.deleted(each.pmid) and each.pmid not in gone:
                gone.add(each.pmid)
                record = f"PMID:{each.pmid}"
                yield Gone(record, Origin("medline", release, record))


def _read(file: Path) -> Iterator[Citation | Deleted | Malformed]:
    """What one file holds, without what becomes no fact: it may come from another process."""
    for each in nbib.citations(file) if ".nbib" in file.name else medline_xml.citations(file):
        yield each._replace(**_UNTOLD) if isinstance(each, Citation) else each
