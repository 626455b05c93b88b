"""A folder of images prepared: DICOM and JPEG, a report each, broken and oversized ones refused."""

from __future__ import annotations

import hashlib
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from probatum.errors import NeedsFile
from probatum.formats.image_folder import prepare


def test_dicom_and_jpeg_with_a_report_each(tiny: Path, tmp_path: Path) -> None:
    for name, place, modality in (
        ("mimic_cxr", "files/p10/p10000001/s50000001/own-a.dcm", "DX"),
        ("mimic_cxr_jpg", "files/p10/p10000001/s50000001/own-a.jpg", ""),
    ):
        (only,) = prepare(tiny / "datasets" / name, tmp_path / name, size=32)
        data = (tiny / "datasets" / name / place).read_bytes()
        assert (only.name, only.sha256, only.modality) == (place, hashlib.sha256(data).hexdigest(), modality)
        assert [step.name for step in only.steps] == ["read", "denoise", "normalise", "resample", "enhance"]
        assert only.steps[2].low >= 0 and only.steps[2].high <= 1
        assert not modality or only.steps[1].noise < only.steps[0].noise
        assert (only.steps[0].rows, only.steps[-1].rows) == (16, 32)
        made = np.asarray(Image.open(tmp_path / name / f"{place}.png"))
        assert made.shape == (32, 32) and made.dtype == np.uint8 and made[0, 0] < made[-1, -1]
    assert "window 1000 / 2000" in next(iter(prepare(tiny / "datasets/mimic_cxr"))).steps[2].setting


def bomb() -> bytes:
    """A PNG file of a few bytes that says it has 400 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 20_001)) + chunk(b"IEND", b"")


def test_what_is_broken_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        list(prepare(tmp_path))
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8 no image")
    (tmp_path / "b.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\0" * 9)
    (tmp_path / "bomb.png").write_bytes(bomb())
    Image.new("RGB", (1, 9), (9, 9, 9)).save(tmp_path / "thin.png")
    Image.fromarray(np.arange(400, dtype=np.uint8).reshape(20, 20)).save(tmp_path / "well.png")
    (tmp_path / "out.png").symlink_to(tmp_path / "well.png")
    (tmp_path / "notes.txt").write_text("no image")
    found = {each.name: each for each in prepare(tmp_path, size=8)}
    assert sorted(found) == ["a.jpg", "b.dcm", "bomb.png", "thin.png", "well.png"]
    assert "pixels" in found["bomb.png"].refused and found["a.jpg"].refused and found["b.dcm"].refused
    assert found["well.png"].steps and not found["well.png"].refused


@pytest.mark.shared
def test_the_real_samples(shared: Path) -> None:
    found = list(prepare(shared / "dicom-samples/pydicom", size=64))
    assert sum(not each.refused for each in found) >= 11
    refused = {each.name.rpartition("/")[2]: each.refused for each in found if each.refused}
    assert "no pixels" in refused["test-SR.dcm"] and "no pixels" in refused["waveform_ecg.dcm"]
