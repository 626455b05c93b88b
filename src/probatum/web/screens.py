"""What a rater sees of a screen, and what of it is theirs: nothing in it tells which system wrote an answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from probatum.ledger import rating
from probatum.ledger.accounts import Visitor
from probatum.ledger.rating import Mark, Round
from probatum.rounds import findings, laying
from probatum.rounds.judging import shown
from probatum.rounds.laying import Layout, Screen
from probatum.rounds.protocol import HIGHEST, LOWEST
from probatum.types import Evidence, Passage

SIDES = (("a", 1.0), ("neither", 0.5), ("b", 0.0))


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of evidence that an answer cites; never who found it."""

    number: int
    title: str
    text: str
    source: str
    release: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer as it stands on the page."""

    side: str  # a or b; empty where it stands alone
    paragraphs: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that can be chosen."""

    key: str  # what is typed for it
    value: float
    text: str  # the anchor; empty for a side, which the page's own words name
    side: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """One criterion or comparison with its choices."""

    name: str
    question: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One screen of one rater, ready to be drawn."""

    title: str
    instructions: str
    place: int
    of: int
    done: int
    kind: str  # rating or pair: a check looks like any other answer
    question: str
    answers: tuple[Seen, ...]
    askings: tuple[Asking, ...]
    remarks: tuple[tuple[str, str, str], ...]  # name of the field, question, what was written
    first_open: int  # place of the first screen that is not done; 0 where all are
    closed: bool


@lru_cache(maxsize=8)
def layout_of(text: str, seal: str, id: str) -> Layout:
    """The layout of a sealed round, read once."""
    return laying.opened(text, seal, id)


def round_for(folder: Path, who: Visitor) -> Round | None:
    """The round that a visitor rates: that of the link, else the last one not yet closed with the account's name."""
    mine = [each for each in rating.rounds(folder) if not who.round or each.id == who.round]
    mine = [each for each in mine if who.name in layout_of(each.layout, each.seal, each.id).sheets]
    return next((each for each in reversed(mine) if not each.unblinded), mine[-1] if mine else None)


def sheet_of(round: Round, rater: str, place: int, marks: list[Mark]) -> Sheet:
    """A screen of a rater's own sheet; `place` is held within it."""
    layout = layout_of(round.layout, round.seal, round.id)
    screens = layout.sheets[rater]
    place = min(max(place, 1), len(screens))
    screen, protocol = screens[place - 1], layout.protocol
    here = {each.name: each for each in marks if each.place == place}
    said: dict[int, set[str]] = {}
    for each in marks:
        if each.value is not None:
            said.setdefault(each.place, set()).add(each.name)
    left = [n for n, one in enumerate(screens, 1) if not set(findings.asked(layout, one)) <= said.get(n, set())]
    question, _ = shown(layout, screen)
    remarks = tuple(
        (f"remark_{n}", text, here[name].text if (name := f"remark_{n}") in here else "")
        for n, text in enumerate(protocol.remarks, 1)
    )
    return Sheet(
        title=protocol.title, instructions=protocol.instructions, place=place, of=len(screens),
        done=len(screens) - len(left), kind="pair" if screen.kind == "pair" else "rating", question=question,
        answers=_seen(layout, screen), askings=_askings(layout, screen, here), remarks=remarks,
        first_open=next((n for n in left if n > place), left[0] if left else 0), closed=bool(round.unblinded),
    )  # fmt: skip


def read(sheet: Sheet, said: dict[str, str], rater: str, at: str) -> list[Mark]:
    """The marks of what a form or a script sent; what the screen does not ask for is passed over."""
    found = []
    for asking in sheet.askings:
        allowed = {str(choice.value): choice.value for choice in asking.choices}
        if said.get(asking.name) in allowed:
            found.append(Mark(rater, sheet.place, asking.name, allowed[said[asking.name]], at=at))
    for name, _, _ in sheet.remarks:
        if name in said:
            found.append(Mark(rater, sheet.place, name, None, said[name].replace("\r\n", "\n").strip(), at))
    return found


def _askings(layout: Layout, screen: Screen, here: dict[str, Mark]) -> tuple[Asking, ...]:
    protocol, found = layout.protocol, []
    if screen.kind == "pair":
        for each in protocol.comparisons:
            mark = here.get(each.name)
            choices = tuple(
                Choice(side[0] if side != "neither" else "t", value, "", side, bool(mark and mark.value == value))
                for side, value in SIDES
            )
            found.append(Asking(each.name, each.question, choices))
        return tuple(found)
    for criterion in protocol.criteria:
        mark = here.get(criterion.name)
        values = zip(range(LOWEST, HIGHEST + 1), criterion.anchors, strict=True)
        choices = tuple(Choice(str(v), float(v), text, "", bool(mark and mark.value == v)) for v, text in values)
        found.append(Asking(criterion.name, criterion.question, choices))
    return tuple(found)


def _seen(layout: Layout, screen: Screen) -> tuple[Seen, ...]:
    _, texts = shown(layout, screen)
    evidence: list[tuple[Evidence, ...]] = [()]
    if screen.systems:
        answers = dict(layout.item(screen.item).answers)
        evidence = [answers[name].evidence for name in screen.systems]
    sides = ("a", "b") if len(texts) > 1 else ("",)
    return tuple(
        Seen(side, tuple(line for line in text.splitlines() if line.strip()), _sources(pieces))
        for side, text, pieces in zip(sides, texts, evidence, strict=True)
    )


def _sources(pieces: tuple[Evidence, ...]) -> tuple[Source, ...]:
    return tuple(
        Source(n, each.fact.title if isinstance(each.fact, Passage) else "", each.text,
               each.origin.source, each.origin.release)
        for n, each in enumerate(pieces, 1)
    )  # fmt: skip
