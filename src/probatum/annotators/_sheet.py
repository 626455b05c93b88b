"""A text laid out as rows of a table, a row a word, with the way back to its characters."""

from __future__ import annotations

from functools import cache, cached_property
from operator import itemgetter
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from probatum.annotators._index import NONE, Index
from probatum.annotators._words import spans, unmarked, written
from probatum.text.normal import Folded

LEMMA, ENTRY, CUE, CODE, FORM = range(5)  # the columns of a row; entry and cue from 1 on, 0 for none
_ROW = Struct("=5i")
_MOST = 1 << 17  # pieces kept
_LONG = 40  # characters; longer pieces (Chinese sentences, addresses) do not come again and are not kept
UNKNOWN = 1  # the code of what stands in no name


def codes(lemmas: NDArray[np.int32], width: int) -> NDArray[np.uint8]:
    """The rows of `width` bytes for lemmas: only the first is 128 and more, so that no row begins inside another."""
    sevens = lemmas[:, None] >> (7 * np.arange(width - 1, -1, -1, dtype=np.int32))
    found = (sevens & 127).astype(np.uint8)
    found[:, 0] |= 128
    return found


class Pieces(dict[str, bytes]):
    """What stands between two spaces -> the rows of its words. Text repeats itself: nearly all is one look-up a piece.

    The code of a word is that of its lemma; 0 where it may stand between the words of a name.
    """

    def __init__(self, index: Index) -> None:
        super().__init__()
        self.index = index
        self._rows: dict[str, bytes] = {}

    def __missing__(self, piece: str) -> bytes:
        rows = b"".join(map(self._row, written(piece)))
        if len(piece) <= _LONG:
            if len(self) >= _MOST:
                self.clear()
            self[piece] = rows
        return rows

    def _row(self, written: str) -> bytes:
        try:
            return self._rows[written]
        except KeyError:
            if len(self._rows) >= _MOST:
                self._rows.clear()
            word = self.index.word(written)
            code = 0
            if not 0 <= word.lemma <= self.index.left_out:
                code = UNKNOWN if word.lemma == NONE else self._code(word.lemma)
            row = _ROW.pack(word.lemma, word.entry + 1, word.cue + 1, code, word.form)
            self._rows[written] = row
            return row

    def _code(self, lemma: int) -> int:
        return int.from_bytes(codes(np.array([lemma], np.int32), self.index.width).tobytes(), "little")


class Sheet:
    """The words of one text in order."""

    def __init__(self, text: str, pieces: Pieces) -> None:
        self.text = text
        self._folded: Folded | None = unmarked(text)
        self._text = text if self._folded is None else self._folded.text
        self._joined = b"".join(itemgetter("", *self._text.split())(pieces))
        self.table: NDArray[np.int32] = np.frombuffer(self._joined, np.int32).reshape(-1, 5)

    def __len__(self) -> int:
        return len(self.table)

    @cached_property
    def lemmas(self) -> list[int]:
        """The lemma of each word; NONE for words of no name, and once more behind the last."""
        return [*self.table[:, LEMMA].tolist(), NONE]

    def forms(self, first: int, behind: int) -> bytes:
        """What is the same for all words that are alike, one by one, but for case and accents."""
        return self._joined[first * _ROW.size : behind * _ROW.size]

    @cached_property
    def edges(self) -> tuple[list[int], list[int]]:
        """The code points at which the words begin, and those behind them."""
        kind = _kinds(f" {self._text} ")
        within = kind[:-1] & kind[1:] & _RUN  # whether a character and the next are of one word
        inner = kind[1:-1]
        begins: list[int] = (inner > within[:-1]).nonzero()[0].tolist()
        ends: list[int] = ((inner > within[1:]).nonzero()[0] + 1).tolist()
        folded = self._folded
        if folded is None:
            return begins, ends
        return [folded.starts[place] for place in begins], [folded.ends[place - 1] for place in ends]

    def written(self, first: int, behind: int) -> str:
        """The words [first, behind), which are at least one, as they are written in the text."""
        begins, ends = self.edges
        return self.text[begins[first] : ends[behind - 1]]


_RUN, _SINGLE = 1, 2  # a letter or digit of a word; a character that is a word


def _kinds(text: str) -> NDArray[np.uint8]:
    """What each character of a text is; 0 between words."""
    if text.isascii():
        return np.frombuffer(text.encode().translate(_ascii()), np.uint8)
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _plane().take(points, mode="clip")
    for place in (points > 0xFFFF).nonzero()[0].tolist():
        kinds[place] = _kind(text[place])
    return kinds


@cache
def _ascii() -> bytes:
    return _plane()[:256].tobytes()


@cache
def _plane() -> NDArray[np.uint8]:
    """The kinds of the characters up to U+FFFF."""
    return np.array([_kind(chr(point)) for point in range(0x10000)], np.uint8)


def _kind(letter: str) -> int:
    if not spans(letter):
        return 0
    return _SINGLE if len(spans(letter * 2)) > 1 else _RUN
