"""Ways of reading a file of numbers, for test_spreading: other processes import them by name."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat
from probatum.types import Fact, Malformed, Origin, Passage, Release


def numbers(file: Path, *, most: int = 10**9) -> Iterator[int]:
    """The numbers in a file; a bad one is an error."""
    for line in file.read_text(encoding="utf-8").split():
        if int(line) > most:
            raise BadFormat(f"{line} is too much", where=str(file), mend="less")
        yield int(line)


def refusing(number: int) -> int:
    """The number, if it is small."""
    if number > 4:
        raise BadFormat(f"{number} is too much", where="here")
    return number


def dying(file: Path, *, grave: Path) -> Iterator[int]:
    """The numbers in a file; the process that comes to a seven dies of it once, and leaves its id."""
    for number in numbers(file):
        yield number
        if number % 1000 == 7 and not (grave / f"{number}").exists():
            (grave / f"{number}").write_text(str(os.getpid()), encoding="utf-8")
            os.kill(os.getpid(), signal.SIGKILL)


def mistaken(file: Path, *, home: int) -> Iterator[int]:
    """A mistake of ours, wherever it is made."""
    yield 1
    raise ZeroDivisionError(str(os.getpid() == home))


def sentences(file: Path, *, grave: Path | None = None) -> Iterator[Fact]:
    """A release whose passages are the numbers in a file, with `dying`'s manner of dying."""
    yield Release("counted", "1", "CC0-1.0", "0" * 64)
    for number in numbers(file) if grave is None else dying(file, grave=grave):
        yield Passage(f"N:{number}", f"The number {number}.", "", "en", Origin("counted", "1", f"N:{number}"))
        if number % 1000 == 400:
            yield Malformed(file.name, number, "made up", "")


def other_sentences(file: Path, *, home: int) -> Iterator[Fact]:
    """Here one release, elsewhere another."""
    found = sentences(file)
    yield next(found) if os.getpid() == home else Release("counted", "2", "CC0-1.0", "1" * 64)
    yield from found


def reader(_: Path) -> Iterator[int]:
    """The id of the process that reads a file."""
    yield os.getpid()
