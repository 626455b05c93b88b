"""The whole table of ranking diagnoses: python bench/ranking.py KB PHENOPACKETS [CASES]

Four forms beside each other: ours out of fold (the weights of a case's fold were learned on the other folds), its
ablations, one-sided and symmetric Resnik and the plain likelihood ratio, all in one run; by number of phenotypes;
calibration; milliseconds a case and memory. CASES draws that many by seed. Prints Markdown. Peers: ranking_peers.py.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from ranking_cases import FORMS, Ranked, load
from ranking_plain import Plain

from probatum.desk import Withheld
from probatum.methods._changes import Bench
from probatum.methods._changes import Table as Scored
from probatum.methods._fusion import Weights, weights
from probatum.methods._scores import NOTHING
from probatum.metrics._clusters import clusters_of, interval
from probatum.metrics.calibration import calibration_error

Numbers = NDArray[np.float64]
OURS, PLAIN, ONE_SIDED = "Probatum", "plain likelihood ratio, exact terms", "one-sided Resnik"
RATIOS = (PLAIN, "plain likelihood ratio, with the terms above", "plain likelihood ratio, naive back-off")
SIZES = ((1, 2), (3, 5), (6, 10), (11, 999))
TIMED = 300


def variants(learned: Weights) -> dict[str, Weights]:
    """Ours and each ablation of the fusion, by name."""
    told = {OURS: learned}
    for name in learned.extra:
        rest = {each: weight for each, weight in learned.extra.items() if each != name}
        told[f"without {name}"] = replace(learned, extra=rest)
    for name in learned.scores:
        told[f"without {name}"] = replace(learned, scores={**learned.scores, name: 0.0})
    told["no fusion: likelihood alone"] = Weights({"likelihood": 1.0}, {})
    return told


def rank_of(scores: Numbers, live: NDArray[np.intp], gold: Sequence[int]) -> float:
    """The rank of the best gold disease; ties take the mean rank, an emptied one has none."""
    hits = scores[np.isin(live, gold)]
    if not len(hits):
        return np.inf
    return float((scores > hits.max()).sum() + ((scores == hits.max()).sum() + 1) / 2)


class Table:
    """Ranks by variant and form, and what was claimed of the first candidate."""

    def __init__(self, bench: Bench, cases: Sequence[Ranked]) -> None:
        self.bench, self.cases, self.plain = bench, cases, Plain(bench.profiles)
        self.ranks: dict[tuple[str, str], list[float]] = {}
        self.claims: dict[str, list[tuple[float, float]]] = {form: [] for form in FORMS}
        for ranked in cases:
            told = variants(weights(f"fold{ranked.fold}"))
            for form in FORMS:
                self._one(ranked, form, told)

    def _one(self, ranked: Ranked, form: str, told: dict[str, Weights]) -> None:
        withheld = Withheld(frozenset(ranked.example.groups), form)
        table = self.bench.table(ranked.case, withheld)
        live = np.flatnonzero(self.bench.profiles.from_omim & ~table.empty)
        scores = table.scores[:, live]
        for name, learned in told.items():
            fused = learned.fused(scores, len(ranked.case.present))
            self._note(name, form, rank_of(fused, live, ranked.gold))
            if name == OURS:
                shares = learned.probabilities(fused)
                best = int(shares.argmax())
                self.claims[form].append((float(shares[best]), float(live[best] in ranked.gold)))
        mentioned = self._described(ranked, table)[live]
        self._note("no fusion, only phenotypes described", form, rank_of(mentioned, live, ranked.gold))
        for name, values, empty in self.plain.scores(ranked.case, withheld):
            there = np.flatnonzero(self.bench.profiles.from_omim & ~empty)
            self._note(name, form, rank_of(values[there], there, ranked.gold))

    def _described(self, ranked: Ranked, table: Scored) -> Numbers:
        """Our likelihood without credit for wider phenotypes."""
        total, background = np.zeros(len(self.bench.profiles.diseases)), np.log(table.world.background)
        few = table.few.closed.toarray() if table.few else None
        for term in ranked.case.present:
            ratio = np.full(len(total), NOTHING)
            span = slice(table.world.closed.indptr[term], table.world.closed.indptr[term + 1])
            shares = table.world.closed.data[span]
            ratio[table.world.closed.indices[span]] = np.maximum(np.log(shares) - background[term], NOTHING)
            if few is not None:
                ratio[table.changed] = np.log(np.maximum(few[:, term], 1e-9)) - background[term]
            total += np.maximum(ratio, NOTHING)
        return total

    def _note(self, name: str, form: str, rank: float) -> None:
        self.ranks.setdefault((name, form), []).append(rank)

    def lines(self, chosen: NDArray[np.bool_], weight: Numbers, names: Sequence[str]) -> list[str]:
        """A line a variant: top-1/3/10 and mean reciprocal rank in each form, of the chosen cases."""
        told = []
        for name in names:
            cells = []
            for form in FORMS:
                ranks, part = np.array(self.ranks[name, form])[chosen], weight[chosen] / weight[chosen].sum()
                hits = "/".join(f"{(ranks <= k) @ part:.3f}" for k in (1, 3, 10))
                cells.append(f"{hits} {(1 / ranks) @ part:.3f}")
            told.append(f"| {name} | {' | '.join(cells)} |")
        return told

    def intervals(self) -> list[str]:
        """Ours with 95% intervals, and the paired gain over the plain likelihood ratio, clustered by publication."""
        clusters = clusters_of(len(self.cases), [ranked.example.groups for ranked in self.cases])
        ones, told = np.ones(len(self.cases)), []
        for form in FORMS:
            ours, *plain = (np.array(self.ranks[name, form]) for name in (OURS, *RATIOS))
            gains = [1.0 * (ours <= 1) - (each <= 1) for each in plain]
            cells = []
            for values in (ours <= 1, ours <= 10, *gains):
                low, high = interval(values.astype(np.float64), ones, clusters, 0)
                cells.append(f"{values.mean():.3f} ({low:.3f} to {high:.3f})")
            said, right = np.array(self.claims[form]).T
            cells += [f"{((said - right) ** 2).mean():.3f}", f"{calibration_error(said, right):.3f}"]
            told.append(f"| {form} | {' | '.join(cells)} |")
        return told

    def times(self) -> list[str]:
        """Milliseconds a case over all diseases: a fresh process, the same patients again, Resnik."""
        drawn = self.cases[:: max(1, len(self.cases) // TIMED)]
        learned = weights()

        def ours(bench: Bench, ranked: Ranked) -> None:
            scores = bench.table(ranked.case, Withheld()).scores
            learned.probabilities(learned.fused(scores, len(ranked.case.present)))

        fresh = Bench(self.bench.profiles)
        ours(fresh, drawn[0])
        spent: dict[str, float] = {}
        for name in (f"{OURS}, a new process's first {len(drawn)} patients", f"{OURS}, the same patients again"):
            start = time.process_time()
            for ranked in drawn:
                ours(fresh, ranked)
            spent[name] = time.process_time() - start
        start = time.process_time()
        for ranked in drawn:
            self.plain.one_sided(ranked.case)
        spent[ONE_SIDED] = time.process_time() - start
        return [f"| {name} | {1000 * seconds / len(drawn):.2f} |" for name, seconds in spent.items()]


def main() -> None:
    """Measures and prints."""
    _, bench, cases = load(Path(sys.argv[1]), Path(sys.argv[2]))
    if len(sys.argv) > 3:
        drawn = np.random.default_rng(0).choice(len(cases), min(int(sys.argv[3]), len(cases)), replace=False)
        cases = [cases[number] for number in sorted(drawn)]
    table = Table(bench, cases)
    names = list(dict.fromkeys(name for name, _ in table.ranks))
    every, ones = np.ones(len(cases), bool), np.ones(len(cases))
    gold = [min(ranked.gold) for ranked in cases]
    counts = Counter(gold)
    macro = np.array([1 / counts[disease] for disease in gold])
    head = f"| top-1/3/10 MRR | {' | '.join(FORMS)} |\n|---|---|---|---|---|"
    print(f"{len(cases)} cases, {len(counts)} diseases, {bench.profiles.from_omim.sum()} candidates\n\n{head}")
    print("\n".join(table.lines(every, ones, names)))
    print(f"\nOver diseases\n\n{head}")
    print("\n".join(table.lines(every, macro, (OURS, PLAIN, ONE_SIDED))))
    print(f"\nBy number of phenotypes present\n\n{head}")
    for low, high in SIZES:
        here = np.array([low <= len(ranked.case.present) <= high for ranked in cases])
        if here.any():
            print(table.lines(here, ones, (OURS,))[0].replace(OURS, f"{low} to {high} ({here.sum()} cases)"))
    print(
        f"\n| form | top-1 | top-10 | {' | '.join(f'top-1 gained over the {name}' for name in RATIOS)} | Brier | ECE |"
    )
    print("|---|---|---|---|---|---|---|---|")
    print("\n".join(table.intervals()))
    print(f"\n| {len(bench.profiles.diseases)} diseases, CPU milliseconds a case | |\n|---|---|")
    print("\n".join(table.times()))
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
