"""GAP-REPLAY: guidelines, abstracts and papers with one part in a hundred of general text, as Meditron read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from probatum.datasets._alpaca import document
from probatum.datasets._files import chosen, files, sound, text
from probatum.errors import NeedsFile
from probatum.formats.json_stream import json_lines
from probatum.naming import card, find
from probatum.types import Example, Origin

PARTS = ("guidelines", "abstracts", "papers", "replay")
REPLAY = 0.01  # share of general text in the whole, as its makers state it

OFFICIAL = "https://github.com/epfLLM/meditron"


@card(
    "GAP-REPLAY",
    survey="gap_replay",
    reference="doi:10.48550/arXiv.2311.16079",
    licence="of each part its own",
    languages=("en",),
    where=OFFICIAL,
    terms="Scripts of the makers gather it; nine publishers' guidelines are released.",
)
def gap_replay(path: Path, part: str = "all") -> Iterator[Example]:
    """The documents part by part (guidelines, abstracts, papers, replay); the part is a label and stands before the id.

    `path` is a folder with a folder for each part: guidelines as `clinical_guidelines_gap`, abstracts and papers as
    `s2orc` (or abstracts as `pubmed`), replay as JSONL with text. Parts that are not there are left out of `all`.
    `REPLAY` is the share of general text to mix them with. Raises `NeedsFile` where none is there, and `BadFormat`.
    """
    wanted = PARTS if part == "all" else (chosen(part, PARTS),)
    there = [name for name in wanted if (path / name).is_dir()]
    if not there:
        raise NeedsFile(f"none of the folders {', '.join(wanted)} in {path}", mend=f"see {OFFICIAL}")
    for name in there:
        for each in _read(path / name, name):
            labels = tuple(sorted((*each.labels, ("part", name))))
            origin = replace(each.origin, source="gap_replay") if each.origin else None
            yield replace(each, id=f"{name}/{each.id}", labels=labels, origin=origin)


def _read(folder: Path, name: str) -> Iterator[Example]:
    if name == "replay":
        for file in files(folder, "*.jsonl", "*.jsonl.gz", official=OFFICIAL):
            for line, row in sound(json_lines(file), file):
                id = f"{file.name.partition('.')[0]}:{line}"
                yield document(id, text(row, "text", f"{file}:{line}"), Origin("gap_replay", name, id), "en")
        return
    medline = name == "abstracts" and any(folder.rglob("*.xml*"))
    reader = "clinical_guidelines_gap" if name == "guidelines" else "pubmed" if medline else "s2orc"
    yield from find("datasets", reader)(folder)
