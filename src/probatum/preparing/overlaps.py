"""Which items of one set stand in another: runs of words found there, and near-duplicates by MinHash."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from probatum.errors import BadFormat, NeedsFile
from probatum.text.normal import fold
from probatum.types import Example

RUN, RUN_HAN = 8, 13  # tokens of a run: words, or Han characters, of which a word has about two
SHINGLE = 3  # tokens of the pieces that likeness is told by
PERMUTATIONS, ROWS = 126, 3  # 42 bands of three rows: of texts half alike 99.6% are compared
FEWEST = 4  # tokens under which a text is too short to say that it was copied
SHARE, LIKE = 0.5, 0.5  # of an item's runs that stand in the other set; Jaccard of shingles with one of its items
COMMON = 0.01  # share of a set's own items in which a run is a form ("Which of the following ...") and tells nothing
_BUCKET = 50  # items of one band's bucket that are compared
_BLOCK = 4096  # shingles that are hashed at once
_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
_DRAWS = np.random.default_rng(20261123)
_ODD = _DRAWS.integers(0, 2**63, (PERMUTATIONS, 1), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_ADDED = _DRAWS.integers(0, 2**63, (PERMUTATIONS, 1), dtype=np.uint64)
_WEIGHTS = _DRAWS.integers(0, 2**63, RUN_HAN, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
Hashes = NDArray[np.uint64]
FILE: Final = "data.npz"  # where a training keeps the index of what it learnt from


@dataclass(frozen=True, slots=True)
class Index:
    """What is kept of a set to find its items elsewhere: hashes of runs and MinHash signatures; no text."""

    ids: tuple[str, ...]
    runs: Hashes  # distinct, sorted
    owners: NDArray[np.uint32]  # the first item in which each run stands
    signatures: NDArray[np.uint32]  # items x permutations

    def save(self, path: Path) -> None:
        """Writes the index as a file of arrays (.npz)."""
        with path.open("wb") as file:
            np.savez(file, ids=np.array(self.ids), runs=self.runs, owners=self.owners, signatures=self.signatures)

    @classmethod
    def load(cls, path: Path) -> Index:
        """The index of a file; raises `NeedsFile`, `BadFormat`."""
        if not path.is_file():
            raise NeedsFile("there is no index of a set", where=str(path), mend="train again, or name the set itself")
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as told:
                ids = tuple(map(str, told["ids"]))
                made = cls(ids, told["runs"], told["owners"], told["signatures"])
        except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
            raise BadFormat(f"not the index of a set: {error}", where=str(path)) from error
        if made.signatures.shape != (len(ids), PERMUTATIONS) or made.runs.shape != made.owners.shape:
            raise BadFormat("the arrays of the index do not fit together", where=str(path))
        return made


@dataclass(frozen=True, slots=True)
class Overlap:
    """An item of one set that stands in the other."""

    id: str
    other: str  # the item there that it has most in common with
    share: float  # of its runs that stand there; of its question alone where that is more
    likeness: float  # estimated Jaccard of shingles with the item there that is most like it


@dataclass(frozen=True, slots=True)
class Contamination:
    """How much of a set stands in another."""

    items: int
    judged: int  # those long enough to say
    overlaps: tuple[Overlap, ...]

    @property
    def share(self) -> float:
        """The share of contaminated items among those that could be judged."""
        return len(self.overlaps) / self.judged if self.judged else 0.0


def index(examples: Iterable[Example]) -> Index:
    """The index of a set, 12 bytes a run and 504 an item."""
    ids, runs, owners, signatures = [], [], [], []
    for place, example in enumerate(examples):
        found = _runs([_tokens(piece) for piece in _pieces(example)])
        ids.append(example.id)
        runs.append(found)
        owners.append(np.full(len(found), place, np.uint32))
        signatures.append(_signature(_whole(example)))
    every = np.concatenate(runs) if runs else np.array([], np.uint64)
    distinct, first = np.unique(every, return_index=True)
    of = np.concatenate(owners) if owners else np.array([], np.uint32)
    return Index(tuple(ids), distinct, of[first], np.array(signatures, np.uint32).reshape(-1, PERMUTATIONS))


def contaminated(
    there: Index, examples: Sequence[Example], *, share: float = SHARE, like: float = LIKE
) -> Contamination:
    """The examples that stand in the indexed set: by runs of 8 words (13 Han characters), or as near-duplicates.

    An item is contaminated where at least `share` of its runs, or of its question's alone, stand there (a question in
    a long document), or where it is at least so `like` an item there (126 permutations, LSH with 42 bands of 3; arrays
    alone, so the rule costs memory in proportion to the sets). Runs that many of the examples share are forms and do
    not count. Sources: arXiv:2005.14165 (runs), doi:10.1109/SEQUEN.1997.666900 (MinHash).
    """
    asked = [_runs([_tokens(_asked(each))]) for each in examples]
    whole = [_runs([_tokens(piece) for piece in _pieces(each)]) for each in examples]
    long = [sum(len(_tokens(piece)) for piece in _pieces(each)) >= FEWEST for each in examples]
    forms = _forms(whole)
    signatures = np.array([_signature(_whole(each)) for each in examples], np.uint32).reshape(-1, PERMUTATIONS)
    nearest = _nearest(there.signatures, signatures)
    found = []
    for place, example in enumerate(examples):
        held, other = _held(there, whole[place], forms)
        alone, beside = _held(there, asked[place], forms)
        likeness, near = nearest.get(place, (0.0, -1))
        if long[place] and (max(held, alone) >= share or likeness >= like):
            at = near if likeness >= max(held, alone) and near >= 0 else other if held >= alone else beside
            found.append(Overlap(example.id, there.ids[at], max(held, alone), likeness))
    return Contamination(len(examples), sum(long), tuple(found))


def duplicates(examples: Sequence[Example], *, like: float = 0.8) -> dict[int, int]:
    """The place of each example that is at least so `like` an earlier one that is kept, and the earlier one's place."""
    signatures = np.array([_signature(_whole(each)) for each in examples], np.uint32).reshape(-1, PERMUTATIONS)
    earlier: dict[int, list[int]] = {}
    for one, other in _pairs(signatures, signatures):
        if other < one:
            earlier.setdefault(one, []).append(other)
    gone: dict[int, int] = {}
    for place in sorted(earlier):
        for other in sorted(set(earlier[place])):
            if other not in gone and (signatures[place] == signatures[other]).mean() >= like:
                gone[place] = other
                break
    return gone


