"""Chinese without spaces: which characters are Han, and the overlapping pairs by which Chinese text is indexed."""

from __future__ import annotations

import re

# Unified ideographs with extension A, the compatibility block, and the supplementary planes; 〇 is written in numbers.
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN = re.compile(f"[{HAN}]")
_RUN = re.compile(f"[{HAN}]+|[^\\W_]+")


def has_han(text: str) -> bool:
    """Whether the text holds a Han character."""
    return not text.isascii() and _HAN.search(text) is not None


def is_han(character: str) -> bool:
    """Whether one character is Han."""
    return _HAN.match(character) is not None


def tokens(text: str) -> list[str]:
    """The tokens by which a text is indexed, in order: words of other scripts whole, Han runs as overlapping pairs.

    A run of one Han character is that character. Pairs are the usual compromise between single characters (too common)
    and words (which need a dictionary): they find every word of two characters and more.
    """
    found: list[str] = []
    for run in _RUN.findall(text):
        if len(run) > 1 and is_han(run[0]):
            found.extend(run[place : place + 2] for place in range(len(run) - 1))
        else:
            found.append(run)
    return found
