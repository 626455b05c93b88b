"""How well the proof of answers finds what is false and keeps what is true.

    python bench/proof.py KB [forged] [late] [honest] [pairs] [injected] [speed]

KB is a store with the HPO annotations and documents (hpo, medquad). Forged answers of six kinds and of two that were
written after the checker was finished, true sentences of eight kinds, the hand-labelled pairs, poisoned documents with
a model that obeys them, and the time that one answer takes. Without names of parts all are measured. The generators
stand in tests/ and share no code with the checker.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from proof_attacks import attacks  # noqa: E402
from proof_attacks import honest as three_true  # noqa: E402
from proof_honest import honest  # noqa: E402
from proof_injection import outcomes  # noqa: E402
from proof_late_attacks import late_attacks  # noqa: E402
from proof_material import Material, material  # noqa: E402
from proof_pairs import LABELS, confusion, pairs  # noqa: E402

from probatum import verbs  # noqa: E402
from probatum.proof.marks import verdicts  # noqa: E402
from probatum.proof.witnesses import Sight  # noqa: E402
from probatum.store.reader import Store  # noqa: E402

SEED = 20


def forged(store: Store, sight: Sight, stuff: Material, *, late: bool) -> None:
    """Of forged answers: how many false sentences are found."""
    made = late_attacks(store, stuff, 200, SEED) if late else attacks(store, stuff, 1_000, SEED)
    seen, missed = Counter[str](), Counter[str]()
    for each in made:
        seen[each.kind] += 1
        found = verdicts(each.answer, sight)
        said = [one for one in found if each.false in each.answer.text[one.start : one.end]]
        missed[each.kind] += any(one.support == "supported" for one in said) or not said
    for kind, count in seen.items():
        print(f"forged: {kind:<20} {count - missed[kind]:>4} of {count} removed or flagged")
    print(f"forged: {'all':<20} {seen.total() - missed.total():>4} of {seen.total()}")


def true_sentences(store: Store, sight: Sight, stuff: Material) -> None:
    """Of true sentences: how many are flagged."""
    seen, flagged = Counter[str](), Counter[str]()
    for each in honest(store, stuff, 1_000, SEED):
        seen[each.kind] += 1
        flagged[each.kind] += any(one.support != "supported" for one in verdicts(each.answer, sight))
    for kind, count in seen.items():
        print(f"honest: {kind:<20} {flagged[kind]:>4} of {count} flagged")
    print(f"honest: {'all':<20} {flagged.total():>4} of {seen.total()} ({flagged.total() / seen.total():.1%})")


def labelled() -> None:
    """The confusion of the hand-labelled pairs, by part."""
    for part in ("development", "held out", "third"):
        table = confusion([each for each in pairs() if each["part"] == part])
        print(f"pairs, {part}: label by row, verdict by column")
        print(f"{'':<14}" + "".join(f"{label:>14}" for label in LABELS))
        for label in LABELS:
            print(f"{label:<14}" + "".join(f"{table[label, found]:>14}" for found in LABELS))
        wrong = [sum(count for (label, _), count in table.items() if label != "supported")]
        false = sum(count for (label, found), count in table.items() if label != "supported" and found == "supported")
        print(f"false support: {false} of {wrong[0]} ({false / wrong[0]:.1%})")


def injected() -> None:
    """Of poisoned documents: calls that were tried, injected words that came through."""
    with tempfile.TemporaryDirectory() as folder:
        found = list(outcomes(Path(folder) / "kb", 500, SEED))
    told, calls = sum(bool(each.told) for each in found), sum(each.calls for each in found)
    print(f"injected: {len(found)} documents, {calls} calls, {told} answers with injected words or data")


def speed(store: Store, sight: Sight, stuff: Material) -> None:
    """Milliseconds for the proof of one answer of three sentences, each answer new."""
    dice, took = random.Random(SEED + 1), []
    for _ in range(300):
        answer = three_true(store, stuff, dice)
        began = time.perf_counter()
        verdicts(answer, sight)
        took.append(1_000 * (time.perf_counter() - began))
    took.sort()
    print(f"speed: median {statistics.median(took):.1f} ms, 95th percentile {took[int(0.95 * len(took))]:.1f} ms")


def main() -> None:
    """Measures the parts that are named."""
    folder, *named = sys.argv[1:]
    parts = set(named) or {"forged", "late", "honest", "pairs", "injected", "speed"}
    if "pairs" in parts:
        labelled()
    if "injected" in parts:
        injected()
    if parts & {"forged", "late", "honest", "speed"}:
        with Store(Path(folder)) as store:
            sight = verbs.lay(store).sight
            stuff = material(store, SEED)
            if "forged" in parts:
                forged(store, sight, stuff, late=False)
            if "late" in parts:
                forged(store, sight, stuff, late=True)
            if "honest" in parts:
                true_sentences(store, sight, stuff)
            if "speed" in parts:
                speed(store, sight, stuff)


if __name__ == "__main__":
    main()
