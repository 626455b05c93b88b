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
        try:
            return self._words[word]
        except KeyError:
            if len(self._words) >= _MOST:
                self._words.clear()
            known = self._words[word] = self._index.word(word)
            return known


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
    def _begins(self) -> list[int]:
        """Where each piece begins; one more for the end."""
        return list(accumulate([len(piece) + 1 for piece in self._pieces], initial=0))

    @cached_property
    def _firsts(self) -> list[int]:
        """The place of each piece's first word; one more for the end."""
        return list(accumulate(map(len, self._words), initial=0))

    def span(self, first: int, behind: int) -> tuple[int, int]:
        """The code points [start, end) of the words [first, behind), which are at least one."""
        firsts, begins = self._firsts, self._begins
        piece = bisect_right(firsts, first) - 1
        start, end = self._known.spans(self._pieces[piece])[first - firsts[piece]]
        start, end = begins[piece] + start, begins[piece] + end
        if behind - first > 1:
            piece = bisect_right(firsts, behind - 1, piece) - 1
            end = begins[piece] + self._known.spans(self._pieces[piece])[behind - 1 - firsts[piece]][1]
        return (start, end) if self._folded is None else self._folded.span(start, end)

    def word_at(self, start: int) -> int:
        """The place of the first word that begins at or behind a code point."""
        if self._folded is not None:
            start = bisect_right(self._folded.ends, start)
        piece = bisect_right(self._begins, start) - 1
        if piece >= len(self._pieces):
            return len(self.words) - 1
        inside = start - self._begins[piece]
        first = self._firsts[piece]
        return first + sum(begin < inside for begin, _ in self._known.spans(self._pieces[piece])) if inside else first
