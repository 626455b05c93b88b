"""Builds the index of names from a stream of names: every way to write them, hashed, sorted and laid into arrays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from probatum.annotators import _forms
from probatum.annotators._index import (
    NOTHING,
    SCOPES,
    SKIPPED,
    VARIANT,
    Arrays,
    Index,
    case_hash,
    exact_hashes,
    next_state,
)
from probatum.annotators._letters import Letters, Places, Words, letters
from probatum.annotators._table import Table
from probatum.text.chinese import is_han
from probatum.text.normal import fold
from probatum.types import Name

_CHUNK = 4096  # surfaces tokenised at once
_SPANISH = "es"
_VOCABULARY = ("left_out", "joins", "spanish", "english")  # words that are told apart though no name holds them


def build(folder: Path, names: Iterable[tuple[str, str, Name]], cues: Mapping[str, int]) -> None:
    """Writes the index of (concept id, kind, name) and of cues (phrase -> number) into a folder."""
    gathered = _Gathered(letters())
    for concept, kind, name in names:
        gathered.add(concept, kind, name)
    for phrase, number in sorted(cues.items()):
        gathered.add_cue(phrase, number)
    _laid(gathered.whole()).save(folder)


def by_case(name: Name, kind: str) -> bool:
    """Whether a name counts only in its very letters: abbreviations, and the symbols of genes."""
    text = name.text.strip()
    capitals = sum(letter.isupper() for letter in text)
    if kind == "Gene" or name.kind == "abbreviation":
        return capitals > 1 or kind == "Gene"
    return capitals > 1 and len(text) <= 6 and not re.search(r"[^\W\d_]", re.sub(r"[A-Z]|s$", "", text))


@dataclass(slots=True)
class _Whole:
    """All surfaces (ways to write a name) as arrays: their words in a row, and what each surface belongs to."""

    letters: Letters
    written: dict[int, str]  # word hash -> word
    words: Words
    counts: Places  # words of each surface
    owners: Places  # row of each surface; a cue's number n as -1 - n
    variant: NDArray[np.bool_]
    spanish: NDArray[np.bool_]
    concepts: list[str]
    groups: list[tuple[str, str, str]]
    rows: NDArray[np.int64]  # (concept, group, rank) of each row
    cases: Words


@dataclass(slots=True)
class _Gathered:
    """Takes names one by one and tokenises them in chunks."""

    letters: Letters
    concepts: dict[str, int] = field(default_factory=dict)
    groups: dict[tuple[str, str, str], int] = field(default_factory=dict)
    written: dict[int, str] = field(default_factory=dict)
    rows: list[tuple[int, int, int]] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)
    waiting: list[tuple[str, int, bool, bool]] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    counts: list[Places] = field(default_factory=list)
    marks: list[NDArray[np.int64]] = field(default_factory=list)

    def add(self, concept: str, kind: str, name: Name) -> None:
        prefix = concept.partition(":")[0]
        group = self.groups.setdefault((kind, prefix, name.language), len(self.groups))
        number = self.concepts.setdefault(concept, len(self.concepts))
        cased = by_case(name, kind)
        row = len(self.rows)
        scope = SCOPES.index(name.scope) if name.scope in SCOPES else len(SCOPES) - 1
        self.rows.append((number, group, scope))
        self.cases.append(case_hash(name.text) if cased else 0)
        folded = fold(name.text)
        spanish = name.language == _SPANISH
        self.waiting.append((folded, row, False, spanish))
        if not cased:
            others = sorted(set(_forms.variants(name.text, name.language, kind)) - {folded})
            self.waiting.extend((other, row, True, spanish) for other in others)
        if len(self.waiting) >= _CHUNK:
            self.tokenise()

    def add_cue(self, phrase: str, number: int) -> None:
        self.waiting.append((fold(phrase), -1 - number, False, False))

    def tokenise(self) -> None:
        text = "\n".join(surface for surface, *_ in self.waiting)
        ends = np.cumsum([len(surface) + 1 for surface, *_ in self.waiting])
        tokens = self.letters.tokens(text)
        self.words.append(tokens.hashes)
        self.counts.append(np.bincount(np.searchsorted(ends, tokens.starts, "right"), minlength=len(ends)))
        self.marks.append(np.array([mark for _, *mark in self.waiting], np.int64))
        known, places = np.unique(tokens.hashes, return_index=True)
        for word, place in zip(known.tolist(), places.tolist(), strict=True):
            if word not in self.written:
                self.written[word] = text[int(tokens.starts[place]) : int(tokens.ends[place])]
        self.waiting.clear()

    def whole(self) -> _Whole:
        self.tokenise()
        tables = _forms.tables()
        for word in chain.from_iterable((*(tables[part] for part in _VOCABULARY), *tables["same"])):
            self.written.setdefault(int(self.letters.tokens(word).hashes[0]), word)
        marks = np.concatenate(self.marks)
        return _Whole(
            self.letters, self.written, np.concatenate(self.words), np.concatenate(self.counts).astype(np.int64),
            marks[:, 0], marks[:, 1].astype(np.bool_), marks[:, 2].astype(np.bool_),
            list(self.concepts), list(self.groups),
            np.array(self.rows, np.int64).reshape(-1, 3), np.array(self.cases, np.uint64),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The lemma of every word that a name or one of its forms may be written with."""

    words: Words  # sorted
    lemmas: NDArray[np.int32]
    spanish: frozenset[int]  # words of Spanish names alone
    size: int

    def of(self, words: Words) -> Places:
        return self.lemmas[np.searchsorted(self.words, words)].astype(np.int64)


