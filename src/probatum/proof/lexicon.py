"""The words by which claims and sources are compared, laid out for looking up: units of meaning, denials, opposites."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Generic, TypeVar

from probatum.text.chinese import HAN
from probatum.text.normal import fold
from probatum.text.stemming import stem as porter

_TOKEN = re.compile(rf"[{HAN}]|(?:(?![{HAN}])[^\W_])+(?:['’\-](?:(?![{HAN}])[^\W_])+)*|[^\s\w]", re.UNICODE)
_COPULA = frozenset("is are was were be been being".split())
_HAN = re.compile(f"[{HAN}]")
_ENDING = re.compile(r"(?:ean|al|ic|ous|ar|iv|ion|ment|iti|ness)$")
_PLACE = re.compile(r"an?$")  # Asia, Asian
_ROOT = 5  # letters
_LONG = 5  # letters of a stem by which other forms of a word are known
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, one Han character, or a mark of punctuation, folded; every form of the copula is `is`."""

    word: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order, offsets in code points."""
    found = (each for each in _TOKEN.finditer(text) if unicodedata.category(each[0][0]) != "No")  # ① numbers a line
    return [Token(_folded(each[0]), each.start(), each.end()) for each in found]


@lru_cache(maxsize=1 << 15)
def _folded(word: str) -> str:
    plain = fold(word)
    return "is" if plain in _COPULA else plain


@lru_cache(maxsize=1 << 15)
def stem(word: str) -> str:
    """The stem of an English word; what is of another script stays."""
    return porter(word) if word.isascii() else word


@lru_cache(maxsize=1 << 15)
def rooted(key: str) -> str:
    """What is left of a key without an ending that makes a word of another kind of it; empty where that is short.

    Africa and African, diagnosis and diagnostic, inflame and inflammation; not what names another thing (-itis, -oma).
    """
    if not (key.isascii() and key.isalpha()):
        return ""
    root = _ENDING.sub("", key)
    root = root if len(root) >= _ROOT else key
    short = _PLACE.sub("", root)
    return short if len(short) >= _ROOT - 2 else root


class Phrases(Generic[Value]):
    """Phrases and what each stands for, found in a row of tokens."""

    def __init__(self, given: Iterable[tuple[str, Value]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Value]]] = {}
        for phrase, value in given:
            words = tuple(token.word for token in tokens(phrase))
            self._by_first.setdefault(words[0], []).append((words, value))
        for group in self._by_first.values():
            group.sort(key=lambda each: -len(each[0]))

    def at(self, words: Sequence[str], place: int) -> tuple[int, Value] | None:
        """(the place behind it, its value) of the longest phrase that begins at a place."""
        for phrase, value in self._by_first.get(words[place], ()):
            if tuple(words[place : place + len(phrase)]) == phrase:
                return place + len(phrase), value
        return None

    def all(self, words: Sequence[str]) -> Iterator[tuple[int, int, Value]]:
        """(start, end, value) of the phrases of a row, from the left, the longest at each place, none over another."""
        place = 0
        while place < len(words):
            found = self.at(words, place)
            if found is None:
                place += 1
            else:
                yield place, found[0], found[1]
                place = found[0]


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that denies (before or after what it denies, or all of its clause), hedges, ends a clause, or none."""

    says: str  # denies, hedges, ends, nothing
    side: str = "before"  # before, after, whole
    reach: int = 60  # tokens


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All tables, ready for use."""

    units: Phrases[str]  # what counts as one unit of meaning -> its key
    glue: frozenset[str]  # keys that need no support
    stems: dict[str, str]  # stem of a word that says the same as others -> their key
    soft: frozenset[str]  # keys that a paraphrase may bring in
    rewritten: tuple[tuple[re.Pattern[str], str], ...]
    cues: Phrases[Cue]
    sides: dict[str, tuple[tuple[str, int], ...]]  # key of a unit -> its (family, side)
    verbs: Phrases[tuple[str, bool]]  # verb, whether it is passive
    light: frozenset[str]  # keys that no denial is of: articles, prepositions, auxiliaries
    advice: frozenset[str]  # keys of words that advise or need: a denial of one is of nothing else
    implied: dict[str, tuple[str, ...]]  # key of a claim -> keys of a source, each of which bears it out


@cache
def lexicon() -> Lexicon:
    """The tables of words.toml and the denials of annotators/_context.toml."""
    said = tomllib.loads(resources.files("probatum.proof").joinpath("words.toml").read_text(encoding="utf-8"))
    keys = {word: f"={group[0]}" for group in said["same"] for word in group}
    stems = {stem(word): key for word, key in reversed(keys.items()) if word.isalpha() and len(stem(word)) >= _LONG}
    sides: dict[str, list[tuple[str, int]]] = {}
    for family, lines in said["families"].items():
        for side, line in enumerate(lines):
            for word in line:
                key = keys.setdefault(word, word if not _HAN.search(word) and " " not in word else f"~{line[0]}")
                key = stem(key) if key == word else key
                if (family, side) not in sides.setdefault(key, []):
                    sides[key].append((family, side))
    keys = {word: stem(key) if key == word else key for word, key in keys.items()}
    glue = {*said["glue"], *map(stem, said["glue"]), *said["glue_zh"]} - sides.keys()
    units = [*keys.items(), *((word, word) for word in said["glue_zh"] if len(word) > 1 and word not in keys)]
    rewritten = tuple(
        (re.compile(rf"\b{re.escape(old)}\b" if old.isascii() else re.escape(old), re.IGNORECASE), new)
        for old, new in sorted(said["rewritten"].items(), key=lambda pair: -len(pair[0]))
    )
    rewritten += tuple((re.compile(old, re.IGNORECASE), new) for old, new in said["parts"].items())
    verbs = [
        (phrase, (verb, voice == "passive"))
        for verb, voices in said["verbs"].items()
        for voice, phrases in voices.items()
        for phrase in phrases
    ]
    return Lexicon(
        Phrases(units),
        frozenset(glue),
        {stem: key for stem, key in stems.items() if stem not in glue},
        frozenset(
            {*(keys.get(word, word) for word in said["soft"]), *map(stem, said["soft"]), *said["soft_zh"]}
            - sides.keys()
        ),
        rewritten,
        Phrases(_cues(said["cues"], keys.keys())),
        {key: tuple(places) for key, places in sides.items()},
        Phrases(verbs),
        frozenset({*said["light"], *map(stem, said["light"]), *said["light_zh"]}),
        frozenset(keys[word] for word in said["advice"]),
        {_key(word, keys): tuple(_key(one, keys) for one in others) for word, others in said["implied"].items()},
    )


def _key(word: str, keys: Mapping[str, str]) -> str:
    return keys.get(word, stem(word))


def _cues(said: dict[str, list[str]], units: Iterable[str]) -> list[tuple[str, Cue]]:
    """Our own cues, then the denials that tell of findings; a phrase that is a unit of meaning is no cue."""
    table: dict[str, Cue] = {}
    text = resources.files("probatum.annotators").joinpath("_context.toml").read_text(encoding="utf-8")
    rules: list[dict[str, Any]] = tomllib.loads(text)["cue"]
    for rule in rules:
        if rule["says"] == "negated" and rule["language"] in {"en", "zh"}:
            side = rule.get("side", "before")
            for phrase in rule["phrases"]:
                table.setdefault(phrase, Cue("denies", side, rule.get("reach", 60)))
    own = set(units)
    table = {phrase: cue for phrase, cue in table.items() if phrase not in own}
    for phrase in (*said["denying"], *said["denying_zh"]):
        table[phrase] = table.get(phrase, Cue("denies"))
    table |= {phrase: Cue("denies", "whole") for phrase in said["whole"]}
    table |= {phrase: Cue("denies", "before", 0) for phrase in said["naming"]}
    table |= {phrase: Cue("hedges") for phrase in said["hedging"]}
    table |= {phrase: Cue("ends") for phrase in said["ending"]}
    table |= {phrase: Cue("nothing") for phrase in said["masked"]}
    table |= {f"is {phrase}": cue for phrase, cue in table.items() if phrase.startswith("not ")}  # longer than "is not"
    return list(table.items())
