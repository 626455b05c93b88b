"""Finds the names and the cues of texts, each in one pass: of names that overlap the leftmost, then the longest.

A form that was made of a name (other word order and the like) gives way to a name as it is known that begins in it and
is as long.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate, chain, islice, pairwise
from threading import Lock
from typing import Any, NamedTuple, Protocol

import numpy as np
from ahocorasick_rs import BytesAhoCorasick
from numpy.typing import NDArray

from probatum.annotators._index import NONE, Index
from probatum.annotators._sheet import KEPT, Row, Sheet, codes

Numbers = NDArray[np.int64]
Hit = tuple[int, int, int]  # the words [start, end) and a phrase as (start, -end, its number): first and longest first
Columns = Numbers  # three rows of many: the word with which a phrase begins, the one behind its last, its number

_LONG = 1500  # words; in longer texts what is to be done for each name is done for all of them at once
_FEW = 100  # texts; for as many, picking out what may stand in each takes about the time that all phrases take at once

PERHAPS, SURE, MADE = 1, 2, 3  # how an entry stands: it counts in its very letters alone; always; so does a made form


class Finding(NamedTuple):
    """The words [start, end) and the concepts they stand for, one for each kind and source of ids.

    A doubtful one (a short or ambiguous abbreviation) names all that it may stand for.
    """

    start: int
    end: int
    concepts: tuple[str, ...]
    doubtful: bool = False


class Choosing(Protocol):
    """What decides which names count."""

    @property
    def place(self) -> int:
        """Its number among the choices of an annotator."""

    @property
    def standing(self) -> NDArray[np.uint8]:
        """By entry: PERHAPS, SURE, MADE, or 0 for never; 0 at NONE."""

    @property
    def fixed(self) -> Mapping[int, tuple[str, ...] | None]:
        """Entry -> what it stands for in all texts; None: nothing."""

    def finding(self, sheet: Sheet, start: int, end: int, entry: int) -> Finding | None:
        """What the words [start, end) that read as an entry stand for; None where they do not count."""


class Phrases:
    """Phrases of an index by what they stand for, NONE for nothing: the names that may count, or the cues.

    For the first texts those that may stand in each are laid out, then all of them.
    """

    def __init__(self, index: Index, phrases: NDArray[np.signedinteger[Any]]) -> None:
        self._index = index
        self._values = phrases
        self._counting = np.flatnonzero(phrases != NONE)
        self._texts = 0
        self._lock = Lock()
        self._all: Automaton | None = None

    def read(self, sheet: Sheet, texts: int = 1) -> Automaton:
        """What finds the phrases of some texts."""
        if self._all is None:
            self._texts += texts
            if self._texts <= _FEW:
                return self._possible(sheet)
            with self._lock:
                if self._all is None:
                    self._all = self.all()
        return self._all

    def all(self) -> Automaton:
        """All of the phrases laid out."""
        return Automaton(self._index, self._counting, self._values)

    def _possible(self, sheet: Sheet) -> Automaton:
        """The phrases of which each word stands in a text, or may be left out."""
        arrays = self._index.arrays
        here = np.zeros(self._index.lemmas + 1, np.bool_)
        here[sheet.lemmas] = True  # NONE is the last place
        here[: self._index.left_out + 1] = True
        here[NONE] = False
        phrases = self._counting
        if len(phrases):
            whole = np.logical_and.reduceat(here.take(arrays.phrase_lemma), arrays.phrase_start[:-1])
            phrases = phrases[whole[phrases]]
        return Automaton(self._index, phrases, self._values)


class Automaton:
    """Some phrases of an index, without the words that may be left out, for finding all of them in one pass."""

    def __init__(self, index: Index, phrases: Numbers, values: NDArray[np.signedinteger[Any]]) -> None:
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
        row = codes(lemmas[own], index.left_out, index.width).tobytes()
        starts = ends - sizes * index.width
        spans = zip(starts[order].tolist(), ends[order].tolist(), strict=True)
        self.standing = values[phrases[order]]
        self.values: list[int] = self.standing.tolist()
        self.sizes: list[int] = counts[order].tolist()
        held = phrases[order[sizes[order] < counts[order]]]
        bounds = zip(arrays.phrase_start[held].tolist(), arrays.phrase_start[held + 1].tolist(), strict=True)
        self._held = [
            [row.tobytes() for row in codes(arrays.phrase_lemma[start:end], index.left_out, index.width)]
            for start, end in bounds
        ]
        self._width = index.width
        self._automaton = BytesAhoCorasick([row[start:end] for start, end in spans])

    def hits(self, row: Row) -> list[Hit]:
        """All phrases of a text, or of another row of words."""
        matches = self._automaton.find_matches_as_indexes(row.kept, overlapping=True)
        if not matches:
            return []
        width, held, place = self._width, len(self._held), row.places.tolist()
        found: list[Hit] = []
        for number, first, behind in matches:
            one, other = first // width, behind // width
            start, end = place[one + 1], place[other] + 1
            if number < held:
                if place[other + 1] - place[one] - 1 == other - one:
                    continue  # no word is left out here, so none of the phrase's own can stand here either
                start, end = _spelled(row, self._held[number], start)
                if start == end:
                    continue
            found.append((start, -end, number))
        return found

    def columns(self, row: Row) -> Columns:
        """The same for many at once: their first words, the words behind them, and their numbers."""
        matches = self._automaton.find_matches_as_indexes(row.kept, overlapping=True)
        number, one, other = np.fromiter(chain.from_iterable(matches), np.int64, 3 * len(matches)).reshape(-1, 3).T
        one, other, place = one // self._width, other // self._width, row.places
        found = np.array((place[one + 1], place[other] + 1, number))
        held = number < len(self._held)
        apart = held & (place[other + 1] - place[one] - 1 != other - one)
        spelled = [
            (*_spelled(row, self._held[number], start), number) for start, _, number in found[:, apart].T.tolist()
        ]
        more = np.array([hit for hit in spelled if hit[0] < hit[1]], np.int64).reshape(-1, 3)
        return np.concatenate((found[:, ~held], more.T), axis=1)


def _spelled(row: Row, phrase: Sequence[bytes], start: int) -> tuple[int, int]:
    """Where a phrase stands with the words that others leave out, the first that they do not at `start`."""
    own = next(place for place, code in enumerate(phrase) if code[0] >= KEPT)
    for code in reversed(phrase[:own]):
        start -= 1
        while (here := row.code(start)) != code and here and here[0] < KEPT:
            start -= 1
        if here != code:
            return 0, 0
    place = start
    for code in phrase:
        while (here := row.code(place)) != code:
            if not here or here[0] >= KEPT:
                return 0, 0
            place += 1
        place += 1
    return start, place


class Reading:
    """What of the names stands in one text, for one of the choices."""

    def __init__(self, sheet: Sheet, automaton: Automaton, choice: Choosing) -> None:
        self.sheet = sheet
        self.choose = partial(choice.finding, sheet)
        self._automaton = automaton
        self._choice = choice

    def findings(self) -> list[Finding]:
        """The names that count, in order, none over another."""
        fixed = self._choice.fixed
        findings: list[Finding] = []
        for start, end, number in zip(*self.spans(), strict=True):
            entry = self._entry(start, number)
            concepts = fixed.get(entry)
            finding = self.choose(start, end, entry) if concepts is None else Finding(start, end, concepts)
            if finding is not None:
                findings.append(finding)
        return findings

    def spans(self) -> Sequence[list[int]]:
        """Of the names that count the first words, the words behind them, and the phrases' numbers, -1 for one word."""
        alone = self.sheet.flags >> np.uint8(2 * self._choice.place) & np.uint8(3)
        if len(alone) > _LONG:
            columns: list[list[int]] = first_longest(self._counting(alone)).tolist()
            return columns
        values, standing, words = self._automaton.values, self._choice.standing.data, alone.data
        hits = self._automaton.hits(self.sheet)
        hits.extend((place, -1 - place, -1) for place in alone.nonzero()[0].tolist())
        hits.sort()
        found: list[Hit] = []
        last = 0
        for at, (start, back, number) in enumerate(hits):
            if start >= last:
                stands = standing[values[number]] if number >= 0 else words[start]
                if stands == MADE and self._gives_way(hits, at):
                    continue
                if stands >= SURE or self.choose(start, -back, self._entry(start, number)) is not None:
                    found.append((start, -back, number))
                    last = -back
        return list(map(list, zip(*found, strict=True))) or [[], [], []]

    def _gives_way(self, hits: Sequence[Hit], at: int) -> bool:
        """Whether a name as it is known, at least as long, begins inside a hit whose form was made."""
        first, end, _ = hits[at]
        for start, back, number in islice(hits, at + 1, None):
            if start >= -end:
                break
            as_long = start > first and start + back <= first + end and number >= 0
            if as_long and self._choice.standing[self._automaton.values[number]] == SURE:
                return True
        return False

    def _counting(self, alone: NDArray[np.uint8]) -> Columns:
        """All names of a long text that count where nothing else stands."""
        place = alone.nonzero()[0]
        hits = self._automaton.columns(self.sheet)
        found = np.concatenate((np.array((place, place + 1, np.full(len(place), -1))), hits), axis=1)
        stands = np.concatenate((alone[place], self._choice.standing[self._automaton.standing[hits[2]]]))
        kept = (stands >= SURE) & ~_giving_way(found, stands)
        for at in (stands == PERHAPS).nonzero()[0].tolist():
            start, end, number = found[:, at].tolist()
            kept[at] = self.choose(start, end, self._entry(start, number)) is not None
        return found[:, kept]

    def _entry(self, start: int, number: int) -> int:
        return self.sheet.word(start).entry if number < 0 else self._automaton.values[number]

    def names(self, rows: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
        """(place, entry) of each row of words of the text that reads as a name, nothing left out, in order."""
        if not rows:
            return
        starts = list(accumulate((len(row) + 1 for row in rows), initial=0))
        whole = {(start, 1 - behind): place for place, (start, behind) in enumerate(pairwise(starts))}
        values, sizes = self._automaton.values, self._automaton.sizes
        found: dict[int, int] = {}
        for start, back, number in sorted(self._automaton.hits(self.sheet.others(rows))):
            place = whole.get((start, back))
            if place is not None and sizes[number] == len(rows[place]):
                found.setdefault(place, values[number])
        yield from sorted(found.items())


def _giving_way(found: Columns, stands: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which hits are of made forms in which a name as it is known, at least as long, begins."""
    start, size = found[0], found[1] - found[0]
    longest = np.zeros(found[1].max(initial=0) + 1, np.int64)  # name as it is known that begins at each word
    known = stands == SURE
    np.maximum.at(longest, start[known], size[known])
    made = stands == MADE
    gives = np.zeros(len(start), np.bool_)
    for within in range(1, size[made].max(initial=0)):
        gives |= made & (within < size) & (longest.take(start + within, mode="clip") >= size)
    return gives


def first_longest(found: Columns) -> Columns:
    """Of hits that overlap the leftmost, then the longest, then the one with the smallest number, in order."""
    found = found[:, np.lexsort((found[2], -found[1], found[0]))]
    while len(found[0]):
        # What begins behind the ends of all before it counts, and what overlaps it does not.
        head = np.ones(len(found[0]), np.bool_)
        head[1:] = found[0, 1:] >= np.maximum.accumulate(found[1])[:-1]
        if head.all():
            break
        cover = found[1, head][np.cumsum(head) - 1]
        found = found[:, head | (found[0] >= cover)]
    return found


def cues(sheet: Sheet, automaton: Automaton, findings: Sequence[Finding]) -> Columns:
    """The cues of a text in order, at one word the longest first: their first words, the words behind, their numbers.

    Of those that begin inside a finding only those count that begin with it and are longer.
    """
    place, number = sheet.cues
    starts, ends = [finding.start for finding in findings], [finding.end for finding in findings]
    if len(sheet) <= _LONG:
        alone = zip(place.tolist(), (-1 - place).tolist(), number.tolist(), strict=True)
        found = [*alone, *((start, back, automaton.values[number]) for start, back, number in automaton.hits(sheet))]
        found.sort()
        before = [bisect_right(starts, start) - 1 for start, _, _ in found]
        kept = [
            (start, -back, number)
            for (start, back, number), at in zip(found, before, strict=True)
            if at < 0 or start >= ends[at] or (start == starts[at] and -back > ends[at])
        ]
        return np.array(kept, np.int64).reshape(-1, 3).T
    phrases = automaton.columns(sheet)
    phrases[2] = automaton.standing[phrases[2]]
    rows = np.concatenate((np.array((place, place + 1, number)), phrases), axis=1)
    if findings:
        last = np.searchsorted(np.array(starts), rows[0], "right") - 1
        first, behind = np.array(starts)[last], np.array(ends)[last]
        rows = rows[:, (last < 0) | (rows[0] >= behind) | ((rows[0] == first) & (rows[1] > behind))]
    return rows[:, np.lexsort((rows[2], -rows[1], rows[0]))]
