"""The strength of systems from comparisons of their answers in pairs: Elo ratings and Bradley-Terry."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from probatum.metrics._clusters import RESAMPLES
from probatum.metrics._comparisons import comparisons
from probatum.naming import card
from probatum.types import Judgement, Score

BASE, SCALE, INITIAL = 10.0, 400.0, 1000.0
K = 4.0
_ROUNDS, _CLOSE = 1_000, 1e-11
Ratings = dict[str, float]


@card("Elo and Bradley-Terry ratings", survey="5.1.3", reference="doi:10.2307/2334029")
def elo(
    judgements: Sequence[Judgement], *, k: float = K, shuffles: int = 0, resamples: int = RESAMPLES, seed: int = 0
) -> Mapping[str, Score]:
    """`elo:SYSTEM` and `bradley_terry:SYSTEM`, points with mean 1000 in which 400 are odds of ten to one.

    Elo goes through the judgements in their order (`shuffles` above 0: the mean over as many seeded orders), each
    moving both ratings by at most `k`. Bradley-Terry is the most likely strength, which no order changes; a tie is half
    a win for both; a system that only won or only lost has no finite strength and is left out with all that hangs on
    it. Intervals of both are 95% bootstrap over items. Judgements of one system alone are refused: `BadPlan`.
    """
    fights = comparisons(judgements)
    systems = sorted({name for fight in fights for name in fight[:2]})
    rules: dict[str, tuple[Callable[[Sequence[tuple[str, str, float]]], Ratings], str]] = {
        "elo": (partial(_elo_over, k=k, shuffles=shuffles, seed=seed), f"k:{k:g}|shuffles:{shuffles}"),
        "bradley_terry": (bradley_terry, "ties:half"),
    }
    by_item: dict[str, list[tuple[str, str, float]]] = {}
    for judgement, fight in zip(judgements, fights, strict=True):
        by_item.setdefault(judgement.item, []).append(fight)
    items, draws = list(by_item.values()), np.random.default_rng(seed)
    drawn = [draws.integers(0, len(items), len(items)) for _ in range(resamples if items else 0)]
    scores: dict[str, Score] = {}
    for name, (rule, said) in rules.items():
        values = rule(fights)
        again = [rule([fight for place in places for fight in items[place]]) for places in drawn]
        signature = f"base:{BASE:g}|scale:{SCALE:g}|initial:{INITIAL:g}|{said}|bootstrap items:{resamples}|seed:{seed}"
        for system in systems:
            if system in values:
                told = [each[system] for each in again if system in each]
                low, high = np.percentile(told, [2.5, 97.5]) if told else (None, None)
                n = sum(system in fight[:2] for fight in fights)
                scores[f"{name}:{system}"] = Score(values[system], n, f"{name}|{signature}", low, high)
    return scores


def _elo_over(fights: Sequence[tuple[str, str, float]], k: float, shuffles: int, seed: int) -> Ratings:
    if not shuffles:
        return elo_of(fights, k)
    orders = np.random.default_rng(seed)
    runs = [elo_of([fights[place] for place in orders.permutation(len(fights))], k) for _ in range(shuffles)]
    return {name: sum(run[name] for run in runs) / shuffles for name in runs[0]}


def elo_of(fights: Sequence[tuple[str, str, float]], k: float = K) -> Ratings:
    """The ratings after one pass over the comparisons in their order."""
    ratings: Ratings = {}
    for first, second, won in fights:
        one, other = ratings.setdefault(first, INITIAL), ratings.setdefault(second, INITIAL)
        expected = 1 / (1 + BASE ** ((other - one) / SCALE))
        ratings[first] = one + k * (won - expected)
        ratings[second] = other - k * (won - expected)
    return ratings


def bradley_terry(fights: Sequence[tuple[str, str, float]]) -> Ratings:
    """The most likely strengths, mean 1000, of the systems that beat and were beaten, directly or through others."""
    names = _connected(fights)
    if len(names) < 2:
        return {}
    at = {name: place for place, name in enumerate(names)}
    wins = np.zeros((len(names), len(names)))
    for first, second, won in fights:
        if first in at and second in at:
            wins[at[first], at[second]] += won
            wins[at[second], at[first]] += 1 - won
    games, odds = wins + wins.T, np.zeros(len(names))  # natural-log strengths, mean 0
    for _ in range(_ROUNDS):  # Newton's steps on a concave likelihood, held short far from its top
        chance = 1 / (1 + np.exp(odds[None, :] - odds[:, None]))
        slope = (wins - games * chance).sum(axis=1)
        bend = games * chance * (1 - chance)
        step = np.linalg.solve(np.diag(bend.sum(axis=1)) - bend + 1 / len(names), slope)
        odds += step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < _CLOSE:
            break
    points = SCALE * odds / math.log(BASE)
    return {name: float(point) for name, point in zip(names, points - points.mean() + INITIAL, strict=True)}


def _connected(fights: Sequence[tuple[str, str, float]]) -> list[str]:
    """The largest set of systems each of which won against each other one, directly or through others."""
    beats: dict[str, set[str]] = {}
    for first, second, won in fights:
        beats.setdefault(first, set())
        beats.setdefault(second, set())
        if won > 0:
            beats[first].add(second)
        if won < 1:
            beats[second].add(first)

    def reached(start: str) -> frozenset[str]:
        seen, waiting = {start}, [start]
        while waiting:
            for other in beats[waiting.pop()] - seen:
                seen.add(other)
                waiting.append(other)
        return frozenset(seen)

    reach = {name: reached(name) for name in sorted(beats)}
    groups = sorted(sorted(other for other in reach[name] if name in reach[other]) for name in reach)
    return max(groups, key=len, default=[])
