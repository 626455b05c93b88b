"""Makes clinical images comparable: noise taken out, one size, one range, contrast evened; each step says what it did.

Images are float64 arrays of shape (rows, columns), values as the device wrote them (a colour image becomes grey first).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float64]
_GREY = np.array([0.299, 0.587, 0.114])  # luma of ITU-R BT.601
TILES, BINS = 8, 256


@dataclass(frozen=True, slots=True)
class Step:
    """One step of preparing an image: its name, its setting, and what the image was after it."""

    name: str
    setting: str
    rows: int
    columns: int
    low: float
    high: float
    mean: float
    noise: float  # standard deviation of the noise, estimated from the image itself


@dataclass(frozen=True, slots=True)
class Report:
    """What was done to one image, in order; the first step is the image as it came."""

    steps: tuple[Step, ...]


def grey(pixels: NDArray[np.generic]) -> Image:
    """One channel of an image (rows, columns) or (rows, columns, 3 or 4) without the fourth. Raises `ValueError`."""
    image = np.asarray(pixels, np.float64)
    if image.ndim == 3 and image.shape[2] in {3, 4}:
        image = image[..., :3] @ _GREY
    if image.ndim != 2 or 0 in image.shape or not np.isfinite(image).all():
        raise ValueError(f"an image of the shape {np.shape(pixels)} with finite values cannot be prepared")
    return image


def noise(image: Image) -> float:
    """The standard deviation of an image's noise (Immerkaer 1996, doi:10.1006/cviu.1996.0060); 0 for under 3 pixels."""
    rows, columns = image.shape
    if rows < 3 or columns < 3:
        return 0.0
    down = image[:-2] - 2 * image[1:-1] + image[2:]
    both = down[:, :-2] - 2 * down[:, 1:-1] + down[:, 2:]
    return float(np.abs(both).sum() * np.sqrt(np.pi / 2) / (6 * (rows - 2) * (columns - 2)))


