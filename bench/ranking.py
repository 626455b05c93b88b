"""The whole table of ranking diagnoses: python bench/ranking.py KB PHENOPACKETS [--cases N] [--workers 2]

Four forms beside each other, all in one run: ours out of fold (the weights of a case's fold were learned on the other
folds), its ablations, one-sided and symmetric Resnik and the plain likelihood ratio; intervals and paired gains; macro
means and spread by gene, series, publication and number of phenotypes; calibration; milliseconds a case and memory.
Prints Markdown. What is optional:

    --chosen FILE    what ranking_constants.py chose within each fold: ours once more, constants and weights out of fold
    --hpo3 FILES     hpo3's similarity of sets on all cases (see ranking_hpo3.py)
    --only PART ...  ours, plain, nested, ablated: what is measured; ours is always needed
    --resume FOLDER  what is measured lies here, a file a part and fold: a run that was stopped goes on
    --peers OUT ...  ranks of peer packages on seeded cases (see ranking_peers.py) beside ours on the same
"""

from __future__ import annotations

import argparse
import importlib
import json
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from ranking_cases import FOLDS, FORMS, Ranked, load, rank_of
from ranking_constants import Choice, choices
from ranking_groups import HEAD, cell, kinds, line, reports, sisters
from ranking_plain import Plain
from ranking_weights import learned, scores_of

from probatum.desk import Withheld
from probatum.methods._changes import Bench
from probatum.methods._constants import Constants, constants
from probatum.methods._fusion import Weights, weights
from probatum.metrics._clusters import clusters_of, interval
from probatum.metrics.calibration import calibration_error

Numbers = NDArray[np.float64]
Found = dict[tuple[str, str], list[float]]  # by name and form, a number a case
OURS, ONE_SIDED, NESTED = "Probatum", "one-sided Resnik", "Probatum, constants chosen in the folds too"
PLAIN = "plain likelihood ratio, exact terms"
RATIOS = (PLAIN, "plain likelihood ratio, with the terms above", "plain likelihood ratio, naive back-off")
HPO3 = "hpo3, similarity of sets"
SAID, RIGHT, FIRST = "said", "right", "first"  # of the first candidate: its probability, whether it is gold, its number
PARTS = ("ours", "plain", "nested", "ablated")
TIMED, LEARNT_OF = 300, 3  # where constants are chosen too, few weights are learned on every third of the other cases
SHIPPED = constants()
WORLDS = {  # ablations of what one phenotype says
    "without wider phenotypes": replace(SHIPPED, wider_credit=1e-6),
    "every phenotype tells alike": replace(SHIPPED, rarity=0.0, repeated=0.0),
}


@dataclass
class Work:
    """What the parts of the measurement share; workers are forked with it."""

    bench: Bench
    cases: list[Ranked]
    plain: Plain
    chosen: dict[int, Choice] = field(default_factory=dict)
    resume: Path | None = None

    def ours(self, numbers: Sequence[int], told: Constants, given: dict[str, Weights] | None) -> Found:
        """Ranks by ours and its ablations of the fusion, or by the `given` weights, in a world of these constants."""
        found: Found = {}
        bench = self.bench if told == SHIPPED else _bench(self.bench, told)
        for number, form in ((number, form) for number in numbers for form in FORMS):
            ranked = self.cases[number]
            table = ranked.table(bench, form)
            live = np.flatnonzero(bench.profiles.from_omim & ~table.empty)
            scores = table.scores[:, live]
            for name, fusion in (given or variants(weights(f"fold{ranked.fold}"))).items():
                fused = fusion.fused(scores, len(ranked.case.present))
                found.setdefault((name, form), []).append(rank_of(fused, live, ranked.gold))
                if name == OURS:
                    shares = fusion.probabilities(fused)
                    best = int(shares.argmax())
                    found.setdefault((SAID, form), []).append(float(shares[best]))
                    found.setdefault((RIGHT, form), []).append(float(live[best] in ranked.gold))
                    found.setdefault((FIRST, form), []).append(float(live[best]))
        return found

    def ablated(self, numbers: Sequence[int], name: str) -> Found:
        """Ranks in a world where something is missing, with our weights."""
        fusion = weights(f"fold{self.cases[numbers[0]].fold}")
        return self.ours(numbers, WORLDS[name], {name: fusion})

    def nested(self, numbers: Sequence[int], _: str) -> Found:
        """Ranks with constants and weights that were chosen and learned on the other folds."""
        fold = self.cases[numbers[0]].fold
        choice = self.chosen[fold]
        bench = _bench(self.bench, choice.constants)
        others = [ranked for ranked in self.cases if ranked.fold != fold][::LEARNT_OF]
        keep = [
            scores_of(ranked, bench, "keep") for ranked in others
        ]  # their meaning is not told: ranks do not need it
        return self.ours(numbers, choice.constants, {NESTED: learned(keep, keep, choice.by_hand)})

    def plainly(self, numbers: Sequence[int], _: str) -> Found:
        """Ranks by the usual rankings."""
        found: Found = {}
        known = self.plain.profiles
        for number, form in ((number, form) for number in numbers for form in FORMS):
            ranked = self.cases[number]
            withheld = Withheld(frozenset(ranked.example.groups), form)
            for name, values, empty in self.plain.scores(ranked.case, withheld):
                there = np.flatnonzero(known.from_omim & ~empty)
                found.setdefault((name, form), []).append(rank_of(values[there], there, ranked.gold))
        return found


