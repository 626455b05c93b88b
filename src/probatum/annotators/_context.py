"""What the words around a finding say of it: denied, uncertain, of the family, of the past."""

from __future__ import annotations

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from probatum.annotators._find import Stretches
from probatum.annotators._letters import Tokens
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


def sayings(text: str, tokens: Tokens, findings: Sequence[Span], cues: Stretches) -> list[frozenset[str]]:
    """What the sentence of each finding says of it, out of SAYS. Findings are stretches of tokens, sorted."""
    saying = [_NOTHING] * len(findings)
    speaking = np.flatnonzero(_speaking()[cues.numbers])
    if not len(speaking):
        return saying
    spans = sentences(text)
    opening = np.searchsorted(tokens.starts, np.array([start for start, _ in spans]))  # first token of each sentence
    where = (np.searchsorted(opening, np.array([start for start, _ in findings]), "right") - 1).tolist()
    place = np.searchsorted(opening, cues.starts, "right") - 1
    wanted = np.zeros(len(spans) + 1, np.bool_)
    wanted[place[speaking]] = True
    held = np.zeros(len(spans) + 1, np.bool_)
    held[where] = True
    near = np.flatnonzero(wanted[place] & held[place])
    near = near[np.lexsort((-cues.ends[near], cues.starts[near], place[near]))]
    columns = (column[near].tolist() for column in (place, cues.starts, cues.ends, cues.numbers))
    for sentence, group in groupby(zip(*columns, strict=True), key=itemgetter(0)):
        first, behind = bisect_left(where, sentence), bisect_right(where, sentence)
        inside = findings[first:behind]
        chinese = has_han(text[slice(*spans[max(sentence, 0)])])
        counting = _apart([Cue(start, end, rules().of[number]) for _, start, end, number in group], inside, chinese)
        for number, (start, end) in enumerate(inside, first):
            saying[number] = _said(start, end, counting, inside)
    return saying


_NOTHING: frozenset[str] = frozenset()
Span = tuple[int, int]


@cache
def _speaking() -> NDArray[np.bool_]:
    """For each cue whether it says something of a finding; ends and lookalikes alone need no look."""
    return np.array([any(rule.says in SAYS for rule in group) for group in rules().of], np.bool_)


def _apart(cues: Sequence[Cue], findings: Sequence[Span], chinese: bool) -> list[Cue]:
    """The cues that count, of sorted ones: leftmost and longest, none inside a finding or inside another cue."""
    counting: list[Cue] = []
    last = -1
    for cue in cues:
        fitting = tuple(rule for rule in cue.rules if (rule.language == "zh") == chinese)
        inside = any(start <= cue.start and cue.end <= end for start, end in findings)
        if fitting and cue.start >= last and not inside:
            counting.append(Cue(cue.start, cue.end, fitting))
            last = cue.end
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
