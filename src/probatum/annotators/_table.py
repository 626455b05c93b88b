"""A table from 64-bit keys to rows, kept as two flat arrays that can be mapped into memory and searched all at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from probatum.annotators._letters import Places, Words


class Table:
    """Distinct keys, grouped into buckets by their highest bits; a row's number is its key's place."""

    def __init__(self, keys: Words, buckets: NDArray[np.uint32]) -> None:
        self._keys, self._buckets = keys, buckets
        self._shift = np.uint64(64 - (len(buckets) - 1).bit_length() + 1)

    @classmethod
    def of(cls, keys: Words) -> Table:
        """The table of distinct keys; row i belongs to the i-th smallest key."""
        ordered = np.unique(keys)
        bits = max(4, len(ordered).bit_length() + 1)
        edges = np.arange(1, 1 << bits, dtype=np.uint64) << np.uint64(64 - bits)
        inner = np.searchsorted(ordered, edges).astype(np.uint32)
        buckets = np.concatenate(([0], inner, [len(ordered)])).astype(np.uint32)
        return cls(ordered, buckets)

    @classmethod
    def read(cls, folder: Path, name: str) -> Table:
        """The table that `save` wrote, mapped into memory."""
        keys, buckets = (np.load(folder / f"{name}.{part}.npy", mmap_mode="r") for part in ("keys", "buckets"))
        return cls(np.asarray(keys), np.asarray(buckets))

    def save(self, folder: Path, name: str) -> None:
        """Writes the table as two arrays."""
        np.save(folder / f"{name}.keys.npy", self._keys)
        np.save(folder / f"{name}.buckets.npy", self._buckets)

    def __len__(self) -> int:
        return len(self._keys)

    def rows(self, keys: Words) -> Places:
        """The row of each key, -1 where it is not there. Keys must be well mixed."""
        bucket = keys >> self._shift
        at = self._buckets[bucket].astype(np.int64)
        end = self._buckets[bucket + np.uint64(1)]
        found = np.full(len(keys), -1, np.int64)
        left = np.flatnonzero(at < end)
        at, end, wanted = at[left], end[left], keys[left]
        while len(left):
            hit = self._keys[at] == wanted
            found[left[hit]] = at[hit]
            at += 1
            going = ~hit
            going &= at < end
            left, at, end, wanted = left[going], at[going], end[going], wanted[going]
        return found
