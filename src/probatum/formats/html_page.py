"""Reads a saved HTML page as readers see it: its title, its sections under their headings, its links, its dates."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from probatum.errors import BadFormat
from probatum.formats.reading import loads
from probatum.types import Pairs

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LINES = {
    *("p", "li", "div", "tr", "br", "ul", "ol", "dl", "dt", "dd", "table", "section", "article", "main", "header"),
    *("blockquote", "figure", "figcaption", "summary", "details", "pre", "hr"),
}
# what is there for the machine or for finding one's way, not for reading
_SILENT = {
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "footer",
    "form",
    "button",
    "svg",
    "iframe",
    "aside",
    "head",
}
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading, down to the next heading of any level."""

    level: int  # 1 to 6 as h1 to h6; 0 before the first heading
    heading: str
    anchor: str  # id of the heading, or of what begins with it, else that of the heading above
    text: str  # a line for each paragraph, list item and table row
    above: tuple[str, ...] = ()  # the headings that it stands under
    links: Pairs = ()  # (address, words)


@dataclass(frozen=True, slots=True)
class Page:
    """One page."""

    title: str  # the first h1, else the <title>
    address: str  # rel=canonical, else og:url
    language: str
    meta: Pairs  # (name or property, content)
    sections: tuple[Section, ...]
    data: tuple[dict[str, Any], ...] = ()  # blocks of JSON-LD

    def linked(self, key: str) -> Any:
        """The first value of a key at the top of the page's JSON-LD; None where there is none."""
        return next((block[key] for block in self.data if key in block), None)


@dataclass(slots=True)
class _Open:
    """A section that is being read."""

    level: int = 0
    heading: list[str] = field(default_factory=list)
    anchor: str = ""
    text: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


def page(data: bytes, where: str) -> Page:
    """The page that a file's bytes hold (UTF-8). Raises `BadFormat` where it is none: no element, or no text at all.

    Scripts, navigation, forms and asides are left out. HTML is read as browsers read it, so what is not well-formed
    is mended; nothing is fetched.
    """
    root = _root(data, where)
    sections = tuple(_sections(root))
    meta = tuple(
        (str(name), str(each.get("content", "")))
        for each in root.iter("meta")
        if (name := each.get("name") or each.get("property"))
    )
    canonical = next((each.get("href", "") for each in root.iter("link") if each.get("rel") == "canonical"), "")
    first = next((section.heading for section in sections if section.level == 1), "")
    title = first or plain(next(root.iter("title"), None))
    if not any(section.text for section in sections) or not title:
        raise BadFormat("no page with a title and text", where=where)
    return Page(
        title,
        canonical or dict(meta).get("og:url", ""),
        root.get("lang", "") or "en",
        meta,
        sections,
        tuple(_data(root, where)),
    )


def fragment(html: str, where: str) -> tuple[Section, ...]:
    """The sections of a piece of HTML, as JSON interfaces carry it; empty where it holds no text."""
    if not html.strip():
        return ()
    return tuple(_sections(_root(f"<html><body>{html}</body></html>".encode("utf-8", "replace"), where)))


def plain(element: etree._Element | None) -> str:
    """All text within an element as one line."""
    return "" if element is None else _squeezed("".join(element.itertext()))


def _root(data: bytes, where: str) -> etree._Element:
    body = data.removeprefix(codecs.BOM_UTF8)
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise BadFormat(f"not UTF-8 at byte {error.start}", where=where) from error
    if b"\0" in body or b"<" not in body:
        raise BadFormat("not HTML", where=where)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadFormat(f"not HTML: {error}", where=where) from error
    if root is None:
        raise BadFormat("not HTML: no element", where=where)
    return root


def _sections(root: etree._Element) -> Iterator[Section]:
    """One walk through the page: a heading closes the section before it."""
    here, above = _Open(), list[_Open]()
    in_heading, in_link = False, list[tuple[str, list[str]]]()
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _SILENT:
                walker.skip_subtree()
                continue
            if tag in _HEADINGS:
                yield from _closed(here, above)
                here, in_heading = _Open(_HEADINGS[tag], anchor=_anchor(element)), True
            elif tag in _LINES:
                _put(here, "\n", in_heading)
            if tag == "a" and element.get("href"):
                in_link.append((str(element.get("href")), []))
            _say(here, element.text, in_heading, in_link)
            continue
        if tag in _HEADINGS and tag not in _SILENT:
            in_heading = False
        elif tag in _LINES:
            _put(here, "\n", in_heading)
        if tag == "a" and element.get("href") and in_link:
            address, words = in_link.pop()
            here.links.append((address, _squeezed("".join(words))))
        _say(here, element.tail, in_heading, in_link)
    yield from _closed(here, above)


def _say(here: _Open, text: str | None, in_heading: bool, in_link: list[tuple[str, list[str]]]) -> None:
    if text:
        _put(here, _SPACES.sub(" ", text), in_heading)
        for _, words in in_link:
            words.append(text)


def _put(here: _Open, text: str, in_heading: bool) -> None:
    (here.heading if in_heading else here.text).append(text)


def _closed(here: _Open, above: list[_Open]) -> Iterator[Section]:
    lines = (_squeezed(line) for line in "".join(here.text).split("\n"))
    heading, text = _squeezed("".join(here.heading)), "\n".join(line for line in lines if line)
    while above and above[-1].level >= here.level > 0:
        above.pop()
    here.anchor = here.anchor or (above[-1].anchor if above else "")
    if heading or text:
        names = tuple(_squeezed("".join(each.heading)) for each in above)
        yield Section(here.level, heading, here.anchor, text, names, tuple(here.links))
    if heading:
        above.append(here)


def _anchor(element: etree._Element) -> str:
    """The id of a heading, of an element within it, or of the elements that begin with it."""
    if found := element.get("id") or next((each.get("id") for each in element.iter() if each.get("id")), ""):
        return str(found)
    while (outer := element.getparent()) is not None and outer[0] is element and outer.tag not in {"body", "html"}:
        if outer.get("id"):
            return str(outer.get("id"))
        element = outer
    return ""


def _data(root: etree._Element, where: str) -> Iterator[dict[str, Any]]:
    for script in root.iter("script"):
        if script.get("type") != "application/ld+json" or not (script.text or "").strip():
            continue
        try:
            value = loads((script.text or "").encode("utf-8", "replace"), where)
        except BadFormat:
            continue  # what readers see stands without it
        yield from (block for block in (value if isinstance(value, list) else [value]) if isinstance(block, dict))


def _squeezed(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
