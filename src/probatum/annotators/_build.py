"""Builds the index of names from a stream of names: every way to write them, as rows of lemmas in flat arrays."""

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
from probatum.annotators._index import NONE, SCOPES, SKIPPED, VARIANT, Arrays, Index
from probatum.annotators._words import letter_by_letter, number_of, plain, written
from probatum.text.chinese import is_han
from probatum.text.normal import fold
from probatum.types import Name

Places = NDArray[np.int64]

_SPANISH = "es"
_VOCABULARY = ("left_out", "joins", "spanish", "english")  # words that are told apart though no name holds them


def build(folder: Path, names: Iterable[tuple[str, str, Name]], cues: Mapping[str, int]) -> None:
    """Writes the index of (concept id, kind, name) and cues (phrase -> number) into a folder; id '' masks words."""
    gathered = _Gathered()
    for concept, kind, name in names:
        gathered.add(concept, kind, name)
    for phrase, number in sorted(cues.items()):
        gathered.surface(fold(phrase), -1 - number)
    _laid(gathered).save(folder)


def by_case(name: Name, kind: str) -> bool:
    """Whether a name counts only in its very letters: abbreviations, and the symbols of genes."""
    text = name.text.strip()
    capitals = sum(letter.isupper() for letter in text)
    if kind == "Gene" or name.kind == "abbreviation":
        return capitals > 1 or kind == "Gene"
    return capitals > 1 and len(text) <= 6 and not re.search(r"[^\W\d_]", re.sub(r"[A-Z]|s$", "", text))


@dataclass(slots=True)
class _Gathered:
    """All surfaces (ways to write a name) as rows of word numbers; what each belongs to; the names' rows."""

    vocabulary: dict[str, int] = field(default_factory=dict)  # plain word -> its number here
    words: list[int] = field(default_factory=list)  # of all surfaces, one after the other
    counts: list[int] = field(default_factory=list)  # words of each surface
    owners: list[int] = field(default_factory=list)  # row of each surface; a cue's number n as -1 - n
    exact: list[int] = field(default_factory=list)
    variant: list[bool] = field(default_factory=list)
    spanish: set[int] = field(default_factory=set)  # words of Spanish names
    other: set[int] = field(default_factory=set)  # words of other names
    concepts: dict[str, int] = field(default_factory=dict)
    groups: dict[tuple[str, str, str], int] = field(default_factory=dict)
    rows: list[tuple[int, int, int]] = field(default_factory=list)  # concept, group, rank
    cases: list[int] = field(default_factory=list)

    def add(self, concept: str, kind: str, name: Name) -> None:
        """Takes in one name with its variants."""
        group = self.groups.setdefault((kind, concept.partition(":")[0], name.language), len(self.groups))
        cased = by_case(name, kind)
        row = len(self.rows)
        scope = SCOPES.index(name.scope) if name.scope in SCOPES else len(SCOPES) - 1
        self.rows.append((self.concepts.setdefault(concept, len(self.concepts)), group, scope))
        self.cases.append(letter_by_letter(name.text) if cased else 0)
        folded = fold(name.text)
        spanish = name.language == _SPANISH
        self.surface(folded, row, spanish=spanish)
        if not cased:
            for other in sorted(set(_forms.variants(name.text, name.language, kind)) - {folded}):
                self.surface(other, row, variant=True, spanish=spanish)

    def surface(self, folded: str, owner: int, *, variant: bool = False, spanish: bool = False) -> None:
        """Takes in one way to write a name or a cue."""
        words = list(map(plain, written(folded)))
        numbers = [self.vocabulary.setdefault(word, len(self.vocabulary)) for word in words]
        (self.spanish if spanish else self.other).update(numbers)
        self.words.extend(numbers)
        self.counts.append(len(numbers))
        self.owners.append(owner)
        self.exact.append(number_of(" ".join(words)))
        self.variant.append(variant)


@dataclass(frozen=True, slots=True)
class _Lemmas:
    """The lemma of every word of a name and of each of its forms; after the articles come those that are left out."""

    of_word: Places  # by the number of a word in the vocabulary
    of_form: dict[str, int]  # plain form -> lemma
    left_out: int  # the last of those that may stand between the words of a name


def _lemmas(gathered: _Gathered) -> _Lemmas:
    tables = _forms.tables()
    for word in chain.from_iterable((*(tables[part] for part in _VOCABULARY), *tables["same"])):
        gathered.other.add(gathered.vocabulary.setdefault(plain(word), len(gathered.vocabulary)))
    known: dict[str, int] = {"": SKIPPED}
    for word in tables["left_out"]:
        known.setdefault(_forms.lemma(plain(word)), len(known))
    left_out = len(known) - 1
    of_word = np.zeros(len(gathered.vocabulary), np.int64)
    of_form: dict[str, int] = {}
    made: dict[str, int] = {}
    for word, number in sorted(gathered.vocabulary.items()):
        if word not in tables["skipped"]:
            spanish = number in gathered.spanish and number not in gathered.other
            lemma = ("es:" if spanish else "") + _forms.lemma(word, spanish)
            of_word[number] = known.setdefault(lemma, len(known))
            for form in sorted(_forms.forms(word, spanish)):
                made.setdefault(form, int(of_word[number]))
        of_form[word] = int(of_word[number])
    return _Lemmas(of_word, made | of_form, left_out)


