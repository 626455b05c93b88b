"""One peer package on seeded cases, as they are: ranking_peers.py KB PHENOPACKETS HPO N OUT.jsonl

The folder of hpo3 or pyhpo (both are imported as `pyhpo`) stands in PYTHONPATH; HPO holds the plain files of the
release that KB holds. Ranks all OMIM diseases by the package's own profiles and its own similarity of sets (Graph IC,
average of both directions). A line a case goes to OUT (peer, id, rank, seconds); a second start goes on after the last.
ranking.py shows them beside ours. pyhpo computes each pair of phenotypes anew for every disease, half a minute a case
and more: here it computes each pair once, and the first case is ranked both ways to show that nothing else changes, and
to take the time.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import sys
import time
from functools import lru_cache
from pathlib import Path

import numpy as np
from pyhpo import HPOSet, HPOTerm, Ontology
from ranking_cases import Ranked, load

SEED, PAIRS = 0, 4_000_000


def main() -> None:
    """Ranks the cases that OUT does not hold yet."""
    kb, data, files, count, out = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), Path(sys.argv[5])
    _, bench, cases = load(kb, data)
    rust = importlib.util.find_spec("pyhpo.pyhpo") is not None
    Ontology(files, from_obo_file=True) if rust else Ontology(files)
    sets = {f"OMIM:{int(each.id)}": _set(each) for each in Ontology.omim_diseases}
    name = f"{'hpo3' if rust else 'pyhpo'} {_version('hpo3' if rust else 'pyhpo')}".strip()
    done = {json.loads(line)["id"] for line in out.read_text().splitlines()} if out.exists() else set()
    drawn = np.random.default_rng(SEED).choice(len(cases), min(count, len(cases)), replace=False)
    ids, diseases = bench.profiles.terms.ids, bench.profiles.diseases
    for turn, number in enumerate(sorted(drawn)):
        ranked = cases[number]
        if ranked.example.id in done:
            continue
        start = time.process_time()
        plainly = {} if not rust and turn else _scores(ranked, ids, sets)
        spent = time.process_time() - start if plainly else None
        scores = plainly if rust else _once(ranked, ids, sets)
        if plainly and plainly != scores:
            raise ValueError(f"{ranked.example.id}: the scores differ where each pair is computed once")
        line = {"peer": name, "id": ranked.example.id, "rank": _rank(ranked, diseases, scores), "seconds": spent}
        with out.open("a") as file:
            file.write(json.dumps(line) + "\n")


def _set(disease: object) -> object:
    made = getattr(disease, "hpo_set", None)
    return made() if callable(made) else HPOSet.from_queries(sorted(disease.hpo))  # type: ignore[attr-defined]


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _scores(ranked: Ranked, terms: tuple[str, ...], sets: dict[str, object]) -> dict[str, float]:
    asked = HPOSet.from_queries([terms[term] for term in ranked.case.present])
    return {id_: asked.similarity(each, method="graphic") for id_, each in sets.items()}  # type: ignore[attr-defined]


def _once(ranked: Ranked, terms: tuple[str, ...], sets: dict[str, object]) -> dict[str, float]:
    """The same where the package computes each pair of phenotypes once."""
    plain = HPOTerm.similarity_score
    HPOTerm.similarity_score = lru_cache(PAIRS)(plain)
    try:
        return _scores(ranked, terms, sets)
    finally:
        HPOTerm.similarity_score = plain


def _rank(ranked: Ranked, diseases: tuple[str, ...], scores: dict[str, float]) -> float:
    gold = [scores[diseases[number]] for number in ranked.gold if diseases[number] in scores]
    if not gold:
        return float("inf")
    values = np.array(list(scores.values()))
    return float((values > max(gold)).sum() + ((values == max(gold)).sum() + 1) / 2)


if __name__ == "__main__":
    main()
