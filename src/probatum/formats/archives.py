"""Opens the archives of several files that publishers give (zip, tar, tar.gz), so that any source reads what is inside.

An archive is unpacked into a folder of its own, which is gone when it has been read. One that leads out of its folder,
holds links, bears a password or unpacks to far more than a real one would is refused whole, before its files are read.
"""

from __future__ import annotations

import re
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from probatum.errors import BadFormat, StoreRefused
from probatum.formats.reading import BROKEN, RATIO, SPARE, UNPACKED, ZIP, is_text, unpacked

MOST = 200_000  # files of one archive
DEEP = 30  # folders within folders
_BLOCK = 1 << 20
_ASIDE = ("__MACOSX", ".DS_Store", "Thumbs.db")  # what computers add by themselves
_DRIVE = re.compile(r"[A-Za-z]:")
_PACKED = (".gz", ".tgz", ".tar", ".zip", ".bz2", ".xz")
_AGAIN = "get the file again from where it came"
_FREE = "make room, or let TMPDIR name a folder on a larger disk"


@contextmanager
def opened(path: Path | None, *, tar: bool = True) -> Iterator[Path | None]:
    """The folder of an archive's files, or the path itself where it is no archive of several files.

    A folder that holds one archive and nothing else stands for the archive. A zip archive of one file is left to
    `reading.unpacked`; with `tar` false tar archives are left to the source. Raises `BadFormat` for an archive that is
    broken or hostile, `StoreRefused` where the disk has no room for it.
    """
    archive = _archive(path)
    if archive is None or not (_is_zip_of_several(archive) or (tar and _is_tar(archive))):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="probatum-") as scratch:
        place = Path(scratch, _stem(archive))  # the same name each time: releases may tell it
        place.mkdir()
        try:
            if _is_zip(archive):
                _unzip(archive, place)
            else:
                _untar(archive, place)
        except (*BROKEN, tarfile.TarError, NotImplementedError, OverflowError, ValueError) as error:
            raise BadFormat(f"not a whole archive: {error}", where=str(archive), mend=_AGAIN) from error
        except RuntimeError as error:  # what zipfile says where a password is wanted
            raise BadFormat(f"cannot be unpacked: {error}", where=str(archive), mend=_AGAIN) from error
        except OSError as error:
            why = f"the archive cannot be unpacked: {error.strerror or error}"
            raise StoreRefused(why, where=str(archive), mend=_FREE) from error
        yield place


def _archive(path: Path | None) -> Path | None:
    """The file that may be an archive."""
    if path is None or path.is_file():
        return path
    inside = [each for each in path.iterdir() if not each.name.startswith(".")] if path.is_dir() else []
    one = len(inside) == 1 and inside[0].is_file() and inside[0].name.lower().endswith(_PACKED)
    return inside[0] if one else None


def _is_zip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == ZIP


def _is_zip_of_several(path: Path) -> bool:
    if not _is_zip(path) or path.suffix.lower() in {".xlsx", ".ods", ".docx", ".jar", ".whl"}:
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(not each.is_dir() and not _is_aside(each.filename) for each in archive.infolist()) > 1
    except BROKEN as error:
        raise BadFormat(f"not a whole archive: {error}", where=str(path), mend=_AGAIN) from error


def _is_tar(path: Path) -> bool:
    """Whether a file, unpacked, begins as a tar archive does: with the header of its first member."""
    try:
        with unpacked(path) as stream:
            header = stream.read(tarfile.BLOCKSIZE)
    except (*BROKEN, BadFormat):
        return False  # the source says what is wrong with it
    return len(header) == tarfile.BLOCKSIZE and header[257:262] == b"ustar"


def _stem(archive: Path) -> str:
    name = archive.name
    while name.lower().endswith(_PACKED):
        name = name.rpartition(".")[0]
    return name or "archive"


def _unzip(path: Path, place: Path) -> None:
    room = _Room(path, place)
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.is_dir() or _is_aside(entry.filename):
                continue
            if entry.flag_bits & 1:
                raise BadFormat("an archive under a password", where=str(path), mend="unpack it and give the folder")
            if (entry.external_attr >> 16) & 0o170000 not in {0, 0o100000}:
                raise _hostile(path, entry.filename, "a link or a device")
            room.expect(entry.file_size)
            with archive.open(entry) as stream:
                room.write(stream, entry.filename)


def _untar(path: Path, place: Path) -> None:
    room = _Room(path, place)
    with unpacked(path) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        for entry in archive:
            if entry.isdir() or _is_aside(entry.name):
                continue
            if not entry.isreg():
                raise _hostile(path, entry.name, "a link or a device")
            room.expect(entry.size)
            room.write(cast(IO[bytes], archive.extractfile(entry)), entry.name)  # a regular member has a stream


class _Room:
    """Where an archive is unpacked, and how much may still come out of it."""

    def __init__(self, archive: Path, place: Path) -> None:
        self._archive, self._place, self._files = archive, place, 0
        self._left = min(UNPACKED, archive.stat().st_size * RATIO + SPARE)

    def expect(self, size: int) -> None:
        """Refuses a file that is said to be too large, before any of it is written."""
        if size > self._left:
            raise self._bomb()
        if size > shutil.disk_usage(self._place).free:
            raise StoreRefused(f"no room to unpack {size:,} bytes", where=str(self._archive), mend=_FREE)

    def write(self, stream: IO[bytes], name: str) -> None:
        """Writes one file under its name; what an archive says of sizes is not believed."""
        self._files += 1
        if self._files > MOST:
            raise BadFormat(f"more than {MOST:,} files in the archive", where=str(self._archive))
        target = self._place.joinpath(*_parts(self._archive, name))
        if target.exists():
            raise _hostile(self._archive, name, "a second file of this name")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise _hostile(self._archive, name, "a file where a folder is") from error
        with target.open("xb") as file:
            while block := stream.read(_BLOCK):
                self._left -= len(block)
                if self._left < 0:
                    raise self._bomb()
                file.write(block)

    def _bomb(self) -> BadFormat:
        return BadFormat("unpacks to far more than a real file would", where=str(self._archive), mend=_AGAIN)


def _parts(archive: Path, name: str) -> list[str]:
    """The folders and the name of a file within; refused where they are not plain."""
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ".." in parts or _DRIVE.match(name):
        raise _hostile(archive, name, "a name that leads out of the archive")
    plain = [part for part in parts if part not in {"", "."}]
    if not plain or len(plain) > DEEP or not name.isprintable() or not is_text(name):
        raise _hostile(archive, name, "no plain file name")
    if any(len(part.encode()) > 255 for part in plain):
        raise _hostile(archive, name, "a name too long for any disk")
    return plain


def _is_aside(name: str) -> bool:
    return any(part in _ASIDE or part.startswith("._") for part in name.split("/"))


def _hostile(archive: Path, name: str, why: str) -> BadFormat:
    return BadFormat(f"{why} in the archive: {name[:200]!r}", where=str(archive), mend=_AGAIN)
