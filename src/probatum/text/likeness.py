"""Which names say the same: without regard to case, punctuation, word order, plural and kind of numeral."""

from __future__ import annotations

import re
from bisect import insort
from dataclasses import dataclass
from functools import lru_cache

from probatum.text.chinese import HAN, is_han
from probatum.text.normal import fold

_PIECE = re.compile(rf"[{HAN}]|(?:(?![{HAN}])[^\W_])+")
_ROMAN = dict(zip("i ii iii iv v vi vii viii ix x xi xii".split(), map(str, range(1, 13)), strict=True))
_NUMBERED = ("type", "types", "grade", "stage", "group", "form")  # after these I, V and X are numbers, not letters


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as written, folded, and its span in code points."""

    written: str
    folded: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words of a text in order; each Han character is one; a possessive 's belongs to no word."""
    found = (Word(piece[0], _folded(piece[0]), piece.start(), piece.end()) for piece in _PIECE.finditer(text))
    return [word for word in found if not (word.folded == "s" and text[: word.start].endswith(("'", "’")))]


def folded_words(text: str) -> list[str]:
    """The folded words of `words_of`, without their places: in a third of the time."""
    if "'" in text or "’" in text:
        return [word.folded for word in words_of(text)]
    return [_folded(piece) for piece in _PIECE.findall(text)]


_folded = lru_cache(maxsize=1 << 16)(fold)  # names and questions repeat their words


def key(folded: list[str]) -> str:
    """One key for the folded words of names that say the same; words that hold Han characters keep their order.

    "Gaucher disease, type I", "Gaucher disease type 1" and "type 1 Gaucher diseases" share a key.
    """
    if any(is_han(word[0]) for word in folded):
        return "".join(folded)
    return " ".join(sorted(_plain(word, before) for word, before in zip(folded, ["", *folded], strict=False)))


def keys_within(folded: list[str], longest: int) -> dict[tuple[int, int], str]:
    """The `key` of every run of at most `longest` of these words, by its start and end: each word is looked at once."""
    han = [is_han(word[0]) for word in folded]
    first = [_plain(word, "") for word in folded]
    after = [_plain(word, before) for word, before in zip(folded, ["", *folded], strict=False)]
    found = {}
    for start in range(len(folded)):
        run, mixed = [first[start]], han[start]
        for end in range(start + 1, min(start + longest, len(folded)) + 1):
            if end > start + 1:
                insort(run, after[end - 1])
                mixed = mixed or han[end - 1]
            found[start, end] = "".join(folded[start:end]) if mixed else " ".join(run)
    return found


def likeness(text: str) -> str:
    """The key of a text's words."""
    return key([word.folded for word in words_of(text)])


def _plain(word: str, before: str) -> str:
    if word in _ROMAN and (len(word) > 1 or before in _NUMBERED):
        return _ROMAN[word]
    plural = len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "is", "us"))
    return word[:-1] if plural else word
