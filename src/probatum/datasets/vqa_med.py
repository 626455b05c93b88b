"""VQA-Med: the questions about radiological images of ImageCLEF 2018 to 2021."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from probatum.datasets._files import chosen, files, sound, split_of
from probatum.datasets._images import answered, media
from probatum.errors import BadFormat
from probatum.formats.reading import lines
from probatum.naming import card
from probatum.types import Example, Media, Origin, Question

OFFICIAL = "https://github.com/abachaa/VQA-Med-2019 (and -2020, -2021); 2018: ImageCLEF"
PARTS = ("2018", "2019", "2020", "2021", "2020_vqg", "2021_vqg")
_CATEGORY = re.compile(r"^c\d_([a-z]+)_")
_ABNORMALITY = {"2020", "2021"}  # both years ask of abnormality alone
_IMAGE_WORD = re.compile(r"images?", re.IGNORECASE)

Cells = tuple[int, list[str]]


@card(
    "VQA-Med 2018 to 2021 (ImageCLEF)",
    survey="vqa_med_2019",
    reference="https://ceur-ws.org/Vol-2380/paper_272.pdf",
    licence="none stated; the images come from MedPix and PubMed Central",
    languages=("en",),
    where=OFFICIAL,
    terms="For research; 2018 and the training sets after registration with ImageCLEF.",
)
def vqa_med(path: Path, part: str = "2019") -> Iterator[Example]:
    """The questions of one year, file by file, or (2020_vqg, 2021_vqg) images with the questions asked about them.

    `path` is one official file or a folder of them. Lines are image|question|answer; in 2018 number, image, question
    and answer between tabs; in tests image|category|question|answer, or questions and reference answers in two files,
    joined by the image. Several right answers (#, or further cells) are gold's candidates. Labels: open, split, type
    (modality, plane, organ, abnormality, where the year tells it). A test question without its reference has no gold.
    The image is a group. Raises `NeedsFile` and `BadFormat`.
    """
    year, _, generation = chosen(part, PARTS).partition("_")
    found = [file for file in files(path, "*.txt", "*.csv", official=OFFICIAL) if _fits(file, path, bool(generation))]
    by_category = any(_CATEGORY.match(file.name.lower()) for file in found)
    references = _references(found)
    for file in found:
        plain = file.name.lower()
        if _is_answers(plain) or (by_category and plain.startswith("all_qa_pairs")):
            continue  # the same pairs once more, without their category
        if "question" in plain and "ref" not in plain and any("w_ref" in each.name.lower() for each in found):
            continue
        for line, cells in _rows(file):
            if generation:
                yield _generated(cells, file, year, line)
            else:
                yield _question(cells, file, year, line, references)


def _fits(file: Path, path: Path, generation: bool) -> bool:
    plain = file.name.lower()
    if "readme" in plain or _IMAGE_WORD.search(plain):
        return False
    is_generation = any(word in plain for word in ("vqg", "generation"))
    return file == path or is_generation == generation


def _is_answers(plain: str) -> bool:
    return "referenceanswers" in plain or "reference_answers" in plain


def _rows(file: Path) -> Iterator[Cells]:
    """The cells of each line that is not empty, divided by bars, or by tabs where the line has any."""
    for number, line in sound(lines(file), file):
        if line.strip():
            yield number, [cell.strip() for cell in line.split("\t" if "\t" in line else "|")]


def _references(found: Sequence[Path]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for file in found:
        if _is_answers(file.name.lower()):
            for line, cells in _rows(file):
                if len(cells) < 2 or not all(cells[:2]):
                    raise BadFormat("an image and its answer were expected", where=f"{file}:{line}")
                told[cells[0]] = cells[1:]
    return told


def _question(cells: list[str], file: Path, year: str, line: int, references: dict[str, list[str]]) -> Example:
    where = f"{file}:{line}"
    if year == "2018" and cells[0].isdecimal():
        cells = cells[1:]  # the number of the row
    category = next(iter(_CATEGORY.findall(file.name.lower())), "abnormality" if year in _ABNORMALITY else "")
    if len(cells) == 4 and "w_ref" in file.name.lower():
        category, cells = cells[1].lower(), [cells[0], *cells[2:]]
    if len(cells) < 2 or not all(cells[:2]):
        raise BadFormat("an image, a question and an answer were expected", where=where)
    image, asked, *answers = cells
    answers = answers or references.get(image, [])
    id = f"{file.stem}:{line}"
    # a hash sign stands between several right answers
    right = [each for cell in answers for each in cell.split("#")]
    return answered(
        id, Question(asked, media=(_image(image, file, year, where),), language="en"), right,
        Origin("vqa_med", year, id), labels={"split": _split(file), "type": category}, groups=(f"image:{image}",),
    )  # fmt: skip


def _generated(cells: list[str], file: Path, year: str, line: int) -> Example:
    where = f"{file}:{line}"
    if len(cells) < 2 or not all(cells[:2]):
        raise BadFormat("an image and questions about it were expected", where=where)
    id = f"{file.stem}:{line}"
    asked = Question("Ask a question about this image.", media=(_image(cells[0], file, year, where),), language="en")
    return answered(
        id, asked, cells[1:], Origin("vqa_med", f"{year} VQG", id), labels={"split": _split(file)},
        groups=(f"image:{cells[0]}",), kind="OPEN",
    )  # fmt: skip


def _split(file: Path) -> str:
    """The split that the names of the file and its folder tell, whose words are often written together."""
    for name in (file.name.lower(), file.parent.name.lower()):
        for word, said in (("train", "train"), ("val", "dev"), ("test", "test")):
            if word in name:
                return said
    return split_of(file)


def _image(name: str, file: Path, year: str, where: str) -> Media:
    """The image beside its file, in a folder there, or one up where the questions are divided by category."""
    root = file.parent.parent if file.parent.name == "QAPairsByCategory" else file.parent
    folders = sorted(each.name for each in root.iterdir() if each.is_dir() and _IMAGE_WORD.search(each.name))
    return media(root, name, "vqa_med", year, where, places=("", *folders), end=".jpg")
