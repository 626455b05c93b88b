"""How well each disease explains a patient, as few numbers: likelihood, similarity, expectation, onset and sex."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from probatum.methods._profiles import PERIODS
from probatum.methods._terms import Real, Terms, Whole
from probatum.methods._world import World

Numbers = NDArray[np.float64]
NAMES = ("likelihood", "similarity", "expected", "verbatim", "onset", "sex", "excluded")

# A disease that shows only a wider phenotype is credited with part of it: e^-1.2 of the square root of its ratio.
WIDER_CREDIT = float(np.log(0.3))
WIDER_POWER = 0.5
TOO_WIDE = 0.5  # a phenotype that half of all patients show says nothing about what lies below it
NOTHING = float(np.log(0.05))  # the least that one unexplained phenotype can cost
MISSED = 0.9  # share of the patients with a phenotype in whom an examiner finds it
STRICTEST = -1.0  # the most that one excluded phenotype can cost
KEPT = 1_500  # columns held in memory, each as long as there are diseases
# Natural-log ratios of the sexes for diseases carried on X (recessive, any, dominant) and Y
_SEXES = {"female": np.log([1, 0.15, 0.6, 1.5, 0.01]), "male": np.log([1, 1.85, 1.4, 0.5, 2])}
_BIRTH = 0.003  # years; what is seen in the first day may have begun before birth
_NEAR, _FAR = 0.3, 0.05  # how well an onset in the next period, or elsewhere, fits


@dataclass(frozen=True, slots=True)
class Case:
    """A patient as the ranking sees them: terms by number, ages in years."""

    present: tuple[int, ...]
    excluded: tuple[int, ...] = ()
    age: float | None = None
    onset: float | None = None
    sex: str = ""


class Scores:
    """Scores of all diseases of a world; columns that many patients need are kept. Threads may share it."""

    def __init__(self, world: World) -> None:
        self.world, self.terms = world, world.terms
        self.diseases = world.direct.shape[0]
        self._log_background = np.log(world.background)
        self._weighted = world.direct.multiply(world.information[None, :]).sum(1).A1.astype(np.float32)
        self._by_term = csc_matrix(world.direct)
        self._begun = np.flatnonzero(world.onset.any(1))
        self._wider = lru_cache(KEPT)(self._made_wider)
        self._alike = lru_cache(KEPT)(self._made_alike)

    def of(self, case: Case) -> Real:
        """The scores in the order of `NAMES`, a row each, a column a disease; sums over the patient's phenotypes."""
        found = np.zeros((len(NAMES), self.diseases), np.float32)
        for term in case.present:
            found[0] += self.likelihood(term)
            found[1] += self._alike(term)
            rows = self._by_term.indices[self._by_term.indptr[term] : self._by_term.indptr[term + 1]]
            found[3, rows] -= self._log_background[term]
        explained = reach(self.terms, case.present, self.world.information)
        found[2] = (self.world.direct @ explained) / np.maximum(self._weighted, 1e-9)
        fit = onset_fit(case)
        if fit is not None:
            found[4, self._begun] = onset_ratio(self.world.onset[self._begun], self.world.usual_onset, fit)
        if case.sex in _SEXES:
            found[5] = _SEXES[case.sex][self.world.carried]
        for term in case.excluded:
            rows, shares = self._column(term)
            found[6, rows] += against(shares)
        return found

    def likelihood(self, term: int) -> Real:
        """The natural-log ratio of seeing a phenotype in each disease to seeing it in any."""
        ratio = self._above(self._wider, term, np.float32(NOTHING))
        rows, shares = self._column(term)
        ratio[rows] = np.maximum(ratio[rows], np.log(shares) - self._log_background[term])
        return ratio

    def _made_wider(self, term: int) -> Real:
        credit = self._above(self._wider, term, np.float32(NOTHING))
        if self.world.background[term] <= TOO_WIDE:
            rows, shares = self._column(term)
            credit[rows] = np.maximum(credit[rows], wider(shares, self._log_background[term]))
        return credit

    def _made_alike(self, term: int) -> Real:
        alike = self._above(self._alike, term, np.float32(0))
        rows, shares = self._column(term)
        alike[rows] = np.maximum(alike[rows], self.world.information[term] * np.sqrt(shares))
        return alike

    def _above(self, column: Callable[[int], Real], term: int, least: np.float32) -> Real:
        parents = self.terms.parents_of(term)
        if not len(parents):
            return np.full(self.diseases, least, np.float32)
        best: Real = column(int(parents[0])).copy()
        for parent in parents[1:]:
            np.maximum(best, column(int(parent)), out=best)
        return best

    def _column(self, term: int) -> tuple[Whole, Real]:
        closed = self.world.closed
        span = slice(closed.indptr[term], closed.indptr[term + 1])
        return closed.indices[span], closed.data[span]


