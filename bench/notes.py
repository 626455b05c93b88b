"""ACI-Bench's notes beside what any writer must beat: the conversation copied, and its first turns; notes.py DATA [KB].

With KB, a store that holds HPO alone, F1 over its concepts stands beside ROUGE: MEDCON's rule on HPO, under its own
name, not comparable with MEDCON, which is over UMLS. Needs rapidfuzz.
"""

from __future__ import annotations

import sys
from pathlib import Path

from probatum.annotators.dictionary import dictionary
from probatum.datasets.aci_bench import aci_bench
from probatum.metrics.medcon import medcon
from probatum.metrics.rouge import KINDS, rouge
from probatum.store.reader import Store
from probatum.types import Answer, Mention, Relation

BASELINES = {"copy of all turns": None, "first 50 turns": 50, "first 20 turns": 20}


def main(data: Path, kb: Path | None) -> None:
    """Prints a line for each part and baseline, and the signature of the last measure."""
    annotate = dictionary(Store(kb)) if kb else None
    known: dict[str, list[Mention | Relation]] = {}

    def found(text: str) -> list[Mention | Relation]:
        if annotate and text not in known:
            known[text] = list(annotate(text))
        return known.get(text, [])

    for part in ("train", "valid"):
        examples = list(aci_bench(data / "aci-bench", part))
        for name, turns in BASELINES.items():
            said = ["\n".join(text for _, text in each.question.turns[:turns]) for each in examples]
            pairs = [(each.answer, Answer(text)) for each, text in zip(examples, said, strict=True)]
            scores = rouge(pairs)
            told = ", ".join(f"{k} {scores[k].value:.3f} [{scores[k].low:.3f}, {scores[k].high:.3f}]" for k in KINDS)
            for key, score in (medcon(pairs, annotate=found, dictionary="HPO") if kb else {}).items():
                told += f", {key} {score.value:.3f} [{score.low:.3f}, {score.high:.3f}]"
                scores = {**scores, "last": score}
            print(f"{part} ({len(examples)}), {name}: {told}", flush=True)
    print(scores[KINDS[-1]].signature)
    if "last" in scores:
        print(scores["last"].signature)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
