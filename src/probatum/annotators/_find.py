"""Finds the names and the cues of a text: of the names that overlap the leftmost, then the longest."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from probatum.annotators._index import CUES, NAMES, NONE, SKIPPED, Child, Index
from probatum.annotators._sheet import CUE, ENTRY, Sheet

Lemmas = Sequence[int]  # of a text's words, NONE behind the last
Choose = Callable[[int, int, int], "Finding | None"]  # (start, end, entry) -> what it stands for, if it counts

_LONGEST_PART = 4  # words of the part of a name that a coordination leaves to be understood


class Finding(NamedTuple):
    """The words [start, end) and the concepts they stand for, one for each kind and source of ids.

    A doubtful one (a short or ambiguous abbreviation) names all that it may stand for.
    """

    start: int
    end: int
    concepts: tuple[str, ...]
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Tables:
    """The lemmas of the words that have a part of their own in reading."""

    left_out: frozenset[int]  # may stand between the words of a name: "left", "severe", articles
    joins: frozenset[int]  # join what shares the rest of a name


def read(index: Index, sheet: Sheet, tables: Tables, choose: Choose) -> list[Finding]:
    """The findings of a text, in order."""
    findings: list[Finding] = []
    further = sheet.begun & NAMES
    alone = sheet.table[:-2, ENTRY]
    places = ((alone >= 0) | (further != 0)).nonzero()[0]  # most words begin nothing
    last = 0
    for start, entry, more in zip(places.tolist(), alone[places].tolist(), further[places].tolist(), strict=True):
        if start < last:
            continue
        if more:
            for end, child in _longer(index, sheet.lemmas, start, tables.left_out):
                if child.entry != NONE and (finding := choose(start, end, child.entry)) is not None:
                    break
            else:
                finding = choose(start, start + 1, entry) if entry != NONE else None
        else:
            finding = choose(start, start + 1, entry)
        if finding is not None:
            findings.append(finding)
            last = finding[1]
    return findings


class Cues:
    """The cues of a text outside of its findings, but for those that begin with one and are longer."""

    def __init__(self, index: Index, sheet: Sheet, tables: Tables, findings: Sequence[Finding]) -> None:
        self._index, self._lemmas, self._left_out = index, sheet.lemmas, tables.left_out
        self._taken = {place: finding for finding in findings for place in range(finding.start, finding.end)}
        further = sheet.begun & CUES
        alone = sheet.table[:-2, CUE]
        places = ((alone >= 0) | (further != 0)).nonzero()[0]
        self._places: list[int] = places.tolist()
        self._alone: list[int] = alone[places].tolist()
        self._further: list[int] = further[places].tolist()

    def between(self, first: int, behind: int) -> Iterator[tuple[int, int, int]]:
        """(start, end, number) of all that begin at the words [first, behind); at one word the longest first."""
        for at in range(bisect_left(self._places, first), bisect_left(self._places, behind)):
            start, longest = self._places[at], 0
            finding = self._taken.get(start)
            if finding is not None:
                longest = finding.end
                if finding.start < start:
                    continue
            if self._further[at]:
                for end, child in _longer(self._index, self._lemmas, start, self._left_out):
                    if child.cue != NONE and end > longest:
                        yield start, end, child.cue
            if self._alone[at] != NONE and start >= longest:
                yield start, start + 1, self._alone[at]


def _longer(index: Index, lemmas: Lemmas, start: int, left_out: frozenset[int]) -> list[tuple[int, Child]]:
    """(end, node) of all names and cues of several words that begin at a word, the longest first."""
    hits: list[tuple[int, Child]] = []
    below, children = index.beginnings[lemmas[start]], index.children
    place = start + 1
    while below:
        lemma = lemmas[place]
        place += 1
        child = below.get(lemma)
        if child is not None:
            if child[0] != NONE or child[1] != NONE:
                hits.append((place, child))
            below = children[child[2]]
        elif lemma not in left_out:
            break
    hits.reverse()
    return hits


def understood(index: Index, lemmas: Lemmas, tables: Tables, findings: list[Finding], choose: Choose) -> list[Finding]:
    """What a coordination with a finding leaves to be understood.

    "short fingers and toes" holds short toes: a beginning of the name before the joining word, with what follows it.
    "aplasia or hypoplasia of the thumb" holds aplasia of the thumb: what precedes it, with an end of the name after it.
    Words that already belong to a finding are not used again.
    """
    joins = tables.joins
    joined = [
        finding
        for finding in findings
        if finding[1] - finding[0] > 1
        and (lemmas[finding[1]] in joins or (finding[0] > 0 and lemmas[finding[0] - 1] in joins))
    ]
    if not joined:
        return []
    free = _Free(lemmas, tables, {place for finding in findings for place in range(finding.start, finding.end)})
    extra: list[Finding] = []
    for finding in joined:
        name = [lemma for lemma in lemmas[finding.start : finding.end] if lemma != SKIPPED]
        extra.extend(_forward(index, free, finding, name, choose))
        extra.extend(_backward(index, free, finding, name, choose))
    return extra


@dataclass(frozen=True, slots=True)
class _Free:
    """The words that a coordination may still use."""

    lemmas: Lemmas
    tables: Tables
    taken: set[int]

    def joins(self, place: int) -> bool:
        return 0 <= place < len(self.lemmas) and self.lemmas[place] in self.tables.joins

    def lemma(self, place: int) -> int:
        """The lemma of a free word of some name; NONE elsewhere."""
        free = 0 <= place < len(self.lemmas) and place not in self.taken
        return NONE if not free or self.lemmas[place] in self.tables.joins else self.lemmas[place]


def _forward(index: Index, free: _Free, finding: Finding, name: list[int], choose: Choose) -> list[Finding]:
    found: list[Finding] = []
    end = finding.end
    while free.joins(end):
        first = end + 1 + free.joins(end + 1)  # ", and"
        more = None
        for kept in range(len(name) - 1, 0, -1):
            rest = _part(free, first, 1)
            for length in range(len(rest), 0, -1):
                child = _followed(index, name[:kept] + rest[:length])
                if more is None and child is not None and child.entry != NONE:
                    more = choose(finding.start, first + length, child.entry)
        if more is None or more.doubtful:
            break
        found.append(more)
        end = more.end
    return found


def _backward(index: Index, free: _Free, finding: Finding, name: list[int], choose: Choose) -> list[Finding]:
    found: list[Finding] = []
    start = finding.start
    while free.joins(start - 1):
        last = start - 2 - free.joins(start - 2)
        more = None
        before = _part(free, last, -1)
        for length in range(len(before), 0, -1):
            for dropped in range(1, len(name)):
                child = _followed(index, before[length - 1 :: -1] + name[dropped:])
                if more is None and child is not None and child.entry != NONE:
                    more = choose(last + 1 - length, finding.end, child.entry)
        if more is None or more.doubtful:
            break
        found.append(more)
        start = more.start
    return found


def _part(free: _Free, place: int, step: int) -> list[int]:
    """The lemmas of the free words from a place on, in one direction, as many as a part of a name may have."""
    lemmas: list[int] = []
    while len(lemmas) < _LONGEST_PART and (lemma := free.lemma(place)) > SKIPPED:
        lemmas.append(lemma)
        place += step
    return lemmas


def _followed(index: Index, lemmas: list[int]) -> Child | None:
    """The node at the end of a row of two and more lemmas."""
    below, child = index.beginnings[lemmas[0]], None
    for lemma in lemmas[1:]:
        child = below.get(lemma)
        if child is None:
            return None
        below = index.children[child.node]
    return child
