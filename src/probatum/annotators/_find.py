"""Finds the names and the cues of a text in one pass: of the names that overlap the leftmost, then the longest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, pairwise
from threading import Lock
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import BytesAhoCorasick
from numpy.typing import NDArray

from probatum.annotators._index import NONE, SKIPPED, Index
from probatum.annotators._sheet import CODE, CUE, ENTRY, LEMMA, UNKNOWN, Sheet, codes

Numbers = NDArray[np.int64]
Choose = Callable[[int, int, int], "Finding | None"]  # (start, end, entry) -> what it stands for, if it counts
Fixed = Mapping[int, tuple[str, ...] | None]  # entry -> what it stands for in all texts; None: nothing
Hit = tuple[int, int, int]  # the words [start, end) and a phrase as (start, -end, its number): first and longest first

_LONGEST_PART = 4  # words of the part of a name that a coordination leaves to be understood
_FEW = 100  # texts; for as many, picking out what may stand in each takes about the time that all phrases take at once


class Finding(NamedTuple):
    """The words [start, end) and the concepts they stand for, one for each kind and source of ids.

    A doubtful one (a short or ambiguous abbreviation) names all that it may stand for.
    """

    start: int
    end: int
    concepts: tuple[str, ...]
    doubtful: bool = False


class Phrases:
    """The phrases of an index: for the first texts those that may stand in each are laid out, then all of them."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._texts = 0
        self._lock = Lock()
        self._all: Automaton | None = None

    def read(self, sheet: Sheet) -> Reading:
        """What of the phrases stands in a text."""
        if self._all is None:
            self._texts += 1
            if self._texts <= _FEW:
                return Reading(sheet, Automaton(self._index, self._possible(sheet)))
            with self._lock:
                if self._all is None:
                    self._all = Automaton(self._index, np.arange(len(self._index.arrays.phrase_entry)))
        return Reading(sheet, self._all)

    def _possible(self, sheet: Sheet) -> Numbers:
        """The phrases of which each word stands in a text, or may be left out."""
        arrays = self._index.arrays
        here = np.zeros(self._index.lemmas + 1, np.bool_)
        here[sheet.table[:, LEMMA]] = True  # NONE is the last place
        here[: self._index.left_out + 1] = True
        if not len(arrays.phrase_lemma):
            return np.zeros(0, np.int64)
        return np.logical_and.reduceat(here.take(arrays.phrase_lemma), arrays.phrase_start[:-1]).nonzero()[0]


