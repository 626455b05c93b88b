"""Which of the names that fit at a place count, and which concept each of them stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from probatum.annotators._find import Stretches
from probatum.annotators._index import INFLECTED, Index, case_hash, exact_hashes
from probatum.annotators._letters import Tokens

_SURE = 3  # letters from which on an abbreviation of one concept counts though its long form stands nowhere in the text
_CAPITALS = 4  # letters of a neighbouring word in capitals by which a heading is known


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of tokens [start, end) and the concepts it stands for, one for each kind and source of ids.

    A doubtful one (a short or ambiguous abbreviation) names all that it may stand for.
    """

    start: int
    end: int
    concepts: tuple[int, ...]
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    concept: int
    family: tuple[str, str]  # kind, prefix of the id
    language: str
    rank: int
    exact: int
    case: int


class Choice:
    """Chooses among names of some languages and kinds; without languages all, Spanish ones in Spanish text alone."""

    def __init__(self, index: Index, languages: tuple[str, ...], kinds: tuple[str, ...]) -> None:
        self._index = index
        self._languages = languages
        self._groups = np.array(
            [kind in kinds and (not languages or language in languages) for kind, _, language in index.groups], np.bool_
        )
        arrays = index.arrays
        self._entries = np.zeros(0, np.bool_)
        if len(arrays.row_group):
            self._entries = np.logical_or.reduceat(self._groups[arrays.row_group], arrays.entry_start[:-1])
        self._rows: dict[int, tuple[_Row, ...]] = {}
        self._settled: dict[tuple[int, bool], tuple[int, ...]] = {}

    def choose(self, text: str, tokens: Tokens, names: Stretches, spanish: bool) -> list[Finding]:
        """The findings of a text in order, none over another: of the names that fit the leftmost, then the longest."""
        found: list[Finding] = []
        last = 0
        for start, end, number in self._ordered(names):
            if start >= last:
                finding = self._finding(text, tokens, (start, end, number), spanish)
                if finding is not None:
                    found.append(finding)
                    last = end
        return _settled(found)

    def add(self, text: str, tokens: Tokens, names: Stretches, spanish: bool, found: list[Finding]) -> list[Finding]:
        """The findings that a coordination leaves to be understood, each stretch once."""
        extra: list[Finding] = []
        taken = {(finding.start, finding.end) for finding in found}
        for start, end, number in self._ordered(names):
            finding = self._finding(text, tokens, (start, end, number), spanish) if (start, end) not in taken else None
            if finding is not None and not finding.doubtful:
                extra.append(finding)
                taken.add((start, end))
        return extra

    def _ordered(self, names: Stretches) -> Iterable[tuple[int, int, int]]:
        there = np.flatnonzero(self._entries[names.numbers])
        starts, ends, numbers = names.starts[there], names.ends[there], names.numbers[there]
        order = np.lexsort((numbers, -ends, starts))
        return zip(starts[order].tolist(), ends[order].tolist(), numbers[order].tolist(), strict=True)

    def _finding(self, text: str, tokens: Tokens, at: tuple[int, int, int], spanish: bool) -> Finding | None:
        start, end, number = at
        settled = self._settled.get((number, spanish))
        if settled is not None:
            return Finding(start, end, settled) if settled else None
        rows = self._fitting(number, spanish, end - start == 1)
        if not any(row.case for row in rows) and (len(rows) < 2 or len({row.exact for row in rows}) == 1):
            chosen = self._best(rows, rows[0].exact if rows else 0)
            self._settled[number, spanish] = chosen
            return Finding(start, end, chosen) if chosen else None
        exact = int(exact_hashes(tokens.hashes, np.array([start]), np.array([end]))[0])
        plain = [row for row in rows if not row.case]
        if plain:
            return Finding(start, end, self._best(plain, exact))
        written = text[int(tokens.starts[start]) : int(tokens.ends[end - 1])]
        case = case_hash(written)
        rows = [row for row in rows if row.case == case]
        if not rows or _shouted(text, tokens, start, end):
            return None
        families = [row.family for row in {row.concept: row for row in rows}.values()]
        if len(written) < _SURE or len(set(families)) < len(families):
            return Finding(start, end, tuple(sorted({row.concept for row in rows})), doubtful=True)
        return Finding(start, end, self._best(rows, exact))

    def _fitting(self, number: int, spanish: bool, alone: bool) -> list[_Row]:
        """The rows of an entry whose kind and language count in this text."""
        if number not in self._rows:
            self._rows[number] = tuple(self._read(number))
        rows = self._rows[number]
        if self._languages:
            return list(rows)
        if not spanish:
            return [row for row in rows if row.language != "es"]
        # An English name of one word is too often another word of Spanish ("pie", "once").
        return [row for row in rows if row.language != "en" or not alone or row.case]

    def _read(self, number: int) -> Iterable[_Row]:
        arrays = self._index.arrays
        for place in range(int(arrays.entry_start[number]), int(arrays.entry_start[number + 1])):
            group = int(arrays.row_group[place])
            if self._groups[group]:
                kind, prefix, language = self._index.groups[group]
                yield _Row(
                    int(arrays.row_concept[place]), (kind, prefix), language, int(arrays.row_rank[place]),
                    int(arrays.row_exact[place]), int(arrays.row_case[place]),
                )  # fmt: skip

    def _best(self, rows: Iterable[_Row], exact: int) -> tuple[int, ...]:
        """The best concept of each family: exact words, then rank, then the one that shares the fewest names."""

        def standing(row: _Row) -> tuple[int, int, str]:
            other = 0 if row.exact == exact else INFLECTED
            return row.rank + other, int(self._index.arrays.shared[row.concept]), self._index.id_of(row.concept)

        families = groupby(sorted(rows, key=lambda row: row.family), key=lambda row: row.family)
        return tuple(min(group, key=standing).concept for _, group in families)


def _settled(found: list[Finding]) -> list[Finding]:
    """The findings without doubt: a doubtful abbreviation counts for the concepts that the text writes out too."""
    if not any(finding.doubtful for finding in found):
        return found
    known = {concept for finding in found if not finding.doubtful for concept in finding.concepts}
    settled = []
    for finding in found:
        concepts = tuple(concept for concept in finding.concepts if not finding.doubtful or concept in known)
        if concepts:
            settled.append(replace(finding, concepts=concepts, doubtful=False))
    return settled


def _shouted(text: str, tokens: Tokens, start: int, end: int) -> bool:
    """Whether a word beside an abbreviation stands in capitals too, as in a heading."""
    for place in (start - 1, end):
        if 0 <= place < len(tokens.starts):
            word = text[int(tokens.starts[place]) : int(tokens.ends[place])]
            if len(word) >= _CAPITALS and word.isupper():
                return True
    return False
