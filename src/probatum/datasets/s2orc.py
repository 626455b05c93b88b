"""S2ORC: papers of Semantic Scholar with their full texts, as documents to read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.datasets._alpaca import document
from probatum.datasets._files import files, sound, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import json_lines
from probatum.naming import card
from probatum.types import Example, Origin

OFFICIAL = "https://github.com/allenai/s2orc"


@card(
    "S2ORC",
    survey="s2orc",
    reference="doi:10.18653/v1/2020.acl-main.447",
    licence="ODC-By 1.0",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use with attribution; see the licence of each paper.",
)
def s2orc(path: Path) -> Iterator[Example]:
    """A document for each paper with a text: title, abstract and body with the names of sections, in file order.

    `path` is a JSONL, plain or under gzip, or a folder of them, in one of two layouts: pdf_parses of 2020 (paper_id,
    title, abstract and body_text as lists of text and section) or that of today (corpusid, content.text; title where it
    is told). Papers without a text are left out. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.jsonl", "*.jsonl.gz", official=OFFICIAL):
        for line, row in sound(json_lines(file), file):
            where = f"{file}:{line}"
            paper = row.get("paper_id", row.get("corpusid"))
            if not isinstance(paper, str | int) or isinstance(paper, bool) or paper == "":
                raise BadFormat("a paper_id or a corpusid was expected", where=where)
            content = row.get("content")
            body = text(content, "text", where, needed=False) if isinstance(content, dict) else _body(row, where)
            if body:
                said = "\n".join(filter(None, (text(row, "title", where, needed=False), body)))
                origin = Origin("s2orc", file.name.partition(".")[0], f"{paper}", reliability="extracted")
                yield document(f"{paper}", said, origin, "en")


def _body(row: dict[str, Any], where: str) -> str:
    """Abstract and body; a section's name stands before its first paragraph."""
    said: list[str] = []
    section = ""
    for key in ("abstract", "body_text"):
        listed = row.get(key) or []
        if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
            raise BadFormat(f"{key!r} must be a list of paragraphs", where=where)
        for each in listed:
            name = text(each, "section", where, needed=False)
            said += [name] if name and name != section else []
            said.append(text(each, "text", where))
            section = name
    return "\n".join(said)
