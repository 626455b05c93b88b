"""What the tests of training share: documents, questions with better and worse answers, a tiny model."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from probatum.networks.kit import Kit, tiny
from probatum.types import Answer, Example, Question

DOCUMENTS = [
    Example(str(n), Question(), Answer(f"Fever number {n} came with a cough for {n} days.")) for n in range(30)
]
PAIRS = [
    Example(str(n), Question(f"What helps drug {n}?"), Answer("water and rest"), rejected=(Answer("fire"),))
    for n in range(16)
]
LORA = {"kind": "lora", "rank": 4, "alpha": 8, "targets": ["q_proj", "v_proj"]}


def made(seed: int = 0) -> Kit:
    texts = [each.answer.text for each in DOCUMENTS] + [each.question.text for each in PAIRS] + ["water and rest fire"]
    return tiny("llama", texts, width=32, seed=seed)
