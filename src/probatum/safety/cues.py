"""What a sentence says of a stretch of it: denied, doubted, past; by the annotators' table, without an annotator."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib import resources

from probatum.text.chinese import has_han
from probatum.text.sentences import sentences

SAYS = frozenset({"negated", "uncertain", "family", "history"})
_FAR = 60  # words; a cue without a reach of its own holds to the end of any sentence that a reader could follow
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[\u3400-\u9fff]")
_BE = "(?:is|are|was|were|am|be|been|being|'s|'re)"  # in the table `is` stands for every form


@dataclass(frozen=True, slots=True)
class _Rule:
    says: str
    side: str
    reach: int
    of: frozenset[str]  # what an end ends


def said_of(text: str, start: int, end: int) -> frozenset[str]:
    """Some of negated, uncertain, family, history: what its sentence says of text[start:end] (ConText).

    `text` is lower case. Of cues that overlap the leftmost and longest counts; one inside the stretch says nothing.
    Source: Harkema et al. 2009, doi:10.1016/j.jbi.2009.05.002.
    """
    begin, stop = next((span for span in sentences(text) if span[0] <= start < span[1]), (0, len(text)))
    sentence, language = text[begin:stop], "zh" if has_han(text[begin:stop]) else "en"
    start, end = start - begin, end - begin
    cues = [(found.start(), found.end(), _saying(found[0], language)) for found in _cues(language).finditer(sentence)]
    words = [found.start() for found in _WORD.finditer(sentence)]
    said: set[str] = set()
    for first, last, saying in cues:
        for rule in saying:
            left, right = (last, start) if rule.side == "before" else (end, first)
            between = bisect_right(words, right - 1) - bisect_right(words, left - 1)
            if rule.says in SAYS and left <= right and between <= rule.reach:
                ends = (each for one, other, each in cues if left <= one and other <= right)
                if not any(each.says == "ends" and rule.says in each.of for group in ends for each in group):
                    said.add(rule.says)
    return frozenset(said)


@cache
def _table(language: str) -> dict[str, tuple[_Rule, ...]]:
    """Phrase -> its rules, in one language; a phrase may stand in several of the table's parts."""
    text = resources.files("probatum.annotators").joinpath("_context.toml").read_text(encoding="utf-8")
    found: dict[str, tuple[_Rule, ...]] = {}
    for cue in tomllib.loads(text)["cue"]:
        if cue["language"] == language:
            rule = _Rule(cue["says"], cue.get("side", "before"), cue.get("reach", _FAR), frozenset(cue.get("of", SAYS)))
            for phrase in cue["phrases"]:
                found[phrase] = (*found.get(phrase, ()), rule)
    return found


@cache
def _cues(language: str) -> re.Pattern[str]:
    return re.compile("|".join(map(_pattern, sorted(_table(language), key=len, reverse=True))))


def _pattern(phrase: str) -> str:
    """The phrase as words of its own; Han characters need no bounds."""
    pattern = r"\s+".join(_BE if word == "is" else re.escape(word) for word in phrase.split(" "))
    before = r"(?<![^\W_])" if phrase[0].isalnum() and not has_han(phrase) else ""
    after = r"(?![^\W_])" if phrase[-1].isalnum() and not has_han(phrase) else ""
    return f"{before}{pattern}{after}"


def _saying(written: str, language: str) -> tuple[_Rule, ...]:
    table = _table(language)
    if written in table:
        return table[written]
    plain = re.sub(rf"(?<![^\W_]){_BE}(?![^\W_])", "is", written)
    return table.get(re.sub(r"\s+", " ", plain), ())
