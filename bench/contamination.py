"""Planted overlaps of 1, 5 and 20% in real questions, found again: contamination.py DATA [ITEMS].

Half of PubMedQA's labelled questions with their abstracts are trained on, the others tested; of the tested so many per
cent are planted among the trained, in turn as they are, mistyped, without their first third, and inside two other
items. Prints precision and recall against what was planted, and the time. What stands in both halves anyway is found
first and set aside, with its number.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from probatum.datasets.pubmedqa import pubmedqa
from probatum.preparing.overlaps import contaminated, index
from probatum.trials.perturbing import mistyped
from probatum.types import Answer, Example, Question


def planted(example: Example, way: int, draw: random.Random, around: list[Example]) -> Example:
    """The example as somebody's training text, changed in one of four ways."""
    asked = example.question
    text = " ".join((asked.text, *asked.context, example.answer.text))
    if way == 1:
        text = mistyped(text, draw)
    elif way == 2:
        text = text[len(text) // 3 :]
    elif way == 3:
        text = f"{around[0].answer.text} {text} {around[1].answer.text}"
    return Example(f"planted {example.id}", Question(), Answer(text))


def main(data: Path, items: int) -> None:
    """Prints a line for each share that is planted."""
    draw = random.Random(20261123)
    examples = list(pubmedqa(data / "pubmedqa"))[:items]
    draw.shuffle(examples)
    half = len(examples) // 2
    train, test = examples[:half], examples[half:]
    before = {each.id for each in contaminated(index(train), test).overlaps}
    test = [each for each in test if each.id not in before]
    print(f"{len(train)} trained on, {len(test)} tested; {len(before)} stood in both and were set aside")
    for share in (0.01, 0.05, 0.2):
        chosen = draw.sample(test, max(1, round(share * len(test))))
        more = [planted(each, turn % 4, draw, train[2 * turn : 2 * turn + 2]) for turn, each in enumerate(chosen)]
        begun = time.perf_counter()
        told = contaminated(index([*train, *more]), test)
        seconds = time.perf_counter() - begun
        found, wanted = {each.id for each in told.overlaps}, {each.id for each in chosen}
        precision, recall = len(found & wanted) / max(len(found), 1), len(found & wanted) / len(wanted)
        print(f"{share:4.0%} planted: {len(wanted)}; precision {precision:.3f}, recall {recall:.3f}; {seconds:.1f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
