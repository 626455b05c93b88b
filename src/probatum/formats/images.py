"""Opens clinical images, DICOM or PNG, JPEG, TIFF, as pixels with what their file says of how to show them.

Nothing of a DICOM header that names a person is kept: only how the pixels are to be read.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from probatum.errors import BadFormat, NeedsExtra
from probatum.formats.reading import whole

PIXELS = 1 << 26  # of one image; the largest mammograms have some 25 million
_DICOM = b"DICM"  # after a preamble of 128 bytes
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP")


@dataclass(frozen=True, slots=True)
class Picture:
    """One image: pixels (rows, columns) or (rows, columns, 3), and how its file wants them shown."""

    pixels: NDArray[np.generic]
    kind: str  # media type
    modality: str = ""  # CR, CT, MR ...
    view: str = ""  # PA, AP, LATERAL ...
    window: tuple[float, float] | None = None  # (center, width) in the values of `pixels`
    inverted: bool = False  # the least value is white


def picture(data: bytes, where: str) -> Picture:
    """The image of a file; of several frames the middle one. Raises `BadFormat`, and `NeedsExtra` without the readers.

    An image of more than 67 million pixels is refused before it is unpacked.
    """
    return _dicom(data, where) if data[128:132] == _DICOM else _photograph(data, where)


def read(path: Path) -> Picture:
    """The image of a file, as `picture` gives it; raises `NeedsFile` too."""
    return picture(whole(path), str(path))


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise NeedsExtra(f"images need {name}", mend='pip install "probatum[images]"') from error


def _photograph(data: bytes, where: str) -> Picture:
    pillow = _library("PIL.Image")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow only warns of a bomb
            with pillow.open(BytesIO(data), formats=_FORMATS) as image:
                _bounded(image.width, image.height, 1, where)
                kind = str(image.get_format_mimetype() or "")
                if image.mode not in {"L", "I;16", "I", "F"}:
                    image = image.convert("RGB")  # noqa: PLW2901 # the same picture in plain colours
                return Picture(np.asarray(image), kind)
    except BadFormat:
        raise
    except (OSError, SyntaxError, ValueError, Warning, pillow.DecompressionBombError) as error:
        raise BadFormat(f"not a whole PNG, JPEG, TIFF or BMP image: {error}", where=where) from error


def _dicom(data: bytes, where: str) -> Picture:
    pydicom = _library("pydicom")
    pixels = _library("pydicom.pixels")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of values that break the standard and do not concern the pixels
            read_ = pydicom.dcmread(BytesIO(data))
            frames = int(read_.get("NumberOfFrames") or 1)
            if "PixelData" not in read_:
                raise BadFormat("no pixels in this DICOM file (a report, a waveform or a directory)", where=where)
            _bounded(int(read_.Columns), int(read_.Rows), int(read_.get("SamplesPerPixel") or 1), where)
            frame = pixels.pixel_array(read_, index=frames // 2)
            if read_.get("PhotometricInterpretation") == "PALETTE COLOR":
                frame = pixels.apply_color_lut(frame, read_)
            elif frame.ndim == 2:
                frame = pixels.apply_rescale(frame, read_)
            return Picture(
                frame, "application/dicom", str(read_.get("Modality") or ""), str(read_.get("ViewPosition") or ""),
                _window(read_), read_.get("PhotometricInterpretation") == "MONOCHROME1",
            )  # fmt: skip
    except BadFormat:
        raise
    except _broken(pydicom) as error:
        raise BadFormat(f"the DICOM file cannot be read: {error}", where=where) from error


def _broken(pydicom: Any) -> tuple[type[Exception], ...]:
    """What pydicom raises where a file is broken, or packed in a way that nothing here unpacks."""
    told = (AttributeError, KeyError, IndexError, NotImplementedError, OSError, EOFError, OverflowError, TypeError)
    return (*told, ValueError, RuntimeError, pydicom.errors.InvalidDicomError)


def _window(read_: Any) -> tuple[float, float] | None:
    center, width = read_.get("WindowCenter"), read_.get("WindowWidth")
    if center is None or width is None:
        return None
    first = [each if isinstance(each, int | float | str) else each[0] for each in (center, width)]
    return (float(first[0]), float(first[1])) if float(first[1]) >= 1 else None


def _bounded(columns: int, rows: int, samples: int, where: str) -> None:
    if columns * rows * samples > PIXELS * 3 or columns * rows > PIXELS:
        raise BadFormat(f"an image of {columns:,} x {rows:,} pixels; {PIXELS:,} at most", where=where)
