"""What a sentence says, as far as rules read it: units of meaning with denial, quantities, hedges, who does what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from probatum.proof.lexicon import Cue, Token, lexicon, stem, tokens
from probatum.text.chinese import is_han
from probatum.text.quantities import Quantity, quantities

_LISTING = ("or", "nor", "或")
_LIST_REACH = 5  # tokens after a comma within which "or" shows that a list goes on
_CLOSING = 3  # tokens: a denial that so few follow closes its clause
_HAN_ALONE = 0.5  # weight of a single Han character beside a word
_PARTICLES = "aist"  # single letters that say nothing; others are names: vitamin D, hepatitis B


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of meaning of a sentence."""

    key: str  # the stem of a word, a group of words that say the same, or one Han character
    start: int
    end: int
    clause: int
    denied: bool
    glue: bool  # it needs no support
    weight: float


@dataclass(frozen=True, slots=True)
class Act:
    """Who does what to whom, as the word order says."""

    verb: str
    agent: frozenset[str]  # keys of the units
    patient: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence, read."""

    text: str  # as it was read: rewritten words in place of the written ones
    units: tuple[Unit, ...]
    keys: frozenset[str]
    pairs: frozenset[tuple[str, str]]  # neighbouring Han characters
    hedged: frozenset[int]  # clauses that hold a hedge
    clauses: int
    quantities: tuple[Quantity, ...]
    clause_of: Callable[[int], int]
    acts: tuple[Act, ...]


@lru_cache(maxsize=1 << 13)
def read(text: str) -> Reading:
    """The reading of one sentence (or of a stretch of text that is taken as one)."""
    table = lexicon()
    written = text
    for old, new in table.rewritten:
        text = old.sub(new, text)
    row = tokens(text)
    words = [token.word for token in row]
    amounts = quantities(text)
    taken = _within(amounts, row)
    cues = list(table.cues.all(words))
    clause = _clauses(words, cues)
    denied = _denials(words, cues, clause)
    silent = {place for start, end, cue in cues if cue.says in {"denies", "ends"} for place in range(start, end)}
    units = tuple(_units(row, words, clause, denied, taken | silent))
    hedged = frozenset(clause[start] for start, _, cue in cues if cue.says == "hedges")
    singles = [unit for unit in units if len(unit.key) == 1 and is_han(unit.key)]
    pairs = frozenset((one.key, other.key) for one, other in pairwise(singles) if one.end == other.start)
    starts = [token.start for token in row]

    def clause_of(place: int) -> int:
        return clause[max(0, sum(start <= place for start in starts) - 1)] if clause else 0

    return Reading(
        text if text != written else written,
        units,
        frozenset(unit.key for unit in units),
        pairs,
        hedged,
        (clause[-1] + 1) if clause else 0,
        amounts,
        clause_of,
        tuple(_acts(words, units, row, clause)),
    )


def _within(amounts: Sequence[Quantity], row: Sequence[Token]) -> set[int]:
    """The tokens that are part of a quantity."""
    return {
        place
        for place, token in enumerate(row)
        for each in amounts
        if each.start < token.end and token.start < each.end
    }


def _clauses(words: Sequence[str], cues: Sequence[tuple[int, int, Cue]]) -> list[int]:
    """The clause that each token stands in; a comma within a list that "or" ends goes on."""
    ends = {end for start, end, cue in cues if cue.says == "ends" and not _lists(words, start)}
    clause, number = [], 0
    for place in range(len(words)):
        number += place in ends
        clause.append(number)
    return clause


def _lists(words: Sequence[str], place: int) -> bool:
    return words[place] == "," and any(word in _LISTING for word in words[place + 1 : place + 1 + _LIST_REACH])


def _denials(words: Sequence[str], cues: Sequence[tuple[int, int, Cue]], clause: Sequence[int]) -> list[bool]:
    """Whether each token is denied: an odd number of cues of its clause reach it."""
    reached = [0] * len(words)
    for start, end, cue in cues:
        if cue.says != "denies":
            continue
        here = clause[start]
        if cue.side == "whole":
            places = [place for place in range(len(words)) if clause[place] == here and not start <= place < end]
        elif cue.side == "after":
            places = [place for place in range(max(0, start - cue.reach - 8), start) if clause[place] == here]
        else:
            places = [place for place in range(end, min(len(words), end + cue.reach + 1)) if clause[place] == here]
            if len(places) <= _CLOSING:  # "a booster is not needed", 抗生素无效: what stands before is denied
                places = [place for place in range(len(words)) if clause[place] == here and not start <= place < end]
        for place in places:
            reached[place] += 1
    return [count % 2 == 1 for count in reached]


def _units(
    row: Sequence[Token], words: Sequence[str], clause: Sequence[int], denied: Sequence[bool], taken: set[int]
) -> list[Unit]:
    table = lexicon()
    found: list[Unit] = []
    place = 0
    while place < len(words):
        phrase = None if place in taken else table.units.at(words, place)
        if phrase is not None and not any(each in taken for each in range(place, phrase[0])):
            end, key = phrase
        else:
            root = stem(words[place])
            end, key = place + 1, "" if place in taken else table.stems.get(root, root)
        if key and any(letter.isalnum() for letter in key):
            single = len(key) == 1
            glue = key in table.glue or words[place] in table.glue or (single and key in _PARTICLES)
            weight = _HAN_ALONE if single and is_han(key) else 1.0
            span = row[place].start, row[end - 1].end
            found.append(Unit(key, *span, clause[place], denied[place], glue and key not in table.sides, weight))
        place = end
    return found


def _acts(words: Sequence[str], units: Sequence[Unit], row: Sequence[Token], clause: Sequence[int]) -> list[Act]:
    """What verbs whose sides differ say; in Chinese 由 and 因 before such a verb turn it round."""
    found: list[Act] = []
    by = -1
    for start, end, (verb, turned) in lexicon().verbs.all(words):
        if words[start] in "由因" and end == start + 1:
            by = start
            continue
        here = clause[start]
        before = [unit for unit in units if unit.end <= row[start].start and unit.clause == here and not unit.glue]
        after = [unit for unit in units if unit.start >= row[end - 1].end and unit.clause == here and not unit.glue]
        round_ = 0 <= by < start and clause[by] == here
        if round_:  # 甲由乙引起
            after = [unit for unit in before if unit.start > row[by].start]
            before = [unit for unit in before if unit.end <= row[by].start]
        left, right = frozenset(unit.key for unit in before), frozenset(unit.key for unit in after)
        if left and right:
            found.append(Act(verb, right, left) if turned or round_ else Act(verb, left, right))
    return found
