"""The shapes of the callables that stand in the wings: a method is a function, not a base class."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from probatum.types import Answer, Evidence, Example, Fact, Mention, Question, Relation, Reply, Request, Score

Source = Callable[[Path], Iterator[Fact]]
Dataset = Callable[..., Iterator[Example]]
Annotate = Callable[[str], list[Mention | Relation]]
Retrieve = Callable[[Question, int], list[Evidence]]
Pair = tuple[Answer, Answer]  # gold, given


class Metric(Protocol):
    """What scores given answers against gold ones."""

    def __call__(self, pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = ()) -> Mapping[str, Score]:
        """Scores by name; `groups`, one entry a pair, name what its intervals are clustered by (none: each its own)."""
        ...


class LanguageModel(Protocol):
    """What writes an answer's text: a language model, or the copyist that needs none."""

    @property
    def leaves_host(self) -> bool:
        """Whether what it is told leaves this computer."""
        ...

    def __call__(self, request: Request) -> Reply:
        """The reply to a request; raises `ModelFailed` where there is none that fits."""
        ...