def _vocabulary(whole: _Whole) -> _Vocabulary:
    spanish_word = np.repeat(whole.spanish, whole.counts)
    spanish = frozenset(whole.words[spanish_word].tolist()) - frozenset(whole.words[~spanish_word].tolist())
    skipped = frozenset(_forms.tables()["skipped"])
    numbers: dict[str, int] = {"": SKIPPED}
    lemmas: dict[int, int] = {}
    forms: dict[str, int] = {}
    for word, written in sorted(whole.written.items(), key=lambda item: item[1]):
        if written in skipped:
            lemmas[word] = SKIPPED
            continue
        lemma = ("es:" if word in spanish else "") + _forms.lemma(written, word in spanish)
        lemmas[word] = numbers.setdefault(lemma, len(numbers))
        for form in sorted(_forms.forms(written, word in spanish)):
            forms.setdefault(form, lemmas[word])
    made = [form for form in forms if form.isascii() and form.isalpha()]
    for word, form in zip(whole.letters.tokens(" ".join(made)).hashes.tolist(), made, strict=True):
        lemmas.setdefault(word, forms[form])
    words = np.array(sorted(lemmas), np.uint64)
    return _Vocabulary(words, np.array([lemmas[word] for word in words.tolist()], np.int32), spanish, len(numbers))


def _laid(whole: _Whole) -> Index:
    vocabulary = _vocabulary(whole)
    lemmas = vocabulary.of(whole.words)
    surface = np.repeat(np.arange(len(whole.counts)), whole.counts)
    kept = lemmas != SKIPPED
    surface, lemmas, hashes = surface[kept], lemmas[kept], whole.words[kept]
    counts = np.bincount(surface, minlength=len(whole.counts))
    starts = np.cumsum(counts) - counts
    exact = exact_hashes(hashes, starts, starts + counts)
    states, ended, more = _states(lemmas, starts, counts)
    phrases = Table.of(states)
    alone, forms = _alone(whole, vocabulary, hashes[starts[counts == 1]], np.flatnonzero(counts == 1))
    words = Table.of(np.concatenate((vocabulary.words, forms)))
    # Phrases come first, so that one numbering serves for the entries of both tables.
    ending = np.flatnonzero(counts > 1)
    nodes = np.concatenate((phrases.rows(ended), len(phrases) + words.rows(forms)))
    surfaces = np.concatenate((ending, alone))
    entries, columns = _entries(whole, nodes, surfaces, exact, len(phrases) + len(words))
    word_lemma = np.full(len(words), NOTHING, np.int32)
    word_lemma[words.rows(vocabulary.words)] = vocabulary.lemmas
    phrase_more = np.zeros(len(phrases), np.bool_)
    phrase_more[phrases.rows(more)] = True
    opens = np.zeros(vocabulary.size, np.bool_)
    opens[lemmas[starts[counts > 1]]] = True
    cues = _cues(whole, nodes, surfaces, len(phrases) + len(words))
    ids = [concept.encode() for concept in whole.concepts]
    arrays = Arrays(
        word_lemma=word_lemma, word_entry=entries[len(phrases) :], word_cue=cues[len(phrases) :], opens=opens,
        phrase_entry=entries[: len(phrases)], phrase_cue=cues[: len(phrases)], phrase_more=phrase_more, **columns,
        id_start=np.cumsum([0, *map(len, ids)]), ids=np.frombuffer(b"".join(ids), np.uint8),
    )  # fmt: skip
    return Index(whole.letters, words, phrases, arrays, tuple(whole.groups))


