"""Curves of a training as a drawing, laid out on the server: lines, ticks, and where one stage ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 12, 30
TICKS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: its name, and its path in pixels."""

    name: str
    path: str
    dots: tuple[tuple[float, float], ...]  # the points, where they are too few for a line


@dataclass(frozen=True, slots=True)
class Plot:
    """Curves with their axes; ticks are (pixel, text), borders (pixel, name of what begins there)."""

    lines: tuple[Line, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    borders: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT


Points = Sequence[tuple[float, float]]


def plot(curves: Sequence[tuple[str, Points]], borders: Sequence[tuple[float, str]] = ()) -> Plot | None:
    """The drawing of named curves; None where there is no finite point."""
    kept = [(name, [(x, y) for x, y in points if math.isfinite(y)]) for name, points in curves]
    values = [point for _, points in kept for point in points]
    if not values:
        return None
    across = ticks(0.0, max(x for x, _ in values))
    up = ticks(min(y for _, y in values), max(y for _, y in values))
    (x0, x1), (y0, y1) = (0.0, across[-1]), (up[0], up[-1])

    def at(x: float, y: float) -> tuple[float, float]:
        wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return round(LEFT + wide * (x - x0) / (x1 - x0), 1), round(HEIGHT - BOTTOM - tall * (y - y0) / (y1 - y0), 1)

    lines = []
    for name, points in kept:
        places = [at(x, y) for x, y in points]
        path = " ".join(f"{'L' if number else 'M'}{x} {y}" for number, (x, y) in enumerate(places))
        lines.append(Line(name, path, tuple(places) if len(places) < 3 else ()))
    return Plot(
        tuple(lines),
        tuple((at(x, y0)[0], said(x)) for x in across),
        tuple((at(x0, y)[1], said(y)) for y in up),
        tuple((at(x, y0)[0], name) for x, name in borders),
    )


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from at most `low` to at least `high`, `TICKS` steps or about so."""
    if high <= low:
        high = low + max(abs(low), 1.0)
    rough = (high - low) / TICKS
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def said(number: float) -> str:
    """A number of an axis: 12k for twelve thousand."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= size:
            return f"{number / size:g}{unit}"
    return f"{number:g}"
