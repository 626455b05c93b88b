"""Reads JSON of any size: the records of an array somewhere in one document, or one record a line."""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from probatum.errors import BadFormat
from probatum.formats.reading import DEPTH, QUOTED, lines, loads, unpacked
from probatum.types import Malformed

LARGEST = 64 << 20  # characters of one record
_BLOCK = 1 << 18
_NEAR = 16  # an error this close to the end of what was read may be mended by what comes next
_BLANKS = " \t\r\n"

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One value of the document: the place that was asked for, the line where it begins, and the value."""

    place: Place
    line: int
    value: Any


def records(path: Path, *places: Place) -> Iterator[Record]:
    """The values at the places asked for, in the order of the file, one at a time; "*" stands for each of an array.

    `("graphs", "*", "nodes", "*")` are the nodes of all graphs. What stands elsewhere is checked and skipped. The file
    may be packed with gzip. Raises `NeedsFile`, and `BadFormat` with the line where the text is no JSON.
    """
    try:
        with unpacked(path) as stream:
            text = _Text(stream, path)
            yield from _walk(text, places, ())
            if text.peek():
                raise text.wrong("the end of the document was expected")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadFormat(f"the packed file is broken: {error}", where=str(path)) from error


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]] | Malformed]:
    """The objects of a file that holds one a line (JSON lines), with their line; what is no object is `Malformed`."""
    for line in lines(path):
        if isinstance(line, Malformed):
            yield line
            continue
        number, text = line
        if not text.strip():
            continue
        try:
            value = loads(text.encode(), path.name)
        except BadFormat as error:
            yield Malformed(path.name, number, error.what, text[:QUOTED])
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            yield Malformed(path.name, number, "a JSON object was expected", text[:QUOTED])


def objects(path: Path) -> Iterator[tuple[int, dict[str, Any]] | Malformed]:
    """The objects of a file, whether it holds one array of them, or one object a line."""
    with unpacked(path) as stream:
        try:
            first = stream.read(4096).removeprefix(codecs.BOM_UTF8).lstrip()[:1]
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise BadFormat(f"the packed file is broken: {error}", where=str(path)) from error
    if first != b"[":
        yield from json_lines(path)
        return
    for record in records(path, ("*",)):
        if isinstance(record.value, dict):
            yield record.line, record.value
        else:
            yield Malformed(path.name, record.line, "a JSON object was expected", str(record.value)[:QUOTED])


class _Text:
    """The document's text, of which only what is being read is held."""

    def __init__(self, stream: IO[bytes], path: Path) -> None:
        self._stream, self._path = stream, path
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder(parse_constant=_no_constant)
        self._text, self._at, self._ended = "", 0, False
        self.line = 1

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            while self._at < len(self._text):
                character = self._text[self._at]
                if character not in _BLANKS:
                    return character
                self._take(self._at + 1)
            if not self._more(_BLOCK):
                return ""

    def expect(self, characters: str) -> str:
        """Takes the next character, which must be one of these."""
        found = self.peek()
        if not found or found not in characters:
            raise self.wrong(f"{' or '.join(characters)} was expected")
        self._take(self._at + 1)
        return found

    def value(self) -> Any:
        """Takes the next value whole."""
        self.peek()
        size = _BLOCK
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
                length = end - self._at
                if end + _NEAR < len(self._text) or not self._more(size):  # a number may go on
                    break
            except json.JSONDecodeError as error:
                cut = error.pos >= len(self._text) - _NEAR or error.msg.startswith("Unterminated")
                place = error.pos - self._at
                if not cut or not self._more(size):
                    raise self.wrong(f"not JSON: {error.msg}", place) from error
            except RecursionError as error:
                raise self.wrong(f"nested more than {DEPTH} deep") from error
            except ValueError as error:  # a number of more digits than Python reads, or NaN
                raise self.wrong(f"not JSON: {error}") from error
            size *= 2
        end = self._at + length
        self._check(value, self._text[self._at : end])
        self._take(end)
        return value

    def wrong(self, what: str, after: int = 0) -> BadFormat:
        """The error, with the line where it stands: so many characters further on."""
        line = self.line + self._text.count("\n", self._at, self._at + after)
        return BadFormat(what, where=f"{self._path}:{line}")

    def _take(self, end: int) -> None:
        self.line += self._text.count("\n", self._at, end)
        self._at = end

    def _more(self, size: int) -> bool:
        """Reads on, and drops what has been taken; false at the end of the file."""
        if self._ended:
            return False
        if len(self._text) - self._at > LARGEST:
            raise self.wrong(f"a record of more than {LARGEST:,} characters")
        block = self._stream.read(size)
        self._ended = not block
        try:
            self._text = self._text[self._at :] + self._decoder.decode(block, final=self._ended)
        except UnicodeDecodeError as error:
            raise self.wrong("not UTF-8") from error
        self._at = 0
        return not self._ended

    def _check(self, value: Any, text: str) -> None:
        if "\\ud" in text.lower():
            try:
                json.dumps(value, ensure_ascii=False).encode()
            except UnicodeEncodeError as error:
                raise self.wrong("an escape (\\ud800 to \\udfff) that is half a character") from error
        level = [value]
        for _ in range(DEPTH):
            level = [inner for outer in level for inner in _inside(outer)]
            if not level:
                return
        raise self.wrong(f"nested more than {DEPTH} deep")


def _walk(text: _Text, places: Sequence[Place], here: Place) -> Iterator[Record]:
    found = text.peek()
    line = text.line
    if here in places:
        yield Record(here, line, text.value())
    elif found == "[" and _leads((*here, "*"), places):
        yield from _array(text, places, (*here, "*"))
    elif found == "{" and _leads(here, places):
        yield from _object(text, places, here)
    else:
        text.value()


def _array(text: _Text, places: Sequence[Place], here: Place) -> Iterator[Record]:
    text.expect("[")
    if text.peek() == "]":
        text.expect("]")
        return
    while True:
        yield from _walk(text, places, here)
        if text.expect(",]") == "]":
            return


def _object(text: _Text, places: Sequence[Place], here: Place) -> Iterator[Record]:
    text.expect("{")
    if text.peek() == "}":
        text.expect("}")
        return
    while True:
        if text.peek() != '"':
            raise text.wrong("a key was expected")
        key = text.value()
        text.expect(":")
        yield from _walk(text, places, (*here, key))
        if text.expect(",}") == "}":
            return


def _leads(here: Place, places: Sequence[Place]) -> bool:
    """Whether something that was asked for stands at this place or under it."""
    return any(place[: len(here)] == here for place in places)


def _inside(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [each for each in inner if isinstance(each, (dict, list))]


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
