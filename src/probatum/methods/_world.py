"""How often every phenotype is shown in every disease, with the hierarchy folded in: the world a ranking looks at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from probatum.methods._profiles import INHERITANCE, ONSET, ONSETS, PERIODS, PHENOTYPE, Claims, Profiles
from probatum.methods._terms import Real, Terms, Truth, Whole, starts_of

# A claim of 1 of 1 says little: the share of patients is drawn towards 20% with the weight of 20 patients.
PRIOR_SHARE = 0.2
PRIOR_PATIENTS = 20.0
NEARLY_ALWAYS = 0.98
_COVERED = np.array([[max(0.0, min(end, high) - max(start, low)) / (high - low) for low, high in PERIODS]
                     for start, end in ONSETS.values()])  # fmt: skip
_SPREAD = _COVERED / _COVERED.sum(1, keepdims=True)


@dataclass(frozen=True, eq=False)
class World:
    """The shares of `n` diseases: `direct` as annotated, `closed` with everything above each phenotype.

    Both hold the share of patients who show the phenotype. `onset` is the weight of each period of onset, `carried`
    the chromosome that the disease is inherited with.
    """

    terms: Terms
    direct: csr_matrix
    closed: csc_matrix
    onset: NDArray[np.float64]
    carried: Whole

    @cached_property
    def background(self) -> Real:
        """The share of patients who show each phenotype when every disease is equally frequent."""
        total = np.bincount(
            np.repeat(np.arange(len(self.terms.ids)), np.diff(self.closed.indptr)),
            weights=self.closed.data,
            minlength=len(self.terms.ids),
        )
        share: Real = ((total + PRIOR_SHARE) / (self.closed.shape[0] + 1)).astype(np.float32)
        share[sorted(self.terms.roots)] = 1
        return share

    @cached_property
    def information(self) -> Real:
        """The information content of each phenotype: how few diseases show it."""
        counts = np.diff(self.closed.indptr)
        content: Real = np.maximum(0.0, -np.log((counts + 0.5) / (self.closed.shape[0] + 0.5))).astype(np.float32)
        return content

    @cached_property
    def usual_onset(self) -> NDArray[np.float64]:
        """The share of diseases that begin in each period."""
        each = self.onset / np.maximum(self.onset.sum(1, keepdims=True), 1e-9)
        share: NDArray[np.float64] = (each.sum(0) + 1e-3) / (each.sum() + 1e-3 * len(PERIODS))
        return share

    @cached_property
    def is_empty(self) -> Truth:
        """Which diseases show nothing."""
        empty: Truth = np.diff(self.direct.indptr) == 0
        return empty


def world(profiles: Profiles, visible: Truth | None = None) -> World:
    """The world of all diseases, of the claims that are visible."""
    claims = profiles.claims
    rows = np.arange(len(claims.aspect)) if visible is None else np.flatnonzero(visible)
    return world_of(profiles.terms, claims, rows, claims.disease[rows], len(profiles.diseases))


def world_of(terms: Terms, claims: Claims, rows: NDArray[Any], owner: NDArray[Any], diseases: int) -> World:
    """The world of some claims; `owner` numbers the disease of each."""
    aspect = claims.aspect[rows]
    here = aspect == PHENOTYPE
    direct = _shares(claims, rows[here], owner[here], diseases, len(terms.ids))
    onset = np.zeros((diseases, len(PERIODS)))
    begins = aspect == ONSET
    heard = np.minimum(claims.shown[rows[begins]], 5.0)  # a large series counts no more than five patients
    np.add.at(onset, owner[begins], _SPREAD[claims.term[rows[begins]]] * heard[:, None])
    carried = np.zeros(diseases, np.int32)
    passed = aspect == INHERITANCE
    carried[owner[passed]] = claims.term[rows[passed]]
    return World(terms, direct, _closed(direct, terms), onset, carried)


def _shares(claims: Claims, rows: NDArray[Any], owner: NDArray[Any], diseases: int, terms: int) -> csr_matrix:
    key, place = np.unique(owner.astype(np.int64) * terms + claims.term[rows], return_inverse=True)
    shown = np.bincount(place, claims.shown[rows], len(key))
    seen = np.bincount(place, claims.seen[rows], len(key))
    share = (shown + PRIOR_SHARE * PRIOR_PATIENTS) / (seen + PRIOR_PATIENTS)
    key, share = key[shown > 0], share[shown > 0].astype(np.float32)
    starts = starts_of(np.bincount(key // terms, minlength=diseases))
    return csr_matrix((share, (key % terms).astype(np.int32), starts), shape=(diseases, terms))


def _closed(direct: csr_matrix, terms: Terms) -> csc_matrix:
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
    any_of = 1 - np.exp(np.add.reduceat(np.log1p(-np.minimum(share, NEARLY_ALWAYS)), first))
    value = np.maximum(greatest, np.sqrt(greatest * any_of)).astype(np.float32)
    starts = starts_of(np.bincount(key[first] // direct.shape[0], minlength=direct.shape[1]))
    return csc_matrix((value, (key[first] % direct.shape[0]).astype(np.int32), starts), shape=direct.shape)