@lru_cache(1)
def _bench(bench: Bench, told: Constants) -> Bench:
    return Bench(bench.profiles, told)


def variants(fusion: Weights) -> dict[str, Weights]:
    """Ours and each ablation of the fusion, by name."""
    told = {OURS: fusion}
    for name in fusion.extra:
        rest = {each: weight for each, weight in fusion.extra.items() if each != name}
        told[f"without {name}"] = replace(fusion, extra=rest)
    for name in fusion.scores:
        told[f"without {name}"] = replace(fusion, scores={**fusion.scores, name: 0.0})
    told["no fusion: likelihood alone"] = Weights({"likelihood": 1.0}, {})
    return told


WORK: list[Work] = []  # what forked workers find


def _part(task: tuple[str, list[int], str]) -> tuple[list[int], Found]:
    part, numbers, name = task
    work = WORK[0]
    kept = work.resume and work.resume / f"{part}-{name.replace(' ', '-')}-{work.cases[numbers[0]].fold}.json"
    if kept and kept.exists():
        return numbers, {(row[0], row[1]): row[2] for row in json.loads(kept.read_text(encoding="utf-8"))}
    found = _measured(work, part, numbers, name)
    if kept:
        kept.write_text(json.dumps([[*key, values] for key, values in found.items()]), encoding="utf-8")
    return numbers, found


def _measured(work: Work, part: str, numbers: list[int], name: str) -> Found:
    if part == "ours":
        return work.ours(numbers, SHIPPED, None)
    parts: dict[str, Callable[[Sequence[int], str], Found]] = {
        "ablated": work.ablated, "nested": work.nested, "plain": work.plainly,
    }  # fmt: skip
    return parts[part](numbers, name)


def tasks(cases: Sequence[Ranked], only: Sequence[str]) -> Iterator[tuple[str, list[int], str]]:
    """The parts of the measurement, a fold each."""
    folds = [[number for number, ranked in enumerate(cases) if ranked.fold == fold] for fold in range(FOLDS)]
    parts = [("ours", ""), ("plain", ""), ("nested", ""), *(("ablated", name) for name in WORLDS)]
    yield from ((part, numbers, name) for part, name in parts if part in only for numbers in folds if numbers)


def measured(work: Work, workers: int, only: Sequence[str]) -> dict[str, dict[str, Numbers]]:
    """By name and form a number for each case, in the order of the cases."""
    WORK[:] = [work]
    found: dict[str, dict[str, Numbers]] = {}
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, mp_context=fork) as pool:
        for numbers, part in pool.map(_part, tasks(work.cases, only)):
            for (name, form), values in part.items():
                whole = found.setdefault(name, {}).setdefault(form, np.full(len(work.cases), np.nan))
                whole[numbers] = values
    return found


def intervals(found: dict[str, dict[str, Numbers]], cases: Sequence[Ranked]) -> Iterator[str]:
    """Ours with 95% intervals, and the paired gain over the plain likelihood ratio, clustered by publication."""
    clusters = clusters_of(len(cases), [ranked.example.groups for ranked in cases])
    ratios = [name for name in RATIOS if name in found]
    gained = "".join(f" top-1 gained over the {name} |" for name in ratios)
    yield f"\n| form | top-1 | top-10 |{gained} Brier | ECE |\n|{'---|' * (len(ratios) + 5)}"
    for form in FORMS:
        ours, *plain = (found[name][form] for name in (OURS, *ratios))
        gains = [1.0 * (ours <= 1) - (each <= 1) for each in plain]
        cells = []
        for values in (ours <= 1, ours <= 10, *gains):
            low, high = interval(values.astype(np.float64), np.ones(len(cases)), clusters, 0)
            cells.append(f"{values.mean():.3f} ({low:.3f} to {high:.3f})")
        said, right = found[SAID][form], found[RIGHT][form]
        cells += [f"{((said - right) ** 2).mean():.3f}", f"{calibration_error(said, right):.3f}"]
        yield f"| {form} | {' | '.join(cells)} |"


