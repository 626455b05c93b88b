"""What a tagger sees of a text: its tokens, and for each the words that describe it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from probatum.text.chinese import HAN
from probatum.text.sentences import sentences

_TOKEN = re.compile(rf"[{HAN}]|[^\W\d_{HAN}]+|\d+|\S")
_AFFIXES = (2, 3, 4, 5)
_GREEK = re.compile(r"alpha|beta|gamma|delta|kappa|omega|[α-ω]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a text with its span in code points."""

    text: str
    start: int
    end: int


def tokens_of(text: str, language: str = "en") -> list[list[Token]]:
    """The tokens of each sentence: runs of letters, runs of digits, and every other mark or Han character alone."""
    found = []
    for start, end in sentences(text, language):
        tokens = [
            Token(match[0], start + match.start(), start + match.end()) for match in _TOKEN.finditer(text[start:end])
        ]
        if tokens:
            found.append(tokens)
    return found


def described(tokens: Sequence[Token], known: Sequence[str] = ()) -> list[list[str]]:
    """For each token of a sentence the features of itself and of what stands near it.

    `known` says of each token as what a dictionary knows it ("B-Disease", "I-Disease" ...; empty: as nothing).
    """
    words = [token.text.lower() for token in tokens]
    shapes = [_shape(token.text) for token in tokens]
    near = [_near(tokens, place) for place in range(len(tokens))]
    rows = []
    for place, token in enumerate(tokens):
        row = ["bias", f"shape={shapes[place]}", *near[place]]
        row += [f"{name}{size}={part}" for size in _AFFIXES for name, part in _affixes(words[place], size)]
        if _GREEK.fullmatch(token.text):
            row.append("greek")
        for step in (-2, -1, 0, 1, 2):
            other = place + step
            word = words[other] if 0 <= other < len(words) else "<>"
            row.append(f"w{step}={word}")
            if step and 0 <= other < len(words):
                row += [f"s{step}={shapes[other]}", f"end{step}={word[-3:]}"]
            if known and 0 <= other < len(known) and known[other]:
                row.append(f"k{step}={known[other]}")
        row += [f"w{a}w{b}={_at(words, place + a)} {_at(words, place + b)}" for a, b in ((-1, 0), (0, 1), (-2, -1))]
        rows.append(row)
    return rows


def _near(tokens: Sequence[Token], place: int) -> list[str]:
    """Whether a token is written together with the one before or after it, as the parts of alpha-methyldopa are."""
    found = []
    if place and tokens[place - 1].end == tokens[place].start:
        found.append("joined-before")
    if place + 1 < len(tokens) and tokens[place + 1].start == tokens[place].end:
        found.append("joined-after")
    return found


def _affixes(word: str, size: int) -> tuple[tuple[str, str], ...]:
    return (("pre", word[:size]), ("suf", word[-size:])) if len(word) > size else ()


def _at(words: Sequence[str], place: int) -> str:
    return words[place] if 0 <= place < len(words) else "<>"


def _shape(word: str) -> str:
    if word.isdigit():
        return "0" if len(word) == 1 else "00"
    if not word[0].isalpha():
        return word if len(word) == 1 else "."
    if len(word) > 1 and word.isupper():
        return "AA"
    if word[0].isupper():
        return "A" if len(word) == 1 else ("Aa" if word[1:].islower() else "AaA")
    return "a" if len(word) == 1 else ("aa" if word.islower() else "aA")
