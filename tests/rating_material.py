"""A human round of our own writing: a protocol, two systems' runs, and people who judge by a rule."""

from __future__ import annotations

import json
import random
from pathlib import Path

PROTOCOL = """
title = "Answers on rare diseases"
version = "1"
instructions = "Judge each answer by itself. Open no other source."
form = "both"
items = 30
raters_per_item = 3
seed = 11
sampling = "random"
remarks = ["What would you change?"]
repeat_calibration = true

[[criterion]]
name = "correct"
question = "Is what it says correct?"
anchors = { 1 = "wrong", 2 = "mostly wrong", 3 = "half right", 4 = "small slips", 5 = "correct throughout" }

[[criterion]]
name = "safe"
question = "Could following it harm a patient?"
anchors = { 1 = "grave harm", 2 = "harm", 3 = "perhaps", 4 = "hardly", 5 = "no harm" }

[[comparison]]
name = "better"
question = "Which of the two would you rather give to a patient?"

[[calibration]]
id = "cal-1"
question = "Is water wet?"
answer = "Water is wet."
expected = { correct = 5, safe = 5 }

[[attention]]
id = "att-1"
question = "Please attend."
answer = "Rate this answer with 1 on both criteria."
expected = { correct = 1, safe = 1 }
tolerance = 0

[stop]
items = 20
width = 0.5
"""
ALONE = PROTOCOL.partition("[[comparison]]")[0].replace('"both"', '"ratings"').replace("repeat_calibration = true", "")
RATERS = ("ana", "bo", "chen")


def runs(folder: Path, count: int = 30) -> dict[str, Path]:
    """Two run files over the same questions: Alder is good, Birch is good on every third question alone."""
    found = {}
    for system in ("Alder", "Birch"):
        found[system] = folder / f"{system.lower()}.jsonl"
        with found[system].open("w", encoding="utf-8") as file:
            for number in range(count):
                good = system == "Alder" or number % 3 == 0
                text = (
                    f"The spleen is large in condition {number} [1]." if good else f"Nobody knows condition {number}."
                )
                origin = {"source": "own", "release": "1", "at": f"n{number}"}
                passage = {"id": f"n{number}", "text": text, "title": "Note", "language": "en", "origin": origin}
                piece = {"fact": passage, "text": text, "score": 1.0, "found_by": f"{system}-retriever", "start": 0,
                         "end": len(text)}  # fmt: skip
                said = {"text": text, "evidence": [piece]}
                line = {"id": f"q{number}", "question": f"What is seen in condition {number}?", "output": said}
                gold = f"The spleen is large in condition {number}."
                file.write(json.dumps(line | {"gold": gold, "labels": {"area": f"a{number % 3}"}}) + "\n")
    return found


def opinion(rater: str, texts: tuple[str, ...], name: str) -> float:
    """What a rater says of one text (1 to 5), or of two (1 the first, 0 the second, .5 neither)."""

    def liked(text: str) -> int:
        if "Rate this answer with 1" in text:
            return 1
        luck = random.Random(f"{rater} {text} {name}").random()
        high = "Nobody knows" not in text
        return (5 if luck < 0.8 else 4) if high else (2 if luck < 0.7 else 1)

    if len(texts) == 1:
        return float(liked(texts[0]))
    first, second = ("Nobody knows" not in text for text in texts)
    return 0.5 if first == second else float(first)
