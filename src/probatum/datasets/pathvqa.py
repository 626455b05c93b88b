"""PathVQA: questions about pictures of pathology out of textbooks, half of them answered by yes or no."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.datasets._files import files, sound, split_of, text
from probatum.datasets._images import answered, media
from probatum.errors import BadFormat
from probatum.formats import parquet, pickled
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Example, Media, Origin, Question

OFFICIAL = "https://github.com/UCSD-AI4H/PathVQA"
_QUANTITY = ("how much", "how many")
_WORDS = ("what", "where", "when", "whose", "how", "why", "which", "who")

Row = tuple[int, dict[str, Any]]


@card(
    "PathVQA",
    survey="pathvqa",
    reference="doi:10.48550/arXiv.2003.10286",
    licence="MIT (repository); the pictures are of textbooks and a digital library",
    languages=("en",),
    where=OFFICIAL,
    terms="For research; see the repository.",
)
def pathvqa(path: Path) -> Iterator[Example]:
    """The questions in the order of the files; gold has the field answer_type (CLOSED for yes and no, else OPEN).

    `path` is the folder with qas/train/train_qa.pkl (and val, test; lists of image, question, answer; read without
    running anything) and images/train/*.jpg, such lists as JSON, or the Parquet mirror (image, question, answer), or
    one of these files. Labels: open, split, type (what, where, when, whose, how, how much, yes/no, as the paper divides
    them). The image is a group. Raises `NeedsFile`, `NeedsExtra` and `BadFormat`.
    """
    for file in files(path, "*_qa.pkl", "*_qa.json", "*.parquet", official=OFFICIAL):
        split = split_of(file) or split_of(file.parent)
        for line, row in _rows(file):
            where = f"{file}:{line}"
            image = _image(row.get("image"), file, split, where)
            name = image.origin.at if image.origin else ""
            asked, answer = text(row, "question", where), text(row, "answer", where)
            id = f"{file.stem}:{line}"
            told = {"split": split, "type": _type(asked, answer)}
            yield answered(
                id, Question(asked, media=(image,), language="en"), [answer], Origin("pathvqa", "public", id),
                labels=told, groups=(f"image:{image.sha256 or name}",),
            )  # fmt: skip


def _rows(file: Path) -> Iterator[Row]:
    if file.suffix == ".parquet":
        yield from parquet.rows(file, ("image", "question", "answer"))
    elif file.suffix == ".json":
        yield from sound(objects(file), file)
    else:
        held = pickled.plain(file)
        if not isinstance(held, list) or not all(isinstance(each, dict) for each in held):
            raise BadFormat("a list of questions was expected", where=str(file))
        yield from enumerate(held, 1)


def _image(said: object, file: Path, split: str, where: str) -> Media:
    if isinstance(said, dict):  # the mirror holds the bytes themselves
        data, name = said.get("bytes"), said.get("path")
        if not isinstance(data, bytes):
            raise BadFormat("an image with its bytes was expected", where=where)
        kind = "image/png" if data[:4] == b"\x89PNG" else "image/jpeg"
        return Media(kind, hashlib.sha256(data).hexdigest(), Origin("pathvqa", "public", str(name or where)))
    if not isinstance(said, str):
        raise BadFormat("the name of an image was expected", where=where)
    root = file.parents[2] if file.parent.parent.name == "qas" else file.parent
    return media(
        root, said, "pathvqa", "public", where, places=(f"images/{split}", "images", ""),
        end="" if said.lower().endswith((".jpg", ".png")) else ".jpg",
    )  # fmt: skip


def _type(asked: str, answer: str) -> str:
    if answer.strip().lower() in {"yes", "no"}:
        return "yes/no"
    plain = asked.lower()
    if plain.startswith(_QUANTITY):
        return "how much"
    return next((word for word in _WORDS if plain.startswith(word)), "other")
