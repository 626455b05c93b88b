"""Prepares the images of a folder, one after the other: each comes with the report of what was done to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from pathlib import Path

import numpy as np

from probatum.errors import BadFormat, NeedsExtra, NeedsFile
from probatum.formats import images
from probatum.formats.reading import whole
from probatum.imaging.pixels import Report, Step, prepared

SUFFIXES = (".dcm", ".dicom", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")


@dataclass(frozen=True, slots=True)
class Prepared:
    """One image of a folder: what was done to it, or why it was refused."""

    name: str  # its place in the folder
    sha256: str  # of the file as it came; empty where it could not be read
    modality: str = ""
    view: str = ""
    steps: tuple[Step, ...] = ()
    refused: str = ""


def prepare(folder: Path, out: Path | None = None, *, size: int = 224) -> Iterator[Prepared]:
    """The report of each image (DICOM, PNG, JPEG, TIFF, BMP) of a folder and its folders, or of one file, by its place.

    Each is denoised, windowed or normalised, resampled to `size` x `size` and enhanced (`imaging.pixels.prepared`).
    With `out` the made images are written there at the same places, as PNG of eight bits. An image that is broken or
    too small is refused and the rest goes on. Raises `NeedsFile` where there is none, and `NeedsExtra`.
    """
    places = [folder] if folder.is_file() else sorted(each for each in folder.rglob("*") if _is_image(each))
    if not places:
        raise NeedsFile(f"no image ({', '.join(SUFFIXES)}) in {folder}")
    for place in places:
        name = place.name if place == folder else place.relative_to(folder).as_posix()
        try:
            data = whole(place)
            found = images.picture(data, str(place))
            image, report = _made(found, size, str(place))
        except BadFormat as error:
            yield Prepared(name, "", refused=error.what)
            continue
        if out is not None:
            _write(out / f"{name}.png", image)
        yield Prepared(name, hashlib.sha256(data).hexdigest(), found.modality, found.view, report.steps)


def _made(found: images.Picture, size: int, where: str) -> tuple[np.typing.NDArray[np.float64], Report]:
    try:
        return prepared(found.pixels, window=found.window, inverted=found.inverted, size=size)
    except ValueError as error:
        raise BadFormat(str(error), where=where) from error


def _is_image(place: Path) -> bool:
    if not place.is_file() or place.is_symlink():
        return False
    if place.suffix.lower() in SUFFIXES:
        return True
    if place.suffix:  # an archive's DICOM files have no ending at all
        return False
    with place.open("rb") as file:
        return file.read(132)[128:] == b"DICM"


def _write(place: Path, image: np.typing.NDArray[np.float64]) -> None:
    try:
        pillow = import_module("PIL.Image")
    except ImportError as error:
        raise NeedsExtra("images need PIL.Image", mend='pip install "probatum[images]"') from error
    made = BytesIO()
    pillow.fromarray(np.round(np.clip(image, 0, 1) * 255).astype(np.uint8)).save(made, "PNG")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(made.getvalue())
