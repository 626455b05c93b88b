"""The shapes of the callables that stand in the wings: a method is a function, not a base class."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, Protocol

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


Given = str | float | bool | tuple[float, str]  # '1.39 mg/dL' or (1.39, 'mg/dL'): a quantity carries its unit


@dataclass(frozen=True, slots=True)
class ToolInput:
    """What a tool must be told, and within which bounds."""

    name: str
    kind: str  # quantity, choice, date, yes or no
    unit: str = ""  # UCUM; of a quantity alone
    low: float = -inf  # in `unit`, itself allowed
    high: float = inf
    choices: tuple[str, ...] = ()
    required: bool = True
    absent: bool | float | str | None = None  # what it is where a finding that nobody spoke of counts as not there
    molar_mass: float = 0.0  # g/mol, where mass and amount are exchanged
    valence: int = 0  # where amount and equivalents are exchanged


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool gives, with all that is needed to do it again."""

    name: str  # of the formula or the look-up
    value: float | str
    unit: str  # UCUM; '{score}' for points
    steps: tuple[str, ...]
    assumed: tuple[str, ...] = ()  # inputs that nobody spoke of and that count as absent
    version: str = ""
    reference: str = ""


class Tool(Protocol):
    """What works on typed inputs: a formula or a look-up."""

    def __call__(self, given: Mapping[str, Given], **settings: Any) -> Result:
        """The result; raises `BadFormat` with the list of all that is missing, and for what does not fit."""
        ...
