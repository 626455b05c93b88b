"""What the tests of training share: documents, questions with better and worse answers, a tiny model."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from functools import cache

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from probatum.networks.kit import Kit, tiny
from probatum.stages.sft import sft
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


@cache
def _torn() -> Kit:
    both = [*PAIRS[:8], *(Example(f"w{each.id}", each.question, each.rejected[0]) for each in PAIRS[:8])]
    return sft(made(), both, longest=64, steps=30, batch=16, rate=1e-2)


def undecided() -> Kit:
    """A kit that answers with either of two words, anew each time: a stage trains the model that it is given."""
    return replace(_torn(), model=deepcopy(_torn().model))


def worth(_: Question, said: str) -> float:
    """1 for an answer that begins with the one word, 0 for others."""
    return 1.0 if said.startswith("f") else 0.0
