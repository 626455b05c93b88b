"""The clinical guidelines that Meditron read, as passages to cite: each with its title, its publisher and its page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.formats.json_stream import json_lines
from probatum.formats.reading import QUOTED
from probatum.naming import card, card_of
from probatum.sources._graph import release
from probatum.sources._pages import files_of
from probatum.types import Fact, Malformed, Origin, Passage

LONGEST = 1_500  # characters of a passage, unless one paragraph alone is longer


@card(
    "Clinical guidelines of GAP-REPLAY",
    survey="clinical_guidelines_gap",
    reference="doi:10.48550/arXiv.2311.16079",
    licence="Common Crawl terms of use; each publisher's own",
    languages=("en",),
    where="https://huggingface.co/datasets/epfl-llm/guidelines: open_guidelines.jsonl",
    terms="Nine of the publishers allow that their guidelines are passed on.",
)
def clinical_guidelines(path: Path | None = None) -> Iterator[Fact]:
    """The guidelines as passages of whole paragraphs, about 1,500 characters each, in the order of the files.

    `path` is a JSONL of the release (id, source, title, clean_text, url, overview) or a folder of them; None stands for
    $PROBATUM_DATA/clinical_guidelines. A passage's id is the guideline's with its place; publisher and page are its
    qualifiers. A record without id or text is `Malformed`. Raises `NeedsFile` and `BadFormat`.
    """
    files = files_of("clinical_guidelines", path, (".jsonl", ".jsonl.gz"), card_of(clinical_guidelines))
    begun = release("clinical_guidelines", card_of(clinical_guidelines), files)
    yield begun
    seen: set[str] = set()
    for file in files:
        for read in json_lines(file):
            if isinstance(read, Malformed):
                yield read
                continue
            line, row = read
            id, said = row.get("id"), row.get("clean_text")
            if not isinstance(id, str) or not id.strip() or not isinstance(said, str) or not said.strip() or id in seen:
                why = "an id of its own and a clean_text were expected"
                yield Malformed(file.name, line, why, str(row.get("title", ""))[:QUOTED])
                continue
            seen.add(id)
            yield from _passages(row, id.strip(), said, begun.version)


def _passages(row: dict[str, Any], id: str, said: str, version: str) -> Iterator[Passage]:
    title, url, publisher = (_text(row, key) for key in ("title", "url", "source"))
    told = tuple(sorted((key, value) for key, value in (("publisher", publisher), ("url", url)) if value))
    for place, text in enumerate(_blocks(said), 1):
        at = f"GUIDELINE:{id}#{place}"
        yield Passage(at, text, title or id, "en", Origin("clinical_guidelines", version, at), qualifiers=told)


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _blocks(text: str) -> Iterator[str]:
    """Whole paragraphs, together as long as a passage may be."""
    held = ""
    for paragraph in filter(None, (each.strip() for each in text.splitlines())):
        if held and len(held) + len(paragraph) > LONGEST:
            yield held
            held = ""
        held = f"{held}\n{paragraph}" if held else paragraph
    if held:
        yield held
