"""What is annotated, with everything above it: the shares of wider phenotypes, and the information of each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from probatum.methods._terms import Real, Terms, starts_of

_NEARLY_ALWAYS = 0.98


def closed(direct: csr_matrix, terms: Terms) -> csc_matrix:
    """The share of each phenotype above the annotated ones: between their greatest and that of 'any of them'.

    Features under one heading go together in patients neither wholly nor not at all, so the geometric mean stands.
    """
    owner = np.repeat(np.arange(direct.shape[0]), np.diff(direct.indptr))
    counts = np.diff(terms.ancestor_starts)[direct.indices]
    each = np.repeat(np.arange(len(owner)), counts)
    offset = np.arange(len(each)) - np.repeat(np.cumsum(counts) - counts, counts)
    above = terms.ancestors[terms.ancestor_starts[direct.indices][each] + offset]
    key = above.astype(np.int64) * direct.shape[0] + owner[each]
    share = direct.data[each]
    order = np.argsort(key, kind="stable")
    key, share = key[order], share[order]
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.zeros(0, np.int64)
    if not len(first):
        return csc_matrix(direct.shape, dtype=np.float32)
    greatest = np.maximum.reduceat(share, first)
    any_of = 1 - np.exp(np.add.reduceat(np.log1p(-np.minimum(share, _NEARLY_ALWAYS)), first))
    value = np.maximum(greatest, np.sqrt(greatest * any_of)).astype(np.float32)
    starts = starts_of(np.bincount(key[first] // direct.shape[0], minlength=direct.shape[1]))
    return csc_matrix((value, (key[first] % direct.shape[0]).astype(np.int32), starts), shape=direct.shape)


def information(counts: NDArray[Any], diseases: int) -> Real:
    """The information content of each phenotype: how few of the diseases show it, natural logarithm."""
    content: Real = np.maximum(0.0, -np.log((counts + 0.5) / (diseases + 0.5))).astype(np.float32)
    return content