def _asked(example: Example) -> str:
    return " ".join((example.question.text, *(text for _, text in example.question.options)))


def _pieces(example: Example) -> list[str]:
    asked = example.question
    turns = " ".join(text for _, text in asked.turns)
    return [piece for piece in (_asked(example), turns, *asked.context, example.answer.text) if piece.strip()]


def _whole(example: Example) -> list[str]:
    return _tokens(" ".join(_pieces(example)))


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(fold(text))


@lru_cache(maxsize=1 << 18)
def _hash(token: str) -> int:
    return int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest(), "little")


def _rolled(tokens: Sequence[str], length: int) -> Hashes:
    """The hash of every run of so many tokens, in order; of a shorter text the hash of the whole."""
    if not tokens:
        return np.array([], np.uint64)
    length = min(length, len(tokens))
    each = np.fromiter(map(_hash, tokens), np.uint64, len(tokens))
    told = np.full(len(tokens) - length + 1, length, np.uint64)
    for at in range(length):
        told += each[at : len(tokens) - length + 1 + at] * _WEIGHTS[at]
    return told ^ (told >> np.uint64(29))


def _runs(pieces: Sequence[Sequence[str]]) -> Hashes:
    """The distinct runs of the pieces of a text."""
    told = []
    for tokens in pieces:
        if len(tokens) >= FEWEST:
            han = sum("\u3400" <= token[0] <= "\u9fff" for token in tokens) * 2 > len(tokens)
            told.append(_rolled(tokens, RUN_HAN if han else RUN))
    return np.unique(np.concatenate(told)) if told else np.array([], np.uint64)


def _forms(runs: Sequence[Hashes]) -> Hashes:
    """The runs that so many items of a set share that they tell none of them apart."""
    every, times = np.unique(np.concatenate([np.array([], np.uint64), *runs]), return_counts=True)
    return every[times > max(3, COMMON * len(runs))]


def _held(there: Index, runs: Hashes, forms: Hashes) -> tuple[float, int]:
    """(share of the runs that stand there, the item there that has the most of them)."""
    own = np.setdiff1d(runs, forms, assume_unique=True)
    if not len(own) or not len(there.runs):
        return 0.0, 0
    at = np.minimum(np.searchsorted(there.runs, own), len(there.runs) - 1)
    hit = there.runs[at] == own
    if not hit.any():
        return 0.0, 0
    owners, times = np.unique(there.owners[at[hit]], return_counts=True)
    return float(hit.mean()), int(owners[times.argmax()])


def _signature(tokens: Sequence[str]) -> NDArray[np.uint32]:
    """The least hash of the shingles under each permutation; of an empty text the greatest number."""
    shingles = np.unique(_rolled(tokens, SHINGLE))
    least = np.full(PERMUTATIONS, 2**32 - 1, np.uint32)
    for at in range(0, len(shingles), _BLOCK):
        mixed = (shingles[None, at : at + _BLOCK] * _ODD + _ADDED) >> np.uint64(32)
        least = np.minimum(least, mixed.min(axis=1).astype(np.uint32))
    return least


def _nearest(there: NDArray[np.uint32], here: NDArray[np.uint32]) -> dict[int, tuple[float, int]]:
    """For each item here that shares a bucket with some there: how like it the most like is, and its place."""
    best: dict[int, tuple[float, int]] = {}
    for one, other in _pairs(there, here):
        likeness = float((here[one] == there[other]).mean())
        if likeness > best.get(one, (0.0, -1))[0]:
            best[one] = (likeness, other)
    return best


def _pairs(there: NDArray[np.uint32], here: NDArray[np.uint32]) -> Iterator[tuple[int, int]]:
    """(place here, place there) of items that agree in all rows of a band; each pair once."""
    seen: set[tuple[int, int]] = set()
    empty = np.uint32(2**32 - 1)
    for start in range(0, PERMUTATIONS, ROWS) if len(there) and len(here) else ():
        keys, asked = (_band(each[:, start : start + ROWS]) for each in (there, here))
        order = np.argsort(keys, kind="stable")
        low, high = (np.searchsorted(keys[order], asked, side) for side in ("left", "right"))
        for one in np.flatnonzero(high > low):
            if here[one, 0] == empty:
                continue  # two empty texts say nothing
            for other in order[low[one] : min(high[one], low[one] + _BUCKET)]:
                if (pair := (int(one), int(other))) not in seen:
                    seen.add(pair)
                    yield pair


def _band(rows: NDArray[np.uint32]) -> Hashes:
    told = np.zeros(len(rows), np.uint64)
    for at in range(rows.shape[1]):
        told += rows[:, at].astype(np.uint64) * _WEIGHTS[at]
    return told
