"""Reads full-text articles in JATS XML, as PubMed Central gives them (.nxml).

Layout: https://jats.nlm.nih.gov/archiving/tag-library/1.3/ and the older NLM tag sets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.citations import date
from probatum.formats.medline_xml import pmid
from probatum.formats.xml_stream import document, text_of

_HREF = "{http://www.w3.org/1999/xlink}href"
_APART = {"fig", "fig-group", "table-wrap", "table-wrap-group", "supplementary-material", "tex-math", "fn", "fn-group"}
_BLOCKS = {"p", "list", "disp-quote", "boxed-text", "def-list", "statement", "disp-formula", "verse-group"}
_DIGITS = re.compile(r"(?:PMC)?(\d+)(?:\.\d+)?")
_LICENCE = re.compile(
    r"creativecommons\.org/(?P<kind>licenses|publicdomain)/(?P<code>[a-z\-]+)(?:/(?P<number>[\d.]+))?"
)
_SHORT = (
    ("Attribution Non-Commercial", "CC BY-NC"),
    ("Attribution-NonCommercial", "CC BY-NC"),
    ("Attribution", "CC BY"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A section with the text that stands in it and not in a section within it."""

    id: str  # as the file has it; may be empty
    titles: tuple[str, ...]  # from the outermost section to this one
    text: str  # paragraphs on lines of their own


@dataclass(frozen=True, slots=True)
class Float:
    """A figure, a table or a supplementary file."""

    kind: str  # figure, table, supplement
    id: str
    label: str
    caption: str
    files: tuple[str, ...] = ()  # hrefs of graphics or files
    rows: tuple[tuple[str, ...], ...] = ()  # of a table, header rows first


