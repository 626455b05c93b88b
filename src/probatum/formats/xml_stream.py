"""Takes records out of XML files far larger than memory, one after the other, and stops where a file is hostile."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Any

from lxml import etree

from probatum.errors import BadFormat
from probatum.formats.reading import BROKEN, unpacked

RECORD = 64 << 20  # bytes of one record; the longest of MEDLINE, with thousands of authors, has about three million
_HEAD = 1 << 16  # bytes in which the root element must begin
_PROLOG = re.compile(
    rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE\s[^<>\[]*>\s*)*<(?:[\w.\-]+:)?(?P<root>[A-Za-z_][\w.\-]*)", re.DOTALL
)
_AGAIN = "get the file again from where it came"


def root_of(path: Path) -> str:
    """The name of a file's root element, without its namespace's prefix. Raises as `root_in` does."""
    try:
        with unpacked(path) as stream:
            return root_in(stream.read(_HEAD), str(path))
    except BROKEN as error:
        raise BadFormat(f"the packed file is broken: {error}", where=str(path), mend=_AGAIN) from error


def root_in(data: bytes, where: str) -> str:
    """The name of the root element of an XML document that begins with these bytes.

    Raises `BadFormat` where they are not XML in an encoding that keeps ASCII, or declare an entity or anything else of
    their own before the root: a document type may only be named.
    """
    found = _PROLOG.match(data.removeprefix(b"\xef\xbb\xbf"), 0, _HEAD)
    if not found:
        why = "it declares entities or a document type of its own" if b"<!DOCTYPE" in data else "no root element begins"
        raise BadFormat(f"not XML as this format has it: {why}", where=f"{where}:1")
    return found["root"].decode()


def document(data: bytes, where: str) -> Any:
    """The root element of an XML document that fits into memory, read as `records` reads. Raises `BadFormat`."""
    root_in(data, where)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BadFormat(f"not XML: {error.msg}", where=f"{where}:{error.lineno or 0}") from error
    except ValueError as error:  # an encoding declaration that does not fit
        raise BadFormat(f"not XML: {error}", where=where) from error


def records(path: Path, tags: Collection[str]) -> Iterator[Any]:
    """The elements of these names, whole, in the order of the file; each lives until the next is asked for.

    Entities stay as they are written, no document type is loaded and nothing is fetched. Raises `NeedsFile`, and
    `BadFormat` with the line where the XML breaks, is nested too deeply or holds too much between two records.
    """
    root_of(path)
    try:
        with unpacked(path) as stream:
            guarded = _Guarded(stream, str(path))
            found = etree.iterparse(
                guarded, events=("end",), tag=list(tags), load_dtd=False, no_network=True,
                resolve_entities=False, huge_tree=False, remove_comments=True, remove_pis=True,
            )  # fmt: skip
            for _, element in found:
                guarded.taken = 0
                yield element
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
    except etree.XMLSyntaxError as error:
        raise BadFormat(f"not XML: {error.msg}", where=f"{path}:{error.lineno or 0}", mend=_AGAIN) from error
    except BROKEN as error:
        raise BadFormat(f"the packed file is broken: {error}", where=str(path), mend=_AGAIN) from error


def text_of(element: Any) -> str:
    """The text of an element with what stands in its inline markup, runs of white space as one; empty for None."""
    if element is None:
        return ""
    text: str | None = "".join(element.itertext()) if len(element) else element.text
    if not text:
        return ""
    # most texts are as they should be; four simple searches take a tenth of what one pattern takes
    if "\n" in text or "\t" in text or "\r" in text:
        text = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    while "  " in text:  # other spaces are the author's: thin ones, unbroken ones
        text = text.replace("  ", " ")
    return text.strip(" ") if text[0] == " " or text[-1] == " " else text


class _Guarded:
    """A stream that counts what was read since the last record."""

    def __init__(self, stream: IO[bytes], where: str) -> None:
        self._stream, self._where = stream, where
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.taken += len(data)
        if self.taken > RECORD:
            raise BadFormat(f"more than {RECORD:,} bytes and no record in them", where=self._where)
        return data
