"""Texts laid out as a row of codes, one for each word, with the way back to their characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from probatum.annotators._index import NONE, SKIPPED, Index, Word
from probatum.annotators._words import spans, unmarked, written
from probatum.text.normal import Folded

_MOST = 1 << 17  # pieces kept
_LONG = 40  # characters; longer pieces (Chinese sentences, addresses) do not come again and are not kept
JOINS = 16  # the flag of a word that joins the parts of a coordination
# A word is a byte of flags, two that number the cue that it is all by itself, and its code. Codes have as many bytes as
# any other; of words that may be left out they are below 64, as the first three bytes are, so that one deletion takes
# out both; of the others the first byte alone is 192 and more, so that no code begins inside another.
KEPT, _FIRST, _HEAD = 64, 192, 3
_DROPPED = bytes(range(KEPT))
_BETWEEN = "\n\n\x01\n\n"  # between two texts: a word of no name, and the end of a sentence before and behind it


Places = NDArray[np.int64]


def codes(lemmas: NDArray[np.int32], left_out: int, width: int) -> NDArray[np.uint8]:
    """The rows of `width` bytes for lemmas; that of NONE is no other's."""
    digits = np.arange(width - 1, -1, -1, dtype=np.int32)
    dropped = (lemmas >= SKIPPED) & (lemmas <= left_out)
    found = (np.maximum(lemmas, 0)[:, None] >> (7 * digits) & 127) + KEPT
    found[:, 0] += _FIRST - KEPT
    found[dropped] = lemmas[dropped, None] >> (6 * digits) & 63
    return found.astype(np.uint8)


class Words(dict[str, Word]):
    """A written word -> what the index knows of it."""

    def __init__(self, index: Index) -> None:
        super().__init__()
        self._index = index

    def __missing__(self, written: str) -> Word:
        if len(self) >= _MOST:
            self.clear()
        word = self[written] = self._index.word(written)
        return word


