"""Reads BioC XML: documents with their passages, the things named in them, and the relations between these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from probatum.errors import BadFormat
from probatum.formats.reading import QUOTED, unpacked
from probatum.types import Malformed, Pairs

LARGEST = 5_000_000  # code points of one document; a long article has a few hundred thousand


@dataclass(frozen=True, slots=True)
class Annotation:
    """One stretch of a document's text, or several that belong together, with what is said of it."""

    parts: tuple[tuple[int, int], ...]  # the stretches, in code points of the document's text
    text: str
    infons: Pairs

    def infon(self, key: str) -> str:
        """The value of one infon, or an empty string."""
        return next((value for name, value in self.infons if name == key), "")


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its text with every passage at its offset, its annotations, its relations as infons."""

    id: str
    text: str
    annotations: tuple[Annotation, ...]
    relations: tuple[Pairs, ...]


def documents(path: Path) -> Iterator[Document | Malformed]:
    """The documents of a BioC collection, plain or packed, one at a time; offsets count code points from 0.

    A document whose passages overlap or an annotation of which lies outside the text comes out as `Malformed`; whether
    an annotation's text is that of its place is for the reader to see: in old corpora some are off by a few. Raises
    `BadFormat` where the XML is broken or declares entities, `NeedsFile` where there is none.
    The layout: https://bioc.sourceforge.net (BioC.dtd).
    """
    with unpacked(path) as stream:
        events = etree.iterparse(
            stream, events=("end",), tag="document", resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            for _, element in events:
                if element.getroottree().docinfo.internalDTD is not None and _declares(element):
                    raise BadFormat("an entity is declared; BioC has none", where=str(path))
                yield _document(element, path.name)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise BadFormat(f"not XML: {error.msg}", where=f"{path}:{error.lineno or 0}") from error


def _declares(element: etree._Element) -> bool:
    return bool(list(element.getroottree().docinfo.internalDTD.iterentities()))


def _document(element: etree._Element, name: str) -> Document | Malformed:
    line, id_ = element.sourceline or 0, (element.findtext("id") or "").strip()
    try:
        pieces: list[str] = []
        at = 0
        for passage in element.iterfind("passage"):
            offset, text = int(passage.findtext("offset") or "0"), passage.findtext("text") or ""
            if not at <= offset <= LARGEST:
                raise ValueError(f"a passage at offset {offset} after text up to {at}")
            pieces += [" " * (offset - at), text]
            at = offset + len(text)
        whole = "".join(pieces)
        found = [_annotation(each, whole) for each in element.iter("annotation")]
    except ValueError as error:
        return Malformed(name, line, f"document {id_}: {error}"[:QUOTED])
    if not id_:
        return Malformed(name, line, "a document needs an id")
    return Document(id_, whole, tuple(found), tuple(_infons(each) for each in element.iter("relation")))


def _annotation(element: etree._Element, whole: str) -> Annotation:
    text = element.findtext("text") or ""
    parts = tuple(
        (start := int(each.get("offset", "-1")), start + int(each.get("length", "0")))
        for each in element.iterfind("location")
    )
    if not parts or not all(0 <= start < end <= len(whole) for start, end in parts):
        raise ValueError(f"the location of {text[:40]!r} lies outside the text")
    return Annotation(parts, text, _infons(element))


def _infons(element: etree._Element) -> Pairs:
    return tuple((each.get("key", ""), (each.text or "").strip()) for each in element.iterfind("infon"))
