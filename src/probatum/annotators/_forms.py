"""The other ways in which a name is written: plurals, spellings, word order, nouns for adjectives, Chinese variants."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

from probatum.text.normal import fold

_LONGEST = 5  # words of a name that may change their order; beyond it the changes only make the index larger


@cache
def tables() -> dict[str, Any]:
    """The declarative tables of `_forms.toml`."""
    return tomllib.loads(resources.files("probatum.annotators").joinpath("_forms.toml").read_text(encoding="utf-8"))


def lemma(word: str, spanish: bool = False) -> str:
    """What all forms of a folded word share: number and spelling, in Spanish also gender, do not count."""
    if not word.isalpha() or not word.isascii() or len(word) < 3:
        return _same().get(word, word)
    word = _same().get(word, word)
    if spanish:
        stem = re.sub(r"(?<=[dnlrz])es$|(?<=[aeo])s$", "", word)
        return _same().get(stem, re.sub(r"(?<=[a-z]{3})[ao]$", "@", stem))
    stem = singular(word)
    return _same().get(stem, british(stem))


def forms(word: str, spanish: bool = False) -> set[str]:
    """The written forms of a folded word: itself, plural and singular, both spellings."""
    if not word.isalpha() or not word.isascii() or len(word) < 3:
        return {word}
    if spanish:
        stem = re.sub(r"(?<=[dnlrz])es$|(?<=[aeo])s$", "", word)
        both = {stem, stem[:-1] + "o", stem[:-1] + "a"} if len(stem) > 4 and stem[-1] in "ao" else {stem}
        return {word} | both | {form + ("s" if form[-1] in "aeo" else "es") for form in both}
    one = singular(word)
    found = {word, one, *plurals(one)}
    return found | {british(form) for form in found}


def name_forms(word: str, spanish: bool = False) -> set[str]:
    """The forms of a word that is a name all by itself: its plural and spellings; a singular only of a long word."""
    if not word.isalpha() or not word.isascii() or len(word) < 4:
        return {word}
    if spanish:
        return {word, word + ("s" if word[-1] in "aeo" else "es")} if word[-1] != "s" else {word}
    found = {word, *(plurals(word) if singular(word) == word else ())}
    if len(word) > 6 and singular(word) != word:
        found.add(singular(word))
    return found | {british(form) for form in found}


def singular(word: str) -> str:
    """The singular of an English or Latin noun; a word that is none stays or loses its s, always in the same way."""
    known = tables()["irregular"].get(word)
    if known is not None:
        return str(known)
    if len(word) < 4 or word[-1] not in "sae" or word.endswith(("ss", "us", "is")):
        return word
    for ending, becomes in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + becomes
    return word


_ENDINGS = (
    ("oses", "osis"), ("eses", "esis"), ("yses", "ysis"), ("stases", "stasis"), ("mata", "ma"), ("ae", "a"),
    ("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("zzes", "zz"), ("s", ""),
)  # fmt: skip


def plurals(word: str) -> set[str]:
    """The plurals under which a singular may be written."""
    found = {plural for plural, one in tables()["irregular"].items() if one == word}
    if word.endswith("sis"):
        return found | {word[:-2] + "es"}
    if word.endswith(("s", "x", "ch", "sh", "z")):
        return found | {word + "es"}
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return found | {word[:-1] + "ies"}
    if word.endswith("ma"):
        found.add(word + "ta")
    elif word.endswith("a"):
        found.add(word + "e")
    return found | {word + "s"}


def british(word: str) -> str:
    """The word in British spelling; a British word stays as it is."""
    for pattern, becomes in _spellings():
        word = pattern.sub(becomes, word)
    return word


@cache
def _spellings() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), becomes) for pattern, becomes in tables()["spelling"].items())


@cache
def _same() -> dict[str, str]:
    return {word: group[0] for group in tables()["same"] for word in group}


def variants(name: str, language: str, kind: str) -> Iterator[str]:
    """Other ways to write a whole name, without the forms of its single words; may repeat the name itself."""
    folded = fold(name)
    if language == "zh":
        yield from _chinese(folded)
        return
    if language != "en":
        return
    yield from _uninverted(folded)
    yield from _numbered(folded)
    if kind == "PhenotypicFeature":
        yield from _alternatives(folded)
        words = [word for word in folded.split() if word not in tables()["skipped"]]
        if 2 <= len(words) <= _LONGEST and not set("/,()").intersection(folded):
            yield from _reordered(words)


def _uninverted(folded: str) -> Iterator[str]:
    """'seizures, febrile' is 'febrile seizures', 'gaucher disease, type i' is 'gaucher disease type i'."""
    head, comma, rest = folded.partition(", ")
    if not comma:
        return
    yield folded.replace(",", "")
    if (
        "," not in rest
        and len(rest.split()) <= 2
        and not re.search(r"\d|\b(?:type|with|due|and|or|susceptib\w+)\b", rest)
    ):
        yield f"{rest} {head}"


_ROMAN = {number: str(place) for place, number in enumerate("i ii iii iv v vi vii viii ix x xi xii".split(), 1)}
_ARABIC = {arabic: roman for roman, arabic in _ROMAN.items()}
_NUMBERED = re.compile(r"\b(type|grade|stage|syndrome|class|group),? (\d+|[ivx]+)([a-z]?)$")


def _numbered(folded: str) -> Iterator[str]:
    """'type i' and 'type 1', with a comma before it or without."""
    found = _NUMBERED.search(folded)
    if found is None:
        return
    other = _ROMAN.get(found[2]) or _ARABIC.get(found[2])
    for number in filter(None, (found[2], other)):
        plain = f"{folded[: found.start()]}{found[1]} {number}{found[3]}"
        yield plain
        yield plain.replace(",", "")
        yield f"{folded[: found.start()].rstrip(', ')}, {found[1]} {number}{found[3]}"


_SLASH = re.compile(r"^(\w+)/(\w+) ((?:of|involving) .+)$")


def _alternatives(folded: str) -> Iterator[str]:
    """'aplasia/hypoplasia of the thumb': either word alone, both with 'or' or 'and', in both orders."""
    found = _SLASH.match(folded)
    if found is None:
        return
    first, second, rest = found.groups()
    yield from (f"{first} {rest}", f"{second} {rest}")
    for one, other in ((first, second), (second, first)):
        yield from (f"{one}/{other} {rest}", f"{one} or {other} {rest}", f"{one} and {other} {rest}")


def _reordered(words: list[str]) -> Iterator[str]:
    """The same finding with its words in another order: enlarged liver, liver enlargement, the liver is enlarged."""
    quality: dict[str, str] = tables()["quality"]
    nouns = {*quality.values(), *tables()["words"]["nouns"]}
    first, last = words[0], singular(words[-1])
    if "of" in words[1:-1] and words[1] == "of" and "of" not in words[2:]:
        if first in nouns:
            yield from _about(first, words[2:])
    elif not {"of", "and", "or", "with", "without", "in", "to", "for", "due", "by"}.intersection(words):
        if first in quality or first in tables()["words"]["adjectives"]:
            yield from _described(first, words[1:])
            if first in quality:
                yield from _about(quality[first], words[1:])
        elif last in nouns:
            yield from _about(last, words[:-1])


def _described(adjective: str, rest: list[str]) -> Iterator[str]:
    what = " ".join(rest)
    yield from (f"{adjective} {what}", f"{what} {adjective}", f"{what} is {adjective}")


def _about(noun: str, rest: list[str]) -> Iterator[str]:
    what = " ".join(rest)
    yield from (f"{what} {noun}", f"{noun} of {what}")
    for adjective, same in tables()["quality"].items():
        # "recurrent" and "bleeding" before a noun say something else than the noun after it.
        if same == noun and adjective not in ("recurrent", "bleeding", "absent", "short", "thin", "thick"):
            yield from _described(adjective, rest)


_QUALIFIED = re.compile(r"(?<=\w{3})\([^()]{5,}\)$")
_BRACKETS = re.compile(r"\((\w{1,4})\)")


def _chinese(folded: str) -> Iterator[str]:
    """Brackets and what stands in them left out, organs without 脏, illnesses without 症, words of the same meaning."""
    bases = [folded]
    if len(folded) > 3 and folded.endswith("症"):
        yield folded[:-1]
    first, slash, second = folded.partition("/")
    if slash and len(first) == len(second) > 2 and first[-1] == second[-1]:
        yield from (first, second)
    if (qualified := _QUALIFIED.search(folded)) is not None:
        yield folded[: qualified.start()]
    if found := _BRACKETS.search(folded):
        before, inside, after = folded[: found.start()], found[1], folded[found.end() :]
        bases = [before + after, before + inside + after, before[: -len(inside)] + inside + after]
        yield from bases
    for base in bases:
        choices = [_choices(part) for part in _parts().split(base)]
        if len(choices) > 1 and len(choices) <= 9:
            yield from ("".join(chosen) for chosen in product(*choices))


def _choices(part: str) -> tuple[str, ...]:
    if part in ("脏", "的"):
        return part, ""
    return next((tuple(group) for group in tables()["chinese"]["same"] if part in group), (part,))


@cache
def _parts() -> re.Pattern[str]:
    chinese = tables()["chinese"]
    words = sorted((word for group in chinese["same"] for word in group), key=len, reverse=True)
    return re.compile(f"({'|'.join(words)}|(?<=[{''.join(chinese['after'])}])脏|(?<=.)的(?=.))")


@cache
def _own(table: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("probatum.annotators").joinpath(f"_{table}.toml").read_text(encoding="utf-8"))


def lay(language: str) -> dict[str, list[str]]:
    """Concept -> our own words for it: of patients and charts (`_lay.toml`), of diseases (`_diseases.toml`)."""
    known = _own("lay").get(language, {}) | _own("diseases").get(language, {})
    return {concept: list(words) for concept, words in known.items()}


def masks() -> list[str]:
    """Words that hold a name and are none."""
    return [word for words in _own("lay")["masks"].values() for word in words]
