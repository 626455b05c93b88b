"""Ways of reading a file of numbers, for test_spreading: other processes import them by name."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat


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
