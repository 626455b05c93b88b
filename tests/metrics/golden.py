"""Texts and numbers for the tests of metrics: seeded pairs of our own, and the shared golden values."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from probatum.types import Answer

FILE = Path(__file__).parents[3] / "shared" / "metrics_golden.json"
Pairs = list[tuple[Answer, Answer]]
_WORDS = (
    "the patient has a fever cough rash of unknown origin and was given ibuprofen 400 mg twice daily after meals "
    "chest radiograph shows small left pleural effusion no known drug allergies monitor potassium weekly repeat tests"
).split()
_HAN = "患者发热咳嗽三天伴皮疹胸片示左侧少量积液建议口服布洛芬每日两次监测血钾一周后复查过敏史无"


def golden(part: str) -> Any:
    """A part of the golden values; the test is skipped where they are not there."""
    if not FILE.exists():
        pytest.skip("the real data, and with them the golden values, are not there")
    return json.loads(FILE.read_text(encoding="utf-8"))[part]


def reference(part: str) -> Any:
    """What a package said of the seeded pairs (references.py)."""
    return json.loads(Path(__file__).with_name("references.json").read_text(encoding="utf-8"))[part]


def texts(part: str) -> Pairs:
    """The pairs of a golden part, as they are."""
    return [(Answer(text=pair["ref"]), Answer(text=pair["hyp"])) for pair in golden(part)["pairs"]]


def tokens(part: str) -> Pairs:
    """The pairs of a golden part as tokens parted by spaces."""
    cut = golden(part)["tokens"]
    return [
        (Answer(text=" ".join(ref)), Answer(text=" ".join(hyp)))
        for ref, hyp in zip(cut["ref"], cut["hyp"], strict=True)
    ]


def seeded(count: int, *, chinese: bool = False, lines: bool = False, seed: int = 7) -> Pairs:
    """Pairs of random texts that share much of their wording; some answers are empty."""
    chance = random.Random(seed)
    pairs: Pairs = []
    for number in range(count):
        words = [chance.choice(_HAN if chinese else _WORDS) for _ in range(chance.randint(1, 30))]
        other = [
            chance.choice(_HAN if chinese else _WORDS) if chance.random() < 0.3 else word
            for word in words
            if chance.random() > 0.15
        ]
        if chance.random() < 0.3:
            chance.shuffle(other)
        if lines and len(words) > 4 and len(other) > 4:
            words[3], other[2] = words[3] + "\n", other[2] + "\n"
        joined = "" if chinese else " "
        said = "" if number % 97 == 5 else joined.join(other)
        pairs.append((Answer(text=joined.join(words)), Answer(text=said)))
    return pairs
