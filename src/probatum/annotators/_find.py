"""Finds every stretch of a text that reads as a name or as a cue, all places at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from probatum.annotators._index import NOTHING, SKIPPED, Index, next_state
from probatum.annotators._letters import Places, Tokens, Words

_NEAR = 8  # words before a left-out word from which a name may reach over it
_LONGEST_PART = 4  # words of the part of a name that a coordination leaves to be understood


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches of tokens [start, end), each with the number of what it reads as; in no order."""

    starts: Places
    ends: Places
    numbers: Places


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a text: all stretches that read as names or cues, and the words in a row, articles left out."""

    names: Stretches
    cues: Stretches
    lemmas: Places
    tokens: Places  # the token of each lemma


def read(index: Index, tokens: Tokens, left_out: NDArray[np.bool_]) -> Reading:
    """The reading of a text. Between a name's words those whose lemma is `left_out` ("left", "severe") may stand."""
    arrays = index.arrays
    rows = index.words.rows(tokens.hashes)
    lemmas = arrays.word_lemma[rows].astype(np.int64)
    lemmas[rows < 0] = NOTHING
    places = np.flatnonzero(lemmas != SKIPPED)
    rows, lemmas = rows[places], lemmas[places]
    one, said = arrays.word_entry[rows], arrays.word_cue[rows]
    named, cued = np.flatnonzero((one >= 0) & (rows >= 0)), np.flatnonzero((said >= 0) & (rows >= 0))
    names, cues = [(named, named + 1, one[named])], [(cued, cued + 1, said[cued])]
    firsts = np.flatnonzero(arrays.opens[lemmas[:-1]] & (lemmas[:-1] >= 0) & (lemmas[1:] >= 0))
    _walk(index, lemmas, firsts, names, cues)
    found = _joined(names, places)
    lean = np.flatnonzero((lemmas < 0) | ~left_out[lemmas])
    if len(lean) < len(lemmas):
        found = _both(found, _over_gaps(index, lemmas, lean, places))
    return Reading(found, _joined(cues, places), lemmas, places)


_Found = list[tuple[Places, Places, NDArray[np.signedinteger]]]


def _walk(index: Index, lemmas: Places, at: Places, names: _Found, cues: _Found) -> None:
    """Follows the names that begin at the given places, one lemma further with each round."""
    arrays = index.arrays
    begun = at
    state = next_state(np.zeros(len(at), np.uint64), lemmas[at])
    while len(at):
        at = at + 1
        state = next_state(state, lemmas[at])
        rows = index.phrases.rows(state)
        hit = np.flatnonzero(rows >= 0)
        at, begun, state, rows = at[hit], begun[hit], state[hit], rows[hit]
        for column, found in ((arrays.phrase_entry, names), (arrays.phrase_cue, cues)):
            number = column[rows]
            whole = np.flatnonzero(number >= 0)
            if len(whole):
                found.append((begun[whole], at[whole] + 1, number[whole]))
        going = np.flatnonzero(arrays.phrase_more[rows] & (at + 1 < len(lemmas)))
        going = going[lemmas[at[going] + 1] >= 0]
        at, begun, state = at[going], begun[going], state[going]


def _over_gaps(index: Index, lemmas: Places, lean: Places, places: Places) -> Stretches:
    """The names that show only when the left-out words are passed over."""
    shorter = lemmas[lean]
    gap = np.flatnonzero(np.diff(lean) > 1)  # places of `lean` right before a left-out word
    near = np.zeros(len(lean) + 1, np.int64)
    np.add.at(near, np.maximum(gap - _NEAR, 0), 1)
    np.add.at(near, gap + 1, -1)
    opening = (np.cumsum(near[:-1]) > 0)[:-1] & index.arrays.opens[shorter[:-1]] & (shorter[:-1] >= 0)
    names: _Found = []
    _walk(index, shorter, np.flatnonzero(opening & (shorter[1:] >= 0)), names, [])
    found = _joined(names, np.arange(len(lean)))
    crossing = lean[found.ends - 1] - lean[found.starts] >= found.ends - found.starts
    starts, last = lean[found.starts[crossing]], lean[found.ends[crossing] - 1]
    return Stretches(places[starts], places[last] + 1, found.numbers[crossing])