def denoised(image: Image, *, radius: int = 1) -> Image:
    """The image with every pixel as the median of the square around it; at the edge the image goes on mirrored."""
    if not radius:
        return image
    if min(image.shape) <= radius:
        raise ValueError(f"an image of {image.shape} is smaller than the square of radius {radius}")
    side = 2 * radius + 1
    framed = np.pad(image, radius, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(framed, (side, side))
    # a band at a time: the windows of a whole radiograph would be nine images at once
    bands = [np.median(windows[at : at + 64], axis=(2, 3)) for at in range(0, len(windows), 64)]
    return np.concatenate(bands)


def resampled(image: Image, rows: int, columns: int) -> Image:
    """The image at another size: the mean of what each new pixel covers, or between neighbours where it grows."""
    return _along(_along(image, rows).T, columns).T


def _along(image: Image, size: int) -> Image:
    if size < 1:
        raise ValueError(f"{size} is no size of an image")
    length = image.shape[0]
    if size == length:
        return image
    if size < length:
        sums = np.concatenate([np.zeros((1, image.shape[1])), np.cumsum(image, axis=0)])
        edges = np.linspace(0, length, size + 1)
        low = np.minimum(edges.astype(np.intp), length - 1)
        at = sums[low] + (edges - low)[:, None] * image[low]
        return np.asarray(np.diff(at, axis=0) * (size / length))
    places = np.clip((np.arange(size) + 0.5) * length / size - 0.5, 0, length - 1)
    low = np.minimum(places.astype(np.intp), max(length - 2, 0))
    share = (places - low)[:, None]
    return np.asarray(image[low] * (1 - share) + image[np.minimum(low + 1, length - 1)] * share)


def windowed(image: Image, center: float, width: float) -> Image:
    """The image in 0 to 1 by a window (DICOM PS3.3 C.11.2.1.2, linear); raises `ValueError` for a width under 1."""
    if not width >= 1:
        raise ValueError(f"a window of the width {width:g}; at least 1 was expected")
    if width == 1:
        return np.asarray(image > center - 0.5, np.float64)
    return np.asarray(np.clip((image - (center - 0.5)) / (width - 1) + 0.5, 0, 1))


def normalised(image: Image, *, low: float = 0.5, high: float = 99.5) -> Image:
    """The image between 0 and 1, its two percentiles at the ends; an image of one value becomes 0 everywhere."""
    least, most = np.percentile(image, [low, high])
    if most <= least:
        least, most = float(image.min()), float(image.max())
    return np.zeros_like(image) if most <= least else np.asarray(np.clip((image - least) / (most - least), 0, 1))


def enhanced(image: Image, *, limit: float = 2.0) -> Image:
    """An image between 0 and 1 with its contrast evened tile by tile, bounded (CLAHE: Zuiderveld 1994).

    8 x 8 tiles of 256 bins; `limit` is how many times the mean a bin may hold, the rest being spread over all bins;
    between the tiles' mappings it goes bilinearly.
    """
    rows, columns = image.shape
    down, across = min(TILES, rows), min(TILES, columns)
    bins = np.minimum((image * BINS).astype(np.intp), BINS - 1)
    if bins.min() < 0:
        raise ValueError("values between 0 and 1 were expected: normalise first")
    top, left = (np.linspace(0, size, tiles + 1).astype(np.intp) for size, tiles in ((rows, down), (columns, across)))
    maps = np.empty((down, across, BINS))
    for row in range(down):
        for column in range(across):
            tile = bins[top[row] : top[row + 1], left[column] : left[column + 1]]
            maps[row, column] = _mapping(tile, limit)
    upper, below, share = _between(rows, down)
    before, after, part = _between(columns, across)
    share, part = share[:, None], part[None, :]
    at = (upper[:, None], below[:, None], before[None, :], after[None, :])
    first = maps[at[0], at[2], bins] * (1 - part) + maps[at[0], at[3], bins] * part
    second = maps[at[1], at[2], bins] * (1 - part) + maps[at[1], at[3], bins] * part
    return np.asarray(first * (1 - share) + second * share)


def _mapping(tile: NDArray[np.intp], limit: float) -> NDArray[np.float64]:
    counts = np.bincount(tile.ravel(), minlength=BINS).astype(np.float64)
    most = max(limit * tile.size / BINS, 1.0)
    spare = np.maximum(counts - most, 0).sum()
    counts = np.minimum(counts, most) + spare / BINS
    return np.asarray(np.cumsum(counts) / tile.size)


def _between(size: int, tiles: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """For each place the tile before it, the one after it, and the share of the second."""
    places = (np.arange(size) + 0.5) * tiles / size - 0.5
    before = np.clip(np.floor(places).astype(np.intp), 0, tiles - 1)
    after = np.clip(before + 1, 0, tiles - 1)
    return before, after, np.clip(places - before, 0, 1)


def prepared(
    pixels: NDArray[np.generic], *, window: tuple[float, float] | None = None, inverted: bool = False, size: int = 224
) -> tuple[Image, Report]:
    """(An image of size x size in 0 to 1, the report): grey, denoised, windowed or normalised, resampled, enhanced.

    `window` is (center, width) in the image's own values; `inverted`, where the least value is white (MONOCHROME1).
    """
    image = grey(pixels)
    steps = [_step("read", f"{np.asarray(pixels).dtype}, {np.asarray(pixels).ndim} axes", image)]
    image = denoised(image) if min(image.shape) > 1 else image
    steps.append(_step("denoise", "median, radius 1", image))
    image = windowed(image, *window) if window else normalised(image)
    image = 1 - image if inverted else image
    said = f"window {window[0]:g} / {window[1]:g}" if window else "percentiles .5 to 99.5"
    steps.append(_step("normalise", said + (", inverted" if inverted else ""), image))
    image = resampled(image, size, size)
    steps.append(_step("resample", f"{size} x {size}", image))
    image = enhanced(np.clip(image, 0, 1))
    steps.append(_step("enhance", "CLAHE, limit 2", image))
    return image, Report(tuple(steps))


def _step(name: str, setting: str, image: Image) -> Step:
    rows, columns = image.shape
    return Step(name, setting, rows, columns, float(image.min()), float(image.max()), float(image.mean()), noise(image))
