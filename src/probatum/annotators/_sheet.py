"""A text laid out as words that the index knows, with the way back to its characters."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, chain

from probatum.annotators._index import Index, Word
from probatum.annotators._words import spans, unmarked, written
from probatum.text.normal import Folded

_MOST = 1 << 17  # pieces kept
_LONG = 40  # characters; longer pieces (Chinese sentences, addresses) do not come again and are not kept


class Pieces(dict[str, tuple[Word | None, ...]]):
    """What stands between two spaces -> its words. Text repeats itself, so nearly all of it is one look-up a piece."""

    def __init__(self, index: Index) -> None:
        super().__init__()
        self._index = index
        self._words: dict[str, Word | None] = {}

    def __missing__(self, piece: str) -> tuple[Word | None, ...]:
        words = tuple(map(self._word, written(piece)))
        if len(piece) <= _LONG:
            if len(self) >= _MOST:
                self.clear()
            self[piece] = words
        return words

    def _word(self, word: str) -> Word | None:
        if word not in self._words:
            if len(self._words) >= _MOST:
                self._words.clear()
            self._words[word] = self._index.word(word)
        return self._words[word]


class Sheet:
    """The words of one text in order, None for those of no name."""

    def __init__(self, text: str, pieces: Pieces) -> None:
        self._folded: Folded | None = unmarked(text)
        self._text = text if self._folded is None else self._folded.text
        self._pieces = self._text.split(" ")
        self._words = list(map(pieces.__getitem__, self._pieces))
        self.words: list[Word | None] = list(chain.from_iterable(self._words))
        self._begins: list[int] = []  # where each piece begins
        self._firsts: list[int] = []  # the place of each piece's first word
        self._spans: dict[int, list[tuple[int, int]]] = {}

    def span(self, first: int, behind: int) -> tuple[int, int]:
        """The code points [start, end) of the words [first, behind), which are at least one."""
        start, end = self._span(first)[0], self._span(behind - 1)[1]
        return (start, end) if self._folded is None else self._folded.span(start, end)

    def word_at(self, start: int) -> int:
        """The place of the first word that begins at or behind a code point."""
        if self._folded is not None:
            start = bisect_right(self._folded.ends, start)
        self._measure()
        piece = bisect_right(self._begins, start) - 1
        inside = sum(self._begins[piece] + begin < start for begin, _ in self._spans_of(piece))
        return self._firsts[piece] + inside

    def _span(self, word: int) -> tuple[int, int]:
        self._measure()
        piece = bisect_right(self._firsts, word) - 1
        start, end = self._spans_of(piece)[word - self._firsts[piece]]
        return self._begins[piece] + start, self._begins[piece] + end

    def _spans_of(self, piece: int) -> list[tuple[int, int]]:
        found = self._spans.get(piece)
        if found is None:
            found = self._spans[piece] = spans(self._pieces[piece])
        return found

    def _measure(self) -> None:
        if not self._begins:
            self._begins = [0, *accumulate(len(piece) + 1 for piece in self._pieces[:-1])]
            self._firsts = [0, *accumulate(map(len, self._words[:-1]))]