def _joined(found: _Found, places: Places) -> Stretches:
    if not found:
        nothing = np.zeros(0, np.int64)
        return Stretches(nothing, nothing, nothing)
    starts, lasts = (np.concatenate([part[side] for part in found]) for side in (0, 1))
    numbers = np.concatenate([part[2] for part in found]).astype(np.int64)
    return Stretches(places[starts], places[lasts - 1] + 1, numbers)


def _both(one: Stretches, other: Stretches) -> Stretches:
    return Stretches(
        np.concatenate((one.starts, other.starts)),
        np.concatenate((one.ends, other.ends)),
        np.concatenate((one.numbers, other.numbers)),
    )


def understood(index: Index, reading: Reading, starts: Places, ends: Places, joins: NDArray[np.bool_]) -> Stretches:
    """The names that a coordination with a found name leaves to be understood.

    "short fingers and toes" holds short toes: a beginning of the name before the joining word, with what follows it.
    "aplasia or hypoplasia of the thumb" holds aplasia of the thumb: what precedes it, with an end of the name after it.
    `starts` and `ends` are the found names as tokens; words that already belong to one are not used again.
    """
    begin = np.searchsorted(reading.tokens, starts)
    end = np.searchsorted(reading.tokens, ends)
    taken = np.zeros(len(reading.lemmas) + 1, np.int64)
    np.add.at(taken, begin, 1)
    np.add.at(taken, end, -1)
    free = np.cumsum(taken[:-1]) == 0
    free &= reading.lemmas > 0
    joining = (reading.lemmas >= 0) & joins[reading.lemmas]
    free &= ~joining
    several = end - begin > 1
    found: _Found = []
    after = np.flatnonzero(several & (end < len(joining) - 1))
    _shared_beginning(index, reading.lemmas, (begin[after], end[after]), (joining, free), found)
    before = np.flatnonzero(several & (begin > 1))
    _shared_end(index, reading.lemmas, (begin[before], end[before]), (joining, free), found)
    return _joined(found, reading.tokens)


_Names = tuple[Places, Places]  # places in the row of lemmas, [begin, end)
_Marks = tuple[NDArray[np.bool_], NDArray[np.bool_]]  # joining words, words that no name has taken


def _shared_beginning(index: Index, lemmas: Places, names: _Names, marks: _Marks, found: _Found) -> None:
    (begin, end), (joining, free) = names, marks
    hit = joining[end] & free[np.minimum(end + 1, len(free) - 1)]
    begin, end = begin[hit], end[hit]
    for kept in range(1, 1 + int((end - begin).max(initial=1) - 1)):
        fits = np.flatnonzero(end - begin > kept)
        start, at = begin[fits], end[fits] + 1
        state = _state(lemmas, start, kept)
        for _ in range(_LONGEST_PART):
            inside = np.flatnonzero(at < len(lemmas))
            inside = inside[free[at[inside]]]
            start, at = start[inside], at[inside]
            state = next_state(state[inside], lemmas[at])
            at = at + 1
            _keep(index, state, start, at, found)


def _shared_end(index: Index, lemmas: Places, names: _Names, marks: _Marks, found: _Found) -> None:
    (begin, end), (joining, free) = names, marks
    hit = joining[begin - 1] & free[begin - 2]
    begin, end = begin[hit], end[hit]
    for length in range(1, _LONGEST_PART + 1):
        first = begin - 1 - length
        inside = np.flatnonzero(first >= 0)
        inside = inside[free[first[inside]]]
        begin, end, first = begin[inside], end[inside], first[inside]
        for dropped in range(1, 1 + int((end - begin).max(initial=1) - 1)):
            fits = np.flatnonzero(end - begin > dropped)
            state = _state(lemmas, first[fits], length)
            start, at, last = first[fits], begin[fits] + dropped, end[fits]
            while len(at):
                state = next_state(state, lemmas[at])
                at = at + 1
                done = at == last
                _keep(index, state[done], start[done], at[done], found)
                state, start, at, last = state[~done], start[~done], at[~done], last[~done]


def _state(lemmas: Places, start: Places, length: int) -> Words:
    state = np.zeros(len(start), np.uint64)
    for place in range(length):
        state = next_state(state, lemmas[start + place])
    return state


def _keep(index: Index, state: Words, start: Places, end: Places, found: _Found) -> None:
    rows = index.phrases.rows(state)
    number = index.arrays.phrase_entry[rows]
    whole = np.flatnonzero((rows >= 0) & (number >= 0))
    if len(whole):
        found.append((start[whole], end[whole], number[whole]))
