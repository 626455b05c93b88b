"""The words of a text: where they stand, and the one form under which each is looked up."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

from probatum.text.chinese import HAN
from probatum.text.normal import Folded, fold, fold_with_offsets

# A word is a run of letters and digits, one Han character, or one mark of punctuation; spaces, dashes, apostrophes and
# quotation marks only part words, so that "short-limb" and "short limb" read alike.
_APART = "\\s\\-'\"*·‐‑‒–—’‘“”"
_WORD = re.compile(f"[^\\W_{HAN}]+|[{HAN}]|[^\\w{_APART}]")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9]+|[^\w\s\-'\"*]")
_MARKS = re.compile(
    "[\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufeff]"
)  # what stands inside words and is not part of them


def spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text stand, in code points."""
    return [word.span() for word in (_PLAIN_WORD if text.isascii() else _WORD).finditer(text)]


def written(text: str) -> list[str]:
    """The words of a text as they are written, in order."""
    return (_PLAIN_WORD if text.isascii() else _WORD).findall(text)


def marked(text: str) -> bool:
    """Whether a text has combining marks or invisible characters."""
    return not text.isascii() and _MARKS.search(text) is not None


def unmarked(text: str) -> Folded | None:
    """A marked text, folded so that its words are whole; None for all others."""
    return fold_with_offsets(text) if marked(text) else None


@lru_cache(maxsize=1 << 16)  # the names of a store repeat their words
def plain(word: str) -> str:
    """The form of a word under which it is looked up: folded, without accents but for the Spanish eñe."""
    folded = fold(word)
    if folded.isascii():
        return folded
    return "".join(letter if letter == "ñ" else _base(letter) for letter in folded)


def _base(letter: str) -> str:
    first = unicodedata.normalize("NFD", letter)[0]
    return first if first.isascii() else letter


def number_of(text: str) -> int:
    """64 bits that stand for a text; a million texts share none but by a chance of one in ten million."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def letter_by_letter(text: str) -> int:
    """The number of a text in its very letters, but for the spaces between its words; never 0."""
    return number_of(" ".join(text.split())) | 1
