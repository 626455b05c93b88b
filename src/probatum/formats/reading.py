"""Opens the files that clinical knowledge comes in, plain or packed, and stops where they are broken or hostile."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import json
import os
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, Any, cast

from probatum.errors import BadFormat, NeedsFile
from probatum.types import Malformed

LINE = 1_000_000  # bytes of one line; the longest of a real release has about four thousand
_BLOCK = 1 << 18
MEMBER = 64 << 20  # bytes of one file in an archive or a folder
MEMBERS = 1_000_000
UNPACKED = 64 << 30  # bytes of one file when unpacked; the attributes of a whole Metathesaurus have more than 8
RATIO, SPARE = 200, 16 << 20  # real text packs at most 30 to 1; a bomb a thousand to one
ZIP = b"PK\x03\x04"  # how an archive that holds something begins
DEPTH = 200  # brackets within brackets of a JSON text
QUOTED = 200  # characters of what stood there that a quarantined record keeps
BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile)

Line = tuple[int, str]
Member = tuple[str, bytes]


def lines(path: Path, *parts: Path) -> Iterator[Line | Malformed]:
    """The lines of a UTF-8 file, numbered from 1, without their ends; gzip is seen by its first bytes.

    Further parts go on where the one before ended, even within a line. A line that is too long, is not UTF-8 or holds
    a zero byte comes out as `Malformed`, and the rest goes on. Raises `NeedsFile` where there is no file, `BadFormat`
    where it cannot be read or unpacked to its end.
    """
    number = 0
    try:
        with joined((path, *parts)) as stream:
            for block in _blocks(stream):
                text = _text(block.removeprefix(codecs.BOM_UTF8) if not number else block)
                if text is None:
                    for raw in block.removesuffix(b"\n").split(b"\n"):
                        number += 1
                        yield _line(path, number, raw)
                    continue
                for line in text.removesuffix("\n").split("\n"):
                    number += 1
                    yield number, line.removesuffix("\r")
    except BROKEN as error:
        raise BadFormat(f"the packed file is broken: {error}", where=f"{path}:{number + 1}", mend=_AGAIN) from error


def members(path: Path, suffix: str) -> Iterator[Member | Malformed]:
    """The files ending in `suffix` of a folder (sorted) or of a tar archive (as they stand in it): name and bytes.

    Nothing is ever written to disk. A member that is a link or a device, whose name leads out of the archive, or that
    is too large comes out as `Malformed`. Raises `NeedsFile` and `BadFormat` as `lines` does.
    """
    if path.is_dir():
        yield from _folder_members(path, suffix)
        return
    try:
        with unpacked(path) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            for count, entry in enumerate(archive):
                if count >= MEMBERS:
                    raise BadFormat(f"more than {MEMBERS:,} files in the archive", where=str(path))
                if entry.isdir() or not entry.name.endswith(suffix):
                    continue
                if wrong := _wrong_member(entry):
                    yield Malformed(path.name, 0, wrong, _shown(entry.name))
                    continue
                # a regular member always has a stream
                yield entry.name, cast(IO[bytes], archive.extractfile(entry)).read()
    except BadFormat:
        raise
    except (*BROKEN, tarfile.TarError, OverflowError, ValueError) as error:  # the last two: absurd lengths in a header
        raise BadFormat(f"not a whole tar archive: {error}", where=str(path), mend=_AGAIN) from error


def digest(paths: Iterable[Path], before: Iterable[bytes] = ()) -> str:
    """The sha256 (hex) of the unpacked bytes of all files, one after the other: the same whether packed or plain.

    What stands in `before` counts first: the contents of an archive's members, say.
    """
    whole = hashlib.sha256()
    for data in before:
        whole.update(data)
    for path in paths:
        try:
            with unpacked(path) as stream:
                while block := stream.read(1 << 20):
                    whole.update(block)
        except BROKEN as error:
            raise BadFormat(f"the packed file is broken: {error}", where=str(path), mend=_AGAIN) from error
    return whole.hexdigest()


def contents(path: Path, suffix: str) -> Iterator[bytes]:
    """The bytes of what `members` gives, for `digest`: the same for a folder and for an archive in sorted order."""
    for member in members(path, suffix):
        if not isinstance(member, Malformed):
            yield member[1]


def loads(data: bytes, where: str) -> Any:
    """The value of a JSON text in UTF-8; raises `BadFormat` with line and column, or where it is nested too deeply."""
    try:
        value = json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BadFormat(f"not UTF-8 at byte {error.start}", where=where) from error
    except json.JSONDecodeError as error:
        place = f"{where}:{error.lineno}"
        raise BadFormat(f"not JSON: {error.msg} at column {error.colno}", where=place) from error
    except RecursionError as error:
        raise BadFormat(f"JSON nested more than {DEPTH} deep", where=where) from error
    except ValueError as error:  # a number of more digits than Python reads, or NaN
        raise BadFormat(f"not JSON: {error}", where=where) from error
    if b"\\ud" in data.lower() and not is_text(json.dumps(value, ensure_ascii=False)):
        raise BadFormat("an escape (\\ud800 to \\udfff) that is half a character", where=where)
    level = [value]
    for _ in range(DEPTH):
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, (dict, list))]
        if not level:
            return value
    raise BadFormat(f"JSON nested more than {DEPTH} deep", where=where)


def whole(path: Path, limit: int = MEMBER) -> bytes:
    """The unpacked bytes of one file; raises `BadFormat` where they are more than `limit`."""
    try:
        with unpacked(path) as stream:
            data = stream.read(limit + 1)
    except BROKEN as error:
        raise BadFormat(f"the packed file is broken: {error}", where=str(path), mend=_AGAIN) from error
    if len(data) > limit:
        raise BadFormat(f"more than {limit:,} bytes", where=str(path))
    return data


@contextmanager
def unpacked(path: Path) -> Iterator[IO[bytes]]:
    """A stream of a file's bytes, unpacked where they are gzip or the one file of a zip archive.

    Reading on past a sane size raises `BadFormat`, as does an archive of several files or one under a password.
    """
    try:
        with path.open("rb") as file, ExitStack() as opened:
            begins = file.peek(4)[:4]
            packed, zipped = begins[:2] == b"\x1f\x8b", begins == ZIP
            size = os.fstat(file.fileno()).st_size
            limit = min(UNPACKED, size * RATIO + SPARE) if packed or zipped else UNPACKED
            inner = cast(IO[bytes], gzip.GzipFile(fileobj=file)) if packed else file
            if zipped:
                inner = _only_member(opened.enter_context(zipfile.ZipFile(file)), str(path))
            with BufferedReader(_Limited(inner, limit, str(path)), 1 << 18) as stream:
                yield cast(IO[bytes], stream)
    except FileNotFoundError as error:
        raise NeedsFile("no such file", where=str(path)) from error
    except gzip.BadGzipFile:
        raise
    except NotImplementedError as error:  # a way of packing that Python does not know
        raise BadFormat(f"the zip archive cannot be unpacked here: {error}", where=str(path), mend=_UNZIP) from error
    except OSError as error:
        raise BadFormat(f"cannot be read: {error.strerror or error}", where=str(path)) from error


@contextmanager
def joined(paths: Sequence[Path]) -> Iterator[IO[bytes]]:
    """A stream of the unpacked bytes of several files, one after the other."""
    if len(paths) == 1:
        with unpacked(paths[0]) as stream:
            yield stream
        return
    with ExitStack() as opened:
        streams = (opened.enter_context(unpacked(path)) for path in paths)
        with BufferedReader(_Joined(streams), _BLOCK) as stream:
            yield cast(IO[bytes], stream)


class _Joined(RawIOBase):
    """Several streams as one."""

    def __init__(self, streams: Iterator[IO[bytes]]) -> None:
        super().__init__()
        self._streams, self._stream = streams, next(streams)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        while not data and (following := next(self._streams, None)):
            self._stream = following
            data = following.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Limited(RawIOBase):
    """A stream that refuses to unpack without end."""

    def __init__(self, inner: IO[bytes], limit: int, where: str) -> None:
        super().__init__()
        self._inner, self._left, self._where = inner, limit, where

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._inner.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise BadFormat("unpacks to far more than a real file would", where=self._where, mend=_AGAIN)
        buffer[: len(data)] = data
        return len(data)


_AGAIN = "get the file again from where it came"
_UNZIP = "unpack it into a folder and give the folder"
_NO_NAME = "a file name that is not UTF-8"


def _only_member(archive: zipfile.ZipFile, where: str) -> IO[bytes]:
    """A stream of the one file in a zip archive; its name is never used as a path, so it can lead nowhere."""
    inside = [each for each in archive.infolist() if not each.is_dir() and not each.filename.startswith("__MACOSX/")]
    if len(inside) != 1:
        raise BadFormat(f"a zip archive of {len(inside):,} files; one was expected", where=where, mend=_UNZIP)
    if inside[0].flag_bits & 1:
        raise BadFormat("a zip archive under a password", where=where, mend=_UNZIP)
    return archive.open(inside[0])


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Whole lines, many at a time; a line of more than `LINE` bytes comes alone, and of it only the beginning."""
    rest = b""
    while block := stream.read(_BLOCK):
        whole_lines, newline, tail = (rest + block).rpartition(b"\n")
        if newline:
            yield whole_lines + newline
        rest = tail
        if len(rest) > LINE:
            yield rest
            rest = b""
            while block and b"\n" not in block:
                block = stream.read(_BLOCK)
            rest = block.partition(b"\n")[2]
    if rest:
        yield rest