class Automaton:
    """Some phrases of an index, without the words that may be left out, for finding all of them in one pass."""

    def __init__(self, index: Index, phrases: Numbers) -> None:
        arrays = index.arrays
        first, counts = arrays.phrase_start[phrases], np.diff(arrays.phrase_start)[phrases]
        whose = np.repeat(np.arange(len(phrases)), counts)
        place = np.arange(len(whose)) - (np.cumsum(counts) - counts)[whose]
        lemmas = arrays.phrase_lemma[first[whose] + place]
        own = lemmas > index.left_out
        sizes = np.bincount(whose[own], minlength=len(phrases))
        # Of the phrases that read alike those come first that hold the words which others leave out.
        order = np.argsort(sizes == counts, kind="stable")
        order = order[sizes[order] > 0]
        ends = np.cumsum(sizes) * index.width
        row = codes(lemmas[own], index.width).tobytes()
        starts = ends - sizes * index.width
        spans = zip(starts[order].tolist(), ends[order].tolist(), strict=True)
        self.entries: list[int] = arrays.phrase_entry[phrases[order]].tolist()
        self.cues: list[int] = arrays.phrase_cue[phrases[order]].tolist()
        self.sizes: list[int] = counts[order].tolist()
        held = phrases[order[sizes[order] < counts[order]]]
        self._held = [arrays.phrase_lemma[slice(*arrays.phrase_start[at : at + 2])].tolist() for at in held.tolist()]
        self._width, self._left_out = index.width, index.left_out
        self._automaton = BytesAhoCorasick([row[start:end] for start, end in spans])

    def hits(self, sheet: Sheet, words: NDArray[np.intp] | None = None) -> list[Hit]:
        """All phrases of a text, or of a row of its words, -1 for a word of no phrase: by places in it."""
        code = sheet.table[:, CODE] if words is None else np.append(sheet.table[:, CODE], np.int32(UNKNOWN))[words]
        kept = code.nonzero()[0]
        row = code[kept].view(np.uint8).reshape(-1, 4)[:, : self._width].tobytes()
        matches = self._automaton.find_matches_as_indexes(row, overlapping=True)
        if not matches:
            return []
        width, held, place = self._width, len(self._held), [-1, *kept.tolist(), len(code)]
        lemmas: list[int] = []
        found: list[Hit] = []
        for number, first, behind in matches:
            one, other = first // width, behind // width
            start, end = place[one + 1], place[other] + 1
            if number < held:
                if place[other + 1] - place[one] - 1 == other - one:
                    continue  # no word is left out here, so none of the phrase's own can stand here either
                lemmas = lemmas or (sheet.lemmas if words is None else [*(sheet.lemmas[at] for at in words), NONE])
                start, end = self._spelled(lemmas, self._held[number], start)
            if start < end:
                found.append((start, -end, number))
        return found

    def _spelled(self, lemmas: Sequence[int], phrase: Sequence[int], start: int) -> tuple[int, int]:
        """Where a phrase stands with the words that others leave out, the first that they do not at `start`."""
        own = next(place for place, lemma in enumerate(phrase) if lemma > self._left_out)
        for lemma in reversed(phrase[:own]):
            start -= 1
            while start >= 0 and lemmas[start] != lemma and SKIPPED <= lemmas[start] <= self._left_out:
                start -= 1
            if start < 0 or lemmas[start] != lemma:
                return 0, 0
        place = start
        for lemma in phrase:
            while lemmas[place] != lemma:
                if not SKIPPED <= lemmas[place] <= self._left_out:
                    return 0, 0
                place += 1
            place += 1
        return start, place


