"""One peer package on seeded cases, form `keep`: PYTHONPATH=FOLDER python bench/ranking_peers.py KB PHENOPACKETS HPO N

FOLDER holds hpo3 or pyhpo (both are imported as `pyhpo`), HPO the plain files of the release that KB holds. Ranks all
OMIM diseases by the package's own similarity of sets (Graph IC, average of both directions), and prints Markdown.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
import time
from pathlib import Path

import numpy as np
from pyhpo import HPOSet, Ontology
from ranking_cases import Ranked, load

from probatum.metrics.diagnosis import CUTOFFS


def main() -> None:
    """Ranks the cases and prints a line."""
    kb, data, files, count = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    _, bench, cases = load(kb, data)
    rust = importlib.util.find_spec("pyhpo.pyhpo") is not None
    Ontology(files, from_obo_file=True) if rust else Ontology(files)
    sets = {f"OMIM:{int(each.id)}": _set(each) for each in Ontology.omim_diseases}
    drawn = np.random.default_rng(0).choice(len(cases), min(count, len(cases)), replace=False)
    start, ranks = time.perf_counter(), []
    for number in sorted(drawn):
        ranks.append(_rank(cases[number], bench.profiles.terms.ids, bench.profiles.diseases, sets))
    spent = (time.perf_counter() - start) / len(ranks)
    found = np.array(ranks)
    name = "hpo3" if rust else "pyhpo"
    hits = " / ".join(f"{(found <= k).mean():.3f}" for k in CUTOFFS)
    print(f"| {name} {_version(name)} | {len(ranks)} | {hits} | {(1 / found).mean():.3f} | {spent * 1000:.0f} |")


def _set(disease: object) -> object:
    made = getattr(disease, "hpo_set", None)
    return made() if callable(made) else HPOSet.from_queries(sorted(disease.hpo))  # type: ignore[attr-defined]


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _rank(ranked: Ranked, terms: tuple[str, ...], diseases: tuple[str, ...], sets: dict[str, object]) -> float:
    asked = HPOSet.from_queries([terms[term] for term in ranked.case.present])
    scores = {id_: asked.similarity(each, method="graphic") for id_, each in sets.items()}  # type: ignore[attr-defined]
    gold = [scores[diseases[number]] for number in ranked.gold if diseases[number] in scores]
    if not gold:
        return float("inf")
    values = np.array(list(scores.values()))
    return float((values > max(gold)).sum() + ((values == max(gold)).sum() + 1) / 2)


if __name__ == "__main__":
    main()
