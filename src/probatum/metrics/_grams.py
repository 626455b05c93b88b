"""Runs of tokens that two texts share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from probatum.errors import NeedsExtra


def grams(tokens: Sequence[str], n: int) -> list[Any]:
    """The runs of n tokens in their order; single tokens as they are."""
    return list(tokens) if n == 1 else list(zip(*[tokens[start:] for start in range(n)], strict=False))


def shared(first: Sequence[Any], second: Sequence[Any]) -> int:
    """How many runs both have, each as often as the text that has it less often."""
    kinds, others = set(first), set(second)
    if len(kinds) == len(first) or len(others) == len(second):
        return len(kinds & others)  # one of them has each once
    counts, limits = Counter(first), Counter(second)
    return sum(min(count, limits[gram]) for gram, count in counts.items() if gram in limits)


def common_subsequence(first: Sequence[str], second: Sequence[str]) -> int:
    """The length of the longest common subsequence of tokens."""
    try:
        module = import_module("rapidfuzz.distance.LCSseq")
    except ImportError as error:
        raise NeedsExtra("rapidfuzz is needed for ROUGE", mend='pip install "probatum[metrics]"') from error
    return int(module.similarity(first, second))
