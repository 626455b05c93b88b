"""Reads MedQuAD: consumers' questions on diseases, drugs and tests, answered by institutes of the NIH."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from probatum.errors import BadFormat

_CUI = re.compile(r"C\d{7}")
_TYPE = re.compile(r"T\d{3}")


@dataclass(frozen=True, slots=True)
class Pair:
    """One question on the focus of a document with its answer, which may be empty."""

    place: int  # counted from 1 through the document; the numbers that the file gives (pid) leave gaps
    question: str
    kind: str  # qtype: information, symptoms, treatment ...
    answer: str


@dataclass(frozen=True, slots=True)
class Document:
    """One page of one institute, cut into questions and answers about its focus."""

    source: str
    id: str
    url: str
    focus: str
    concepts: tuple[str, ...]  # UMLS CUIs of the focus
    types: tuple[str, ...]  # UMLS semantic types (TUI) of the focus
    synonyms: tuple[str, ...]
    pairs: tuple[Pair, ...]
    category: str = ""  # Disease, Drug or Other, where the page says what its focus is


def document(data: bytes, where: str) -> Document:
    """The document that one XML file holds; knows the three element vocabularies that MedQuAD mixes.

    Raises `BadFormat` with `where` and the line where the XML is broken, declares a document type or an entity, or is
    not a MedQuAD document.
    """
    root = _root(data, where)
    fields = {"source": ("source", "corpus"), "id": ("id", "docid", "fid"), "url": ("url",)}
    said = {name: next((root.get(key, "") for key in keys if root.get(key)), "") for name, keys in fields.items()}
    if not said["source"] or not said["id"]:
        raise BadFormat("a document needs a source and an id", where=f"{where}:{root.sourceline}")
    pairs = tuple(_pair(place, element, where) for place, element in enumerate(root.iter("QAPair", "pair"), start=1))
    return Document(
        **said,
        focus=next(iter(_texts(root, "Focus", "doctitle-focus")), ""),
        concepts=_checked(_texts(root, "CUI", "cui"), _CUI, where),
        types=_checked(_texts(root, "SemanticType", "semanticType"), _TYPE, where),
        synonyms=_texts(root, "Synonym"),
        pairs=pairs,
        category=next(iter(_texts(root, "Category", "category")), ""),
    )


def _root(data: bytes, where: str) -> etree._Element:
    refused = "a document type or an entity is declared; MedQuAD has none"
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise BadFormat(refused, where=where)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BadFormat(f"not XML: {error.msg}", where=f"{where}:{error.lineno or 0}") from error
    except ValueError as error:  # an encoding declaration that does not fit
        raise BadFormat(f"not XML: {error}", where=where) from error
    if root.getroottree().docinfo.internalDTD is not None:  # written in another encoding than the bytes searched above
        raise BadFormat(refused, where=where)
    return root


def _pair(place: int, element: etree._Element, where: str) -> Pair:
    question = next(element.iter("Question", "question"), None)
    answer = next(element.iter("Answer", "answer"), None)
    if question is None or not _text(question):
        raise BadFormat("a pair needs a question", where=f"{where}:{element.sourceline}")
    return Pair(place, _text(question), question.get("qtype", ""), "" if answer is None else _text(answer))


def _texts(root: etree._Element, *tags: str) -> tuple[str, ...]:
    found = (_text(element) for element in root.iter(*tags))
    return tuple(dict.fromkeys(text for text in found if text))


def _text(element: etree._Element) -> str:
    return "".join(element.itertext()).strip()


def _checked(values: tuple[str, ...], pattern: re.Pattern[str], where: str) -> tuple[str, ...]:
    for value in values:
        if not pattern.fullmatch(value):
            raise BadFormat(f"{value!r} is no UMLS id", where=where)
    return values
