"""What the words around a finding say of it: denied, uncertain, of the family, of the past."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from probatum.annotators._find import Columns, Finding
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


class Cue(NamedTuple):
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


Span = tuple[int, int]
_ABBREVIATED = 6  # letters of the longest abbreviation

_BLANK = re.compile(r"\n\s*\n\s*")


def sayings(sheet: Sheet, findings: Sequence[Finding], cues: Columns) -> list[Saying]:
    """What the sentence of each finding says of it; findings and cues in order.

    Only sentences that hold both a finding and a cue that speaks are looked at.
    """
    saying = [_PLAIN] * len(findings)
    at = sheet.bounds[0]
    points = at[cues[0]]
    speakers = points[_speaking()[cues[2]]].tolist()
    if not speakers:
        return saying
    starts = points.data
    begins = [at.data[finding.start] for finding in findings]
    for begin, end in _sentences(sheet.text, speakers, begins):
        first, last = bisect_left(begins, begin), bisect_left(begins, end)
        inside = slice(bisect_left(starts, begin), bisect_left(starts, end))
        counting = _apart(cues[:, inside].T.tolist(), has_han(sheet.text[begin:end]))
        if not any(rule.says in SAYS for cue in counting for rule in cue.rules):
            continue
        spans = [finding[:2] for finding in findings[first:last]]
        for place, (start, stop) in enumerate(spans, first):
            saying[place] = _said(start, stop, counting, spans)
    return saying


def _sentences(text: str, speakers: Sequence[int], begins: Sequence[int]) -> Iterator[Span]:
    """The sentences of a text that hold both a speaker and a finding; both are code points in order."""
    start = 0
    for edge in [*(found.end() for found in _BLANK.finditer(text)), len(text)]:  # a blank line ends a sentence
        heard = speakers[bisect_left(speakers, start) : bisect_left(speakers, edge)]
        if heard and bisect_left(begins, start) < bisect_left(begins, edge):
            for first, last in _stretches(text, start, edge, heard):
                if bisect_left(begins, first) < bisect_left(begins, last):
                    for begin, end in sentences(text[first:last]):
                        pair = (first + begin, first + end)
                        if bisect_left(heard, pair[0]) < bisect_left(heard, pair[1]) and (
                            bisect_left(begins, pair[0]) < bisect_left(begins, pair[1])
                        ):
                            yield pair
        start = edge


def _stretches(text: str, start: int, edge: int, heard: Sequence[int]) -> Iterator[Span]:
    """Stretches around the speakers from one sure end of a sentence to another."""
    behind = start
    for speaker in heard:
        if speaker >= behind:
            first = speaker
            while (first := text.rfind(". ", behind, first)) >= 0 and not _ends(text, start, first):
                pass
            first = first + 1 or behind
            behind = speaker
            while (behind := text.find(". ", behind, edge) + 1) and not _ends(text, start, behind - 1):
                pass
            behind = behind or edge
            yield first, behind


def _ends(text: str, start: int, point: int) -> bool:
    """Whether a point before a space surely ends a sentence: the word before it is longer than any abbreviation."""
    word = text[text.rfind(" ", start, point) + 1 : point]
    return len(word) > _ABBREVIATED and word.isalpha()


@cache
def _speaking() -> NDArray[np.bool_]:
    """By cue, whether it says something of a finding; ends and lookalikes alone need no look."""
    return np.array([any(rule.says in SAYS for rule in group) for group in rules().of], np.bool_)


@cache
def _of(chinese: bool) -> tuple[tuple[Rule, ...], ...]:
    """The rules of each cue in a Chinese sentence, or in another one."""
    return tuple(tuple(rule for rule in group if (rule.language == "zh") == chinese) for group in rules().of)


def _apart(cues: Iterable[Sequence[int]], chinese: bool) -> list[Cue]:
    """The cues that count: leftmost and longest, none inside another; Chinese ones in Chinese sentences alone."""
    counting: list[Cue] = []
    last = -1
    of = _of(chinese)
    for start, end, number in cues:
        if start >= last and of[number]:
            counting.append(Cue(start, end, of[number]))
            last = end
    return counting


def _said(start: int, end: int, cues: Sequence[Cue], findings: Sequence[Span]) -> Saying:
    """What the cues of a sentence say of the finding at the tokens [start, end); `findings` are all of the sentence."""
    saying: set[str] = set()
    for cue in cues:
        for rule in cue.rules:
            says = rule.says
            if says not in SAYS or says in saying:
                continue
            left, right = (cue.end, start) if rule.side == "before" else (end, cue.start)
            if 0 <= right - left <= rule.reach and not _ended(rule, left, right, cues, findings):
                saying.add(says)
    if not saying:
        return _PLAIN
    return Saying(
        "negated" in saying,
        "uncertain" if "uncertain" in saying else "certain",
        "family" if "family" in saying else "patient",
        "history" if "history" in saying else "now",
    )


_PLAIN = Saying()


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
