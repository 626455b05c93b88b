"""Speed of the text metrics beside their references, in one run on one core.

    python bench/metrics.py [--pairs 10000] [--rounds 3]

Random pairs of sentences that share much of their wording, in English and in Chinese characters. Ours are BLEU-1 to 4
and ROUGE-1, 2 and L together, without and with the intervals of a thousand resamples; the others are named.
Needs sacrebleu, rouge_score and rouge-chinese.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "metrics"))

import sacrebleu
from golden import Pairs, seeded
from rouge_chinese import Rouge
from rouge_score.rouge_scorer import RougeScorer

from probatum.metrics.bleu import bleu, counted
from probatum.metrics.rouge import per_text, rouge


def main() -> None:
    """Prints one line a contestant, the fastest first."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--pairs", type=int, default=10_000)
    given.add_argument("--rounds", type=int, default=3)
    asked = given.parse_args()
    for language, cut in (("en", "13a"), ("zh", "char")):
        pairs = seeded(asked.pairs, chinese=language == "zh")
        best: dict[str, float] = {}
        contestants = list(contest(pairs, cut).items())
        for turn in range(asked.rounds):
            random.Random(turn).shuffle(contestants)
            for name, work in contestants:
                start = time.process_time()
                work()
                taken = time.process_time() - start
                best[name] = min(taken, best.get(name, taken))
        for name, taken in sorted(best.items(), key=lambda each: each[1]):
            print(f"{language}  {name:34} {asked.pairs / taken:9.0f} pairs a second")


def contest(pairs: Pairs, cut: str) -> dict[str, Callable[[], object]]:
    """What is timed, by name."""
    said, wanted = [given.text for _, given in pairs], [gold.text for gold, _ in pairs]
    own = "rouge" if cut == "13a" else "char"

    def ours() -> None:
        counted(pairs, cut, "mixed", "sacrebleu")
        per_text(pairs, tokens=own)

    def with_intervals() -> None:
        bleu(pairs, tokens=cut)
        rouge(pairs, tokens=own)

    works: dict[str, Callable[[], object]] = {
        "ours, BLEU and ROUGE": ours,
        "ours, both with intervals": with_intervals,
        "sacrebleu, BLEU alone": lambda: sacrebleu.BLEU(tokenize=cut).corpus_score(said, [wanted]),
    }
    if cut == "13a":
        scorer = RougeScorer(["rouge1", "rouge2", "rougeL"])
        works["rouge_score, ROUGE alone"] = lambda: [scorer.score(gold.text, given.text) for gold, given in pairs]
    else:
        chinese = Rouge()
        spaced = [(" ".join(given.text), " ".join(gold.text)) for gold, given in pairs if given.text]
        works["rouge-chinese, ROUGE alone"] = lambda: [chinese.get_scores(a, b) for a, b in spaced]
    return works


if __name__ == "__main__":
    main()