@dataclass(frozen=True, slots=True)
class Reference:
    """One work cited."""

    id: str
    text: str
    pmid: int
    doi: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article."""

    pmc: str  # PMC123456, or empty
    pmid: int
    doi: str
    kind: str  # research-article, retraction, correction ...
    title: str
    journal: str
    published: str  # the earliest date given, as ISO 8601 to the day, month or year
    language: str
    authors: tuple[str, ...]
    licence: str  # CC BY 4.0 ...; empty where none is recognised
    licence_url: str
    licence_text: str
    copyright: str
    abstract: tuple[Part, ...]
    sections: tuple[Part, ...]
    floats: tuple[Float, ...]
    references: tuple[Reference, ...]
    related: tuple[tuple[str, str, str], ...]  # (related-article-type, id type, id): corrected-article, doi, 10...


def articles(data: bytes, where: str) -> Iterator[Article]:
    """The articles of one file: one, or those of a `pmc-articleset`.

    Raises `BadFormat` with `where` and the line where the XML is broken, declares an entity, or holds no article.
    """
    root = document(data, where)
    found = [root] if root.tag == "article" else list(root.iterchildren("article"))
    if not found:
        raise BadFormat(f"<{root.tag}> without an article; <article> was expected", where=f"{where}:1")
    for element in found:
        front = element.find("front")
        if front is None:
            raise BadFormat("an article without <front>", where=f"{where}:{element.sourceline or 0}")
        yield _article(element, front)


def _article(element: Any, front: Any) -> Article:
    ids = {each.get("pub-id-type", ""): text_of(each) for each in front.iterfind("article-meta/article-id")}
    number = _DIGITS.fullmatch(ids.get("pmcid") or ids.get("pmc") or "")
    url, said, owned = _permissions(front.find("article-meta/permissions"))
    owned = owned or text_of(front.find("article-meta/copyright-statement"))  # where older tag sets have it
    abstract = [each for each in front.iterfind("article-meta/abstract") if each.get("abstract-type") in {None, ""}]
    return Article(
        pmc=f"PMC{number[1]}" if number else "",
        pmid=pmid(ids.get("pmid")),
        doi=ids.get("doi", ""),
        kind=element.get("article-type", ""),
        title=prose(front.find("article-meta/title-group/article-title")),
        journal=text_of(next(front.iter("journal-title"), None)),
        published=_published(front),
        language=element.get("{http://www.w3.org/XML/1998/namespace}lang", "en").lower() or "en",
        authors=tuple(_authors(front)),
        licence=_licence(url, f"{said} {owned}"),
        licence_url=url,
        licence_text=said,
        copyright=owned,
        abstract=tuple(part for each in abstract for part in _parts(each, ())),
        sections=tuple(part for body in element.iterchildren("body") for part in _parts(body, ())),
        floats=tuple(_floats(element)),
        references=tuple(_reference(each) for each in element.iterfind("back//ref")),
        related=tuple(_related(front)),
    )


def prose(element: Any) -> str:
    """The running text of an element: figures, tables, notes and TeX within it left out."""
    return "" if element is None else " ".join("".join(_pieces(element)).split())


def _pieces(element: Any) -> Iterator[str]:
    """The pieces of text in order; iterative, so that no nesting is too deep."""
    open_: list[tuple[Any, Iterator[Any]]] = [(element, iter(element))]
    yield element.text or ""
    while open_:
        parent, children = open_[-1]
        child = next(children, None)
        if child is None:
            open_.pop()
            if open_:
                yield parent.tail or ""
            continue
        if child.tag in _BLOCKS or child.tag in {"title", "list-item", "def", "term", "label", "td", "th"}:
            yield " "
        if child.tag in _APART or not isinstance(child.tag, str):
            yield child.tail or ""
            continue
        yield child.text or ""
        open_.append((child, iter(child)))


def _parts(element: Any, titles: tuple[str, ...]) -> Iterator[Part]:
    """The sections within an element, depth first, each with its own paragraphs."""
    texts = [said for each in element if each.tag in _BLOCKS and (said := prose(each))]
    if texts:
        yield Part(element.get("id", ""), titles, "\n".join(texts))
    for inner in element.iterchildren("sec"):
        title = prose(inner.find("title"))
        yield from _parts(inner, (*titles, title) if title else titles)


def _floats(element: Any) -> Iterator[Float]:
    for each in element.iter("fig", "table-wrap", "supplementary-material"):
        kind = {"fig": "figure", "table-wrap": "table"}.get(each.tag, "supplement")
        files = [each.get(_HREF, ""), *(inner.get(_HREF, "") for inner in each.iter("graphic", "media"))]
        caption = " ".join(filter(None, (prose(part) for part in each.iter("title", "p") if _in_caption(part, each))))
        rows = [tuple(prose(cell) for cell in row if cell.tag in {"td", "th"}) for row in each.iter("tr")]
        yield Float(
            kind, each.get("id", ""), text_of(each.find("label")), caption,
            tuple(dict.fromkeys(filter(None, files))), tuple(filter(any, rows)),
        )  # fmt: skip


def _in_caption(part: Any, whole: Any) -> bool:
    parent = part.getparent()
    return parent.tag == "caption" and parent.getparent() is whole


def _reference(element: Any) -> Reference:
    ids = {each.get("pub-id-type", ""): text_of(each) for each in element.iter("pub-id", "article-id")}
    text = " ".join(text_of(each) for each in element if each.tag != "label")
    return Reference(element.get("id", ""), text, pmid(ids.get("pmid")), ids.get("doi", ""))


def _permissions(element: Any) -> tuple[str, str, str]:
    """(URL of the licence, its text, the copyright statement)."""
    if element is None:
        return "", "", ""
    owned = text_of(element.find("copyright-statement"))
    licence = element.find("license")
    if licence is None:
        return "", "", owned
    links = [licence.get(_HREF, ""), *(each.get(_HREF, "") for each in licence.iter("ext-link"))]
    links += [text_of(each) for each in licence.iter("{*}license_ref")]
    open_ = next((link for link in links if "creativecommons.org" in link), "")
    return open_ or next(filter(None, links), ""), text_of(licence), owned


def _licence(url: str, said: str) -> str:
    if found := _LICENCE.search(url.lower()):
        number = f" {found['number']}" if found["number"] else ""
        if found["kind"] == "licenses":
            return f"CC {found['code'].upper()}{number}"
        return ("CC0" if found["code"] == "zero" else "Public Domain Mark") + number
    if "Creative Commons" in said:
        return next((short for words, short in _SHORT if f"Creative Commons {words}" in said), "")
    return "public domain" if "in the public domain" in said else ""


def _published(front: Any) -> str:
    found = []
    for each in front.iterfind("article-meta/pub-date"):
        parts = {child.tag: text_of(child) for child in each}
        found.append(date(" ".join(parts[name] for name in ("year", "month", "day") if parts.get(name)))[0])
    # of 2011 and 2011-08-02 the one that says more
    return min((each for each in found if each), key=lambda each: (each[:4], -len(each), each), default="")


def _authors(front: Any) -> Iterator[str]:
    for each in front.iterfind("article-meta/contrib-group/contrib"):
        if each.get("contrib-type") == "author":
            name = each.find("name")
            parts = (text_of(name.find("given-names")), text_of(name.find("surname"))) if name is not None else ("", "")
            said = " ".join(filter(None, parts)) or text_of(each.find("collab"))
            if said:
                yield said


def _related(front: Any) -> Iterator[tuple[str, str, str]]:
    for each in front.iterfind("article-meta/related-article"):
        yield each.get("related-article-type", ""), each.get("ext-link-type", ""), each.get(_HREF, "").strip()
