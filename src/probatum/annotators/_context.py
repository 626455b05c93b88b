"""What the words around a finding say of it: denied, uncertain, of the family, of the past."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

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
    text: str, sheet: Sheet, findings: Sequence[Finding], cues: Sequence[tuple[int, int, int]]
) -> list[frozenset[str]]:
    """What the sentence of each finding says of it, out of SAYS. Findings and cues are stretches of words, sorted."""
    saying = [_NOTHING] * len(findings)
    speaking = _speaking()
    if not any(number in speaking for _, _, number in cues):
        return saying
    spans = sentences(text)
    opening = [sheet.word_at(start) for start, _ in spans]
    speaks: set[int] = set()
    told: dict[int, list[tuple[int, int, int]]] = {}
    for cue in cues:
        sentence = bisect_right(opening, cue[0]) - 1
        told.setdefault(sentence, []).append(cue)
        if cue[2] in speaking:
            speaks.add(sentence)
    held: dict[int, list[int]] = {}
    for place, finding in enumerate(findings):
        sentence = bisect_right(opening, finding[0]) - 1
        if sentence in speaks:
            held.setdefault(sentence, []).append(place)
    for sentence, places in held.items():
        counting = _apart(told[sentence], has_han(text[slice(*spans[max(sentence, 0)])]))
        inside = [findings[place][:2] for place in places]
        for place, (start, end) in zip(places, inside, strict=True):
            saying[place] = _said(start, end, counting, inside)
    return saying


_NOTHING: frozenset[str] = frozenset()
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


def _said(start: int, end: int, cues: Sequence[Cue], findings: Sequence[Span]) -> frozenset[str]:
    """What the cues of a sentence say of the finding at the tokens [start, end); `findings` are all of the sentence."""
    saying: set[str] = set()
    for cue in cues:
        for rule in cue.rules:
            left, right = (cue.end, start) if rule.side == "before" else (end, cue.start)
            near = rule.says in SAYS and 0 <= right - left <= rule.reach
            if near and rule.says not in saying and not _ended(rule, left, right, cues, findings):
                saying.add(rule.says)
    return frozenset(saying)


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