def _text(block: bytes) -> str | None:
    """The text of a block in which every line is sound; None where one is not."""
    if b"\0" in block or len(block) > LINE:
        return None
    try:
        return block.decode()
    except UnicodeDecodeError:
        return None


def _line(path: Path, number: int, raw: bytes) -> Line | Malformed:
    reason = ""
    try:
        text = raw.removeprefix(codecs.BOM_UTF8 if number == 1 else b"").decode()
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 at byte {error.start} of the line"
    if len(raw) > LINE:
        reason = f"a line of more than {LINE:,} bytes"
    elif b"\0" in raw:
        reason = "a zero byte; text was expected"
    if reason:
        return Malformed(path.name, number, reason, raw[:QUOTED].decode("utf-8", "replace").rstrip("\r"))
    return number, text.removesuffix("\r")


def _folder_members(folder: Path, suffix: str) -> Iterator[Member | Malformed]:
    for place, inner, names in os.walk(folder, followlinks=False):
        inner.sort()
        for name in sorted(names):
            file = Path(place, name)
            if not name.endswith(suffix):
                continue
            shown = file.relative_to(folder).as_posix()
            if not is_text(shown):
                yield Malformed(folder.name, 0, _NO_NAME, _shown(shown))
                continue
            if not file.is_file() or file.stat().st_size > MEMBER:
                yield Malformed(shown, 0, f"not a plain file of at most {MEMBER:,} bytes")
                continue
            yield shown, whole(file)


def _wrong_member(entry: tarfile.TarInfo) -> str:
    if not is_text(entry.name):
        return _NO_NAME
    if not entry.isreg():
        return "a link or a device in the archive; plain files were expected"
    if entry.name.startswith(("/", "\\")) or ".." in entry.name.replace("\\", "/").split("/"):
        return "a name that leads out of the archive"
    return f"more than {MEMBER:,} bytes" if entry.size > MEMBER else ""


def is_text(text: str) -> bool:
    """Whether a text can be written as UTF-8: half characters (surrogates) cannot, and would stop any store."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(name: str) -> str:
    return name[:QUOTED].encode("utf-8", "replace").decode()


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
