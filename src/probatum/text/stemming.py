"""English words without their endings, by Porter's algorithm as the common toolkit has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise

Rule = tuple[str, str, Callable[[str], bool]]

# Porter's revision and its usual extensions; the words that the rules would spoil.
_IRREGULAR = {"skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "innings": "inning", "outings": "outing"}
_IRREGULAR |= {"cannings": "canning"}
_IRREGULAR |= {word: word for word in "sky news inning outing canning howe proceed exceed succeed".split()}
_SECOND = (
    "ational>ate tional>tion enci>ence anci>ance izer>ize bli>ble alli>al entli>ent eli>e ousli>ous ization>ize "
    "ation>ate ator>ate alism>al iveness>ive fulness>ful ousness>ous aliti>al iviti>ive biliti>ble fulli>ful"
)
_THIRD = "icate>ic ative> alize>al iciti>ic ical>ic ful> ness>"
_FOURTH = "al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize"


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """The word in small letters without its ending ('infections': 'infect'); words of one or two letters stay.

    Equal to the Porter stemmer of NLTK in its default mode. Source: doi:10.1108/eb046814.
    """
    word = word.lower()
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 2:
        return word
    for step in (_plural, _participle, _final_y, _second, _third, _fourth, _final_e, _final_double):
        word = step(word)
    return word


def _consonant(word: str, place: int) -> bool:
    letter = word[place]
    if letter == "y":
        return place == 0 or not _consonant(word, place - 1)
    return letter not in "aeiou"


def _measure(stem: str) -> int:
    """How often a vowel is followed by a consonant."""
    kinds = [_consonant(stem, place) for place in range(len(stem))]
    return sum(after and not before for before, after in pairwise(kinds))


def _some(stem: str) -> bool:
    return _measure(stem) > 0


def _much(stem: str) -> bool:
    return _measure(stem) > 1


def _short_end(word: str) -> bool:
    """Whether it ends with consonant, vowel, consonant (not w, x, y), or is a vowel and a consonant."""
    kinds = [_consonant(word, place) for place in range(len(word))]
    if len(word) == 2:
        return kinds == [False, True]
    return kinds[-3:] == [True, False, True] and word[-1] not in "wxy"


def _double_end(word: str) -> bool:
    return len(word) >= 2 and word[-1] == word[-2] and _consonant(word, len(word) - 1)


def _first(word: str, rules: Iterable[Rule]) -> str:
    """The word by the first rule whose ending it has; unchanged where that rule's condition does not hold."""
    for ending, instead, holds in rules:
        if word.endswith(ending):
            rest = word[: len(word) - len(ending)]
            return rest + instead if holds(rest) else word
    return word


def _always(rest: str) -> bool:
    return True


def _plural(word: str) -> str:
    if word.endswith("ies") and len(word) == 4:
        return word[:-1]
    return _first(word, [("sses", "ss", _always), ("ies", "i", _always), ("ss", "ss", _always), ("s", "", _always)])


def _participle(word: str) -> str:
    if word.endswith("ied"):
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("eed"):
        return word[:-1] if _some(word[:-3]) else word
    for ending in ("ed", "ing"):
        rest = word[: len(word) - len(ending)]
        if word.endswith(ending) and any(not _consonant(rest, place) for place in range(len(rest))):
            return _mended(rest)
    return word


def _mended(rest: str) -> str:
    """The verb without ed or ing, with the ending that it had before."""
    if rest.endswith(("at", "bl", "iz")):
        return rest + "e"
    if _double_end(rest):
        return rest[:-1] if rest[-1] not in "lsz" else rest
    return rest + "e" if _measure(rest) == 1 and _short_end(rest) else rest


def _final_y(word: str) -> str:
    return _first(word, [("y", "i", lambda rest: len(rest) > 1 and _consonant(rest, len(rest) - 1))])


def _rules(table: str, holds: Callable[[str], bool]) -> tuple[Rule, ...]:
    return tuple((ending, instead, holds) for ending, _, instead in (each.partition(">") for each in table.split()))


_SECOND_RULES = (*_rules(_SECOND, _some), ("logi", "log", lambda rest: _some(rest + "l")))
_THIRD_RULES = _rules(_THIRD, _some)
_FOURTH_RULES = tuple(
    (ending, "", (lambda rest: _much(rest) and rest[-1] in "st") if ending == "ion" else _much)
    for ending in _FOURTH.split()
)


def _second(word: str) -> str:
    if word.endswith("alli") and _some(word[:-4]):
        word = word[:-2]
    return _first(word, _SECOND_RULES)


def _third(word: str) -> str:
    return _first(word, _THIRD_RULES)


def _fourth(word: str) -> str:
    return _first(word, _FOURTH_RULES)


def _final_e(word: str) -> str:
    rest = word[:-1]
    if word.endswith("e") and (_much(rest) or (_measure(rest) == 1 and not _short_end(rest))):
        return rest
    return word


def _final_double(word: str) -> str:
    return word[:-1] if word.endswith("ll") and _much(word[:-1]) else word