def scores_of_few(few: World, whole: World, case: Case) -> Real:
    """The same scores for a few diseases whose claims have changed, against the background of the whole world."""
    shares = few.closed.toarray()
    found = np.zeros((len(NAMES), shares.shape[0]), np.float32)
    background, information = np.log(whole.background), whole.information
    with np.errstate(divide="ignore"):
        logs = np.log(shares)
    direct = few.direct.toarray()
    for term in case.present:
        above = whole.terms.ancestors_of(term)
        wide = above[(above != term) & (whole.background[above] <= TOO_WIDE)]
        ratio = np.maximum(logs[:, term] - background[term], NOTHING)
        if len(wide):
            ratio = np.maximum(ratio, wider_logs(logs[:, wide], background[wide]).max(1))
        found[0] += ratio
        found[1] += (information[above] * np.sqrt(shares[:, above])).max(1)
        found[3] -= np.where(direct[:, term] > 0, background[term], 0)
    explained = reach(whole.terms, case.present, information)
    found[2] = (direct @ explained) / np.maximum(direct @ information, 1e-9)
    fit = onset_fit(case)
    if fit is not None:
        begun = few.onset.any(1)
        found[4, begun] = onset_ratio(few.onset[begun], whole.usual_onset, fit)
    if case.sex in _SEXES:
        found[5] = _SEXES[case.sex][few.carried]
    for term in case.excluded:
        found[6] += against(shares[:, term])
    return found


def wider(shares: Real, log_background: float) -> Real:
    """The credit for a wider phenotype that a disease shows."""
    return wider_logs(np.log(shares), log_background)


def wider_logs(logs: Real, log_background: Real | float) -> Real:
    """The same of shares as natural logarithms."""
    credit: Real = WIDER_CREDIT + WIDER_POWER * (logs - log_background)
    return credit


def against(shares: Real) -> Real:
    """What an excluded phenotype costs a disease in which it is frequent, at most `STRICTEST`."""
    cost: Real = np.maximum(np.log1p(-MISSED * shares), STRICTEST)
    return cost


def reach(terms: Terms, present: tuple[int, ...], information: Real) -> Real:
    """For every phenotype the information that it shares with the nearest of the patient's."""
    shared = np.zeros(len(terms.ids), np.float32)
    above = terms.closure(present)
    for term in above[np.argsort(information[above], kind="stable")]:
        shared[terms.descendants_of(term)] = information[term]
    return shared


def onset_fit(case: Case) -> Numbers | None:
    """How well each period of onset fits what is known of the patient; None where nothing is.

    An age says only that the disease had begun; the onset of a feature says about when.
    """
    if case.onset is not None:
        return np.array([_onset_in(low, high, case.onset) for low, high in PERIODS])
    if case.age is not None:
        return np.array([1.0 if low <= case.age else _FAR for low, _ in PERIODS])
    return None


def _onset_in(low: float, high: float, at: float) -> float:
    if low <= at < high or (at <= _BIRTH and low <= 0):
        return 1.0
    return _NEAR if low / 2 - 0.1 <= at < high * 2 + 0.2 else _FAR


def onset_ratio(onset: Numbers, usual: Numbers, fit: Numbers) -> Numbers:
    """The natural-log ratio of a disease's onset fitting to any disease's; the usual onset weighs as two patients."""
    drawn = onset + 2 * usual
    ratio: Numbers = np.log((drawn @ fit) / drawn.sum(1)) - np.log(usual @ fit)
    return ratio
