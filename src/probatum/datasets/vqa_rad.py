"""VQA-RAD: questions that clinicians asked about radiological images, closed and open."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._files import files, sound, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.formats.reading import whole
from probatum.naming import card
from probatum.types import Answer, Example, Media, Origin, Question

OFFICIAL = "https://osf.io/89kps/"


@card(
    "VQA-RAD",
    survey="vqa_rad",
    reference="doi:10.1038/sdata.2018.251",
    licence="CC0 1.0",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use; the images come from MedPix.",
)
def vqa_rad(path: Path) -> Iterator[Example]:
    """The questions in the order of the file; gold has the field answer_type (CLOSED or OPEN), the image is a group.

    `path` is the official JSON (the licence is told by the copy that flaviagiammarino/vqa-rad on Hugging Face made of
    osf.io/89kps) or its folder, the images beside it or in `VQA_RAD Image Folder`; an image that is not
    there has no hash. Labels: open, organ, question type, split (test where the phrase type begins with it). Raises
    `NeedsFile` and `BadFormat`.
    """
    for file in files(path, "*.json", official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where = f"{file}:{line}"
            kind = text(row, "answer_type", where).upper()
            if kind not in {"CLOSED", "OPEN"}:
                raise BadFormat(f"CLOSED or OPEN was expected, not {kind!r}", where=where)
            name, given = text(row, "image_name", where), row.get("answer")
            if not isinstance(given, str | int | float) or Path(name).name != name:
                raise BadFormat("an answer and a plain image name were expected", where=where)
            id = str(row.get("qid") or line)
            told = {
                "open": "yes" if kind == "OPEN" else "no",
                "organ": text(row, "image_organ", where, needed=False),
                "split": "test" if text(row, "phrase_type", where, needed=False).startswith("test") else "train",
                "type": text(row, "question_type", where, needed=False),
            }
            gold = Answer(str(given).strip(), fields=(("answer_type", kind),))
            asked = Question(text(row, "question", where), media=(_media(file.parent, name),), language="en")
            labels = tuple((key, value) for key, value in told.items() if value)
            yield Example(id, asked, gold, (f"image:{name}",), (), labels, Origin("vqa_rad", "public", id))


def _media(folder: Path, name: str) -> Media:
    there = (folder / name, folder / "VQA_RAD Image Folder" / name)
    image = next((each for each in there if each.is_file()), None)
    hashed = hashlib.sha256(whole(image)).hexdigest() if image else ""
    kind = "image/png" if name.lower().endswith(".png") else "image/jpeg"
    return Media(kind, hashed, Origin("vqa_rad", "public", image.relative_to(folder).as_posix() if image else name))