def times(profiles_bench: Bench, cases: Sequence[Ranked]) -> Iterator[str]:
    """Milliseconds a case over all diseases: a fresh process, the same patients again, Resnik; memory before it."""
    drawn, fusion = cases[:: max(1, len(cases) // TIMED)], weights()
    fresh, plain = Bench(profiles_bench.profiles), Plain(profiles_bench.profiles)

    def ours(ranked: Ranked) -> None:
        scores = fresh.table(ranked.case, Withheld()).scores
        fusion.probabilities(fusion.fused(scores, len(ranked.case.present)))

    def spent(work: Callable[[Ranked], object]) -> float:
        start = time.process_time()
        for ranked in drawn:
            work(ranked)
        return 1000 * (time.process_time() - start) / len(drawn)

    ours(drawn[0])
    yield f"\n| {len(fresh.profiles.diseases)} diseases, CPU milliseconds a case | |\n|---|---|"
    yield f"| {OURS}, a new process's first {len(drawn)} patients | {spent(ours):.2f} |"
    yield f"| {OURS}, the same patients again | {spent(ours):.2f} |"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    plain.one_sided(drawn[0].case)
    yield f"| {ONE_SIDED} | {spent(lambda ranked: plain.one_sided(ranked.case)):.2f} |"
    yield f"\npeak memory of ours {memory:.0f} MB"


def beside(peers: Sequence[Path], found: dict[str, dict[str, Numbers]], cases: Sequence[Ranked]) -> Iterator[str]:
    """Peer packages on their seeded cases, and ours and hpo3's bulk on the same."""
    place = {ranked.example.id: number for number, ranked in enumerate(cases)}
    rows = [json.loads(text) for path in peers for text in path.read_text().splitlines()]
    rows = [row for row in rows if row["id"] in place]
    drawn = sorted({place[row["id"]] for row in rows})
    if not drawn:
        return
    yield f"\n| {len(drawn)} seeded cases, form keep | top-1/3/10 MRR | CPU seconds a case |\n|---|---|---|"
    for name in (OURS, PLAIN, ONE_SIDED, HPO3):
        if name in found:
            yield f"| {name} | {cell(found[name]['keep'][drawn], np.ones(len(drawn)))} | |"
    for peer in dict.fromkeys(row["peer"] for row in rows):
        ranks = np.array([row["rank"] for row in rows if row["peer"] == peer], np.float64)
        spent = [row["seconds"] for row in rows if row["peer"] == peer and row["seconds"]]
        said = f"{np.mean(spent):.1f} ({len(spent)} timed)" if spent else ""
        yield f"| {peer}, its own profiles ({len(ranks)}) | {cell(ranks, np.ones(len(ranks)))} | {said} |"


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kb", type=Path)
    parser.add_argument("data", type=Path)
    for name, kind, default in (
        ("cases", int, 0),
        ("workers", int, 2),
        ("chosen", Path, None),
        ("hpo3", Path, None),
        ("resume", Path, None),
    ):
        parser.add_argument(f"--{name}", type=kind, default=default)
    parser.add_argument("--only", nargs="*", default=PARTS, choices=PARTS)
    parser.add_argument("--peers", type=Path, nargs="*", default=[])
    given = parser.parse_args()
    store, bench, cases = load(given.kb, given.data)
    if given.cases:
        drawn = np.random.default_rng(0).choice(len(cases), min(given.cases, len(cases)), replace=False)
        cases = [cases[number] for number in sorted(drawn)]
    speed = list(times(bench, cases))
    further = {}
    if given.hpo3:
        module = importlib.import_module("ranking_hpo3")  # needs hpo3
        further[HPO3] = module.SetSimilarity(given.hpo3, bench.profiles.terms).scores
    chosen = choices(given.chosen) if given.chosen else {}
    only = [part for part in given.only if chosen or part != "nested"]
    if given.resume:
        given.resume.mkdir(parents=True, exist_ok=True)
    found = measured(Work(bench, cases, Plain(bench.profiles, further), chosen, given.resume), given.workers, only)
    ranks = {name: each for name, each in found.items() if name not in {SAID, RIGHT, FIRST}}
    every, shared = np.ones(len(cases)), kinds(given.data, cases)
    print(f"{len(cases)} cases, {len(set(shared[0].names))} diseases, {bench.profiles.from_omim.sum()} candidates\n")
    print(HEAD.format("top-1/3/10 MRR"))
    print("\n".join(line(name, each, every) for name, each in ranks.items()))
    print("\n".join(intervals(found, cases)))
    same = sisters(store, bench.profiles.diseases, bench.profiles.names)
    near = [
        np.mean([same(int(first), ranked.gold) for first, ranked in zip(found[FIRST][form], cases, strict=True)])
        for form in FORMS
    ]
    print("\nShare of cases whose first candidate is the disease, or one of the same gene or series: ", end="")
    print(", ".join(f"{form} {share:.3f}" for form, share in zip(FORMS, near, strict=True)))
    others = {name: ranks[name] for name in (PLAIN, ONE_SIDED, HPO3) if name in ranks}
    print("\n".join(reports(ranks[OURS], others, cases, shared)))
    print("\n".join((*beside(given.peers, found, cases), *speed)))


if __name__ == "__main__":
    main()
