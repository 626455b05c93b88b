"""Automatic scores and human judgements of the same answers beside each other, with how far they go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from probatum.types import Judgement, Score

RESAMPLES = 1000
LEAST = 3  # answers under which a correlation says nothing
_FLAT = 1e-12  # a spread that is rounding alone
Cell = tuple[str, str]  # item, system
Numbers = NDArray[np.float64]
_WORDS = {
    "en": ("Automatic and human results", "system", "by people", "automatic", "How far they go together",
           "criterion", "metric", "Spearman", "Pearson", "Kendall", "answers", "over systems",
           "How far the raters agree", "measure", "value", "judged"),
    "zh": ("自动评估与人工评估结果", "系统", "人工", "自动", "二者的相关性",
           "评价标准", "指标", "斯皮尔曼", "皮尔逊", "肯德尔", "回答数", "系统间",
           "评价者间一致性", "系数", "数值", "评价数"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Correlation:
    """How far a metric goes with what people say on one criterion: over answers, 1 is alike, -1 the reverse."""

    criterion: str
    metric: str
    spearman: Score
    pearson: Score
    kendall: Score  # tau-b
    over_systems: float | None  # Spearman of the systems' means; None under three systems


@dataclass(frozen=True, slots=True)
class Combined:
    """One report: means of people and of metrics by system, and their correlations."""

    systems: tuple[str, ...]
    human: Mapping[tuple[str, str], Score]  # by (system, criterion)
    automatic: Mapping[tuple[str, str], Score]  # by (system, metric)
    correlations: tuple[Correlation, ...]


def combined(
    judgements: Sequence[Judgement],
    automatic: Mapping[str, Mapping[Cell, float]],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Combined:
    """People's judgements and metrics' values of the same answers, set together.

    `automatic` holds by metric the value of each (item, system). A rating counts as the mean over raters; a comparison
    as what the answer won of its comparisons, 0 to 1. Intervals are 95% bootstrap over items. A pair of criterion and
    metric with under three answers in common, or where either never varies, has no correlation and is left out.
    """
    human = _human(judgements)
    systems = tuple(sorted({system for cells in (*human.values(), *automatic.values()) for _, system in cells}))
    found = []
    for criterion, told in sorted(human.items()):
        for metric, values in sorted(automatic.items()):
            cells = sorted(told.keys() & values.keys())
            pairs = np.array([(told[cell], values[cell]) for cell in cells], dtype=np.float64).reshape(-1, 2)
            if len(cells) >= LEAST and np.ptp(pairs[:, 0]) > 0 and np.ptp(pairs[:, 1]) > 0:
                found.append(_correlation((criterion, metric), cells, pairs, resamples, seed))
    return Combined(systems, _means(human, seed), _means(automatic, seed), tuple(found))


def _human(judgements: Sequence[Judgement]) -> dict[str, dict[Cell, float]]:
    values: dict[str, dict[Cell, list[float]]] = {}
    for each in judgements:
        cells = values.setdefault(each.criterion, {})
        if len(each.systems) == 1:
            cells.setdefault((each.item, each.systems[0]), []).append(each.value)
        else:
            cells.setdefault((each.item, each.systems[0]), []).append(each.value)
            cells.setdefault((each.item, each.systems[1]), []).append(1 - each.value)
    return {name: {cell: float(np.mean(said)) for cell, said in cells.items()} for name, cells in values.items()}


def _means(columns: Mapping[str, Mapping[Cell, float]], seed: int) -> dict[tuple[str, str], Score]:
    found = {}
    for name, cells in sorted(columns.items()):
        for system in sorted({system for _, system in cells}):
            values = np.array([value for (_, other), value in sorted(cells.items()) if other == system])
            draws = np.random.default_rng(seed)
            low, high = np.percentile(draws.choice(values, (RESAMPLES, len(values))).mean(axis=1), [2.5, 97.5])
            said = f"mean of {name}|bootstrap items:{RESAMPLES}|seed:{seed}"
            found[system, name] = Score(float(values.mean()), len(values), said, float(low), float(high))
    return found


def _correlation(
    of: tuple[str, str], cells: Sequence[Cell], pairs: Numbers, resamples: int, seed: int
) -> Correlation:  # fmt: skip
    criterion, metric = of
    items = {item: place for place, item in enumerate(dict.fromkeys(item for item, _ in cells))}
    draws = np.random.default_rng(seed)
    times = np.stack([np.bincount(draws.integers(0, len(items), len(items)), minlength=len(items))
                      for _ in range(resamples)])  # fmt: skip
    drawn = times[:, [items[item] for item, _ in cells]].astype(np.float64)  # how often each answer is in each draw
    rules = {"spearman": _spearman, "pearson": _pearson, "kendall": _kendall}
    scores = {}
    for name, rule in rules.items():
        value = float(rule(np.ones((1, len(cells))), pairs[:, 0], pairs[:, 1])[0])
        again = rule(drawn, pairs[:, 0], pairs[:, 1])
        again = again[~np.isnan(again)]  # a draw in which either never varies says nothing
        low, high = (float(each) for each in np.percentile(again, [2.5, 97.5])) if len(again) else (None, None)
        signature = f"{name}|{criterion}|{metric}|bootstrap items:{resamples}|seed:{seed}"
        scores[name] = Score(value, len(cells), signature, low, high)
    return Correlation(criterion, metric, **scores, over_systems=_over_systems(cells, pairs))


def _pearson(times: Numbers, one: Numbers, other: Numbers) -> Numbers:
    """Pearson's r of each draw (a row of `times`: how often each answer is in it); nan where either never varies."""
    size = times.sum(axis=1, keepdims=True)
    apart = [each - (times * each).sum(axis=1, keepdims=True) / size for each in (one, other)]
    spread = [(times * each**2).sum(axis=1) for each in apart]
    below = np.sqrt(spread[0] * spread[1])
    above = (times * apart[0] * apart[1]).sum(axis=1)
    return np.asarray(np.divide(above, below, out=np.full(len(times), np.nan), where=below > _FLAT))


