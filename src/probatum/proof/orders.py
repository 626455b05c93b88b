"""Finds in a document what is addressed to a program that reads it: orders, calls, links that send, hidden letters."""

from __future__ import annotations

import base64
import binascii
import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib import resources

from probatum.text.normal import fold

HIDDEN_MOST = 3  # invisible characters in a row of words; soft hyphens and a byte-order mark are met in real documents
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_CODED = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{20,}={0,2}(?![A-Za-z0-9+/=])")
_LONGEST = 4_000  # characters that are looked at one after the other, so that no pattern takes long


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    said = tomllib.loads(resources.files("probatum.proof").joinpath("orders.toml").read_text(encoding="utf-8"))
    return tuple(
        (kind, re.compile(each, re.IGNORECASE | re.MULTILINE))
        for kind, group in said["orders"].items()
        for each in group
    )


@lru_cache(maxsize=1 << 12)
def order_in(text: str) -> str:
    """What in a text is meant for a program, as "kind: the words"; empty where nothing is.

    Looked at are the text as it stands, without invisible letters, with the letters that only programs see (Unicode
    tags), and what Base64 in it stands for. Kinds: override, role, speech, calls, leak, active, hidden.
    """
    for reading in _readings(text):
        for start in range(0, len(reading), _LONGEST):
            stretch = reading[max(0, start - 200) : start + _LONGEST]
            for kind, pattern in _patterns():
                if found := pattern.search(stretch):
                    return f"{kind}: {' '.join(found[0].split())[:60]}"
    if len(_HIDDEN.findall(text)) > HIDDEN_MOST:
        return f"hidden: {len(_HIDDEN.findall(text))} invisible characters"
    return ""


def _readings(text: str) -> list[str]:
    plain = _lines(text)
    found = [plain]
    if tags := "".join(_TAGS.findall(text)):
        found.append("".join(chr(ord(letter) - 0xE0000) for letter in tags))
    for coded in _CODED.findall(text)[:20]:
        try:
            inner = base64.b64decode(coded + "=" * (-len(coded) % 4), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if all(letter.isprintable() or letter.isspace() for letter in inner):
            found.append(_lines(inner))
    return found


def _lines(text: str) -> str:
    """The text folded, line by line, each sentence on a line of its own, letters of other alphabets as they look."""
    bare = _HIDDEN.sub("", unicodedata.normalize("NFKC", text)).translate(_LOOKALIKES)
    return "\n".join(fold(line) for line in re.split(r"\n|(?<=[.!?。！？])\s*", bare))


_LOOKALIKES = str.maketrans("аеорсухіѕԁɡһјԛԝν", "aeopcyxisdghjqwv")
