"""Learns the few weights of the differential: ranking_weights.py KB PHENOPACKETS > src/.../methods/_weights.toml

A conditional logit over candidates: the weighted sum of standard scores of the true disease against those of the most
likely others, with 30% of the mass spread over all so that cases which the knowledge does not explain do not lead.
Learned on the cases as they are (form `keep`), no weight below zero, no feature that tells how well a disease is
curated, exclusions never. Meaning (sharpness, unexplained) is learned in the form `alone`, which is nearer to a patient
whom nobody has published yet; it does not change the order. Folds part no publication and no disease.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from ranking_cases import FOLDS, Ranked, load
from scipy.optimize import minimize

from probatum.methods._changes import Bench
from probatum.methods._constants import constants
from probatum.methods._fusion import Weights
from probatum.methods._scores import NAMES

Numbers = NDArray[np.float64]
Table = tuple[Numbers, int, int]  # scores by candidate, place of the gold or -1, number of all candidates

LEARNED = ("likelihood", "similarity", "expected", "onset", "sex")
POWERS = {
    "likelihood": -0.75,
    "similarity": -0.75,
    "expected": 0.25,
    "onset": -0.4,
    "sex": -0.4,
    "excluded": -0.75,
    "verbatim": -0.75,
}
BY_HAND = {
    "excluded": 0.1,  # soft, and never learned: the excluded phenotypes of published cases betray their disease
    "verbatim": 0.6,  # learned it would be more, for a case's own annotations use its very terms
}
RIVALS, SPREAD, RIDGE = 120, 0.3, 1e-5


def scores_of(ranked: Ranked, bench: Bench, form: str) -> Table:
    """The scaled scores of a case, the learned ones first: of its likeliest candidates and the gold."""
    table = ranked.table(bench, form)
    return scaled(ranked, table.scores, np.flatnonzero(bench.profiles.from_omim & ~table.empty))


def scaled(ranked: Ranked, found: Numbers, live: NDArray[np.intp]) -> Table:
    """The same of the scores that were found for all diseases, of those that live."""
    used = (*LEARNED, *BY_HAND)
    count = max(len(ranked.case.present), 1)
    scale = np.array([count ** POWERS[name] for name in used])
    scores = found[[NAMES.index(name) for name in used]][:, live] * scale[:, None]
    gold = np.flatnonzero(np.isin(live, ranked.gold))
    rough = found[0, live] + 0.8 * found[1, live]
    best = np.argpartition(-rough, RIVALS)[:RIVALS]
    kept = np.unique(np.concatenate((best, gold[:1])))
    place = int(np.searchsorted(kept, gold[0])) if len(gold) else -1
    return scores[:, kept].T.astype(np.float64), place, len(live)


def learn(tables: list[Table]) -> Numbers:
    """The weights that make the gold diseases likeliest."""
    tables = [table for table in tables if table[1] >= 0]
    starts = np.cumsum([0] + [len(table[0]) for table in tables])
    scores = np.concatenate([table[0] - table[0].mean(0) for table in tables])
    gold = starts[:-1] + np.array([table[1] for table in tables])
    owner = np.repeat(np.arange(len(tables)), np.diff(starts))
    unit = scores.std(0)
    scores = scores / unit

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        total = scores @ weights
        raised = np.exp(total - np.maximum.reduceat(total, starts[:-1])[owner])
        share = raised / np.add.reduceat(raised, starts[:-1])[owner]
        mixed = (1 - SPREAD) * share[gold] + SPREAD / 400
        pull = (1 - SPREAD) * share[gold] / mixed / len(tables)
        slope = (scores * (share * pull[owner])[:, None]).sum(0) - (scores[gold] * pull[:, None]).sum(0)
        return -np.log(mixed).mean() + RIDGE * weights @ weights, slope + 2 * RIDGE * weights

    found = minimize(loss, np.full(len(unit), 0.5), jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(unit))
    return found.x / unit


def meaning(tables: list[Table], weights: Numbers) -> tuple[float, float]:
    """(sharpness, unexplained) for which the probability of the first candidate is nearest to its being right."""
    fused = [scores @ weights for scores, _, _ in tables]
    gaps = np.full((len(tables), RIVALS + 1), -np.inf)
    for number, each in enumerate(fused):
        gaps[number, : len(each)] = each - each.max()
    right = np.array([each.argmax() == place for each, (_, place, _) in zip(fused, tables, strict=True)], float)

    def loss(values: Numbers) -> float:
        said = (1 - 1 / (1 + np.exp(-values[1]))) / np.exp(np.exp(values[0]) * gaps).sum(1)
        return float(((said - right) ** 2).mean())

    found = minimize(loss, [0.0, -1.0], method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-7})
    return float(np.exp(found.x[0])), float(1 / (1 + np.exp(-found.x[1])))


def learned(keep: list[Table], alone: list[Table], by_hand: Mapping[str, float]) -> Weights:
    """The weights of some cases: learned as they are, their meaning in the form `alone`."""
    found = learn([(scores[:, : len(LEARNED)], place, count) for scores, place, count in keep])
    whole = np.concatenate((found, [by_hand[name] for name in BY_HAND]))
    sharpness, unexplained = meaning(alone, whole)
    return Weights(dict(zip(LEARNED, found.tolist(), strict=True)), POWERS, sharpness, unexplained, by_hand)


def main() -> None:
    """Learns on all cases and on all but each fold, and prints the table."""
    _, bench, cases = load(Path(sys.argv[1]), Path(sys.argv[2]))
    keep, alone = ([scores_of(ranked, bench, form) for ranked in cases] for form in ("keep", "alone"))
    print("# What bench/ranking_weights.py learned; made by it, not by hand, but for the constants and two weights.")
    print(f"# {len(cases)} published cases as phenopackets, {FOLDS} folds that part no publication and no disease.")
    print(
        "\n# Chosen by hand, near what bench/ranking_constants.py chooses from lists (see there, and bench/README.md)."
    )
    print("[constants]\n" + "\n".join(f"{name} = {value}" for name, value in asdict(constants()).items()))
    print("\n[powers]  # of the number of phenotypes, by which each score is multiplied before it is weighted")
    print("\n".join(f"{name} = {power}" for name, power in POWERS.items()))
    print("\n[set_by_hand]\n" + "\n".join(f"{name} = {value}" for name, value in BY_HAND.items()))
    for name, fold in (("whole", -1), *((f"fold{number}", number) for number in range(FOLDS))):
        others = [number for number, ranked in enumerate(cases) if ranked.fold != fold]
        found = learned([keep[number] for number in others], [alone[number] for number in others], BY_HAND)
        print(f"\n[sets.{name}]\nsharpness = {found.sharpness:.4f}\nunexplained = {found.unexplained:.4f}")
        said = ", ".join(f"{each} = {value:.4f}" for each, value in found.scores.items())
        print(f"scores = {{ {said} }}")


if __name__ == "__main__":
    main()
