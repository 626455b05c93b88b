"""What the words around a finding say of it: denied, uncertain, of the family, of the past."""

from __future__ import annotations

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

from probatum.annotators._find import Finding
from probatum.annotators._sheet import Sheet
from probatum.text.chinese import has_han
from probatum.text.sentences import sentences

SAYS = ("negated", "uncertain", "family", "history")
_FAR = 60  # words; a cue without a reach of its own holds to the end of any sentence that a reader could follow


@dataclass(frozen=True, slots=True)
class Rule:
    """What one cue says, on which side of it, and how far it reaches (words between)."""

    says: str  # one of SAYS; ends, turns, nothing
    side: str  # before, after: where the cue stands
    reach: int
    language: str
    of: frozenset[str]  # what an end ends


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue in a text: its tokens [start, end) and its rules."""

    start: int
    end: int
    rules: tuple[Rule, ...]


class Saying(NamedTuple):
    """What is said of a finding, as the last fields of a `Mention`."""

    negated: bool = False
    certainty: str = "certain"
    who: str = "patient"
    when: str = "now"


@dataclass(frozen=True, slots=True)
class Rules:
    """The table of cues: phrase -> number, number -> rules."""

    phrases: dict[str, int]
    of: tuple[tuple[Rule, ...], ...]


@cache
def rules() -> Rules:
    """The rules of `_context.toml`; a phrase may stand in several of its tables."""
    text = resources.files("probatum.annotators").joinpath("_context.toml").read_text(encoding="utf-8")
    gathered: dict[str, list[Rule]] = {}
    for cue in tomllib.loads(text)["cue"]:
        rule = Rule(
            cue["says"], cue.get("side", "before"), cue.get("reach", _FAR), cue["language"],
            frozenset(cue.get("of", SAYS)),
        )  # fmt: skip
        for phrase in cue["phrases"]:
            gathered.setdefault(phrase, []).append(rule)
    return Rules({phrase: number for number, phrase in enumerate(gathered)}, tuple(map(tuple, gathered.values())))


def sayings(
    text: str, sheet: Sheet, findings: Sequence[Finding], begins: Sequence[int], cues: Sequence[tuple[int, int, int]]
) -> list[Saying]:
    """What the sentence of each finding says of it.

    Findings and cues are stretches of words in order, `begins` the code points where the findings begin. Only
    sentences that hold both a finding and a cue that speaks are looked at.
    """
    saying = [Saying()] * len(findings)
    speaking = _speaking()
    speakers = [start for start, _, number in cues if number in speaking]
    if not speakers:
        return saying
    spans = sentences(text)
    opening = [start for start, _ in spans]
    speaks = {bisect_right(opening, sheet.span(start, start + 1)[0]) - 1 for start in speakers}
    held: dict[int, list[int]] = {}
    for place, begin in enumerate(begins):
        sentence = bisect_right(opening, begin) - 1
        if sentence in speaks:
            held.setdefault(sentence, []).append(place)
    cued = [start for start, _, _ in cues]
    for sentence, places in held.items():
        begin, end = spans[sentence]
        first, behind = sheet.word_at(begin), sheet.word_at(end)
        here = cues[bisect_left(cued, first) : bisect_left(cued, behind)]
        counting = _apart(here, has_han(text[begin:end]))
        inside = [findings[place][:2] for place in places]
        for place, (start, stop) in zip(places, inside, strict=True):
            saying[place] = _said(start, stop, counting, inside)
    return saying


Span = tuple[int, int]


@cache
def _speaking() -> frozenset[int]:
    """The cues that say something of a finding; ends and lookalikes alone need no look."""
    return frozenset(place for place, group in enumerate(rules().of) if any(rule.says in SAYS for rule in group))


def _apart(cues: Sequence[tuple[int, int, int]], chinese: bool) -> list[Cue]:
    """The cues that count: leftmost and longest, none inside another; Chinese ones in Chinese sentences alone."""
    counting: list[Cue] = []
    last = -1
    for start, end, number in sorted(cues, key=lambda cue: (cue[0], -cue[1])):
        fitting = tuple(rule for rule in rules().of[number] if (rule.language == "zh") == chinese)
        if fitting and start >= last:
            counting.append(Cue(start, end, fitting))
            last = end
    return counting


def _said(start: int, end: int, cues: Sequence[Cue], findings: Sequence[Span]) -> Saying:
    """What the cues of a sentence say of the finding at the tokens [start, end); `findings` are all of the sentence."""
    saying: set[str] = set()
    for cue in cues:
        for rule in cue.rules:
            left, right = (cue.end, start) if rule.side == "before" else (end, cue.start)
            near = rule.says in SAYS and 0 <= right - left <= rule.reach
            if near and rule.says not in saying and not _ended(rule, left, right, cues, findings):
                saying.add(rule.says)
    return Saying(
        "negated" in saying,
        "uncertain" if "uncertain" in saying else "certain",
        "family" if "family" in saying else "patient",
        "history" if "history" in saying else "now",
    )


def _ended(rule: Rule, left: int, right: int, cues: Sequence[Cue], findings: Sequence[Span]) -> bool:
    """Whether something between the tokens `left` and `right` ends the reach of a rule."""
    for cue in cues:
        if left <= cue.start and cue.end <= right:
            for end in cue.rules:
                if end.says == "ends" and rule.says in end.of:
                    return True
                turning = end.says == "turns" and rule.says == "negated" and rule.side == "before"
                if turning and not any(left <= start and stop <= cue.start for start, stop in findings):
                    return True
    return False
