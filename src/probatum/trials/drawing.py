"""Small drawings for reports, as SVG that needs no script and no library: bars and curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, EDGE = 320, 240, 40
COLOURS = ("#0b5394", "#b45309", "#166534", "#7e22ce", "#9f1239")
Points = Sequence[tuple[float, float]]


def bars(title: str, counts: Mapping[str, float]) -> str:
    """Horizontal bars with their numbers, one a name."""
    most, tall = max(counts.values(), default=0) or 1, 26
    height = 24 + tall * len(counts)
    rows = []
    for place, (name, count) in enumerate(counts.items()):
        y = 24 + place * tall
        wide = 150 * count / most
        rows.append(
            f'<text x="205" y="{y + 14}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="212" y="{y + 2}" width="{wide:.1f}" height="16" fill="{COLOURS[0]}"/>'
            f'<text x="{217 + wide:.1f}" y="{y + 14}">{count:g}</text>'
        )
    return _drawn(title, 400, height, "".join(rows))


def curves(title: str, across: str, up: str, lines: Mapping[str, Points], *, diagonal: bool = False) -> str:
    """Curves in the unit square, one a name, with a legend in words and colours."""
    wide, tall = WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE
    parts = [f'<rect x="{EDGE}" y="{EDGE}" width="{wide}" height="{tall}" fill="none" stroke="#999"/>']
    for share in (0.0, 0.5, 1.0):
        x, y = EDGE + share * wide, EDGE + (1 - share) * tall
        parts.append(f'<text x="{x:.0f}" y="{HEIGHT - EDGE + 14}" text-anchor="middle">{share:g}</text>')
        parts.append(f'<text x="{EDGE - 4}" y="{y + 4:.0f}" text-anchor="end">{share:g}</text>')
    if diagonal:
        ends = f'x1="{EDGE}" y1="{HEIGHT - EDGE}" x2="{WIDTH - EDGE}" y2="{EDGE}"'
        parts.append(f'<line {ends} stroke="#999" stroke-dasharray="4 4"/>')
    for number, (name, points) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{EDGE + x * wide:.1f},{EDGE + (1 - y) * tall:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{EDGE + x * wide:.1f}" cy="{EDGE + (1 - y) * tall:.1f}" r="2.5" fill="{colour}"/>'
            for x, y in points[:20]
        ]
        parts.append(f'<text x="{EDGE + 6}" y="{EDGE + 14 + 14 * number}" fill="{colour}">{escape(name)}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle">{escape(across)}</text>')
    parts.append(f'<text text-anchor="middle" transform="translate(12 {HEIGHT / 2}) rotate(-90)">{escape(up)}</text>')
    return _drawn(title, WIDTH, HEIGHT, "".join(parts))


def _drawn(title: str, wide: int, tall: int, inside: str) -> str:
    named = f'<text x="8" y="16" font-weight="bold">{escape(title)}</text>'
    return f'<svg viewBox="0 0 {wide} {tall}" role="img" aria-label="{escape(title)}">{named}{inside}</svg>'


def risk_coverage(sure: Sequence[float], right: Sequence[float]) -> list[tuple[float, float]]:
    """(coverage, share wrong among the surest so many), as answers are taken in surest first; ties together."""
    ordered = sorted(zip(sure, right, strict=True), key=lambda each: -each[0])
    wrong, points = 0.0, []
    for number, (confidence, hit) in enumerate(ordered, 1):
        wrong += 1 - hit
        if number == len(ordered) or ordered[number][0] != confidence:
            points.append((number / len(ordered), wrong / number))
    return points


def reliability(sure: Sequence[float], right: Sequence[float], bins: int = 10) -> list[tuple[float, float]]:
    """(mean confidence, share right) of each of the bins of equal width that is not empty."""
    parts: dict[int, list[tuple[float, float]]] = {}
    for confidence, hit in zip(sure, right, strict=True):
        parts.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, hit))
    return [
        (sum(each[0] for each in part) / len(part), sum(each[1] for each in part) / len(part))
        for _, part in sorted(parts.items())
    ]
