"""Inputs of the 55 clinical calculators read out of notes by rules, without a language model, and what comes out.

    python bench/calculators.py DATA [--each]

DATA holds medcalc-bench/one_shot_finalized_explanation.json: a note, its inputs and the answer for each calculator. The
rules were written on the notes of the first 27 calculators; the other 28 are told apart. An input counts as found where
its value, in the unit of the example, is within 1 in 1,000; an answer where it meets the benchmark's own tolerance:
scores and dates exactly, other numbers within 5%. Findings that a note does not speak of count as absent.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from tools.test_calculators import NAMES, told

from probatum.errors import ProbatumError
from probatum.shapes import Given
from probatum.tools._inputs import found_in
from probatum.tools._units import converted
from probatum.tools.calculators import calculators, inputs_of

FIRST = 27  # calculators, in the order of the file, whose notes the rules were written on
NEAR, WITHIN = 1e-3, 0.05


def main() -> None:
    """One line a half, and with --each one a calculator."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("data", type=Path)
    given.add_argument("--each", action="store_true")
    chosen = given.parse_args()
    file = chosen.data / "medcalc-bench" / "one_shot_finalized_explanation.json"
    counts: dict[str, Counter[str]] = {"first 27": Counter(), "other 28": Counter()}
    for place, (id_, example) in enumerate(json.loads(file.read_text(encoding="utf-8")).items()):
        half = counts["first 27" if place < FIRST else "other 28"]
        wanted = told(id_, example["input_parameters"])
        found = {name: one.given for name, one in found_in(example["Patient Note"], inputs_of(NAMES[id_])).items()}
        hits = sum(name in found and same(found[name], value) for name, value in wanted.items())
        right = met(NAMES[id_], found, example["Response"]["answer"])
        half.update(
            calculators=1, answers=right, inputs=len(wanted), found=hits, more=len(found.keys() - wanted.keys())
        )
        if chosen.each:
            missed = sorted(name for name, value in wanted.items() if name not in found or not same(found[name], value))
            print(id_, NAMES[id_], "right" if right else "wrong", "without", missed)
    for name, half in counts.items():
        shares = {
            "inputs_found": half["found"] / half["inputs"],
            "answers_right": half["answers"] / half["calculators"],
        }
        print(json.dumps({"half": name, **half, **{key: round(share, 3) for key, share in shares.items()}}))


def same(one: Given, other: Given) -> bool:
    """Whether two inputs are one value."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        try:
            value = converted(float(one[0]), one[1], other[1])
        except ProbatumError:
            return False
        return abs(value - float(other[0])) <= NEAR * max(abs(float(other[0])), NEAR)
    return str(one).casefold() == str(other).casefold()


def met(name: str, found: dict[str, Given], answer: Any) -> bool:
    """Whether what the calculator gives is the example's answer, by the benchmark's tolerance."""
    try:
        result = calculators(found, name=name, unsaid="absent")
    except ProbatumError:
        return False
    if isinstance(answer, list):
        return bool(result.value == " ".join(answer))
    if "/" in str(answer):
        return bool(result.value == datetime.strptime(answer, "%m/%d/%Y").date().isoformat())
    if isinstance(result.value, (str, date)):
        return False
    expected = float(answer)
    near = 0.0 if result.unit == "{score}" else WITHIN * abs(expected)
    return abs(float(result.value) - expected) <= near


if __name__ == "__main__":
    main()
