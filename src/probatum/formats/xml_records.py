"""Streams the outermost records of a large XML file, which may hold others of the same name, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from probatum.errors import BadFormat
from probatum.formats.reading import BROKEN, unpacked

_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
_REFUSED = "a document type or an entity is declared; there is none in this format"


def records(path: Path, tag: str, root: str) -> Iterator[etree._Element]:
    """Each outermost element `tag` of the document whose root is `root`, whole; the one before is emptied.

    Both names carry their namespace in Clark's form ({uri}name). Raises `NeedsFile` where there is no file and
    `BadFormat` with the line where the XML breaks off, declares a document type, or has another root.
    """
    with _refusing(path), unpacked(path) as stream:
        depth = 0
        reader = etree.iterparse(
            stream, events=("start", "end"), tag=tag, remove_comments=True, remove_pis=True, **_SAFE
        )
        for event, element in reader:
            if event == "start":
                if not depth:
                    check(element, root, str(path))
                depth += 1
                continue
            depth -= 1
            if not depth:
                yield element
                parent = element.getparent()
                element.clear()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
        check(reader.root, root, str(path))


def beginning(path: Path, root: str) -> dict[str, str]:
    """The attributes of the root element; reads no further than that. Raises as `records` does."""
    with _refusing(path), unpacked(path) as stream:
        for _, element in etree.iterparse(stream, events=("start",), **_SAFE):
            check(element, root, str(path))
            return {str(name): str(value) for name, value in element.attrib.items()}
    raise BadFormat("no element at all", where=str(path))


def document(data: bytes, where: str, root: str) -> etree._Element:
    """The root element of one XML file that fits into memory. Raises `BadFormat` as `records` does."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, **_SAFE)
    try:
        element = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BadFormat(f"not XML: {error.msg}", where=f"{where}:{error.lineno or 0}") from error
    except ValueError as error:  # an encoding declaration that does not fit
        raise BadFormat(f"not XML: {error}", where=where) from error
    check(element, root, where)
    return element


def check(element: etree._Element, root: str, where: str) -> None:
    """Raises `BadFormat` where the element's document declares a document type or does not begin with `root`."""
    tree = element.getroottree()
    if tree.docinfo.internalDTD is not None:
        raise BadFormat(_REFUSED, where=where)
    if tree.getroot().tag != root:
        raise BadFormat(f"the root is {tree.getroot().tag!r}; {root!r} was expected", where=f"{where}:1")


def text(element: etree._Element | None) -> str:
    """All text within an element, runs of blanks as one; empty for None."""
    if element is None:
        return ""
    return " ".join(((element.text or "") if not len(element) else "".join(element.itertext())).split())


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except etree.XMLSyntaxError as error:
        raise BadFormat(f"not XML: {error.msg}", where=f"{path}:{error.lineno or 0}") from error
    except BROKEN as error:
        raise BadFormat(f"the packed file is broken: {error}", where=str(path)) from error
