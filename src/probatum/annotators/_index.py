"""The index of names: a trie of words in flat arrays that are mapped into memory, so that opening takes no time.

*Words*, sorted by number: a written word -> its lemma (all its forms share one), the entry of the name that it is all
by itself, the cue that it is. *Nodes* of the trie of lemmas, in order of depth: node k + 1 hangs on edge k, and the
edges of a node stand side by side -> the entry of the names that read so, the cue. *Rows*: an entry's concepts, each
with its group (kind, prefix of the id, language), rank, and the number of its exact words. *Pairs*: a table of bits by
which all words of a text at which no name of several words begins are told at once. A node takes 14 bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from probatum.annotators._words import letter_by_letter, number_of, plain

NONE = -1  # no entry, no cue
SKIPPED = 0  # the lemma of articles
MASK = "mask"  # the kind of words that hold a name and are none
VARIANT = 8  # added to a row's rank where the name was made by reordering or the like
INFLECTED = 5  # added where the words are other forms of the name's words
# What begins with two lemmas: names of two, cues, cues that say something, names of more; with three: names of more.
NAMES, CUES, SPEAKING, LONGER, THREE = 1, 2, 4, 8, 16
SPREAD = 0x9E3779B1  # odd, so that pairs of lemmas spread over all their places
SCOPES = ("label", "exact", "narrow", "broad", "related")  # a row's rank is its place here

Numbers = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Arrays:
    """The columns of an index; entry e has the rows entry_start[e] to entry_start[e + 1], nodes have edges alike."""

    word_number: Numbers
    word_lemma: NDArray[np.int32]
    word_entry: NDArray[np.int32]
    word_cue: NDArray[np.int16]
    lemma_node: NDArray[np.int32]  # by lemma: the node of names of several words that begin with it; 0: none
    pairs: NDArray[np.uint8]  # by `places`: what may begin with two lemmas; other pairs may share the place
    node_edge: NDArray[np.int32]
    edge_lemma: NDArray[np.int32]
    node_entry: NDArray[np.int32]
    node_cue: NDArray[np.int16]
    entry_start: NDArray[np.int32]
    row_concept: NDArray[np.int32]
    row_group: NDArray[np.int16]
    row_rank: NDArray[np.int8]
    row_exact: Numbers
    row_case: Numbers  # 0: upper and lower case do not count
    shared: NDArray[np.int32]  # by concept: how many of its names other concepts of its group bear too
    id_start: NDArray[np.int64]  # by concept: where its id begins in `ids`
    ids: NDArray[np.uint8]


def spread(lemma: int) -> int:
    """The part of the first lemma of a pair in the pair's place, as 32 bits with a sign."""
    return (lemma * SPREAD + (1 << 31)) % (1 << 32) - (1 << 31)


Children = dict[int, "Child"]  # the nodes right below a node, by lemma


class Word(NamedTuple):
    """A written word; all NONE where it stands in no name and no cue."""

    lemma: int = NONE
    entry: int = NONE  # of the name that it is all by itself
    cue: int = NONE
    form: int = NONE  # the same for all words that are alike but for case and accents


class Child(NamedTuple):
    """A node of the trie as seen from above it."""

    entry: int
    cue: int
    node: int  # 0 where nothing hangs on it


class _Kept(dict[int, Children]):
    """What was read of an index lately."""

    MOST = 1 << 18

    def __init__(self, read: Callable[[int], Children]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, key: int) -> Children:
        if len(self) >= self.MOST:
            self.clear()
        known = self[key] = self._read(key)
        return known


class Index:
    """An index, as `_build.build` writes it, with what was read of it lately kept as Python objects."""

    def __init__(self, arrays: Arrays, groups: tuple[tuple[str, str, str], ...]) -> None:
        self.arrays = arrays
        self.groups = groups  # kind, prefix of the id, language
        self._mask = np.int32(len(arrays.pairs) - 1)
        self.children = _Kept(self._read)  # the nodes right below a node
        self.beginnings = _Kept(self._begins)  # the nodes right below the one of a first lemma
        self._ids: dict[int, str] = {}

    @classmethod
    def read(cls, folder: Path) -> Index:
        """The index in a folder, mapped into memory."""
        named = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in Arrays.__slots__}
        groups = json.loads((folder / "groups.json").read_text(encoding="utf-8"))
        return cls(Arrays(**named), tuple((kind, prefix, language) for kind, prefix, language in groups))

    def save(self, folder: Path) -> None:
        """Writes the index, a file an array."""
        for name in Arrays.__slots__:
            np.save(folder / f"{name}.npy", getattr(self.arrays, name))
        (folder / "groups.json").write_text(json.dumps(self.groups), encoding="utf-8")

    def word(self, written: str) -> Word:
        """What the index knows of a written word."""
        arrays = self.arrays
        number = number_of(plain(written))
        place = int(np.searchsorted(arrays.word_number, np.uint64(number)))
        if place == len(arrays.word_number) or int(arrays.word_number[place]) != number:
            return Word()
        lemma, entry, cue = int(arrays.word_lemma[place]), int(arrays.word_entry[place]), int(arrays.word_cue[place])
        return Word(lemma, entry if entry >= 0 and self._written_so(entry, written) else NONE, cue, place)

    def begun(self, row: NDArray[np.int32]) -> NDArray[np.uint8]:
        """What may begin with each row of lemmas, of which all but the last are `spread`, and added up."""
        return self.arrays.pairs.take(row & self._mask)

    def _written_so(self, entry: int, written: str) -> bool:
        """Whether some name of an entry is written so, upper and lower case included where they count."""
        first, behind = self.arrays.entry_start[entry : entry + 2].tolist()
        cases = self.arrays.row_case[first:behind].tolist()
        return 0 in cases or letter_by_letter(written) in cases

    def _begins(self, lemma: int) -> Children:
        return self.children[int(self.arrays.lemma_node[lemma])] if lemma > SKIPPED else {}

    def _read(self, node: int) -> Children:
        if node == 0:  # nothing hangs here, and nobody asks for all first lemmas
            return {}
        arrays = self.arrays
        first, behind = int(arrays.node_edge[node]), int(arrays.node_edge[node + 1])
        below = slice(first + 1, behind + 1)
        edges = arrays.node_edge[first + 1 : behind + 2].tolist()
        nodes = (
            node if edges[place] < edges[place + 1] else 0 for place, node in enumerate(range(first + 1, behind + 1))
        )
        found = map(Child, arrays.node_entry[below].tolist(), arrays.node_cue[below].tolist(), nodes)
        return dict(zip(arrays.edge_lemma[first:behind].tolist(), found, strict=True))

    def id_of(self, concept: int) -> str:
        """The id of a concept by its number."""
        known = self._ids.get(concept)
        if known is None:
            start, end = self.arrays.id_start[concept : concept + 2].tolist()
            known = self._ids[concept] = self.arrays.ids[start:end].tobytes().decode()
        return known
