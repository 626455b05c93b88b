"""Images out of files: PNG and JPEG as pixels, bombs and broken files refused."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from probatum.errors import BadFormat
from probatum.formats.images import picture


def saved(image: Image.Image, kind: str) -> bytes:
    stream = BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def test_a_png_and_a_jpeg() -> None:
    pixels = np.arange(48, dtype=np.uint8).reshape(6, 8)
    found = picture(saved(Image.fromarray(pixels), "PNG"), "x.png")
    assert (found.kind, found.window, found.inverted) == ("image/png", None, False)
    assert np.array_equal(found.pixels, pixels)
    colour = picture(saved(Image.new("RGB", (4, 3), (200, 10, 10)), "JPEG"), "x.jpg")
    assert (colour.kind, colour.pixels.shape) == ("image/jpeg", (3, 4, 3))


def test_a_bomb_and_broken_files_are_refused() -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )
    whole = saved(Image.new("L", (64, 64), 3), "PNG")
    for data in (bomb, whole[:60], b"", b"GIF89a" + bytes(40), bytes(128) + b"DICM" + bytes(40)):
        with pytest.raises(BadFormat):
            picture(data, "x")
