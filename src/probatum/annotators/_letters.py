"""Text as arrays: the tokens of a text and their 64-bit hashes, found by array operations over code points.

A letter contributes a random 64-bit value of its folded form (case, width and accents do not count, but for the
Spanish eñe), weighted by the power of an odd number to its place; a token's hash is a difference of two prefix sums
brought back to place 0. So tokenising, folding and hashing together are a few passes over memory, without Python's work per token.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from probatum.text.chinese import is_han
from probatum.text.normal import fold, fold_with_offsets

Words = NDArray[np.uint64]
Places = NDArray[np.int64]

BLOCK = 1 << 17  # code points hashed at once: the arrays stay within the processor's cache
_PLANE = 1 << 16  # letters beyond the basic plane count as one unknown character
_SPACE, _WORD, _SINGLE, _CHANGES = 0, 1, 2, 3
_SOFT = frozenset(" -'\"_*\u00b7")  # what may stand between the words of a name without belonging to it
_STEP = 0x9E3779B97F4A7C15  # odd: the fractional part of the golden ratio
_ALL = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text in order: spans in code points and hashes. Punctuation and Han characters stand alone."""

    starts: Places
    ends: Places
    hashes: Words


class Letters:
    """What each character is (space, word, single, or changing its length when folded) and its random value."""

    def __init__(self, classes: NDArray[np.uint8], values: Words) -> None:
        self._classes, self._values = classes, values

    @classmethod
    def read(cls, folder: Path) -> Letters:
        """The tables that `save` wrote, mapped into memory."""
        return cls(*(np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ("classes", "values")))

    def save(self, folder: Path) -> None:
        """Writes the tables, so that an index is read with the very letters that it was built with."""
        np.save(folder / "classes.npy", self._classes)
        np.save(folder / "values.npy", self._values)

    def tokens(self, text: str) -> Tokens:
        """The tokens of a text of any length; a word that begins before a multiple of `BLOCK` is never cut."""
        if not text.isascii() and (self._classes[_codes(text)] == _CHANGES).any():
            folded = fold_with_offsets(text)
            found = self._tokens(folded.text)
            starts, ends = np.array(folded.starts, np.int64), np.array(folded.ends, np.int64)
            return Tokens(starts[found.starts], ends[found.ends - 1], found.hashes)
        return self._tokens(text)

    def _tokens(self, text: str) -> Tokens:
        codes = _codes(text)
        if len(codes) <= BLOCK:
            return self._block(codes, 0)
        cuts, blocks = [0], []
        while cuts[-1] < len(codes):
            end = min(cuts[-1] + BLOCK, len(codes))
            window = self._classes[codes[cuts[-1] : end]]
            spaces = np.flatnonzero(window == _SPACE)
            cut = end if end == len(codes) or not len(spaces) else cuts[-1] + int(spaces[-1]) + 1
            blocks.append(self._block(codes[cuts[-1] : cut], cuts[-1]))
            cuts.append(cut)
        return Tokens(
            np.concatenate([block.starts for block in blocks]),
            np.concatenate([block.ends for block in blocks]),
            np.concatenate([block.hashes for block in blocks]),
        )

    def _block(self, codes: NDArray[np.uint32] | NDArray[np.uint8], at: int) -> Tokens:
        kinds = self._classes[codes]
        word = (kinds & 1).view(np.bool_)  # _WORD, and _CHANGES where folding could not resolve it
        edge = np.empty(len(codes) + 1, np.bool_)
        edge[0], edge[-1] = word[:1].any(), word[-1:].any()
        np.not_equal(word[1:], word[:-1], out=edge[1:-1])
        single = kinds == _SINGLE
        begins = np.empty(len(codes), np.bool_)
        np.logical_and(edge[:-1], word, out=begins)
        np.logical_or(begins, single, out=begins)
        stops = edge[1:]
        np.logical_and(stops, word, out=stops)
        np.logical_or(stops, single, out=stops)
        starts, ends = np.flatnonzero(begins), np.flatnonzero(stops) + 1
        up, down = powers()
        sums = np.empty(len(codes) + 1, np.uint64)
        sums[0] = 0
        weighted = self._values[codes]
        weighted *= up[: len(codes)]
        np.cumsum(weighted, out=sums[1:])
        hashes = (sums[ends] - sums[starts]) * down[starts]
        return Tokens(starts + at, ends + at, mixed(hashes))


def mixed(words: Words) -> Words:
    """64-bit words whose every bit depends on every bit of the given ones (the finaliser of SplitMix64)."""
    words = words ^ (words >> np.uint64(30))
    words *= np.uint64(0xBF58476D1CE4E5B9)
    words ^= words >> np.uint64(27)
    words *= np.uint64(0x94D049BB133111EB)
    words ^= words >> np.uint64(31)
    return words


@cache
def powers() -> tuple[Words, Words]:
    """The powers of an odd number modulo 2**64 and of its inverse, for each place of a block."""
    base = 0xD1342543DE82EF95
    tables = []
    for factor in (base, pow(base, -1, 1 << 64)):
        table = np.full(BLOCK + 1, factor, np.uint64)
        table[0] = 1
        tables.append(np.cumprod(table))
    return tables[0], tables[1]


def letters() -> Letters:
    """The tables of this Python's Unicode data."""
    classes = np.zeros(_PLANE, np.uint8)
    folded = np.arange(_PLANE, dtype=np.uint64)
    for code in range(_PLANE):
        character = chr(code)
        classes[code], folded[code] = _class_and_fold(character)
    return Letters(classes, mixed((folded + np.uint64(1)) * np.uint64(_STEP)))


def _class_and_fold(character: str) -> tuple[int, int]:
    if 0xD800 <= ord(character) <= 0xDFFF:
        return _SINGLE, ord(character)
    plain = fold(character)
    if character.isspace() or plain in _SOFT or (not character.isprintable() and plain == character):
        return _SPACE, 0x20
    if unicodedata.combining(character) or (len(plain) != 1 and (not plain or plain[0].isalnum())):
        return _CHANGES, ord(character)
    if len(plain) != 1:
        return _SINGLE, ord(character)
    if is_han(plain) or not plain.isalnum():
        return _SINGLE, ord(plain)
    base = unicodedata.normalize("NFD", plain)
    return _WORD, ord(base[0] if base[0].isascii() and plain != "ñ" else plain)


def _codes(text: str) -> NDArray[np.uint32] | NDArray[np.uint8]:
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.minimum(codes, _PLANE - 1) if len(codes) and int(codes.max()) >= _PLANE else codes