class Reading:
    """What of the names and cues stands in one text."""

    def __init__(self, sheet: Sheet, automaton: Automaton) -> None:
        self.sheet = sheet
        self._automaton = automaton
        self._hits = automaton.hits(sheet)

    def findings(self, fixed: Fixed, choose: Choose) -> list[Finding]:
        """The names that count, in order, none over another."""
        entries = self._automaton.entries
        alone = self.sheet.table[:, ENTRY]
        places = alone.nonzero()[0]
        names = [*self._hits, *zip(places.tolist(), (-1 - places).tolist(), (-alone[places]).tolist(), strict=True)]
        names.sort()
        findings: list[Finding] = []
        last = 0
        for start, back, number in names:
            if start < last:
                continue
            entry = entries[number] if number >= 0 else -1 - number
            if entry in fixed:
                concepts = fixed[entry]
                finding = None if concepts is None else Finding(start, -back, concepts)
            else:
                finding = choose(start, -back, entry)
            if finding is not None:
                findings.append(finding)
                last = -back
        return findings

    def cues(self, findings: Sequence[Finding]) -> list[tuple[int, int, int]]:
        """(start, end, number) of the cues in order, at one word the longest first.

        Of those that begin inside a finding only those count that begin with it and are longer.
        """
        numbers = self._automaton.cues
        alone = self.sheet.table[:, CUE]
        places = alone.nonzero()[0]
        cues = [(start, back, numbers[number]) for start, back, number in self._hits if numbers[number] != NONE]
        cues.extend(zip(places.tolist(), (-1 - places).tolist(), (alone[places] - 1).tolist(), strict=True))
        cues.sort()
        taken = {place: finding for finding in findings for place in range(finding.start, finding.end)}
        return [
            (start, -back, number)
            for start, back, number in cues
            if start not in taken or (taken[start].start == start and -back > taken[start].end)
        ]

    def names(self, rows: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
        """(place, entry) of each row of words of the text that reads as a name, nothing left out, in order."""
        if not rows:
            return
        starts = list(accumulate((len(row) + 1 for row in rows), initial=0))
        words = np.array(list(chain.from_iterable((*row, -1) for row in rows)))
        whole = {(start, 1 - behind): place for place, (start, behind) in enumerate(pairwise(starts))}
        entries, sizes = self._automaton.entries, self._automaton.sizes
        found: dict[int, int] = {}
        for start, back, number in sorted(self._automaton.hits(self.sheet, words)):
            place = whole.get((start, back))
            if place is not None and entries[number] != NONE and sizes[number] == len(rows[place]):
                found.setdefault(place, entries[number])
        yield from sorted(found.items())


def understood(reading: Reading, joins: frozenset[int], findings: list[Finding], choose: Choose) -> list[Finding]:
    """What a coordination with a finding leaves to be understood.

    "short fingers and toes" holds short toes: a beginning of the name before the joining word, with what follows it.
    "aplasia or hypoplasia of the thumb" holds aplasia of the thumb: what precedes it, with an end of the name after it.
    Words that already belong to a finding are not used again.
    """
    lemmas = reading.sheet.lemmas
    joined = [
        finding
        for finding in findings
        if finding[1] - finding[0] > 1
        and (lemmas[finding[1]] in joins or (finding[0] > 0 and lemmas[finding[0] - 1] in joins))
    ]
    if not joined:
        return []
    free = _Free(lemmas, joins, {place for finding in findings for place in range(finding.start, finding.end)})
    extra: list[Finding] = []
    for finding in joined:
        name = [place for place in range(finding.start, finding.end) if lemmas[place] != SKIPPED]
        extra.extend(_forward(reading, free, finding, name, choose))
        extra.extend(_backward(reading, free, finding, name, choose))
    return extra


class _Free(NamedTuple):
    """The words that a coordination may still use."""

    lemmas: Sequence[int]
    joining: frozenset[int]
    taken: set[int]

    def joins(self, place: int) -> bool:
        return 0 <= place < len(self.lemmas) and self.lemmas[place] in self.joining

    def part(self, place: int, step: int) -> list[int]:
        """The free words of names from a place on, in one direction, as many as a part of a name may have."""
        places: list[int] = []
        while len(places) < _LONGEST_PART and 0 <= place < len(self.lemmas) and place not in self.taken:
            if self.lemmas[place] <= SKIPPED or self.lemmas[place] in self.joining:
                break
            places.append(place)
            place += step
        return places


def _forward(reading: Reading, free: _Free, finding: Finding, name: list[int], choose: Choose) -> list[Finding]:
    found: list[Finding] = []
    end = finding.end
    while free.joins(end):
        first = end + 1 + free.joins(end + 1)  # ", and"
        rest = free.part(first, 1)
        ways = [(kept, length) for kept in range(len(name) - 1, 0, -1) for length in range(len(rest), 0, -1)]
        more = None
        for way, entry in reading.names([name[:kept] + rest[:length] for kept, length in ways]):
            more = choose(finding.start, first + ways[way][1], entry)
            if more is not None:
                break
        if more is None or more.doubtful:
            break
        found.append(more)
        end = more.end
    return found


def _backward(reading: Reading, free: _Free, finding: Finding, name: list[int], choose: Choose) -> list[Finding]:
    found: list[Finding] = []
    start = finding.start
    while free.joins(start - 1):
        last = start - 2 - free.joins(start - 2)
        before = free.part(last, -1)
        ways = [(length, dropped) for length in range(len(before), 0, -1) for dropped in range(1, len(name))]
        more = None
        for way, entry in reading.names([before[length - 1 :: -1] + name[dropped:] for length, dropped in ways]):
            more = choose(last + 1 - ways[way][0], finding.end, entry)
            if more is not None:
                break
        if more is None or more.doubtful:
            break
        found.append(more)
        start = more.start
    return found
