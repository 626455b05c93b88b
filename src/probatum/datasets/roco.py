"""ROCO: radiological and other figures of PubMed Central's articles with their captions and keywords."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files, sound, split_of
from probatum.datasets._images import media
from probatum.errors import BadFormat
from probatum.formats.reading import lines
from probatum.formats.tables import named_cells
from probatum.naming import card
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://github.com/razorx89/roco-dataset"
_ID = re.compile(r"ROCO_\d+")
_PMC = re.compile(r"PMC\d+")


@card(
    "ROCO: radiology objects in context",
    survey="roco",
    reference="doi:10.1007/978-3-030-01364-6_20",
    licence="of each article (licences.txt)",
    languages=("en",),
    where=OFFICIAL,
    terms="Open-access articles, each under its own licence.",
)
def roco(path: Path) -> Iterator[Example]:
    """A pair of image and caption each, in the order of the files.

    `path` is the folder data/ with train, validation and test, each with radiology and non-radiology: captions.txt (id,
    tab, caption), beside it keywords.txt, semtypes.txt or cuis.txt, licences.txt, dlinks.txt and images/; or the tables
    radiologytraindata.csv (id, name, caption). Labels: keywords, kind (radiology or not), split. The article (out of
    dlinks.txt) is a group and reference, else the image. Raises `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "captions.txt", "*radiology*data.csv", official=OFFICIAL):
        split = next(filter(None, (split_of(each) for each in (file, file.parent, file.parent.parent))), "")
        split = split or next((s for word, s in _WORDS.items() if word in file.stem), "")
        kind = "non-radiology" if "non" in file.stem or "non" in file.parent.name else "radiology"
        keywords, links = (_beside(file, name) for name in ("keywords.txt", "dlinks.txt"))
        for line, id, name, caption in _rows(file):
            where = f"{file}:{line}"
            image = media(file.parent, name, "roco", "public", where, places=("images", f"{kind}/images", ""))
            found = _PMC.search(links.get(id, ""))
            papers = (f"PMC:{found[0]}",) if found else ()
            said = {"keywords": keywords.get(id, "").replace("\t", "|"), "kind": kind, "split": split}
            yield Example(
                id, Question(media=(image,), language="en"), Answer(caption), papers or (f"image:{id}",),
                labels=tuple((key, value) for key, value in said.items() if value),
                origin=Origin("roco", "public", id, references=papers),
            )  # fmt: skip


_WORDS = {"train": "train", "val": "dev", "test": "test"}


def _rows(file: Path) -> Iterator[tuple[int, str, str, str]]:
    """(line, id, name of the image, caption) of each row."""
    if file.suffix == ".csv":
        for line, row in sound(named_cells(file, ("id", "name", "caption")), file):
            id = row["id"].strip() if _ID.fullmatch(row["id"].strip()) else row["name"].strip().partition(".")[0]
            yield line, id, row["name"].strip(), _caption(row["caption"], f"{file}:{line}")
        return
    for line, text in sound(lines(file), file):
        if text.strip():
            id, _, caption = text.partition("\t")
            if not _ID.fullmatch(id.strip()):
                raise BadFormat(
                    f"ROCO_ and a number, a tab and a caption were expected, not {text!r:.60}", where=f"{file}:{line}"
                )
            yield line, id.strip(), f"{id.strip()}.jpg", _caption(caption, f"{file}:{line}")


def _caption(text: str, where: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise BadFormat("an image without a caption", where=where)
    return said


def _beside(file: Path, name: str) -> dict[str, str]:
    """What a table beside the captions says of each image, whole; empty where there is none."""
    other = file.parent / name
    if not other.is_file():
        return {}
    return {id.strip(): said for _, (id, _, said) in ((n, t.partition("\t")) for n, t in sound(lines(other), other))}