def _spearman(times: Numbers, one: Numbers, other: Numbers) -> Numbers:
    """Spearman's rho of each draw: Pearson's r of the ranks that the values have within it, ties at their mean."""
    ranks = [times @ ((each[:, None] < each) + (each[:, None] == each) / 2) for each in (one, other)]
    return _pearson(times, *ranks)


def _kendall(times: Numbers, one: Numbers, other: Numbers) -> Numbers:
    """Kendall's tau-b of each draw. Source: doi:10.1093/biomet/33.3.239."""
    signs = [np.sign(each[:, None] - each) for each in (one, other)]
    above, *free = (((times @ each) * times).sum(axis=1)
                    for each in (signs[0] * signs[1], np.abs(signs[0]), np.abs(signs[1])))  # fmt: skip
    below = np.sqrt(free[0] * free[1])
    return np.asarray(np.divide(above, below, out=np.full(len(times), np.nan), where=below > 0))


def _over_systems(
    cells: Sequence[Cell], pairs: Numbers
) -> float | None:  # fmt: skip
    names = sorted({system for _, system in cells})
    means = np.array([pairs[[place for place, (_, other) in enumerate(cells) if other == name]].mean(axis=0)
                      for name in names])  # fmt: skip
    if len(names) < LEAST or np.ptp(means[:, 0]) == 0 or np.ptp(means[:, 1]) == 0:
        return None
    return float(_spearman(np.ones((1, len(names))), means[:, 0], means[:, 1])[0])


def section(report: Combined, language: str = "en", agreed: Mapping[str, Mapping[str, Score]] | None = None) -> str:
    """The report as a section of HTML without scripts or styles, for a page of anybody's.

    `agreed`, by criterion and measure how far the raters agree (`findings.agreement`), stands at its end.
    """
    words = _WORDS[language]
    people, metrics = (sorted({name for _, name in each}) for each in (report.human, report.automatic))
    head = [words[1], *(f"{n} ({words[2]})" for n in people), *(f"{n} ({words[3]})" for n in metrics)]
    means = [
        [system, *(_cell(report.human.get((system, n))) for n in people),
                 *(_cell(report.automatic.get((system, n))) for n in metrics)]
        for system in report.systems
    ]  # fmt: skip
    lines = [
        [each.criterion, each.metric, _cell(each.spearman), _cell(each.pearson), _cell(each.kendall),
         str(each.spearman.n), "–" if each.over_systems is None else f"{each.over_systems:.2f}"]
        for each in report.correlations
    ]  # fmt: skip
    parts = [f"<h2>{words[0]}</h2>", table(head, means)]
    if lines:
        parts += [f"<h3>{words[4]}</h3>", table(words[5:12], lines)]
    if agreed:
        rows = [[name, key, _cell(score), str(score.n)] for name, told in agreed.items() for key, score in told.items()]
        parts += [f"<h3>{words[12]}</h3>", table([words[5], *words[13:16]], rows)]
    return f'<section class="combined">{"".join(parts)}</section>'


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of HTML that scrolls by itself where the window is narrow; the first cell of a row heads it."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(f'<tr><th scope="row">{escape(row[0])}</th>{"".join(map(_shown, row[1:]))}</tr>' for row in rows)
    return f'<div class="wide" tabindex="0"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _shown(cell: str) -> str:
    number = cell[:1].isdigit() or cell[:1] in "-–"
    return f'<td class="n">{escape(cell)}</td>' if number else f"<td>{escape(cell)}</td>"


def _cell(score: Score | None) -> str:
    if score is None:
        return "–"
    bounds = "" if score.low is None or score.high is None else f" [{score.low:.2f}, {score.high:.2f}]"
    return f"{score.value:.2f}{bounds}"
