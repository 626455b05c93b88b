"""One written form for what reads the same: width, case, accents' encoding, dashes, quotation marks and spaces."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


def fold(text: str) -> str:
    """The text as names are compared: NFKC, casefolded, every dash '-', every apostrophe "'", every run of spaces ' '.

    Invisible characters (soft hyphen, zero-width marks) vanish, spaces at both ends too. `fold(fold(x)) == fold(x)`.
    """
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    return " ".join("".join(map(_folded, _PIECE.findall(text))).split())


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its code points, the span of the original that it stands for."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original under the folded span [start, end), both in code points; start < end."""
        return self.starts[start], self.ends[end - 1]


def fold_with_offsets(text: str) -> Folded:
    """`fold(text)`, together with the way back into the original text."""
    written: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _PIECE.finditer(text):
        for start, end, letters in _aligned(found[0], found.start()):
            for letter in letters:
                if letter == " " and (not written or written[-1] == " "):
                    continue
                written.append(letter)
                starts.append(start)
                ends.append(end)
    if written and written[-1] == " ":
        written.pop(), starts.pop(), ends.pop()
    return Folded("".join(written), tuple(starts), tuple(ends))


_SAME = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-")
    | dict.fromkeys("‘’‚‛ʼ′`´", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff")
)
# No normal form reaches over a cut before a space, an ASCII character or a Han character: they never compose with what
# stands before them. So a text is folded piece by piece: spaces; ASCII or one Han character that nothing else follows;
# or one character with all that follows it and is neither.
_PIECE = re.compile(
    r"""
    \s+
    | [!-~]+ (?![^\x00-\x7f\u4e00-\u9fff\s])
    | [\u4e00-\u9fff] (?![^\x00-\x7f\u4e00-\u9fff\s])
    | \S [^\x00-\x7f\u4e00-\u9fff\s]*
""",
    re.VERBOSE,
)


def _folded(piece: str) -> str:
    if piece.isspace():
        return " "
    if piece.isascii():
        return piece.lower().replace("`", "'")
    before = ""
    # Casefolding can undo a composition, and composing can bring a capital or a dash back: go on until nothing changes.
    while piece != before:
        before = piece
        piece = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", piece.translate(_SAME)).casefold())
    return piece


def _aligned(piece: str, at: int) -> list[tuple[int, int, str]]:
    """(start, end, folded) for each character of a piece where it folds alone, else one entry for the whole piece."""
    folded = _folded(piece)
    if len(piece) == 1 or piece.isspace():
        return [(at, at + len(piece), folded)]
    alone = [_folded(letter) for letter in piece]
    if "".join(alone) == folded and not any(map(unicodedata.combining, piece)):
        return [(place, place + 1, letters) for place, letters in enumerate(alone, at)]
    return [(at, at + len(piece), folded)]
