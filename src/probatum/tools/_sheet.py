"""The sheet on which a formula is worked: its typed inputs, its steps in words, and its points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from probatum.errors import BadFormat

Value = float | str | bool | date


@dataclass(slots=True)
class Sheet:
    """Inputs that are checked and stand in the units of the table, and the steps and points of the work so far."""

    values: Mapping[str, Value]
    steps: list[str] = field(default_factory=list)
    score: float = 0

    def has(self, name: str) -> bool:
        """Whether an input that may be left out was given."""
        return name in self.values

    def number(self, name: str) -> float:
        """A quantity, in the unit of the table; raises `BadFormat` where this case needs it and it was not given."""
        return float(str(self._value(name)))

    def yes(self, name: str) -> bool:
        """Whether a finding is there."""
        return self._value(name) is True

    def any_of(self, *names: str) -> bool:
        """Whether at least one of the findings is there."""
        return any(self.yes(name) for name in names)

    def chosen(self, name: str) -> str:
        """One of an input's choices."""
        return str(self._value(name))

    def day(self, name: str) -> date:
        """A date."""
        value = self._value(name)
        if not isinstance(value, date):
            raise BadFormat(f"{name} is no date")
        return value

    def say(self, step: str) -> None:
        """Adds a step in words."""
        self.steps.append(step)

    def count(self, what: str, points: float, holds: bool) -> None:
        """Adds the points of a criterion where it holds, and says so either way."""
        self.score += points if holds else 0
        self.steps.append(f"{what}: {'yes' if holds else 'no'}, {points if holds else 0:+g} -> {self.score:g}")

    def count_findings(self, points: float, *names: str) -> None:
        """Adds the same points for each finding that is there."""
        for name in names:
            self.count(name.replace("_", " "), points, self.yes(name))

    def band(self, name: str, *bands: tuple[float, float]) -> None:
        """Adds the points of the first (lowest value, points) that the quantity reaches; `bands` from above down."""
        value = self.number(name)
        points = next(points for lowest, points in bands if value >= lowest)
        self.score += points
        self.steps.append(f"{name.replace('_', ' ')} {value:g}: {points:+g} -> {self.score:g}")

    def choice(self, name: str, points: Mapping[str, float]) -> None:
        """Adds the points of the choice."""
        chosen = self.chosen(name)
        self.score += points[chosen]
        self.steps.append(f"{name.replace('_', ' ')} {chosen}: {points[chosen]:+g} -> {self.score:g}")

    def _value(self, name: str) -> Value:
        if name not in self.values:
            raise BadFormat(f"missing: {name}", mend="this case needs it; nothing is guessed")
        return self.values[name]