class Pieces(dict[str, bytes]):
    """What stands between two spaces -> its words as bytes. Text repeats itself: nearly all is one look-up a piece.

    The code of a word is that of its lemma.
    """

    def __init__(self, index: Index, standings: Sequence[NDArray[np.uint8]], joins: frozenset[int]) -> None:
        super().__init__()
        self.index, self.words, self._joins = index, Words(index), joins
        self._rows: dict[str, bytes] = {}
        self._standings = standings  # of each choice, by entry, two bits
        self.unknown, self.skipped = self.code(NONE), self.code(SKIPPED)

    def __missing__(self, piece: str) -> bytes:
        found = b"".join(map(self._bytes, written(piece)))
        if len(piece) <= _LONG:
            if len(self) >= _MOST:
                self.clear()
            self[piece] = found
        return found

    def code(self, lemma: int) -> bytes:
        """The bytes that stand for a lemma."""
        return codes(np.array([lemma], np.int32), self.index.left_out, self.index.width).tobytes()

    def _bytes(self, written: str) -> bytes:
        try:
            return self._rows[written]
        except KeyError:
            if len(self._rows) >= _MOST:
                self._rows.clear()
            word = self.words[written]
            flags, cue = JOINS * (word.lemma in self._joins), word.cue - NONE
            if word.entry != NONE:
                flags |= sum(int(standing[word.entry]) << 2 * place for place, standing in enumerate(self._standings))
            row = self._rows[written] = bytes((flags, cue // KEPT, cue % KEPT)) + self.code(word.lemma)
            return row


class Row:
    """Words in order, each as its head and its code."""

    def __init__(self, words: bytes, width: int) -> None:
        self._words, self._size = words, _HEAD + width
        self.kept = words.translate(None, _DROPPED)  # the codes of the words that may not be left out

    def __len__(self) -> int:
        return len(self._words) // self._size

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """The places of the kept words in order; -1 before them, the number of all words behind them."""
        kept = np.frombuffer(self._words, np.uint8)[_HEAD :: self._size] >= KEPT
        return np.concatenate(([-1], kept.nonzero()[0], [len(kept)]))

    def code(self, place: int) -> bytes:
        """The code of a word; empty where there is none."""
        return self._words[place * self._size + _HEAD : (place + 1) * self._size] if place >= 0 else b""


class Sheet(Row):
    """The words of one text in order."""

    def __init__(self, text: str, pieces: Pieces) -> None:
        self.text = text
        self._folded: Folded | None = unmarked(text)
        self._text = text if self._folded is None else self._folded.text
        self._pieces = pieces
        super().__init__(b"".join(map(pieces.__getitem__, self._text.split())), pieces.index.width)

    @property
    def flags(self) -> NDArray[np.uint8]:
        """Of each word what it is all by itself: how it stands as a name, two bits a choice, and JOINS."""
        return np.frombuffer(self._words, np.uint8)[:: self._size]

    @property
    def cues(self) -> tuple[Places, Places]:
        """The places of the words that are cues all by themselves, and the cues."""
        words = np.frombuffer(self._words, np.uint8)
        high, low = words[1 :: self._size], words[2 :: self._size]
        place = (high | low).nonzero()[0]
        return place, high[place].astype(np.int64) * KEPT + low[place] + NONE

    @cached_property
    def lemmas(self) -> list[int]:
        """The lemma of each word; NONE for words of no name."""
        return [self._pieces.words[word].lemma for word in written(self._text)]

    def named(self, place: int) -> bool:
        """Whether there is such a word and it stands in names, articles not counted."""
        code = self.code(place)
        return code != b"" and code not in (self._pieces.unknown, self._pieces.skipped)

    def word(self, place: int) -> Word:
        """What the index knows of a word of the text."""
        begins, ends = self._looked_up
        return self._pieces.words[self._text[begins[place] : ends[place]]]

    def others(self, rows: Iterable[Iterable[int]]) -> Row:
        """Rows of words of the text, a word of no name behind each."""
        size, words, behind = self._size, self._words, bytes(_HEAD) + self._pieces.unknown
        joined = (b"".join([*(words[at * size : (at + 1) * size] for at in row), behind]) for row in rows)
        return Row(b"".join(joined), size - _HEAD)

    @cached_property
    def _bounds(self) -> tuple[Places, Places]:
        kind = _kinds(f" {self._text} ")
        within = kind[:-1] & kind[1:] & _RUN  # whether a character and the next are of one word
        inner = kind[1:-1]
        return (inner > within[:-1]).nonzero()[0], (inner > within[1:]).nonzero()[0] + 1

    @cached_property
    def _looked_up(self) -> tuple[memoryview, memoryview]:
        begins, ends = self._bounds
        return begins.data, ends.data  # far quicker to look into, one by one, than the arrays

    @cached_property
    def bounds(self) -> tuple[Places, Places]:
        """The code points at which the words begin, and those behind them."""
        begins, ends = self._bounds
        if self._folded is not None:
            starts, stops = np.array(self._folded.starts, np.int64), np.array(self._folded.ends, np.int64)
            return starts[begins], stops[ends - 1]
        return begins, ends

    def written(self, first: int, behind: int) -> str:
        """The words [first, behind), which are at least one, as they are written in the text."""
        if self._folded is None:
            begins, ends = self._looked_up
        else:
            begins, ends = (bound.data for bound in self.bounds)
        return self.text[begins[first] : ends[behind - 1]]


class Block(Sheet):
    """Texts one behind another; no name and no sentence reaches from one into the next."""

    def __init__(self, texts: Sequence[str], pieces: Pieces) -> None:
        super().__init__(_BETWEEN.join(texts), pieces)
        sizes = accumulate((len(text) + len(_BETWEEN) for text in texts), initial=0)
        self._starts = np.fromiter(sizes, np.int64)[: len(texts)]  # where the texts begin, in code points

    def texts(self, words: Sequence[int]) -> list[int]:
        """The number of the text in which each of some words stands."""
        begins, _ = self.bounds
        numbers: list[int] = (np.searchsorted(self._starts, begins[np.array(words, np.int64)], "right") - 1).tolist()
        return numbers

    def cut(self, first: Sequence[int], behind: Sequence[int]) -> list[list[tuple[int, int]]]:
        """For each text the spans of its code points that some of its words have; the words in order, no span empty."""
        begins, ends = self.bounds
        if len(self._starts) == 1:
            whole, stops = begins.data, ends.data
            return [[(whole[one], stops[other - 1]) for one, other in zip(first, behind, strict=True)]]
        begin, end = begins[np.array(first, np.int64)], ends[np.array(behind, np.int64) - 1]
        cuts = [*np.searchsorted(begin, self._starts).tolist(), len(begin)]
        before = np.repeat(self._starts, np.diff(cuts))
        spans = list(zip((begin - before).tolist(), (end - before).tolist(), strict=True))
        return [spans[one:other] for one, other in pairwise(cuts)]


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
