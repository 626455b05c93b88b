"""The index of names: flat arrays that are mapped into memory.

*Words*, sorted by number: a written word -> its lemma (all its forms share one), the entry of the name that it is all
by itself, the cue that it is. *Phrases*: rows of two and more lemmas, sorted -> the entry of the names that read so,
the cue. *Rows*: an entry's concepts, each with its group (kind, prefix of the id, language), rank, and the number of
its exact words.
"""

from __future__ import annotations

import json
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
SCOPES = ("label", "exact", "narrow", "broad", "related")  # a row's rank is its place here

Numbers = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Arrays:
    """The columns of an index; entry e has the rows entry_start[e] to entry_start[e + 1], phrases have lemmas alike."""

    word_number: Numbers
    word_lemma: NDArray[np.int32]
    word_entry: NDArray[np.int32]
    word_cue: NDArray[np.int16]
    phrase_start: NDArray[np.int64]
    phrase_lemma: NDArray[np.int32]
    phrase_entry: NDArray[np.int32]
    phrase_cue: NDArray[np.int16]
    entry_start: NDArray[np.int32]
    row_concept: NDArray[np.int32]
    row_group: NDArray[np.int16]
    row_rank: NDArray[np.int8]
    row_exact: Numbers
    row_case: Numbers  # 0: upper and lower case do not count
    shared: NDArray[np.int32]  # by concept: how many of its names other concepts of its group bear too
    id_start: NDArray[np.int64]  # by concept: where its id begins in `ids`
    ids: NDArray[np.uint8]


class Word(NamedTuple):
    """A written word; all NONE where it stands in no name and no cue."""

    lemma: int = NONE
    entry: int = NONE  # of the name that it is all by itself
    cue: int = NONE


class Index:
    """An index, as `_build.build` writes it.

    The lemmas from SKIPPED to `left_out` may stand between the words of a name: articles, "left", "severe".
    """

    def __init__(self, arrays: Arrays, groups: tuple[tuple[str, str, str], ...], left_out: int) -> None:
        self.arrays = arrays
        self.groups = groups  # kind, prefix of the id, language
        self.left_out = left_out
        self.lemmas = int(arrays.word_lemma.max(initial=0)) + 1
        self.width = 3 if self.lemmas < 1 << 21 else 4  # bytes that tell all lemmas apart
        self._ids: dict[int, str] = {}

    @classmethod
    def read(cls, folder: Path) -> Index:
        """The index in a folder, mapped into memory."""
        named = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in Arrays.__slots__}
        said = json.loads((folder / "groups.json").read_text(encoding="utf-8"))
        groups = tuple((kind, prefix, language) for kind, prefix, language in said["groups"])
        return cls(Arrays(**named), groups, said["left_out"])

    def save(self, folder: Path) -> None:
        """Writes the index, a file an array."""
        for name in Arrays.__slots__:
            np.save(folder / f"{name}.npy", getattr(self.arrays, name))
        said = {"groups": self.groups, "left_out": self.left_out}
        (folder / "groups.json").write_text(json.dumps(said), encoding="utf-8")

    def word(self, written: str) -> Word:
        """What the index knows of a written word."""
        arrays = self.arrays
        number = number_of(plain(written))
        place = int(np.searchsorted(arrays.word_number, np.uint64(number)))
        if place == len(arrays.word_number) or int(arrays.word_number[place]) != number:
            return Word()
        lemma, entry, cue = int(arrays.word_lemma[place]), int(arrays.word_entry[place]), int(arrays.word_cue[place])
        return Word(lemma, entry if entry >= 0 and self._written_so(entry, written) else NONE, cue)

    def _written_so(self, entry: int, written: str) -> bool:
        """Whether some name of an entry is written so, upper and lower case included where they count."""
        first, behind = self.arrays.entry_start[entry : entry + 2].tolist()
        cases = self.arrays.row_case[first:behind].tolist()
        return 0 in cases or letter_by_letter(written) in cases

    def id_of(self, concept: int) -> str:
        """The id of a concept by its number."""
        known = self._ids.get(concept)
        if known is None:
            start, end = self.arrays.id_start[concept : concept + 2].tolist()
            known = self._ids[concept] = self.arrays.ids[start:end].tobytes().decode()
        return known
