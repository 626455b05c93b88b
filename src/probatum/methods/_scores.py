"""How well each disease explains a patient, as few numbers: likelihood, similarity, expectation, onset and sex."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from probatum.methods._constants import Constants
from probatum.methods._profiles import PERIODS
from probatum.methods._terms import Real, Terms
from probatum.methods._world import World

Numbers = NDArray[np.float64]
NAMES = ("likelihood", "similarity", "expected", "onset", "sex", "excluded", "verbatim")

TOO_WIDE = 0.5  # a phenotype that half of all patients show says nothing about what lies below it
MISSED = 0.9  # share of the patients with a phenotype in whom an examiner finds it
STRICTEST = -1.0  # the most that one excluded phenotype can cost
KEPT = 1_200  # columns held in memory, each as long as there are diseases
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
        closed = world.closed
        self._starts, self._rows = closed.indptr.tolist(), closed.indices.astype(np.intp)
        self._logs, self._cost = np.log(closed.data), against(closed.data)
        self._log_background = np.log(world.background)
        self._least = np.float32(np.log(world.constants.least))
        self._by_term = csc_matrix(world.direct)
        self._per_expected = 1 / np.maximum(world.direct @ world.information, 1e-9)
        self._begun = np.flatnonzero(world.onset.any(1))
        self._drawn = drawn_onset(world.onset[self._begun], world.usual_onset)
        self._sexes = {sex: ratios[world.carried].astype(np.float32) for sex, ratios in _SEXES.items()}
        self.likelihood = lru_cache(KEPT)(self._made_likelihood)
        self._wider = lru_cache(KEPT)(self._made_wider)
        self._alike = lru_cache(KEPT)(self._made_alike)

    def of(self, case: Case) -> Real:
        """The scores in the order of `NAMES`, a row each, a column a disease; sums over the patient's phenotypes."""
        found = np.zeros((len(NAMES), self.diseases), np.float32)
        for term, weight in zip(case.present, telling(self.world, case.present), strict=True):
            found[0] += weight * self.likelihood(term)
            found[1] += weight * self._alike(term)
            rows = self._by_term.indices[self._by_term.indptr[term] : self._by_term.indptr[term + 1]]
            found[6, rows] += weight * min(-self._log_background[term], self.world.constants.verbatim)
        explained = reach(self.terms, case.present, self.world.information)
        np.multiply(self.world.direct @ explained, self._per_expected, out=found[2])
        fit = onset_fit(case)
        if fit is not None:
            found[3, self._begun] = onset_ratio(self._drawn, self.world.usual_onset, fit)
        if case.sex in self._sexes:
            found[4] = self._sexes[case.sex]
        for term in case.excluded:
            span = self._span(term)
            found[5, self._rows[span]] += self._cost[span]
        return found

    def _made_likelihood(self, term: int) -> Real:
        """The natural-log ratio of seeing a phenotype in each disease to seeing it in any."""
        background = self._log_background[term]
        said = self._raised(self._wider, term, self._least, lambda logs: logs - background)
        return mixed(said, self.world.constants)

    def _made_wider(self, term: int) -> Real:
        if self.world.background[term] > TOO_WIDE:
            return self._raised(self._wider, term, self._least, lambda logs: np.full_like(logs, self._least))
        background = self._log_background[term]
        own = partial(wider_logs, log_background=background, constants=self.world.constants)
        return self._raised(self._wider, term, self._least, own)

    def _made_alike(self, term: int) -> Real:
        information = self.world.information[term]
        return self._raised(self._alike, term, np.float32(0), lambda logs: information * np.exp(logs / 2))

    def _raised(self, column: Callable[[int], Real], term: int, least: np.float32, own: Callable[[Real], Real]) -> Real:
        """The greatest of what the wider phenotypes give and of what the phenotype itself gives."""
        parents = self.terms.parents_of(term).tolist()
        best = column(parents[0]).copy() if parents else np.full(self.diseases, least, np.float32)
        for parent in parents[1:]:
            np.maximum(best, column(parent), out=best)
        span = self._span(term)
        rows = self._rows[span]
        best[rows] = np.maximum(best[rows], own(self._logs[span]))
        return best

    def _span(self, term: int) -> slice:
        return slice(self._starts[term], self._starts[term + 1])


