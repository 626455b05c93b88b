"""Chooses the constants of the differential from short lists, on some of the cases: KB PHENOPACKETS OUT.json

From the middle of each list on, one constant after the other takes the value with which the training cases' mean
reciprocal rank is best, as they are (form `keep`), the fusion being learned anew for each; a value wins only by a
difference worth telling. This is done on the training cases of each fold alone, and ranking.py (--chosen OUT.json)
ranks the fold's cases with it: nothing of such a ranking has seen them. Fold -1 is what all cases choose.

The weight of exclusions is in no list: the excluded phenotypes of published cases betray their disease.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from ranking_cases import FOLDS, Ranked, load
from ranking_weights import BY_HAND, LEARNED, Table, learn, scaled

from probatum.methods._constants import Constants
from probatum.methods._constants import constants as shipped
from probatum.methods._profiles import Profiles
from probatum.methods._scores import Scores
from probatum.methods._world import world

LISTS = {
    "prior_patients": (8.0, 20.0, 40.0),
    "prior_share": (0.1, 0.2, 0.3),
    "uncounted": (4.0, 8.0, 16.0),
    "unstated": (0.25, 0.4, 0.6),
    "wider_credit": (0.15, 0.3, 0.6),
    "wider_power": (0.35, 0.5, 0.7),
    "least": (0.02, 0.05, 0.1),
    "rarity": (0.0, 0.5, 1.0),
    "repeated": (0.0, 0.5, 1.0),
    "verbatim": (1.5, 3.0, 6.0),
}
VERBATIM = (0.0, 0.3, 0.6, 1.0)  # weights
WORTH_TELLING = 0.0005  # of mean reciprocal rank
SAMPLE, SEED = 500, 0


@dataclass(frozen=True)
class Choice:
    """What was chosen: the constants, and the weight of annotations with the very phenotype."""

    constants: Constants
    verbatim: float

    @property
    def by_hand(self) -> dict[str, float]:
        """The weights that are not learned."""
        return {**BY_HAND, "verbatim": self.verbatim}


class Chooser:
    """Chooses on a seeded sample of cases without one fold; what two folds both look at is computed once."""

    def __init__(self, profiles: Profiles, cases: Sequence[Ranked]) -> None:
        drawn = np.random.default_rng(SEED).choice(len(cases), min(SAMPLE, len(cases)), replace=False)
        self.profiles, self.cases = profiles, [cases[number] for number in sorted(drawn)]
        self.tables = cache(self._tables)
        self.worlds = cache(lambda **claims: world(profiles, replace(shipped(), **claims)))

    def choose(self, fold: int) -> Choice:
        """The choice on all sampled cases that are not of this fold."""
        others = np.array([number for number, ranked in enumerate(self.cases) if ranked.fold != fold])
        chosen = {name: values[len(values) // 2] for name, values in LISTS.items()}
        best, verbatim = self._fit(Constants(**chosen), others)
        for name, values in LISTS.items():
            for value in values:
                if value != chosen[name]:
                    fit, weight = self._fit(Constants(**{**chosen, name: value}), others)
                    if fit > best + WORTH_TELLING:
                        best, verbatim, chosen = fit, weight, {**chosen, name: value}
        return Choice(Constants(**chosen), verbatim)

    def _tables(self, constants: Constants) -> list[Table]:
        claims = {name: getattr(constants, name) for name in ("uncounted", "unstated", "prior_patients", "prior_share")}
        whole = replace(self.worlds(**claims), constants=constants)
        scores, live = Scores(whole), np.flatnonzero(self.profiles.from_omim & ~whole.is_empty)
        return [scaled(ranked, scores.of(ranked.case), live) for ranked in self.cases]

    def _fit(self, constants: Constants, others: NDArray[np.intp]) -> tuple[float, float]:
        """(mean reciprocal rank, weight of annotations with the very phenotype) of the best such weight."""
        tables = [self.tables(constants)[number] for number in others]
        weights = learn([(scores[:, : len(LEARNED)], place, count) for scores, place, count in tables])
        fits = []
        for verbatim in VERBATIM:
            by_hand = {**BY_HAND, "verbatim": verbatim}
            whole = np.concatenate((weights, [by_hand[name] for name in BY_HAND]))
            fits.append((float(np.mean([_reciprocal(scores @ whole, place) for scores, place, _ in tables])), verbatim))
        return max(fits)


def _reciprocal(fused: NDArray[np.float64], place: int) -> float:
    if place < 0:
        return 0.0
    return 1 / float((fused > fused[place]).sum() + ((fused == fused[place]).sum() + 1) / 2)


def choices(path: Path) -> dict[int, Choice]:
    """What was chosen without each fold, from the file that this script writes; -1 is what all cases chose."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return {int(fold): Choice(Constants(**each["constants"]), each["verbatim"]) for fold, each in told.items()}


def main() -> None:
    """Chooses without each fold, and on all, and writes a JSON file."""
    _, bench, cases = load(Path(sys.argv[1]), Path(sys.argv[2]))
    chooser = Chooser(bench.profiles, cases)
    told = {}
    for fold in (*range(FOLDS), -1):
        told[fold] = asdict(chooser.choose(fold))
        print(f"fold {fold}: {told[fold]}", flush=True)
        Path(sys.argv[3]).write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
