"""How often every phenotype is shown in every disease, with the hierarchy folded in: the world a ranking looks at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from probatum.methods._closing import closed, information
from probatum.methods._constants import Constants
from probatum.methods._profiles import INHERITANCE, ONSET, ONSETS, PERIODS, PHENOTYPE, Claims, Profiles
from probatum.methods._terms import Real, Terms, Truth, Whole, starts_of

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
    constants: Constants

    @cached_property
    def background(self) -> Real:
        """The share of patients who show each phenotype when every disease is equally frequent."""
        total = np.bincount(
            np.repeat(np.arange(len(self.terms.ids)), np.diff(self.closed.indptr)),
            weights=self.closed.data,
            minlength=len(self.terms.ids),
        )
        share: Real = ((total + self.constants.prior_share) / (self.closed.shape[0] + 1)).astype(np.float32)
        share[sorted(self.terms.roots)] = 1
        return share

    @cached_property
    def information(self) -> Real:
        """The information content of each phenotype: how few diseases show it."""
        return information(np.diff(self.closed.indptr), self.closed.shape[0])

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


def world(profiles: Profiles, constants: Constants, visible: Truth | None = None) -> World:
    """The world of all diseases, of the claims that are visible."""
    claims = profiles.claims
    rows = np.arange(len(claims.aspect)) if visible is None else np.flatnonzero(visible)
    return world_of(profiles.terms, claims, rows, claims.disease[rows], len(profiles.diseases), constants=constants)


def world_of(
    terms: Terms, claims: Claims, rows: NDArray[Any], owner: NDArray[Any], diseases: int, *, constants: Constants
) -> World:
    """The world of some claims; `owner` numbers the disease of each."""
    aspect = claims.aspect[rows]
    here = aspect == PHENOTYPE
    direct = _shares(claims, rows[here], owner[here], (diseases, len(terms.ids)), constants)
    onset = np.zeros((diseases, len(PERIODS)))
    begins = aspect == ONSET
    shown, _ = claims.counted(rows[begins], constants)
    heard = np.minimum(shown, 5.0)  # a large series counts no more than five patients
    np.add.at(onset, owner[begins], _SPREAD[claims.term[rows[begins]]] * heard[:, None])
    carried = np.zeros(diseases, np.int32)
    passed = aspect == INHERITANCE
    carried[owner[passed]] = claims.term[rows[passed]]
    return World(terms, direct, closed(direct, terms), onset, carried, constants)


def _shares(
    claims: Claims, rows: NDArray[Any], owner: NDArray[Any], shape: tuple[int, int], constants: Constants
) -> csr_matrix:
    diseases, terms = shape
    key, place = np.unique(owner.astype(np.int64) * terms + claims.term[rows], return_inverse=True)
    counted = claims.counted(rows, constants)
    shown, seen = (np.bincount(place, each, len(key)) for each in counted)
    share = (shown + constants.prior_share * constants.prior_patients) / (seen + constants.prior_patients)
    key, share = key[shown > 0], share[shown > 0].astype(np.float32)
    starts = starts_of(np.bincount(key // terms, minlength=diseases))
    return csr_matrix((share, (key % terms).astype(np.int32), starts), shape=shape)
