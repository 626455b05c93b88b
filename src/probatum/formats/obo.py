"""Reads ontologies in the OBO format, 1.2 and 1.4 (owlcollab.github.io/oboformat)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat
from probatum.formats.ontology import ID, Term, release_in
from probatum.formats.reading import QUOTED, lines
from probatum.types import Malformed, Name

_QUOTED_TEXT = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"\s*(.*)')
_REFERENCES = re.compile(r"\[((?:[^\]\\\"]|\\.|\"(?:[^\"\\]|\\.)*\")*)\]")
_REFERENCE = re.compile(r'((?:[^,\\"]|\\.)+)(?:"(?:[^"\\]|\\.)*")?')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "W": " "}
_SCOPES = {"EXACT": "exact", "BROAD": "broad", "NARROW": "narrow", "RELATED": "related"}
_IDS = {"is_a": "is_a", "alt_id": "alternatives", "replaced_by": "replaced_by", "consider": "consider"}

_Tag = tuple[int, str, str]  # line, tag, value


def terms(path: Path) -> Iterator[Term | Malformed]:
    """The terms of an OBO file in the order of the file; a line that breaks the format is `Malformed`, its term stays.

    A term without a well-formed id or without a name, and a second term of the same id, is `Malformed` as a whole.
    Raises `BadFormat` where the file does not open with an OBO header.
    """
    seen: set[str] = set()
    for kind, start, stanza in _stanzas(path):
        if isinstance(stanza, Malformed):
            yield stanza
        elif kind == "[Term]":
            term, wrong = _term(path, start, stanza)
            yield from wrong
            if term is None:
                continue
            if term.id in seen:
                yield Malformed(path.name, start, "a second term of this id; the first stands", term.id)
                continue
            seen.add(term.id)
            yield term


def release(path: Path) -> str:
    """The release that the header's data-version names, a date where it holds one; empty where it has none."""
    for kind, _, stanza in _stanzas(path):
        if isinstance(stanza, Malformed):
            continue
        said = {tag: value for _, tag, value in stanza} if not kind else {}
        return release_in(said.get("data-version", ""))
    return ""


def _stanzas(path: Path) -> Iterator[tuple[str, int, list[_Tag] | Malformed]]:
    """The header (kind empty), then each stanza: kind, line where it begins, its tags; broken lines one by one."""
    kind, start, tags = "", 1, list[_Tag]()
    for line in lines(path):
        if isinstance(line, Malformed):
            if not kind and not tags:
                raise BadFormat(f"{line.reason}; an OBO header was expected", where=f"{path}:{line.line}")
            yield kind, start, line
            continue
        number, text = line
        if text.startswith("[") and text.rstrip().endswith("]"):
            _must_be_obo(path, kind, number, tags)
            yield kind, start, tags
            kind, start, tags = text.strip(), number, []
            continue
        tag, colon, value = text.partition(":")
        if colon:
            tags.append((number, tag.strip(), value.strip()))
        elif text.strip() and not text.startswith("!"):
            if not kind and not tags:
                _must_be_obo(path, kind, number, tags)
            yield kind, start, Malformed(path.name, number, "'tag: value' was expected", text[:QUOTED])
    _must_be_obo(path, kind, start, tags)
    yield kind, start, tags


def _must_be_obo(path: Path, kind: str, number: int, tags: list[_Tag]) -> None:
    known = {"format-version", "data-version", "ontology", "default-namespace"}
    if not kind and not known & {tag for _, tag, _ in tags}:
        raise BadFormat("an OBO header (format-version: 1.2) was expected", where=f"{path}:{number}")


def _term(path: Path, start: int, tags: list[_Tag]) -> tuple[Term | None, list[Malformed]]:
    wrong: list[Malformed] = []
    single: dict[str, str] = {}
    ids: dict[str, list[str]] = {name: [] for name in _IDS.values()}
    xrefs: list[str] = []
    synonyms: list[Name] = []
    references: tuple[str, ...] = ()
    subsets, links = list[str](), list[tuple[str, str]]()
    for number, tag, value in tags:
        reason = ""
        if tag in _IDS:
            one = _bare(value)
            ids[_IDS[tag]].append(one) if ID.fullmatch(one) else None
            reason = "" if ID.fullmatch(one) else f"{tag} must be an id"
        elif tag == "synonym":
            name = _synonym(value)
            synonyms.append(name) if name else None
            reason = "" if name else 'synonym: "text" SCOPE [type] [references] was expected'
        elif tag == "def":
            said = _definition(value)
            single["def"], references = said or ("", ())
            reason = "" if said else 'def: "text" [references] was expected'
        elif tag == "xref":
            xrefs.append(_reference(_bare(value)))
        elif tag == "subset":
            subsets.append(_bare(value))
        elif tag in ("relationship", "intersection_of"):
            relation, _, other = _bare(value).partition(" ")
            links.extend([(relation, other)] if ID.fullmatch(other) else [])
        elif tag in ("id", "name", "is_obsolete"):
            single.setdefault(tag, _unescaped(value) if tag == "name" else _bare(value))
        if reason:
            wrong.append(Malformed(path.name, number, reason, f"{tag}: {value}"[:QUOTED]))
    if not ID.fullmatch(single.get("id", "")) or not single.get("name"):
        reason = "a term needs an id (PREFIX:number) and a name"
        return None, [*wrong, Malformed(path.name, start, reason, f"id: {single.get('id', '')}"[:QUOTED])]
    term = Term(
        id=single["id"],
        name=single["name"],
        line=start,
        definition=single.get("def", ""),
        definition_references=references,
        synonyms=tuple(synonyms),
        xrefs=tuple(xrefs),
        obsolete=single.get("is_obsolete") == "true",
        subsets=tuple(subsets),
        links=tuple(dict.fromkeys(links)),
        **{name: tuple(found) for name, found in ids.items()},
    )
    return term, wrong


def _synonym(value: str) -> Name | None:
    match = _QUOTED_TEXT.match(value)
    if not match:
        return None
    scope, *kind = match[2].partition("[")[0].split() or [""]
    if scope not in _SCOPES or len(kind) > 1 or not match[1].strip():
        return None
    return Name(_unescaped(match[1]), scope=_SCOPES[scope], kind=kind[0] if kind else "")


def _definition(value: str) -> tuple[str, tuple[str, ...]] | None:
    match = _QUOTED_TEXT.match(value)
    listed = _REFERENCES.match(match[2]) if match else None
    if not match or not listed:
        return None
    found = (_reference(one[1]) for one in _REFERENCE.finditer(listed[1]))
    return _unescaped(match[1]), tuple(reference for reference in found if reference)


def _bare(value: str) -> str:
    """A value without its trailing comment ('! name') and modifiers ('{...}')."""
    return value.partition(" ! ")[0].partition(" {")[0].strip()


def _reference(value: str) -> str:
    return _unescaped(value.strip().partition(' "')[0]).strip()


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), text) if "\\" in text else text
