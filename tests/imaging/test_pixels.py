"""Preparing images: noise falls, sizes and ranges are as asked, contrast evens, and the report says each step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from probatum.errors import BadFormat
from probatum.formats.images import picture, read
from probatum.imaging.pixels import denoised, enhanced, grey, noise, normalised, prepared, resampled, windowed

RAMP = np.add.outer(np.linspace(0, 1, 60), np.linspace(0, 1, 80))


def test_noise_is_measured_and_taken_out() -> None:
    noisy = RAMP + np.random.default_rng(0).normal(0, 0.1, RAMP.shape)
    assert noise(RAMP) < 1e-9 and noise(noisy) == pytest.approx(0.1, rel=0.1)
    clean = denoised(noisy)
    assert noise(clean) < 0.06 and np.abs(clean - RAMP).mean() < 0.6 * np.abs(noisy - RAMP).mean()
    speck = np.zeros((5, 5))
    speck[2, 2] = 9
    assert not denoised(speck).any()


def test_another_size_keeps_the_mean_and_straight_lines() -> None:
    small = resampled(RAMP, 7, 11)
    assert small.shape == (7, 11) and small.mean() == pytest.approx(RAMP.mean())
    assert resampled(np.array([[1.0, 3.0], [5.0, 7.0]]), 1, 1).tolist() == [[4.0]]
    assert resampled(np.array([[0.0, 4.0]]), 1, 4).tolist() == [[0.0, 1.0, 3.0, 4.0]]
    assert np.array_equal(resampled(RAMP, 60, 80), RAMP)


def test_windows_and_percentiles() -> None:
    values = np.array([[-1000.0, -60.5, 39.5, 139.5, 1000.0]])
    assert windowed(values, 40, 201)[0].tolist() == pytest.approx([0, 0, 0.5, 1, 1], abs=0.003)
    assert normalised(np.arange(10_001.0).reshape(1, -1))[0, 5_000] == pytest.approx(0.5)
    assert not normalised(np.full((3, 3), 7.0)).any()
    with pytest.raises(ValueError, match="at least 1"):
        windowed(values, 40, 0)


def test_contrast_is_evened_within_bounds() -> None:
    dull = 0.45 + 0.1 * np.random.default_rng(1).random((64, 64))
    even = enhanced(dull)
    assert even.std() > 1.5 * dull.std() and even.min() >= 0 and even.max() <= 1
    ramp = np.tile(np.linspace(0, 1, 256), (64, 1))
    assert np.abs(enhanced(ramp, limit=1.0) - ramp).max() < 0.07 < np.abs(enhanced(ramp, limit=8.0) - ramp).max()
    with pytest.raises(ValueError, match="normalise first"):
        enhanced(dull - 1)


def test_the_report_says_every_step() -> None:
    image, report = prepared((RAMP * 100).astype(np.uint16), window=(100, 150), inverted=True, size=32)
    assert image.shape == (32, 32) and 0 <= image.min() <= image.max() <= 1
    assert [each.name for each in report.steps] == ["read", "denoise", "normalise", "resample", "enhance"]
    assert report.steps[2].setting == "window 100 / 150, inverted" and report.steps[3].rows == 32
    assert image[0, 0] > image[-1, -1]  # the least value is white
    assert grey(np.full((2, 2, 3), 10)).tolist() == [[pytest.approx(10)] * 2] * 2
    for shape in ((2, 2, 7), (0, 3)):
        with pytest.raises(ValueError, match="shape"):
            grey(np.zeros(shape))


@pytest.mark.shared
def test_the_real_images_are_prepared(shared: Path) -> None:
    told = {}
    folder = shared / "dicom-samples"
    for file in sorted((folder / "pydicom").glob("*.dcm")):
        if file.stem not in {"test-SR", "waveform_ecg"}:
            found = read(file)
            image, report = prepared(found.pixels, window=found.window, inverted=found.inverted, size=96)
            assert image.shape == (96, 96) and np.isfinite(image).all() and len(report.steps) == 5
            told[file.stem] = (found.modality, found.pixels.shape[:2])
    assert len(told) == 11 and told["CT_small"] == ("CT", (128, 128))
    assert np.array_equal(
        read(folder / "pydicom/MR_small.dcm").pixels, read(folder / "pydicom/MR_small_RLE.dcm").pixels
    )
    chest = read(folder / "pseudo-phi/0_ORIGINAL_compressed.dcm")
    assert (chest.modality, chest.pixels.shape, chest.inverted, chest.window) == ("CR", (1760, 2140), True, (511, 1023))
    for name in ("test-SR", "waveform_ecg"):
        with pytest.raises(BadFormat, match="no pixels"):
            read(folder / f"pydicom/{name}.dcm")
    whole = (folder / "pydicom/CT_small.dcm").read_bytes()
    with pytest.raises(BadFormat, match="cannot be read"):
        picture(whole[:-9_000], "cut.dcm")
