"""The diseases most like each disease: what they show is likelier in it, although nobody has described it there yet."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from probatum.methods._terms import Real, Truth, Whole, starts_of

NEAREST = 12  # diseases
RESERVED = 0.3  # weight of the possibility that a disease is like none of them
_BATCH = 512  # diseases compared at once: bounds memory


def likenesses(direct: csr_matrix, information: Real) -> csr_matrix:
    """Each disease as a vector of length 1: the information of the phenotypes that it is annotated with."""
    values = information[direct.indices]
    owner = np.repeat(np.arange(direct.shape[0]), np.diff(direct.indptr))
    length = np.sqrt(np.bincount(owner, values.astype(np.float64) ** 2, direct.shape[0]))
    values = (values / np.maximum(length, 1e-9)[owner]).astype(np.float32)
    return csr_matrix((values, direct.indices, direct.indptr), shape=direct.shape)


def nearest(these: csr_matrix, every: csr_matrix, numbers: Whole, allowed: Truth) -> csr_matrix:
    """For each of these diseases the weights of the nearest of the allowed ones, never itself.

    `every` are the likenesses of all diseases turned (phenotypes by diseases), `numbers` the places of these among all.
    Weights are squared cosines, as shares of their sum and `RESERVED`.
    """
    width = every.shape[1]
    kept = max(0, min(NEAREST, width - 1))
    columns = np.zeros((these.shape[0], kept), np.int32)
    weights = np.zeros((these.shape[0], kept), np.float32)
    for start in range(0, these.shape[0] if kept else 0, _BATCH):
        batch = slice(start, start + _BATCH)
        cosine = (these[batch] @ every).toarray()
        cosine[:, ~allowed] = 0
        cosine[np.arange(len(cosine)), numbers[batch]] = 0
        columns[batch] = np.sort(np.argpartition(-cosine, kept, axis=1)[:, :kept], axis=1)
        weights[batch] = np.take_along_axis(cosine, columns[batch], 1) ** 2
    weights /= weights.sum(1, keepdims=True) + np.float32(RESERVED)
    starts = starts_of(np.full(these.shape[0], kept))
    found = csr_matrix((weights.ravel(), columns.ravel(), starts), shape=(these.shape[0], width))
    found.eliminate_zeros()
    return found
