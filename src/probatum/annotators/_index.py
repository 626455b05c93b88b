"""The index of names: flat arrays that are mapped into memory, so that opening takes no time, whatever its size.

Three tables. *Words*: the hash of a written word -> its lemma (all its forms share one), the entry of the name that it
is all by itself, the cue that it is. *Phrases*: the hash of two or more lemmas in a row -> the entry of the names that
read so, the cue, and whether longer names begin so. *Rows*: an entry's concepts, each with its group (kind, prefix of
the id, language), rank, and the hash of its exact words. With 64 bits a million names and a gigaword of text meet by
chance once in ten thousand times.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from probatum.annotators._letters import Letters, Places, Words, mixed
from probatum.annotators._table import Table

NOTHING, SKIPPED = -1, 0  # lemmas: of a word in no name, and of an article
VARIANT = 8  # added to a row's rank where the name was made by reordering or the like
INFLECTED = 5  # added where the words are other forms of the name's words
SCOPES = ("label", "exact", "narrow", "broad", "related")  # a row's rank is its place here


@dataclass(frozen=True, slots=True)
class Arrays:
    """The columns: of words, of phrases, of rows (entry e has the rows entry_start[e] to entry_start[e + 1])."""

    word_lemma: NDArray[np.int32]
    word_entry: NDArray[np.int32]  # -1: none
    word_cue: NDArray[np.int16]  # -1: none
    opens: NDArray[np.bool_]  # by lemma: whether names of several words begin with it
    phrase_entry: NDArray[np.int32]
    phrase_cue: NDArray[np.int16]
    phrase_more: NDArray[np.bool_]
    entry_start: NDArray[np.int32]
    row_concept: NDArray[np.int32]
    row_group: NDArray[np.int16]
    row_rank: NDArray[np.int8]
    row_exact: Words
    row_case: Words  # 0: upper and lower case do not count
    shared: NDArray[np.int32]  # by concept: how many of its names other concepts of its group bear too
    id_start: NDArray[np.int64]  # by concept: where its id begins in `ids`
    ids: NDArray[np.uint8]


@dataclass(frozen=True)
class Index:
    """A whole index, as `_build.build` writes it."""

    letters: Letters
    words: Table
    phrases: Table
    arrays: Arrays
    groups: tuple[tuple[str, str, str], ...]  # kind, prefix of the id, language

    @classmethod
    def read(cls, folder: Path) -> Index:
        """The index in a folder, mapped into memory."""
        named = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in Arrays.__slots__}
        groups = json.loads((folder / "groups.json").read_text(encoding="utf-8"))
        return cls(
            Letters.read(folder),
            Table.read(folder, "words"),
            Table.read(folder, "phrases"),
            Arrays(**named),
            tuple((kind, prefix, language) for kind, prefix, language in groups),
        )

    def save(self, folder: Path) -> None:
        """Writes the index, a file an array."""
        for name in Arrays.__slots__:
            np.save(folder / f"{name}.npy", getattr(self.arrays, name))
        (folder / "groups.json").write_text(json.dumps(self.groups), encoding="utf-8")
        self.letters.save(folder)
        self.words.save(folder, "words")
        self.phrases.save(folder, "phrases")

    @cached_property
    def prefixes(self) -> tuple[tuple[str, str], ...]:
        """(kind, prefix of the id) of each group."""
        return tuple((kind, prefix) for kind, prefix, _ in self.groups)

    def id_of(self, concept: int) -> str:
        """The id of a concept by its number."""
        start, end = self.arrays.id_start[concept : concept + 2]
        return self.arrays.ids[start:end].tobytes().decode()


def next_state(state: Words, lemma: Places) -> Words:
    """The hash of a row of lemmas that goes on with one more."""
    return mixed((state ^ lemma.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1))


def exact_hashes(hashes: Words, starts: Places, ends: Places) -> Words:
    """The hash of the exact words of each stretch [start, end) of tokens."""
    found = np.zeros(len(starts), np.uint64)
    for place in range(int((ends - starts).max(initial=0))):
        inside = np.flatnonzero(starts + place < ends)
        found[inside] = mixed((found[inside] ^ hashes[starts[inside] + place]) + np.uint64(1))
    return found


def case_hash(text: str) -> int:
    """The hash of a text in its very letters, but for the spaces between its words; never 0."""
    return int.from_bytes(blake2b(" ".join(text.split()).encode(), digest_size=8).digest(), "little") | 1
