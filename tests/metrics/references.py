"""Writes references.json: what packages that have no wheel for today's Python say of the seeded pairs.

pip install rouge-score==0.1.2 pycocoevalcap==1.2 && python tests/metrics/references.py
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

from golden import seeded

KINDS = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
DIGITS = 9


def main() -> None:
    """Scores of 500 pairs each: ROUGE by kind (precision, recall, F1 of every pair), CIDEr-D of every pair."""
    from pycocoevalcap.cider.cider_scorer import CiderScorer
    from rouge_score.rouge_scorer import RougeScorer

    told: dict[str, object] = {"versions": {name: version(name) for name in ("rouge-score", "pycocoevalcap")}}
    for lines in (False, True):
        for stemmed in (False, True):
            scorer = RougeScorer(KINDS, use_stemmer=stemmed)
            rows = [scorer.score(gold.text, given.text) for gold, given in seeded(500, lines=lines)]
            name = f"rouge{'-stem' if stemmed else ''}{'-lines' if lines else ''}"
            told[name] = [[[round(value, DIGITS) for value in row[kind]] for kind in KINDS] for row in rows]
    oracle = CiderScorer(n=4, sigma=6.0)
    for gold, given in seeded(500):
        oracle += (given.text, [gold.text])
    told["cider_d"] = [round(float(each), DIGITS) for each in oracle.compute_score()[1]]
    Path(__file__).with_suffix(".json").write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
