"""MedPix: clinical cases with CT and MR images, what each image shows, and the diagnosis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.datasets._files import chosen, files, sound, text
from probatum.datasets._images import media
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Answer, Example, Media, Origin, Question

OFFICIAL = "https://medpix.nlm.nih.gov/; as files: https://github.com/CHILab1/MedPix-2.0"
PARTS = ("captions", "cases")
_SHOWN = ("History", "Exam", "Findings")
_NONE = {"", "n/a", "na", "none", "null"}


@card(
    "MedPix",
    survey="medpix",
    reference="doi:10.48550/arXiv.2407.02994",
    licence="CC BY-NC-SA 4.0 (MedPix 2.0); the images as MedPix says",
    languages=("en",),
    where=OFFICIAL,
    terms="For teaching and research, with attribution to MedPix and the authors.",
)
def medpix(path: Path, part: str = "captions") -> Iterator[Example]:
    """Images with captions (Descriptions.json), or cases with all their images and the diagnosis (Case_topic.json).

    `path` is the folder with both files and images/, or one file. captions: labels modality, plane, location, kind.
    cases: history, exam and findings as context, the case's diagnosis as gold, the differential as a field. The case
    is a group. Raises `NeedsFile` and `BadFormat`.
    """
    wanted = chosen(part, PARTS)
    pattern = "Descriptions*.json*" if wanted == "captions" else "Case_topic*.json*"
    for file in files(path, pattern, official=OFFICIAL):
        for line, row in sound(objects(file), file):
            where = f"{file}:{line}"
            yield from _image(row, file, where) if wanted == "captions" else _case(row, file, where)


def _image(row: dict[str, Any], file: Path, where: str) -> Iterator[Example]:
    case, name = text(row, "U_id", where), text(row, "image", where)
    said = row.get("Description")
    if not isinstance(said, dict):
        raise BadFormat("a Description was expected", where=where)
    caption = text(said, "Caption", where, needed=False)
    if caption.lower() in _NONE:
        return
    told = {
        "kind": text(row, "Type", where, needed=False),
        "location": text(row, "Location", where, needed=False),
        "modality": text(said, "Modality", where, needed=False),
        "plane": text(said, "Plane", where, needed=False),
    }
    labels = tuple((key, value) for key, value in told.items() if value)
    asked = Question(media=(_media(name, file, where),), language="en")
    yield Example(name, asked, Answer(caption), (f"case:{case}",), labels=labels, origin=Origin("medpix", "2.0", name))


def _case(row: dict[str, Any], file: Path, where: str) -> Iterator[Example]:
    id, case = text(row, "U_id", where), row.get("Case")
    if not isinstance(case, dict):
        raise BadFormat("a Case was expected", where=where)
    images = [name for key in ("TAC", "MRI") for name in row.get(key) or []]
    if not all(isinstance(name, str) for name in images):
        raise BadFormat("lists of image names were expected", where=where)
    told = ((name, text(case, name, where, needed=False)) for name in _SHOWN)
    context = tuple(f"{name}: {said}" for name, said in told if said.lower() not in _NONE)
    differential = text(case, "Differential Diagnosis", where, needed=False)
    gold = Answer(
        text(case, "Case Diagnosis", where, needed=False) or text(case, "Title", where),
        fields=(("differential", differential),) if differential.lower() not in _NONE else (),
    )
    topic = row.get("Topic") if isinstance(row.get("Topic"), dict) else {}
    category = text(topic or {}, "Category", where, needed=False)
    asked = Question(
        "What is the diagnosis?",
        context=context,
        media=tuple(_media(name, file, where) for name in images),
        language="en",
    )
    labels = (("category", category),) if category else ()
    yield Example(id, asked, gold, (f"case:{id}",), labels=labels, origin=Origin("medpix", "2.0", id))


def _media(name: str, file: Path, where: str) -> Media:
    end = "" if name.lower().endswith((".png", ".jpg")) else ".png"
    return media(file.parent, name, "medpix", "2.0", where, places=("images", ""), end=end)
