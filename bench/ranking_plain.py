"""The usual rankings, written plainly with numpy: one-sided and symmetric Resnik, likelihood ratio of exact terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from probatum.desk import Withheld
from probatum.methods._constants import constants
from probatum.methods._profiles import PHENOTYPE, Profiles
from probatum.methods._scores import Case, reach
from probatum.methods._terms import starts_of

Numbers = NDArray[np.float64]
KEPT = 1_500  # columns
MISSING = float(np.log(0.05))  # of a phenotype that a disease does not show


@dataclass(frozen=True, eq=False)
class Annotated:
    """Diseases as annotated: no prior, no borrowed profile; above a phenotype the greatest share below it."""

    direct: csr_matrix  # 1 where annotated
    shares: csc_matrix  # the share of patients where annotated
    closed: csc_matrix

    @property
    def empty(self) -> NDArray[np.bool_]:
        """Which diseases show nothing."""
        return np.diff(self.direct.indptr) == 0


Ranking = Callable[[Annotated, Case], Numbers]


class Plain:
    """The usual rankings over the same claims, and `further` ones by name, over the same profiles."""

    def __init__(self, profiles: Profiles, further: Mapping[str, Ranking] = MappingProxyType({})) -> None:
        self.profiles, self.further = profiles, further
        self.whole = cache(self._whole)
        self._unchanged = lru_cache(2)(self._all_unchanged)  # the forms of one case differ in few diseases
        self._bests, self._costs = lru_cache(KEPT)(self._best_of_whole), lru_cache(KEPT)(self._cost_of_whole)

    def scores(self, case: Case, withheld: Withheld) -> Iterator[tuple[str, Numbers, NDArray[np.bool_]]]:
        """(name, scores, empty) of each ranking under what is withheld."""
        base, background, information = self.whole(withheld.form == "independent")
        without_synopses = withheld.form == "independent"
        found = {name: scores.copy() for name, scores in self._unchanged(case, without_synopses).items()}
        empty = base.empty
        claims = self.profiles.claims
        naming = [claims.naming(reference) for reference in sorted(withheld.references)]
        touched = np.concatenate(naming) if naming and withheld.form != "keep" else np.zeros(0, np.int32)
        changed = np.unique(claims.disease[touched])
        if len(changed):
            rows = np.concatenate([claims.of(int(disease)) for disease in changed])
            stays = np.array([not withheld.hides_references(claims.names_of(int(row))) for row in rows], bool)
            few = self._annotated(rows[stays], np.searchsorted(changed, claims.disease[rows[stays]]), len(changed))
            for name, scores in self._all(few, case, background, information).items():
                found[name][changed] = scores
            empty = empty.copy()
            empty[changed] = few.empty
        yield from ((name, scores, empty) for name, scores in found.items())

    def one_sided(self, case: Case) -> Numbers:
        """One-sided Resnik of all diseases: what is timed."""
        base, _, information = self.whole(False)
        return _summed(base, case, partial(_best, base, information, self.profiles)) / max(len(case.present), 1)

    def _best_of_whole(self, without_synopses: bool, term: int) -> Numbers:
        world, _, information = self.whole(without_synopses)
        return _best(world, information, self.profiles, term)

    def _cost_of_whole(self, without_synopses: bool, term: int) -> Numbers:
        world, background, _ = self.whole(without_synopses)
        return self._cost(world, term, background[0])

    def _whole(self, without_synopses: bool) -> tuple[Annotated, Numbers, Numbers]:
        claims = self.profiles.claims
        rows = np.flatnonzero(~claims.on_synopses) if without_synopses else np.arange(len(claims.aspect))
        base = self._annotated(rows, claims.disease[rows], len(self.profiles.diseases))
        counts, size = np.diff(base.closed.indptr), base.closed.shape[0]
        totals = np.stack([np.asarray(each.sum(0)).ravel() for each in (base.closed, base.shares)])
        return base, (totals + 0.1) / (size + 1), np.maximum(-np.log((counts + 0.5) / (size + 0.5)), 0.0)

    def _annotated(self, rows: NDArray[np.int32], owner: NDArray[np.int32], size: int) -> Annotated:
        claims, terms = self.profiles.claims, self.profiles.terms
        kept = (claims.aspect[rows] == PHENOTYPE) & ~claims.borrowed[rows]
        rows, owner, width = rows[kept], owner[kept], len(terms.ids)
        key, place = np.unique(owner.astype(np.int64) * width + claims.term[rows], return_inverse=True)
        had, of = claims.counted(rows, constants())
        shown = np.bincount(place, had, len(key))
        share = shown / np.bincount(place, of, len(key))
        key, share = key[shown > 0], share[shown > 0]
        starts = starts_of(np.bincount(key // width, minlength=size))
        direct = csr_matrix((np.ones(len(key)), key % width, starts), shape=(size, width))
        above = [terms.ancestors_of(int(term)) for term in key % width]
        wide = np.concatenate(above) if above else np.zeros(0, np.int64)
        whose = np.repeat(key // width, [len(each) for each in above])
        value = np.repeat(share, [len(each) for each in above])
        order = np.lexsort((value, wide * size + whose))
        pair = (wide * np.int64(size) + whose)[order]
        last = np.flatnonzero(np.r_[pair[1:] != pair[:-1], True]) if len(pair) else np.zeros(0, np.int64)
        closed = csc_matrix((value[order][last], (pair[last] % size, pair[last] // size)), shape=(size, width))
        shares = csc_matrix((share, (key // width, key % width)), shape=(size, width))
        return Annotated(direct, shares, closed)

    def _cost(self, world: Annotated, term: int, background: Numbers) -> Numbers:
        """A phenotype that a disease does not show counts as the best of the wider ones, unpenalised."""
        cost = np.full(world.closed.shape[0], MISSING)
        for above in self.profiles.terms.ancestors_of(term):
            rows, found = _column(world.closed, above)
            cost[rows] = np.maximum(cost[rows], np.log(found / background[above]))
        rows, found = _column(world.closed, term)
        cost[rows] = np.maximum(np.log(found / background[term]), MISSING)
        return cost

    def _all(self, world: Annotated, case: Case, background: Numbers, information: Numbers) -> dict[str, Numbers]:
        one = _summed(world, case, partial(_best, world, information, self.profiles)) / max(len(case.present), 1)
        costs = partial(self._cost, world, background=background[0])
        return self._joined(world, case, background, information, (one, _summed(world, case, costs)))

    def _all_unchanged(self, case: Case, without_synopses: bool) -> dict[str, Numbers]:
        """The same of all diseases; what many cases need is kept."""
        world, background, information = self.whole(without_synopses)
        one = _summed(world, case, partial(self._bests, without_synopses)) / max(len(case.present), 1)
        back_off = _summed(world, case, partial(self._costs, without_synopses))
        return self._joined(world, case, background, information, (one, back_off))

    def _joined(
        self, world: Annotated, case: Case, background: Numbers, information: Numbers, sums: tuple[Numbers, Numbers]
    ) -> dict[str, Numbers]:
        one, back_off = sums
        back = world.direct @ reach(self.profiles.terms, case.present, information.astype(np.float32))
        back = back / np.maximum(np.diff(world.direct.indptr), 1)
        return {
            "one-sided Resnik": one,
            "symmetric Resnik": (one + back) / 2,
            "plain likelihood ratio, exact terms": _ratio(world.shares, case, background[1]),
            "plain likelihood ratio, with the terms above": _ratio(world.closed, case, background[0]),
            "plain likelihood ratio, naive back-off": back_off,
            **{name: ranking(world, case) for name, ranking in self.further.items()},
        }


def _summed(world: Annotated, case: Case, column: Callable[[int], Numbers]) -> Numbers:
    return sum((column(term) for term in case.present), np.zeros(world.closed.shape[0]))


def _ratio(shares: csc_matrix, case: Case, background: Numbers) -> Numbers:
    ratio = np.zeros(shares.shape[0])
    for term in case.present:
        cost = np.full(len(ratio), MISSING)
        rows, found = _column(shares, term)
        cost[rows] = np.maximum(np.log(found / background[term]), MISSING)
        ratio += cost
    return ratio


def _best(world: Annotated, information: Numbers, profiles: Profiles, term: int) -> Numbers:
    """The information that each disease shares with a phenotype."""
    best = np.zeros(world.closed.shape[0])
    for above in profiles.terms.ancestors_of(term):
        rows, _ = _column(world.closed, above)
        best[rows] = np.maximum(best[rows], information[above])
    return best


def _column(matrix: csc_matrix, term: int) -> tuple[NDArray[np.int32], Numbers]:
    span = slice(matrix.indptr[term], matrix.indptr[term + 1])
    return matrix.indices[span], matrix.data[span]
