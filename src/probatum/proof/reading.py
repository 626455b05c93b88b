"""What a sentence says, as far as rules read it: units of meaning with denial, quantities, hedges, who does what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from probatum.proof.lexicon import Cue, Token, lexicon, rooted, stem, tokens
from probatum.text.chinese import is_han
from probatum.text.quantities import Quantity, quantities

_LISTING = ("or", "nor", "或")
_LIST_REACH = 5  # tokens after a comma within which "or" shows that a list goes on
_CLOSING = 3  # tokens: a denial that so few follow closes its clause
_NUCLEUS = 3  # units: the words that a denial is of
_EXCEPTING = frozenset({"unless", "除非"})  # they end a clause and deny the next
_JOINING = frozenset({"and", "but", "并", "且", "和"})
_SHORT = 3  # letters; no verb of so few is told by its ending
_NEEDED = "necessary"
_OF_NAMES = frozenset({"no", "without"})  # deny things; all things of a row are denied
_HAN_ALONE = 0.5  # weight of a single Han character beside a word
_LETTERS = frozenset("AST")  # written large within a sentence they are names: hepatitis A
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
class Denial:
    """One denial of a sentence: what it denies first of all, and in which clause."""

    nucleus: tuple[Unit, ...]  # the first words of meaning in its reach, function words left out; at most three
    clause: int
    names: bool  # it denies a name alone: non-Hodgkin lymphoma
    advised: tuple[Unit, ...]  # in Chinese, what the advice that is denied would be: 不推荐使用阿莫西林


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
    denials: tuple[Denial, ...]
    roots: frozenset[str]  # of the keys: african and Africa have one
    echoes: tuple[Unit, ...]  # what a clause that breaks off repeats: "washing reduces it, but masks did not"


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
    reaches = _reaches(words, cues, clause)
    denied = _denied(len(words), reaches)
    silent = {place for start, end, cue in cues if cue.says in {"denies", "ends"} for place in range(start, end)}
    lettered = {token.start for token in row[1:] if text[token.start : token.end] in _LETTERS}
    units = tuple(
        replace(unit, glue=False) if unit.start in lettered else unit
        for unit in _units(row, words, clause, denied, taken | silent)
    )
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
        tuple(_nuclei(reaches, units, row)),
        frozenset(root for unit in units if (root := rooted(unit.key))),
        tuple(_echoes(reaches, words, units, row, clause)),
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


@dataclass(frozen=True, slots=True)
class _Reach:
    """The tokens of a denial and those that it reaches; `back` where it looks to what stands before it."""

    start: int
    end: int
    places: tuple[int, ...]
    back: bool
    names: bool


def _reaches(words: Sequence[str], cues: Sequence[tuple[int, int, Cue]], clause: Sequence[int]) -> list[_Reach]:
    """What each denial of a sentence reaches."""
    found: list[_Reach] = []
    for start, end, cue in cues:
        if cue.says != "denies" and words[start] not in _EXCEPTING:
            continue
        here = clause[min(end, len(words) - 1)] if words[start] in _EXCEPTING else clause[start]
        # "is contagious and is not prevented": the denial begins a part of its own
        first = start if start and words[start - 1] in _JOINING else 0
        around = [place for place in range(first, len(words)) if clause[place] == here and not start <= place < end]
        back = cue.side != "before"
        if cue.side == "whole":
            places = around
        elif cue.side == "after":
            places = [place for place in range(max(0, start - cue.reach - 8), start) if clause[place] == here]
        else:
            places = [place for place in range(end, min(len(words), end + cue.reach + 1)) if clause[place] == here]
            kept = len(places) if words[start] in _OF_NAMES else _next_verb(words, places)
            needed = end < len(words) and words[end] == _NEEDED  # "surgery was not needed for it": surgery is denied
            if (len(places) <= _CLOSING or needed) and cue.reach and kept == len(places):  # 抗生素无效
                back, places = not places, around
            else:
                places = places[:kept]
        found.append(_Reach(start, end, tuple(places), back, not cue.reach))
    return found


def _next_verb(words: Sequence[str], places: Sequence[int]) -> int:
    """How many of these tokens stand before a verb that "and" joins: "is not itchy and fades"."""
    for number, place in enumerate(places[:-1]):
        after = words[place + 1]
        verb = len(after) > _SHORT and after.endswith("s") and not after.endswith(("ss", "us", "is"))
        if words[place] == "and" and number and verb and not words[place - 1].endswith("s"):
            return number
    return len(places)


def _denied(count: int, reaches: Sequence[_Reach]) -> list[bool]:
    """Whether each token is denied: an odd number of denials of its clause reach it."""
    reached = [0] * count
    for each in reaches:
        for place in each.places:
            reached[place] += 1
    return [number % 2 == 1 for number in reached]


def _nuclei(reaches: Sequence[_Reach], units: Sequence[Unit], row: Sequence[Token]) -> Iterator[Denial]:
    """What each denial denies first of all: the words behind it up to the first function word, else those before it."""
    for each in reaches:
        places = [place for place in each.places if (place < each.start) == each.back]
        spans = [(row[place].start, row[place].end) for place in (reversed(places) if each.back else places)]
        inside = [[unit for unit in units if unit.start < end and start < unit.end] for start, end in spans]
        chosen = _first(inside)
        advised: list[Unit] = []
        if chosen and chosen[0].key in lexicon().advice:  # "not recommended in children": the advice is denied
            chosen = chosen[:1]
            rest = [met for met in inside if met and met[0].start >= chosen[0].end]
            advised = [unit for unit in _first(rest) if is_han(row[each.start].word)]
        if chosen:
            yield Denial(tuple(chosen), chosen[0].clause, each.names, tuple(advised))


def _first(inside: Sequence[Sequence[Unit]]) -> list[Unit]:
    """The first words of meaning that stand together, at most three."""
    chosen: list[Unit] = []
    for met in inside:
        light = not met or met[0].key in lexicon().light
        if chosen and (light or len(chosen) == _NUCLEUS):
            break
        chosen += [unit for unit in met if unit not in chosen and not light]
    return chosen


def _echoes(
    reaches: Sequence[_Reach],
    words: Sequence[str],
    units: Sequence[Unit],
    row: Sequence[Token],
    clause: Sequence[int],
) -> Iterator[Unit]:
    """What a clause denies by breaking off: the verb of the clause before it and all that follows that verb."""
    verbs = [(start, clause[start]) for start, _, _ in lexicon().verbs.all(words)]
    for each in reaches:
        here = clause[each.start]
        rest = [place for place in range(each.end, len(words)) if clause[place] == here and words[place].isalnum()]
        before = [start for start, number in verbs if number < here]
        if rest or not here or not before:
            continue
        at = row[before[-1]].start
        for unit in units:
            if unit.start >= at and unit.clause == clause[before[-1]]:
                yield replace(unit, clause=here, denied=True)


def _units(
    row: Sequence[Token],
    words: Sequence[str],
    clause: Sequence[int],
    denied: Sequence[bool],
    taken: set[int],
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
            said = ("" if is_han(words[place][0]) else " ").join(words[place:end])
            glue = key in table.glue or said in table.glue or (single and key in _PARTICLES)
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
