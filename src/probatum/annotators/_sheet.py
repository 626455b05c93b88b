"""A text laid out as rows of a table, a row a word that the index knows, with the way back to its characters."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from probatum.annotators._index import LONGER, NAMES, NONE, THREE, Index, Word, spread
from probatum.annotators._words import spans, unmarked, written
from probatum.text.normal import Folded

LEMMA, SPREAD, ENTRY, CUE, LEFT_OUT, FORM = range(6)  # the columns of a row
_ROW = Struct("=6i")
_END = _ROW.pack(NONE, 0, NONE, NONE, 0, NONE) * 2  # behind the last word, so that each has two that follow
_FACTOR = np.int32(spread(1))
_MOST = 1 << 17  # pieces kept
_LONG = 40  # characters; longer pieces (Chinese sentences, addresses) do not come again and are not kept
_PIECE = re.compile(r"\S+")
_SPACES = np.array([chr(code).isspace() for code in range(128)])


class Pieces(dict[str, bytes]):
    """What stands between two spaces -> the rows of its words. Text repeats itself: nearly all is one look-up a piece.

    Words of the lemmas `left_out` may stand between the words of a name.
    """

    def __init__(self, index: Index, left_out: frozenset[int]) -> None:
        super().__init__()
        self.index = index
        self._left_out = left_out
        self._rows: dict[str, bytes] = {}
        self._spans: dict[str, list[tuple[int, int]]] = {}

    def __missing__(self, piece: str) -> bytes:
        rows = b"".join(map(self._row, written(piece)))
        if len(piece) <= _LONG:
            if len(self) >= _MOST:
                self.clear()
            self[piece] = rows
        return rows

    def spans(self, piece: str) -> list[tuple[int, int]]:
        """Where the words of a piece stand in it."""
        known = self._spans.get(piece)
        if known is None:
            if len(self._spans) >= _MOST:
                self._spans.clear()
            known = self._spans[piece] = spans(piece)
        return known

    def _row(self, written: str) -> bytes:
        try:
            return self._rows[written]
        except KeyError:
            if len(self._rows) >= _MOST:
                self._rows.clear()
            word: Word = self.index.word(written)
            first = spread(word.lemma) if self.index.beginnings[word.lemma] else 0
            row = _ROW.pack(word.lemma, first, word.entry, word.cue, word.lemma in self._left_out, word.form)
            self._rows[written] = row
            return row


class Sheet:
    """The words of one text in order."""

    def __init__(self, text: str, pieces: Pieces) -> None:
        self._index = pieces.index
        self._folded: Folded | None = unmarked(text)
        self._text = text if self._folded is None else self._folded.text
        self._known = pieces
        self._pieces = self._text.split()
        self._rows: tuple[bytes, ...] = itemgetter("", *self._pieces)(pieces)
        self._joined = b"".join((*self._rows, _END))
        self.table: NDArray[np.int32] = np.frombuffer(self._joined, np.int32).reshape(-1, 6)
        self.lemmas: list[int] = self.table[:-1, LEMMA].tolist()  # NONE for words of no name, and behind the last

    @cached_property
    def begun(self) -> NDArray[np.uint8]:
        """What may begin at each word with those that follow it, words that may be left out between them."""
        index, table = self._index, self.table
        first, lemma, left = table[:-2, SPREAD], table[:, LEMMA], table[:, LEFT_OUT]
        pair = first + lemma[1:-1]
        begun = index.begun(pair)
        longer = ((begun & (NAMES | LONGER)) == LONGER).nonzero()[0]  # a name only if the third lemma fits too
        third = lemma[longer + 2]
        begun[longer] |= (index.begun(pair[longer] * _FACTOR + third) // THREE) | (left[longer + 2] != 0)
        before = left[1:-2].nonzero()[0]  # the next word may be left out
        if len(before):
            kept = (left == 0).nonzero()[0]
            after = kept[kept.searchsorted(before + 1)]
            far = index.begun(first[before] + lemma[after]) | index.begun(first[before] + lemma[before + 2])
            begun[before] |= far | ((far & LONGER) // LONGER)
        return begun

    @cached_property
    def _begins(self) -> list[int]:
        """Where each piece begins."""
        if not self._text.isascii():
            return [found.start() for found in _PIECE.finditer(self._text)]
        space = _SPACES.take(np.frombuffer(b" " + self._text.encode(), np.uint8))
        return (space[:-1] > space[1:]).nonzero()[0].tolist()

    @cached_property
    def _firsts(self) -> list[int]:
        """Where each piece's first row begins, in bytes; one more for the end."""
        return list(accumulate(map(len, self._rows)))

    def forms(self, first: int, behind: int) -> bytes:
        """What is the same for all words that are alike, one by one, but for case and accents."""
        return self._joined[first * _ROW.size : behind * _ROW.size]

    def span(self, first: int, behind: int) -> tuple[int, int]:
        """The code points [start, end) of the words [first, behind), which are at least one."""
        firsts, begins = self._firsts, self._begins
        row = first * _ROW.size
        piece = bisect_right(firsts, row) - 1
        start, end = self._known.spans(self._pieces[piece])[(row - firsts[piece]) // _ROW.size]
        start, end = begins[piece] + start, begins[piece] + end
        if behind - first > 1:
            row = (behind - 1) * _ROW.size
            piece = bisect_right(firsts, row, piece) - 1
            end = begins[piece] + self._known.spans(self._pieces[piece])[(row - firsts[piece]) // _ROW.size][1]
        return (start, end) if self._folded is None else self._folded.span(start, end)

    def word_at(self, start: int) -> int:
        """The place of the first word that begins at or behind a code point."""
        if self._folded is not None:
            start = bisect_right(self._folded.ends, start)
        piece = bisect_right(self._begins, start) - 1
        if piece < 0:
            return 0
        inside = start - self._begins[piece]
        first = self._firsts[piece] // _ROW.size
        return first + sum(begin < inside for begin, _ in self._known.spans(self._pieces[piece])) if inside else first
