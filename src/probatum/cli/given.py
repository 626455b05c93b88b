"""What is given on the command line: the store, settings, files of text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import BufferedReader
from pathlib import Path
from typing import IO, Annotated, Any, cast

import typer

from probatum.errors import BadFormat, BadPlan

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
AsOf = Annotated[str, typer.Option("--as-of", help="A day (ISO): only what was published and held then.")]
Ray = Annotated[str, typer.Option(help="Address of a Ray cluster that does the work; auto: here.")]
Setting = Annotated[list[str], typer.Option("--set", help="A setting, as name=value; may be repeated.")]

_CHUNK = 1 << 17  # bytes read at once


def spread(address: str) -> AbstractContextManager[None]:
    """Within it the workers of the Ray cluster at an address do the work; without an address, this computer."""
    if not address:
        return nullcontext()
    from probatum.formats import spreading  # noqa: PLC0415 - multiprocessing is only for who spreads

    return spreading.cluster(address)


class Place:
    """Where this call's knowledge store is."""

    folder = Path()


def pairs(words: list[str], where: str = "--set") -> dict[str, str]:
    """The words name=value as a dictionary of texts."""
    for word in words:
        if "=" not in word:
            raise BadFormat(f"{word!r} is not name=value", where=where)
    return {name.strip(): value.strip() for name, _, value in (word.partition("=") for word in words)}


def files(words: list[str]) -> dict[str, Path]:
    """Run files by the names of their systems: NAME=FILE, or a file's own name; raises `BadPlan` for a name twice."""
    told: dict[str, Path] = {}
    for word in words:
        name, _, path = word.rpartition("=")
        name = name or Path(path).stem
        if name in told:
            raise BadPlan(f"{name!r} is named twice", mend="NAME=FILE gives a run another name")
        told[name] = Path(path)
    return told


def settings(words: list[str]) -> dict[str, Any]:
    """The words name=value as a dictionary, numbers being numbers."""
    return {name: _value(value) for name, value in pairs(words).items()}


def _value(written: str) -> int | float | str:
    for number in (int, float):
        try:
            return number(written)
        except ValueError:
            continue
    return written


def lines(path: Path) -> list[str]:
    """The lines of a UTF-8 file that are not empty."""
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise BadFormat(str(error), where=str(path), mend="give a UTF-8 file: query id, tab, text") from error


def written(path: Path, text: str) -> None:
    """Writes a text into a file; raises `BadFormat` where that cannot be done."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadFormat(str(error), where=str(path), mend="give a file that you may write to") from error


def arriving(stream: IO[bytes], file: str) -> Iterator[list[str]]:
    """The lines of a UTF-8 stream without their ends, as many at once as have arrived; raises `BadFormat`."""
    pieces: list[bytes] = []
    number = 0
    source = cast(BufferedReader, stream)
    while True:
        chunk = source.read1(_CHUNK)
        pieces.append(chunk)
        if chunk and b"\n" not in chunk:
            continue
        *whole, rest = b"".join(pieces).split(b"\n")
        pieces = [rest]
        arrived: list[str] = []
        for raw in whole if chunk or not rest else [*whole, rest]:
            number += 1
            try:
                arrived.append(raw.decode().rstrip("\r\n"))
            except UnicodeDecodeError as error:
                yield arrived
                raise BadFormat(str(error), where=f"{file}:{number}", mend="give a UTF-8 text file") from error
        yield arrived
        if not chunk:
            return


@contextmanager
def opened(file: str) -> Iterator[IO[bytes]]:
    """A file, or standard input for -, read as bytes."""
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115 - handed on below
    except OSError as error:
        raise BadFormat(str(error), where=file, mend="give a UTF-8 text file") from error
    with stream:
        yield stream
