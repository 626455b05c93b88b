"""MTB, the medical textbooks of Med-Flamingo: text with its figures where they stand; not obtainable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.datasets._closed import TERMS, origin_of
from probatum.datasets._files import files, sound, text
from probatum.datasets._images import media
from probatum.errors import BadFormat
from probatum.formats.json_stream import json_lines
from probatum.naming import card
from probatum.types import Answer, Example, Media, Question

OFFICIAL = "https://github.com/snap-stanford/med-flamingo"
IMAGE = "<image>"


@card(
    "MTB, medical textbooks with their figures (not obtainable)",
    survey="mtb",
    reference="doi:10.48550/arXiv.2307.15189",
    licence="none: books under copyright, not handed out",
    languages=("en",),
    where=OFFICIAL,
    terms=TERMS,
)
def mtb(path: Path) -> Iterator[Example]:
    """The segments as documents with images, in the order of the files; `<image>` stands where each figure stood.

    The makers' files are not published; their paper says that each segment holds text and at least one image. `path`
    is a file of objects, one a line (book, segment, pieces: a list of texts and of objects with `image`, a name in the
    folder), or a folder of them. The book is a group. Raises `NeedsFile`, and `BadFormat` for a segment without text
    or without an image.
    """
    for file in files(path, "*.jsonl", official=OFFICIAL):
        for line, row in sound(json_lines(file), file):
            where = f"{file}:{line}"
            book, number = text(row, "book", where), row.get("segment")
            if isinstance(number, bool) or not isinstance(number, int):
                raise BadFormat("'segment' must be a number", where=where)
            id = f"{book}:{number}"
            origin = origin_of("mtb", file, id)
            body, images = _segment(row.get("pieces"), file.parent, origin.release, where)
            asked = Question(media=images, language="en")
            yield Example(id, asked, Answer(body), (f"book:{book}",), origin=origin)


def _segment(pieces: Any, root: Path, release: str, where: str) -> tuple[str, tuple[Media, ...]]:
    if not isinstance(pieces, list):
        raise BadFormat("'pieces' must be a list of texts and images", where=where)
    said, images = list[str](), list[Media]()
    for piece in pieces:
        if isinstance(piece, str) and piece.strip() and IMAGE not in piece:
            said.append(piece.strip())
        elif isinstance(piece, dict) and isinstance(piece.get("image"), str):
            images.append(media(root, piece["image"], "mtb", release, where, places=("images", "")))
            said.append(IMAGE)
        else:
            raise BadFormat(f"a text or an image was expected, not {piece!r:.60}", where=where)
    if not images or len(images) == len(said):
        raise BadFormat("a segment holds text and at least one image", where=where)
    return "\n".join(said), tuple(images)
