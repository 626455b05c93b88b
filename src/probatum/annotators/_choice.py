"""Which concept a name stands for in its text, and whether it counts at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from probatum.annotators._find import MADE, PERHAPS, SURE, Finding
from probatum.annotators._index import INFLECTED, MASK, NONE, VARIANT, Index
from probatum.annotators._sheet import Block, Sheet
from probatum.annotators._words import letter_by_letter, number_of, plain, written

_MOST = 1 << 17  # senses kept
_SURE = 3  # letters from which on an abbreviation of one concept counts though its long form stands nowhere in the text
_CAPITALS = 4  # letters of a neighbouring word in capitals by which a heading is known
_SPANISH = "es"
_FINDING = "PhenotypicFeature"


@dataclass(frozen=True, slots=True)
class _Row:
    concept: int
    family: tuple[str, str]  # kind, prefix of the id
    language: str
    rank: int
    exact: int
    case: int


class _Open(NamedTuple):
    """The rows of an entry of which the very words, or their letters, decide."""

    uncased: tuple[_Row, ...]
    cased: tuple[_Row, ...]


class Choice:
    """Chooses among names of some languages and kinds; without languages all, Spanish ones in Spanish texts alone."""

    def __init__(
        self, index: Index, languages: tuple[str, ...], kinds: tuple[str, ...], *, spanish: bool = False
    ) -> None:
        self._index = index
        self.place = int(spanish)
        self._spanish = spanish  # whether the texts are
        self._languages = languages
        self._groups = [
            kind == MASK or (kind in kinds and (not languages or language in languages))
            for kind, _, language in index.groups
        ]
        self.fixed: dict[int, tuple[str, ...] | None] = {NONE: None}  # entry -> what it stands for in all texts
        self._open: dict[int, _Open] = {}
        self._senses: dict[tuple[int, str], tuple[tuple[str, ...], bool] | None] = {}

    @cached_property
    def standing(self) -> NDArray[np.uint8]:
        """By entry, how it stands: PERHAPS, SURE, MADE (as all its rows are), or 0 where none can count; 0 at NONE."""
        arrays = self._index.arrays
        masks, spanish, english = (
            np.array([group[at] == value for group in self._index.groups], np.bool_)[arrays.row_group]
            for at, value in ((0, MASK), (2, _SPANISH), (2, "en"))
        )
        counts, cased = np.array(self._groups, np.bool_)[arrays.row_group], arrays.row_case != 0
        if not self._languages and self._spanish:
            alone = np.zeros(len(arrays.entry_start), np.bool_)
            alone[arrays.word_entry] = True
            counts &= ~english | cased | ~np.repeat(alone[:-1], np.diff(arrays.entry_start))
        elif not self._languages:
            counts &= ~spanish
        found = np.zeros(len(arrays.entry_start), np.uint8)  # NONE is the last place
        if len(counts):
            best = np.where(counts, np.where(cased & ~masks, PERHAPS, SURE), 0).astype(np.uint8)
            found[:-1] = np.maximum.reduceat(best, arrays.entry_start[:-1])
            known = np.logical_or.reduceat(counts & (arrays.row_rank < VARIANT), arrays.entry_start[:-1])
            found[:-1][(found[:-1] == SURE) & ~known] = MADE
        return found

    def finding(self, sheet: Sheet, start: int, end: int, entry: int) -> Finding | None:
        """What the words [start, end) that read as an entry stand for; None where they do not count."""
        known = self._open.get(entry)
        if known is None and entry not in self.fixed:
            known = self._met(entry, end - start == 1)
        if known is not None:
            return self._among(known, sheet, (start, end, entry))
        chosen = self.fixed[entry]
        return None if chosen is None else Finding(start, end, chosen)

    def _met(self, entry: int, alone: bool) -> _Open | None:
        """Settles what an entry stands for, where its words make no difference."""
        rows = self._fitting(entry, alone)
        cased = tuple(row for row in rows if row.case)
        if any(row.family[0] == MASK for row in rows):
            self.fixed[entry] = ()
        # Where each family has one concept the exact words make no difference, and the choice holds for good.
        elif not cased and len({row.family for row in rows}) == len({row.concept for row in rows}):
            self.fixed[entry] = self._best(rows, rows[0].exact if rows else 0) or None
        else:
            known = self._open[entry] = _Open(tuple(row for row in rows if not row.case), cased)
            return known
        return None

    def _among(self, known: _Open, sheet: Sheet, at: tuple[int, int, int]) -> Finding | None:
        """The finding where the very words, or their letters, decide."""
        start, end, entry = at
        here = sheet.written(start, end)
        if (entry, here) not in self._senses:
            if len(self._senses) >= _MOST:
                self._senses.clear()
            self._senses[entry, here] = self._sense(known, here)
        sense = self._senses[entry, here]
        if sense is None or (not known.uncased and _shouted(sheet, start, end)):
            return None
        return Finding(start, end, *sense)

    def _sense(self, known: _Open, here: str) -> tuple[tuple[str, ...], bool] | None:
        """The concepts of a name as it is written here, and whether they are doubtful, as an abbreviation's may be."""
        exact = number_of(" ".join(map(plain, written(here))))
        if known.uncased:
            return self._best(known.uncased, exact), False
        case = letter_by_letter(here)
        rows = [row for row in known.cased if row.case == case]
        if not rows:
            return None
        families = [row.family for row in {row.concept: row for row in rows}.values()]
        if len(here) < _SURE or len(set(families)) < len(families):
            return tuple(sorted({self._index.id_of(row.concept) for row in rows})), True
        return self._best(rows, exact), False

    def _fitting(self, entry: int, alone: bool) -> list[_Row]:
        """The rows of an entry whose kind and language count in this text."""
        rows = list(self._read(entry))
        if self._languages:
            return rows
        if not self._spanish:
            return [row for row in rows if row.language != "es"]
        # An English name of one word is too often another word of Spanish ("pie", "once").
        return [row for row in rows if row.language != "en" or not alone or row.case]

    def _read(self, entry: int) -> Iterable[_Row]:
        arrays = self._index.arrays
        for place in range(int(arrays.entry_start[entry]), int(arrays.entry_start[entry + 1])):
            group = int(arrays.row_group[place])
            if self._groups[group]:
                kind, prefix, language = self._index.groups[group]
                yield _Row(
                    int(arrays.row_concept[place]), (kind, prefix), language, int(arrays.row_rank[place]),
                    int(arrays.row_exact[place]), int(arrays.row_case[place]),
                )  # fmt: skip

    def _best(self, rows: Iterable[_Row], exact: int) -> tuple[str, ...]:
        """The best concept of each family: exact words, then rank, then the one that shares the fewest names.

        A synonym of a disease gives way to the very label of a finding: lists of synonyms of diseases name findings.
        """

        def rank(row: _Row) -> int:
            return row.rank + (0 if row.exact == exact else INFLECTED)

        def standing(row: _Row) -> tuple[int, int, str]:
            return rank(row), int(self._index.arrays.shared[row.concept]), self._index.id_of(row.concept)

        families = groupby(sorted(rows, key=lambda row: row.family), key=lambda row: row.family)
        best = [min(group, key=standing) for _, group in families]
        label = any(row.family[0] == _FINDING and row.rank == 0 for row in best)
        kept = (row.concept for row in best if not label or row.family[0] == _FINDING or row.rank == 0)
        return tuple(sorted(map(self._index.id_of, kept)))


def settled(found: Sequence[Finding], block: Block) -> list[Finding]:
    """The findings without doubt: a doubtful abbreviation counts for the concepts that its text writes out too."""
    doubtful = [place for place, finding in enumerate(found) if finding.doubtful]
    if not doubtful:
        return list(found)
    texts = block.texts([finding.start for finding in found])
    known: dict[int, set[str]] = {texts[place]: set() for place in doubtful}
    for text, finding in zip(texts, found, strict=True):
        if text in known and not finding.doubtful:
            known[text].update(finding.concepts)
    sure: list[Finding | None] = list(found)
    for place in doubtful:
        start, end, concepts, _ = found[place]
        written_out = tuple(concept for concept in concepts if concept in known[texts[place]])
        sure[place] = Finding(start, end, written_out) if written_out else None
    return [finding for finding in sure if finding is not None]


def _shouted(sheet: Sheet, start: int, end: int) -> bool:
    """Whether a word beside an abbreviation stands in capitals too, as in a heading."""
    for place in (start - 1, end):
        if 0 <= place < len(sheet):
            word = sheet.written(place, place + 1)
            if len(word) >= _CAPITALS and word.isupper():
                return True
    return False
