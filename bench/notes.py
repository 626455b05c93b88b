"""ACI-Bench's notes beside what any writer must beat: the conversation copied, and its first turns; notes.py DATA."""

from __future__ import annotations

import sys
from pathlib import Path

from probatum.datasets.aci_bench import aci_bench
from probatum.metrics.rouge import KINDS, rouge
from probatum.types import Answer

BASELINES = {"copy of all turns": None, "first 50 turns": 50, "first 20 turns": 20}


def main(data: Path) -> None:
    """Prints a line for each part and baseline, and the signature of the last measure."""
    for part in ("train", "valid"):
        examples = list(aci_bench(data / "aci-bench", part))
        for name, turns in BASELINES.items():
            said = ["\n".join(text for _, text in each.question.turns[:turns]) for each in examples]
            pairs = [(each.answer, Answer(text)) for each, text in zip(examples, said, strict=True)]
            scores = rouge(pairs)
            told = ", ".join(f"{k} {scores[k].value:.3f} [{scores[k].low:.3f}, {scores[k].high:.3f}]" for k in KINDS)
            print(f"{part} ({len(examples)}), {name}: {told}")
    print(scores[KINDS[-1]].signature)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