def _laid(gathered: _Gathered) -> Index:
    lemmas = _lemmas(gathered)
    row = lemmas.of_word[np.array(gathered.words, np.int64)] if gathered.words else np.zeros(0, np.int64)
    surface = np.repeat(np.arange(len(gathered.counts)), gathered.counts)
    kept = row != SKIPPED
    counts = np.bincount(surface[kept], minlength=len(gathered.counts))
    phrases, which = _phrases(row[kept], counts)
    alone, forms = _alone(gathered, np.array(gathered.words, np.int64)[kept], counts)
    number = {form: place for place, form in enumerate(sorted({*lemmas.of_form, *forms}, key=number_of))}
    # Words come behind the phrases, so that one numbering serves for the entries of both.
    size = len(phrases)
    holders = np.concatenate((which, size + np.array([number[form] for form in forms], np.int64)))
    surfaces = np.concatenate((np.flatnonzero(counts > 1), alone))
    entries, columns = _entries(gathered, holders, surfaces, size + len(number))
    cues = np.full(size + len(number), NONE, np.int16)
    owners = np.array(gathered.owners, np.int64)[surfaces]
    cues[holders[owners < 0]] = -1 - owners[owners < 0]
    ids = [concept.encode() for concept in gathered.concepts]
    arrays = Arrays(
        word_number=np.array([number_of(form) for form in number], np.uint64),
        word_lemma=np.array([lemmas.of_form.get(form, NONE) for form in number], np.int32),
        word_entry=entries[size:], word_cue=cues[size:],
        phrase_start=np.cumsum([0, *map(len, phrases)]), phrase_lemma=np.concatenate([*phrases, _NOTHING]),
        phrase_entry=entries[:size], phrase_cue=cues[:size],
        **columns, id_start=np.cumsum([0, *map(len, ids)]), ids=np.frombuffer(b"".join(ids), np.uint8),
    )  # fmt: skip
    return Index(arrays, tuple(gathered.groups), lemmas.left_out)


_NOTHING = np.zeros(0, np.int32)


def _phrases(lemmas: Places, counts: Places) -> tuple[list[NDArray[np.int32]], Places]:
    """The different rows of two and more lemmas, sorted, and for each surface that is one which of them it is."""
    starts = np.cumsum(counts) - counts
    several = np.flatnonzero(counts > 1)
    row = lemmas.astype(">u4").tobytes()  # as bytes these sort as the numbers do
    edges = zip((4 * starts[several]).tolist(), (4 * (starts + counts)[several]).tolist(), strict=True)
    rows = [row[start:end] for start, end in edges]
    place = {row: place for place, row in enumerate(sorted(set(rows)))}
    phrases = [np.frombuffer(row, ">u4").astype(np.int32) for row in place]
    return phrases, np.array([place[row] for row in rows], np.int64)


def _alone(gathered: _Gathered, words: Places, counts: Places) -> tuple[Places, list[str]]:
    """For each form of each name of one word its surface, and the form. One letter, or a number, is no name."""
    spelled = list(gathered.vocabulary)
    starts = np.cumsum(counts) - counts
    surfaces: list[int] = []
    forms: list[str] = []
    for surface in np.flatnonzero(counts == 1).tolist():
        number = int(words[starts[surface]])
        word = spelled[number]
        owner = gathered.owners[surface]
        found = {word}
        if owner >= 0 and not gathered.cases[owner]:
            if len(word) < 2 or word.isdigit() or is_han(word):
                continue
            found = _forms.name_forms(word, number in gathered.spanish and number not in gathered.other)
        surfaces.extend([surface] * len(found))
        forms.extend(sorted(found))
    return np.array(surfaces, np.int64), forms


def _entries(
    gathered: _Gathered, holders: Places, surfaces: Places, size: int
) -> tuple[NDArray[np.int32], dict[str, Any]]:
    """The entry of each node and word, and the columns of the rows, sorted by entry, concept, group and rank."""
    owners = np.array(gathered.owners, np.int64)[surfaces]
    named = owners >= 0
    holders, surfaces, owners = holders[named], surfaces[named], owners[named]
    concept, group, rank = np.array(gathered.rows, np.int64).reshape(-1, 3)[owners].T
    rank = rank + VARIANT * np.array(gathered.variant, np.int64)[surfaces]
    exact = np.array(gathered.exact, np.uint64)[surfaces]
    case = np.array(gathered.cases, np.uint64)[owners]
    order = np.lexsort((rank, case, exact, group, concept, holders))
    table, exact, case = np.stack((holders, concept, group, rank))[:, order], exact[order], case[order]
    new = np.ones(len(order), np.bool_)  # of rows alike but for the rank only the first, best one
    new[1:] = (table[:3, 1:] != table[:3, :-1]).any(axis=0) | (exact[1:] != exact[:-1]) | (case[1:] != case[:-1])
    table, exact, case = table[:, new], exact[new], case[new]
    there, first = np.unique(table[0], return_index=True)
    entries = np.full(size, NONE, np.int32)
    entries[there] = np.arange(len(there))
    columns: dict[str, Any] = {
        "entry_start": np.append(first, table.shape[1]).astype(np.int32),
        "row_concept": table[1].astype(np.int32), "row_group": table[2].astype(np.int16),
        "row_rank": table[3].astype(np.int8), "row_exact": exact, "row_case": case,
        "shared": _shared(table, len(gathered.concepts)),
    }  # fmt: skip
    return entries, columns


def _shared(table: NDArray[np.int64], concepts: int) -> NDArray[np.int32]:
    """For each concept the number of entries in which its group has other concepts too."""
    triples = np.unique(table[[0, 2, 1]], axis=1)
    _, place, count = np.unique(triples[:2], axis=1, return_inverse=True, return_counts=True)
    crowded = count[place.reshape(-1)] > 1
    return np.bincount(triples[2][crowded], minlength=concepts).astype(np.int32)