def _states(lemmas: Places, starts: Places, counts: Places) -> tuple[Words, Words, Words]:
    """The hashes of all beginnings of two and more lemmas; of the whole surfaces, in order; of those that go on."""
    state = next_state(np.zeros(len(starts), np.uint64), lemmas[np.minimum(starts, len(lemmas) - 1)])
    ended = np.zeros(len(starts), np.uint64)
    every, more = [], []
    going = np.flatnonzero(counts > 1)
    length = 1
    while len(going):
        state[going] = next_state(state[going], lemmas[starts[going] + length])
        length += 1
        every.append(np.unique(state[going]))
        last = counts[going] == length
        ended[going[last]] = state[going[last]]
        going = going[~last]
        more.append(np.unique(state[going]))
    nothing = [np.zeros(0, np.uint64)]
    return np.concatenate(every or nothing), ended[counts > 1], np.concatenate(more or nothing)


def _alone(whole: _Whole, vocabulary: _Vocabulary, words: Words, surfaces: Places) -> tuple[Places, Words]:
    """For each form of each name of one word: its surface and the form's hash. One letter, or a number, is no name."""
    found: list[tuple[int, str]] = []
    for word, surface in zip(words.tolist(), surfaces.tolist(), strict=True):
        written = whole.written[word]
        owner = int(whole.owners[surface])
        if owner < 0 or whole.cases[owner]:
            found.append((surface, written))
        elif len(written) > 1 and not written.isdigit() and not is_han(written):
            found.extend((surface, form) for form in sorted(_forms.name_forms(written, word in vocabulary.spanish)))
    tokens = whole.letters.tokens(" ".join(form for _, form in found))
    return np.array([surface for surface, _ in found], np.int64), tokens.hashes


def _cues(whole: _Whole, nodes: Places, surfaces: Places, size: int) -> NDArray[np.int16]:
    cues = np.full(size, NOTHING, np.int16)
    owners = whole.owners[surfaces]
    cues[nodes[owners < 0]] = -1 - owners[owners < 0]
    return cues


def _entries(
    whole: _Whole, nodes: Places, surfaces: Places, exact: Words, size: int
) -> tuple[NDArray[np.int32], dict[str, Any]]:
    """The entry of each node, and the columns of the rows, sorted by entry, concept, group and rank."""
    named = whole.owners[surfaces] >= 0
    nodes, surfaces = nodes[named], surfaces[named]
    owners = whole.owners[surfaces]
    concept, group, rank = whole.rows[owners].T if len(owners) else np.zeros((3, 0), np.int64)
    rank = rank + VARIANT * whole.variant[surfaces]
    exact, case = exact[surfaces], whole.cases[owners]
    order = np.lexsort((case, exact, rank, group, concept, nodes))
    table = np.stack((nodes, concept, group, rank))[:, order]
    exact, case = exact[order], case[order]
    new = np.ones(len(order), np.bool_)
    if len(order):
        new[1:] = (table[:3, 1:] != table[:3, :-1]).any(axis=0) | (exact[1:] != exact[:-1]) | (case[1:] != case[:-1])
    table, exact, case = table[:, new], exact[new], case[new]
    there, first = np.unique(table[0], return_index=True)
    entries = np.full(size, NOTHING, np.int32)
    entries[there] = np.arange(len(there))
    columns: dict[str, Any] = {
        "entry_start": np.append(first, table.shape[1]).astype(np.int32),
        "row_concept": table[1].astype(np.int32), "row_group": table[2].astype(np.int16),
        "row_rank": table[3].astype(np.int8), "row_exact": exact, "row_case": case,
        "shared": _shared(table, len(whole.concepts)),
    }  # fmt: skip
    return entries, columns


def _shared(table: NDArray[np.int64], concepts: int) -> NDArray[np.int32]:
    """For each concept the number of entries in which its group has other concepts too."""
    triples = np.unique(table[[0, 2, 1]], axis=1)
    _, place, count = np.unique(triples[:2], axis=1, return_inverse=True, return_counts=True)
    crowded = count[place.reshape(-1)] > 1
    return np.bincount(triples[2][crowded], minlength=concepts).astype(np.int32)
