"""UIE's language of structures: what is to be found in a text as one line, and such a line read back.

Format: doi:10.18653/v1/2022.acl-long.395. A line holds spots, `<extra_id_0> kind <extra_id_5> span ... <extra_id_1>`,
each with its associations of the same form inside, all between one more `<extra_id_0>` and `<extra_id_1>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from probatum.errors import BadFormat
from probatum.types import Mention, Origin, Relation

OPEN, CLOSE, TEXT, SPAN, NULL = (f"<extra_id_{number}>" for number in (0, 1, 2, 5, 6))
SPOT, ASSOCIATION = "<spot>", "<asoc>"
MARKS = (OPEN, CLOSE, TEXT, SPAN, NULL, SPOT, ASSOCIATION)
_PIECE = re.compile("|".join(map(re.escape, (OPEN, CLOSE, SPAN, NULL))))
_MARK = re.compile(r"<(\\*)(extra_id_|spot>|asoc>)")
_HIDDEN = re.compile(r"<\\(\\*)(extra_id_|spot>|asoc>)")
SUBJECT = "subject_type"  # the qualifier of a relation that says what kind its subject is


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing in a text, its kind, and what is associated with it: (kind of association, span)."""

    kind: str
    span: str
    associations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Schema:
    """What is asked for: kinds of things, kinds of associations, and which kinds of things are events."""

    spots: tuple[str, ...]
    associations: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What a line says, and how often it breaks the rules of its language."""

    spots: tuple[Spot, ...]
    faults: tuple[str, ...] = ()


def written(spots: Sequence[Spot]) -> str:
    """The line of some spots; an empty span is written as null. Raises `BadFormat` for a kind without a name."""
    said = [OPEN]
    for spot in spots:
        said += [*_opened(spot.kind, spot.span)]
        for kind, span in spot.associations:
            said += [*_opened(kind, span), CLOSE]
        said.append(CLOSE)
    return " ".join([*said, CLOSE])


def _opened(kind: str, span: str) -> Iterator[str]:
    if not kind.strip():
        raise BadFormat("a thing without a kind cannot be written")
    yield from (OPEN, _hidden(kind), SPAN, _hidden(span) or NULL)


def _hidden(text: str) -> str:
    """A text on one line of single blanks; what reads like a mark is not one any more."""
    return _MARK.sub(lambda found: f"<{found[1]}\\{found[2]}", " ".join(text.split()))


def _shown(text: str) -> str:
    return _HIDDEN.sub(lambda found: f"<{found[1]}{found[2]}", " ".join(text.split()))


def read(line: str, schema: Schema | None = None) -> Read:
    """The spots of a line, whatever it holds: what is no part of the language is left out and told as a fault.

    With a schema, kinds that it does not know are left out and told too.
    """
    spots: list[Spot] = []
    faults: list[str] = []
    open_: list[list[str]] = []  # [kind, span] of what is open: the whole, a spot, an association
    inside: list[tuple[str, str]] = []
    side = 0
    for mark, text in _pieces(line):
        if mark == OPEN:
            open_.append(["", ""])
            side = 0
        elif mark == SPAN and len(open_) > 1:
            side = 1
        elif mark == CLOSE and open_:
            kind, span = open_.pop()
            side = 1
            if len(open_) == 2:
                if _kept(kind, schema.associations if schema else None, faults):
                    inside.append((kind, span))
            elif len(open_) == 1:
                if _kept(kind, schema.spots if schema else None, faults):
                    spots.append(Spot(kind, span, tuple(inside)))
                inside = []
            elif len(open_) > 2:
                faults.append("deeper than an association")
        elif mark not in ("", NULL) or (mark == NULL and not open_):
            faults.append(f"{mark} where nothing is open")
        if text and len(open_) > 1:
            open_[-1][side] = f"{open_[-1][side]} {text}".strip()
        elif text:
            faults.append("words outside of everything")
    faults += ["not closed"] * bool(open_)
    return Read(tuple(spots), tuple(faults if line.strip() else (*faults, "empty")))


def _pieces(line: str) -> Iterator[tuple[str, str]]:
    """(mark, the words behind it), the words before the first mark with none."""
    places = [*_PIECE.finditer(line)]
    first = line[: places[0].start()] if places else line
    if first.strip():
        yield "", _shown(first)
    for place, found in enumerate(places):
        end = places[place + 1].start() if place + 1 < len(places) else len(line)
        yield found[0], _shown(line[found.end() : end])


def _kept(kind: str, known: Sequence[str] | None, faults: list[str]) -> bool:
    if kind and (known is None or kind in known):
        return True
    faults.append(f"no kind here: {kind:.40}" if kind else "a thing without a kind")
    return False


def instructed(text: str, schema: Schema) -> str:
    """The text behind what is asked for (structural schema instructor): kinds of things, then of associations."""
    spots = "".join(f"{SPOT} {_hidden(kind)} " for kind in schema.spots)
    associations = "".join(f"{ASSOCIATION} {_hidden(kind)} " for kind in schema.associations)
    return f"{spots}{associations}{TEXT} {_hidden(text)}"


def schema_of(found: Sequence[Sequence[Mention | Relation]], events: Sequence[str] = ()) -> Schema:
    """The schema of what was found in some texts."""
    every = [each for one in found for each in one]
    kinds = {each.kind for each in every if isinstance(each, Mention)}
    kinds |= {each.qualifier(SUBJECT) for each in every if isinstance(each, Relation)} - {""}
    associations = {each.predicate for each in every if isinstance(each, Relation)}
    return Schema(tuple(sorted(kinds)), tuple(sorted(associations)), tuple(events))


def spots_of(found: Sequence[Mention | Relation]) -> list[Spot]:
    """The spots of what was found: mentions in their order, each once by kind and text, with their relations.

    A relation's ends are concepts or the words themselves; one whose subject no mention names needs its kind as the
    qualifier `subject_type`, else it is left out.
    """
    named = {each.concept: each.text for each in reversed(found) if isinstance(each, Mention) and each.concept}
    spots: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for each in found:
        if isinstance(each, Mention):
            spots.setdefault((each.kind, " ".join(each.text.split())), [])
    for each in found:
        if isinstance(each, Relation):
            subject, object_ = (" ".join(named.get(end, end).split()) for end in (each.subject, each.object))
            kind = each.qualifier(SUBJECT)
            key = next((key for key in spots if key[1] == subject and kind in ("", key[0])), (kind, subject))
            if key[0] and (each.predicate, object_) not in spots.setdefault(key, []):
                spots[key].append((each.predicate, object_))
    return [Spot(kind, span, tuple(inside)) for (kind, span), inside in spots.items()]


def found_of(spots: Sequence[Spot], text: str, origin: Origin) -> list[Mention | Relation]:
    """What a line says of a text: mentions where their words stand and relations between words.

    A thing of the same words stands at the next place that is still free, an association's at that nearest to its
    spot; what stands nowhere in the text is left out.
    """
    mentions: dict[tuple[int, int, str], Mention] = {}
    relations: list[Relation] = []
    for spot in spots:
        places = _places(spot.span, text)
        free = [each for each in places if (each, each + len(spot.span), spot.kind) not in mentions]
        if not places:
            continue
        at = (free or places)[0]
        end = at + len(spot.span)
        mentions.setdefault((at, end, spot.kind), Mention(at, end, spot.span, "", kind=spot.kind))
        for kind, span in spot.associations:
            if near := sorted(_places(span, text), key=lambda place: abs(place - at)):
                where = (("object_start", str(near[0])), ("subject_start", str(at)), (SUBJECT, spot.kind))
                relations.append(Relation(spot.span, kind, span, origin, qualifiers=where))
    return [*sorted(mentions.values(), key=lambda each: (each.start, each.end, each.kind)), *dict.fromkeys(relations)]


def _places(span: str, text: str) -> list[int]:
    found, at = [], text.find(span) if span else -1
    while at >= 0:
        found.append(at)
        at = text.find(span, at + 1)
    return found
