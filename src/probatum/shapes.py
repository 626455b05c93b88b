"""The shapes of the callables that stand in the wings: a method is a function, not a base class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

from probatum.types import Answer, Evidence, Example, Fact, Mention, Question, Relation, Reply, Request, Score

Source = Callable[[Path], Iterator[Fact]]
Dataset = Callable[..., Iterator[Example]]
Annotate = Callable[[str], list[Mention | Relation]]
Retrieve = Callable[[Question, int], list[Evidence]]
Pair = tuple[Answer, Answer]  # gold, given
Laid = TypeVar("Laid", bound=Callable[..., Any])


@runtime_checkable
class AnnotatesMany(Protocol):
    """An annotator that reads many texts at once faster than one by one."""

    def __call__(self, text: str) -> list[Mention | Relation]:
        """What stands in a text."""
        ...

    def many(self, texts: Iterable[str]) -> Iterator[list[Mention | Relation]]:
        """What stands in each text, in order; some texts are read ahead."""
        ...


def annotated(annotate: Annotate, texts: Iterable[str]) -> Iterator[list[Mention | Relation]]:
    """What an annotator finds in each of many texts, in order: at once where it can, else one by one."""
    return annotate.many(texts) if isinstance(annotate, AnnotatesMany) else map(annotate, texts)


@dataclass(frozen=True, slots=True)
class Entailed:
    """Whether a text follows from another."""

    label: str  # entailed, neutral, contradicted
    chance: float = 1.0  # that the label is right, as far as its giver can tell


class Entail(Protocol):
    """What says whether a claim follows from a text: a model for inference, or a language model that is asked."""

    def __call__(self, text: str, claim: str) -> Entailed:
        """The relation of the claim to the text; raises `ModelFailed` where none is told."""
        ...


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
    evidence: tuple[Evidence, ...] = ()  # the facts of the store that a look-up found
    checked: str = ""  # where else a formula was found to be the same, or that it was not


class Tool(Protocol):
    """What works on typed inputs: a formula or a look-up."""

    def __call__(self, given: Mapping[str, Given], **settings: Any) -> Result:
        """The result; raises `BadFormat` with the list of all that is missing, and for what does not fit."""
        ...


def takes(*inputs: ToolInput) -> Callable[[Laid], Laid]:
    """A decorator that lays on a tool what it must be told, as its attribute `inputs`."""

    def lay(tool: Laid) -> Laid:
        tool.inputs = inputs  # type: ignore[attr-defined]
        return tool

    return lay


def inputs_of(tool: Tool) -> tuple[ToolInput, ...]:
    """What a tool must be told; empty for one whose inputs hang on a setting of it."""
    told: tuple[ToolInput, ...] = getattr(tool, "inputs", ())
    return told
