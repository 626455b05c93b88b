"""Brat's standoff files: a text and, beside it, the mentions and relations that were marked in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.reading import whole

_OTHERS = "*EAMN#"  # equivalences, events, attributes, modifications, normalisations, notes


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its mentions (id: kind, start, end in code points) and relations (id, kind, ids of both ends)."""

    text: str
    mentions: dict[str, tuple[str, int, int]]
    relations: tuple[tuple[str, str, str, str], ...]


def standoff(file: Path) -> Marked:
    """What stands in an annotation file (.ann) and the text of the same name (.txt) beside it.

    `T1<tab>Kind start end<tab>words` is a mention (a broken span, 3 7;9 12, goes from its first place to its last),
    `R1<tab>Kind Arg1:T1 Arg2:T2` a relation; what brat writes else is left out. Raises `NeedsFile` where the text
    lacks, `BadFormat` with the line where a span lies outside the text, has other words, or an end is not there.
    """
    beside = file.with_suffix(".txt")
    if not beside.is_file():
        raise NeedsFile(f"no {beside.name} beside {file}", mend="unpack texts and annotations into one folder")
    text = _decoded(beside)
    mentions: dict[str, tuple[str, int, int]] = {}
    relations: list[tuple[int, str, str, str, str]] = []
    for number, line in enumerate(_decoded(file).splitlines(), 1):
        if not line.strip() or line[0] in _OTHERS:
            continue
        where = f"{file}:{number}"
        id, _, rest = line.partition("\t")
        if id.startswith("T") and id not in mentions:
            mentions[id] = _mention(rest, text, where)
        elif id.startswith("R"):
            relations.append((number, id, *_relation(rest, where)))
        else:
            raise BadFormat("a mention (T) or a relation (R) of an id of its own was expected", where=where)
    for number, _, _, subject, object_ in relations:
        if subject not in mentions or object_ not in mentions:
            raise BadFormat(f"{subject} or {object_} is no mention", where=f"{file}:{number}")
    return Marked(text, mentions, tuple(each[1:] for each in relations))


def _decoded(file: Path) -> str:
    try:
        return whole(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFormat("not UTF-8", where=str(file)) from error


def _mention(rest: str, text: str, where: str) -> tuple[str, int, int]:
    head, _, words = rest.partition("\t")
    kind, _, spans = head.partition(" ")
    places = [place for span in spans.split(";") for place in span.split()]
    if not kind or not words or len(places) % 2 or not all(place.isdecimal() for place in places) or not places:
        raise BadFormat("a kind, a span and its words were expected", where=where)
    start, end = int(places[0]), int(places[-1])
    stretches = zip(map(int, places[::2]), map(int, places[1::2]), strict=True)
    said = " ".join(text[first:last] for first, last in stretches)
    if not 0 <= start < end <= len(text) or said.split() != words.split():
        raise BadFormat(f"{words!r:.60} does not stand at {start} to {end}", where=where)
    return kind, start, end


def _relation(rest: str, where: str) -> tuple[str, str, str]:
    kind, *ends = rest.split() or [""]
    named = dict(end.partition(":")[::2] for end in ends)
    if len(ends) != 2 or set(named) != {"Arg1", "Arg2"}:
        raise BadFormat("a kind, Arg1 and Arg2 were expected", where=where)
    return kind, named["Arg1"], named["Arg2"]
