"""Finds the names and the cues of a text: of the names that overlap the leftmost, then the longest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from probatum.annotators._index import NONE, SKIPPED, Child, Children, Index, Word

Words = Sequence[Word | None]
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
class Reading:
    """What stands in a text: findings in order, and all cues (start, end, number) outside of them."""

    findings: list[Finding]
    cues: list[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Tables:
    """The lemmas of the words that have a part of their own in reading."""

    left_out: frozenset[int]  # may stand between the words of a name: "left", "severe", articles
    joins: frozenset[int]  # join what shares the rest of a name


def read(index: Index, words: Words, tables: Tables, choose: Choose) -> Reading:
    """The findings and cues of a text's words, behind which None must stand."""
    findings: list[Finding] = []
    cues: list[tuple[int, int, int]] = []
    left_out = tables.left_out
    # Most words begin nothing: they are passed over here, at the price of a look at the word that follows.
    begun = [
        (start, further)
        for start, (word, after) in enumerate(pairwise(words))
        if word is not None
        and ((further := after is not None and (after[1] in word[4] or (after[1] in left_out and word[4]))) or word[0])
    ]
    last = 0
    for start, further in begun:
        if start < last:
            continue
        for end, entry, cue in _hits(index, words, start, left_out) if further else (_alone(words, start),):
            if entry != NONE and (finding := choose(start, end, entry)) is not None:
                findings.append(finding)
                last = end
                break
            if cue != NONE:
                cues.append((start, end, cue))
    return Reading(findings, cues)


def _alone(words: Words, start: int) -> tuple[int, int, int]:
    word = words[start]
    return (start + 1, NONE, NONE) if word is None else (start + 1, word[2], word[3])


def _hits(index: Index, words: Words, start: int, left_out: frozenset[int]) -> list[tuple[int, int, int]]:
    """(end, entry, cue) of all that begins at a word and reads as a name or a cue, the longest first."""
    word = words[start]
    hits: list[tuple[int, int, int]] = []
    if word is None:
        return hits
    alone, _, entry, cue, below = word
    if alone:
        hits.append((start + 1, entry, cue))
    place = start + 1
    while below and (word := words[place]) is not None:
        place += 1
        child = below.get(word[1])
        if child is not None:
            entry, cue, node = child
            if entry != NONE or cue != NONE:
                hits.append((place, entry, cue))
            below = index.children(node) if node else _NOTHING
        elif word[1] not in left_out:
            break
    hits.reverse()
    return hits


_NOTHING: Children = {}


def understood(index: Index, words: Words, tables: Tables, findings: list[Finding], choose: Choose) -> list[Finding]:
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
        and ((after := words[finding[1]]) is not None and after[1] in joins)
        | (finding[0] > 0 and (before := words[finding[0] - 1]) is not None and before[1] in joins)
    ]
    if not joined:
        return []
    free = _Free(words, tables, {place for finding in findings for place in range(finding.start, finding.end)})
    extra: list[Finding] = []
    for finding in joined:
        name = [word.lemma for word in words[finding.start : finding.end] if word and word.lemma != SKIPPED]
        extra.extend(_forward(index, free, finding, name, choose))
        extra.extend(_backward(index, free, finding, name, choose))
    return extra


@dataclass(frozen=True, slots=True)
class _Free:
    """The words that a coordination may still use."""

    words: Words
    tables: Tables
    taken: set[int]

    def joins(self, place: int) -> bool:
        word = self.words[place] if 0 <= place < len(self.words) else None
        return word is not None and word.lemma in self.tables.joins

    def lemma(self, place: int) -> int:
        """The lemma of a free word of some name; NONE elsewhere."""
        word = self.words[place] if 0 <= place < len(self.words) and place not in self.taken else None
        return NONE if word is None or word.lemma in self.tables.joins else word.lemma


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
    node = int(index.arrays.lemma_node[lemmas[0]])
    child = None
    for lemma in lemmas[1:]:
        child = index.children(node).get(lemma) if node else None
        if child is None:
            return None
        node = child.node
    return child