def scores_of_few(few: World, whole: World, case: Case) -> Real:
    """The same scores for a few diseases whose claims have changed, against the background of the whole world."""
    shares = few.closed.toarray()
    found = np.zeros((len(NAMES), shares.shape[0]), np.float32)
    background, content = np.log(whole.background), whole.information
    least = np.float32(np.log(whole.constants.least))
    with np.errstate(divide="ignore"):
        logs = np.log(shares)
    direct = few.direct.toarray()
    for term, weight in zip(case.present, telling(whole, case.present), strict=True):
        above = whole.terms.ancestors_of(term)
        wide = above[(above != term) & (whole.background[above] <= TOO_WIDE)]
        ratio = np.maximum(logs[:, term] - background[term], least)
        if len(wide):
            ratio = np.maximum(ratio, wider_logs(logs[:, wide], background[wide], whole.constants).max(1))
        found[0] += weight * mixed(ratio, whole.constants)
        found[1] += weight * (content[above] * np.sqrt(shares[:, above])).max(1)
        found[6] += weight * np.where(direct[:, term] > 0, min(-background[term], whole.constants.verbatim), 0)
    explained = reach(whole.terms, case.present, content)
    found[2] = (direct @ explained) / np.maximum(direct @ content, 1e-9)
    fit = onset_fit(case)
    if fit is not None:
        begun = few.onset.any(1)
        drawn = drawn_onset(few.onset[begun], whole.usual_onset)
        found[3, begun] = onset_ratio(drawn, whole.usual_onset, fit)
    if case.sex in _SEXES:
        found[4] = _SEXES[case.sex][few.carried]
    for term in case.excluded:
        found[5] += against(shares[:, term])
    return found


def telling(world: World, present: tuple[int, ...]) -> Real:
    """How much each of a patient's phenotypes tells, 1 on average.

    A specific one tells more, and those that say the same count once between them: the likeness of two is the share of
    the information that lies above both.
    """
    if len(present) < 2:
        return np.ones(len(present), np.float32)
    above = [world.terms.ancestors_of(term) for term in present]
    every, place = np.unique(np.concatenate(above), return_inverse=True)
    member = np.zeros((len(present), len(every)), np.float32)
    member[np.repeat(np.arange(len(present)), [len(each) for each in above]), place] = 1
    common = (member * world.information[every]) @ member.T
    own = common.diagonal()
    alike = common / np.maximum(own[:, None] + own[None, :] - common, 1e-9)
    np.fill_diagonal(alike, 1)
    rare = -np.log(world.background[list(present)])
    told = np.maximum(rare, 1e-3) ** world.constants.rarity / alike.sum(1) ** world.constants.repeated
    share: Real = (told / told.mean()).astype(np.float32)
    return share


def wider_logs(logs: Real, log_background: Real | float, constants: Constants) -> Real:
    """The credit for a wider phenotype that a disease shows in these shares of patients, natural logarithms."""
    credit: Real = np.float32(np.log(constants.wider_credit)) + np.float32(constants.wider_power) * (
        logs - log_background
    )
    return credit


def mixed(logs: Real, constants: Constants) -> Real:
    """Log ratios of a phenotype where some of what patients show is not of their disease."""
    ratio: Real = np.exp(logs)
    ratio *= np.float32(1 - constants.least)
    ratio += np.float32(constants.least)
    return np.log(ratio, out=ratio)


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


def drawn_onset(onset: Numbers, usual: Numbers) -> Numbers:
    """The share of patients whose disease begins in each period; the usual onset weighs as two patients."""
    drawn = onset + 2 * usual
    shares: Numbers = drawn / drawn.sum(1, keepdims=True)
    return shares


def onset_ratio(drawn: Numbers, usual: Numbers, fit: Numbers) -> Numbers:
    """The natural-log ratio of each disease's onset fitting the patient to any disease's."""
    ratio: Numbers = np.log((drawn @ fit) / (usual @ fit))
    return ratio
