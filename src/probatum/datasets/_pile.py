"""The layout of The Pile: a text a line, and of which of its sets it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._alpaca import document
from probatum.datasets._files import files, sound, split_of, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import json_lines
from probatum.types import Example, Origin

OFFICIAL = "https://pile.eleuther.ai"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"


def pile(path: Path, source: str, wanted: str = "") -> Iterator[Example]:
    """The texts of one set of The Pile by its name there, or of all; the set and the split are labels.

    Raises `NeedsFile`, and `BadFormat` for a line without text or set, and for a file that is packed with zstandard.
    """
    for file in files(path, "*.jsonl", "*.jsonl.gz", "*.jsonl.zst", official=OFFICIAL):
        with file.open("rb") as stream:
            if stream.read(4) == _ZSTANDARD:
                raise BadFormat("packed with zstandard", where=str(file), mend="zstd -d FILE, then give the .jsonl")
        for line, row in sound(json_lines(file), file):
            where = f"{file}:{line}"
            meta = row.get("meta")
            name = meta.get("pile_set_name") if isinstance(meta, dict) else None
            if not isinstance(name, str):
                raise BadFormat("meta.pile_set_name was expected", where=where)
            if wanted in {"", name}:
                id = f"{file.name.partition('.')[0]}:{line}"
                told = {"set": name, "split": split_of(file)}
                yield document(id, text(row, "text", where), Origin(source, name, id), "en", **told)
