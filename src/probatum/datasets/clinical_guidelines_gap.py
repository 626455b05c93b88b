"""The clinical guidelines of GAP-REPLAY, as documents to read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._alpaca import document
from probatum.datasets._files import files, sound, text
from probatum.formats.json_stream import json_lines
from probatum.naming import card
from probatum.types import Example, Origin

OFFICIAL = "https://huggingface.co/datasets/epfl-llm/guidelines"


@card(
    "Clinical guidelines of GAP-REPLAY",
    survey="clinical_guidelines_gap",
    reference="doi:10.48550/arXiv.2311.16079",
    licence="Common Crawl terms of use; each publisher's own",
    languages=("en",),
    where=OFFICIAL,
    terms="Nine of the publishers allow that their guidelines are passed on.",
)
def clinical_guidelines_gap(path: Path) -> Iterator[Example]:
    """A document for each guideline in the order of the files: its title, then its text; publisher and page are labels.

    `path` is a JSONL of the release (id, source, title, clean_text, url) or a folder of them. To cite them, read them
    as the source `clinical_guidelines`. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.jsonl", "*.jsonl.gz", official=OFFICIAL):
        for line, row in sound(json_lines(file), file):
            where = f"{file}:{line}"
            id, title = text(row, "id", where), text(row, "title", where, needed=False)
            said = "\n".join(filter(None, (title, text(row, "clean_text", where))))
            told = {"publisher": text(row, "source", where, needed=False), "url": text(row, "url", where, needed=False)}
            yield document(id, said, Origin("clinical_guidelines_gap", file.stem, id), "en", **told)
