"""A text laid out as words that the index knows, with the way back to its characters."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
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
        self._spans: dict[str, list[tuple[int, int]]] = {}

    def __missing__(self, piece: str) -> tuple[Word | None, ...]:
        words = tuple(map(self._word, written(piece)))
        if len(piece) <= _LONG:
            if len(self) >= _MOST:
                self.clear()
            self[piece] = words
        return words

    def spans(self, piece: str) -> list[tuple[int, int]]:
        """Where the words of a piece stand in it."""
        known = self._spans.get(piece)
        if known is None:
            if len(self._spans) >= _MOST:
                self._spans.clear()
            known = self._spans[piece] = spans(piece)
        return known

    def _word(self, word: str) -> Word | None:
        if word not in self._words:
            if len(self._words) >= _MOST:
                self._words.clear()
            self._words[word] = self._index.word(word)
        return self._words[word]


class Sheet:
    """The words of one text in order, None for those of no name, and None behind the last."""

    def __init__(self, text: str, pieces: Pieces) -> None:
        self._folded: Folded | None = unmarked(text)
        self._text = text if self._folded is None else self._folded.text
        self._known = pieces
        self._pieces = self._text.split(" ")
        self._words = list(map(pieces.__getitem__, self._pieces))
        self.words: list[Word | None] = list(chain.from_iterable(self._words))
        self.words.append(None)

    @cached_property
    def _ends(self) -> list[int]:
        """Behind each piece, its space included, if the pieces had no code point more than they have."""
        return list(accumulate(map(len, self._pieces)))

    @cached_property
    def _counts(self) -> list[int]:
        """How many words there are up to each piece, its own included."""
        return list(accumulate(map(len, self._words)))

    def span(self, first: int, behind: int) -> tuple[int, int]:
        """The code points [start, end) of the words [first, behind), which are at least one."""
        piece = bisect_right(self._counts, first)
        start, end = self._span(piece, first)
        if behind - first > 1:
            _, end = self._span(bisect_right(self._counts, behind - 1, piece), behind - 1)
        return (start, end) if self._folded is None else self._folded.span(start, end)

    def word_at(self, start: int) -> int:
        """The place of the first word that begins at or behind a code point."""
        if self._folded is not None:
            start = bisect_right(self._folded.ends, start)
        low, high = 0, len(self._pieces)
        while low < high:  # the last piece that begins at or before the code point
            middle = (low + high) // 2
            if self._begin(middle) <= start:
                low = middle + 1
            else:
                high = middle
        piece = low - 1
        first = self._counts[piece - 1] if piece else 0
        inside = start - self._begin(piece)
        return first + sum(begin < inside for begin, _ in self._known.spans(self._pieces[piece])) if inside else first

    def _begin(self, piece: int) -> int:
        return self._ends[piece - 1] + piece if piece else 0

    def _span(self, piece: int, word: int) -> tuple[int, int]:
        begin = self._begin(piece)
        start, end = self._known.spans(self._pieces[piece])[word - (self._counts[piece - 1] if piece else 0)]
        return begin + start, begin + end
