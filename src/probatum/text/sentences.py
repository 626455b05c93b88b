"""Where the sentences of a text begin and end: English, Spanish and Chinese, with clinical abbreviations and lists."""

from __future__ import annotations

import re

from probatum.text.chinese import is_han


def sentences(text: str, language: str = "") -> list[tuple[int, int]]:
    """The spans (start, end) of the sentences in code points, in order, without the spaces around them.

    A blank line, a list item and, after a short line, a line that begins with a capital end a sentence too (headings,
    clinical notes). Abbreviations, initials, decimals and list numbers ("1. Fever") do not. Without a language the
    abbreviations of all languages count.
    """
    short = _ABBREVIATIONS.get(language, _ALL)
    spans: list[tuple[int, int]] = []
    start = 0
    for found in _END.finditer(text):
        first, end = found.start(), found.end()
        if text[first] == "\n":
            ended = _breaks(text, start, found)
        elif text[first] in _HAN_STOPS or found[0].startswith("……") or _after_han(text, found):
            ended = True
        else:
            ended = text[end : end + 1].isspace() and _stops(text, start, found, short)
        if ended:
            _add(spans, text, start, end)
            start = end
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if left < right:
        spans.append((start + left, start + right))


_CLOSERS = "'\"’”»)\\]"
# One set of characters comes first, so that the search runs at the speed of a search for characters.
_END = re.compile(rf"[.!?…。！？｡\n](?:(?<=\n)\s*+|(?<!\n)[.!?…。！？｡]*+[{_CLOSERS}”’」』）》]*+)")
_HAN_STOPS = "。！？｡"
_ABBREVIATIONS = {
    "en": frozenset(
        "dr mr mrs ms prof st vs approx fig figs e.g i.e eg ie cf ca no nos vol dept inc ltd jr sr resp incl max min "
        "al etc temp pt pts hx dx tx rx wt ht yr yrs mo mos wk wks hr hrs sec ref refs eq ed eds pp spp var "
        "subsp p sp esp viz suppl ver jan feb apr aug sept oct nov dec".split()
    ),
    "es": frozenset(
        "etc dr dra sr sra srta prof d ud uds vd vds p.ej ej aprox pág págs núm fig figs art máx mín tel vol ee.uu c.f "
        "cf pte ptes hab sig ss".split()
    ),
    "zh": frozenset("dr prof fig figs no nos vs e.g i.e al etc approx ref refs vol p pp spp sp var".split()),
}
_ALL = frozenset().union(*_ABBREVIATIONS.values())
_NUMBERED_ONLY = frozenset(  # words as well
    "no nos núm fig figs art vol pt max min ed d ss ht mo sec p suppl ver jan feb apr aug sept oct nov dec".split()
)
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]$")  # U.S, Ph.D, b.i.d
# Words with which a sentence begins, hardly ever a name: they alone end one behind "the U.S." or behind an initial.
_OPENERS = frozenset(
    "a about after all although an and as at because before both but by during each for from he her his how however if "
    "in it its many more most no of on once one other our over patients people several she since so some such that the "
    "their then there therefore these they this those though through to under until we what when where whether which "
    "while who why with without you your el la los las en un una es se no si para por con".split()
)
# Words behind which an initial stands rather than a letter that names a type, as in hepatitis C.
_BEFORE_NAMES = frozenset("by from named of per the to with".split())
_WORD = re.compile(r"[^\s(\[\"'“”‘’«»（，、；：。\u3400-\u9fff]*$")
_ITEM = re.compile(r"(?:[-*•·–—o]\s|\(?(?:\d{1,3}|[a-zA-Z])[.)]\s)")
_NEXT_WORD = re.compile(r"[\s\"'“‘«(\[¿¡]*([^\W\d_]*)")
_NEXT = re.compile(r"[\s\"'“‘«(\[¿¡]*(.)?", re.DOTALL)
_SHORT_LINE = 50  # characters; a wrapped line of running text is longer


def _after_han(text: str, found: re.Match[str]) -> bool:
    """Whether it is an ASCII '!' or '?' right behind a Han character, which needs no space to end a sentence."""
    return found[0][0] in "!?" and found.start() > 0 and is_han(text[found.start() - 1])


def _stops(text: str, start: int, found: re.Match[str], short: frozenset[str]) -> bool:
    """Whether '.', '!' or '?' before a space ends the sentence that began at `start`."""
    mark = found[0]
    word = text[text.rfind(" ", start, found.start()) + 1 : found.start()]
    if mark == "." and len(word) > 5 and word.isalpha() and word not in short and not is_han(word[0]):
        return True  # by far the most frequent case
    following = (_NEXT.match(text, found.end()) or found)[1] or ""
    if mark[0] != ".":
        return not (len(mark) > 1 and mark[-1] not in ".!?…" and following.islower())
    before = text[max(start, found.start() - 40) : found.start()]
    word = (_WORD.search(before) or found)[0]
    if mark == "." and _goes_on(word, before, following, short):
        return False
    if mark == "." and following.isupper() and _may_be_name(word, before):
        opener = (_NEXT_WORD.match(text, found.end()) or found)[1]
        return opener.lower() in _OPENERS
    return not following.islower() or (mark == "." and len(word) > 1 and word.isalpha() and word.lower() not in short)


def _goes_on(word: str, before: str, following: str, short: frozenset[str]) -> bool:
    """Whether the point belongs to its word: to an abbreviation, an initial, or the number of a list item."""
    lower = word.lower()
    if lower in ("al", "etc") and lower in short:
        return not following.isupper()
    if lower in short:
        return lower not in _NUMBERED_ONLY or following.isdigit()
    if len(word) <= 3 and (word.isdigit() or len(word) == 1) and not before[: -len(word)].strip(" \t(-*•"):
        return True
    name = before[:-1].split()  # an initial stands after a given name or another initial
    initial = len(word) == 1 and word.isupper() and following.isupper()
    return initial and bool(name) and name[-1][:1].isupper()


def _may_be_name(word: str, before: str) -> bool:
    """Whether a capital may go on after the word's point: "the U.S. Food and Drug", "by S. Typhi"."""
    if _DOTTED.match(word):
        return True
    behind = before[: -len(word)].split() if word else []
    return len(word) == 1 and word.isupper() and bool(behind) and behind[-1].lower() in _BEFORE_NAMES


def _breaks(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether a line's end is a sentence's end."""
    if found[0].count("\n") > 1:
        return True
    line = text[max(start, text.rfind("\n", start, found.start()) + 1) : found.start()].rstrip()
    if not line or found.end() == len(text):
        return True
    following = text[found.end()]
    if _ITEM.match(text, found.end()) or line[-1] in ":：" or is_han(line[-1]):
        return True
    return len(line) < _SHORT_LINE and (following.isupper() or is_han(following) or following in "¿¡")
