"""Whether an answer grades its evidence as the reference does, and never higher."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.metrics._kappa import cohen
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Answer, Score

CERTAINTIES = ("very low", "low", "moderate", "high")
STRENGTHS = ("conditional", "strong")
_CERTAIN = (
    ("very low", r"\bvery[\s-]low\b|极低|⊕◯◯◯|\bgrade\s*d\b|证据(?:等级|级别)?\s*d"),
    ("moderate", r"\bmoderate\b|中等|⊕⊕⊕◯|\bgrade\s*b\b|证据(?:等级|级别)?\s*b"),
    ("high", r"\bhigh\b|高(?:质量|等级|级别|确定性)|⊕⊕⊕⊕|\bgrade\s*a\b|证据(?:等级|级别)?\s*a"),
    ("low", r"\blow\b|低(?:质量|等级|级别|确定性)|⊕⊕◯◯|\bgrade\s*c\b|证据(?:等级|级别)?\s*c"),
)
_STRONG = (
    ("conditional", r"\bconditional\b|\bweak\b|弱推荐|条件性推荐|\bgrade\s*[a-d]?2"),
    ("strong", r"\bstrong\b|强推荐|强烈推荐|\bgrade\s*[a-d]?1"),
)


@card(
    "Consistency of GRADE certainty and strength of recommendation",
    survey="2.1",
    reference="doi:10.1136/bmj.39489.470347.AD",
    languages=("en", "zh"),
)
def grade_consistency(
    pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0
) -> Mapping[str, Score]:
    """`grade_exact`, `grade_overstated`, `strength_exact` (shares, 0 to 1) and `grade_kappa` (quadratic weights).

    Certainty (very low to high) and strength (conditional, strong) are read from the answer's fields `grade` and
    `strength`, else from its text. Items count whose reference has a grade; an answer that names none is not exact and
    not overstated, and is counted as `unparsed`. Own definition, after GRADE. Intervals are 95% bootstrap.
    """
    graded = [(_level(gold, "grade"), _level(given, "grade")) for gold, given in pairs]
    strong = [(_level(gold, "strength"), _level(given, "strength")) for gold, given in pairs]
    clusters = clusters_of(len(pairs), groups)
    scores: dict[str, Score] = {}
    for name, said, hit in (
        ("grade_exact", graded, operator.eq),
        ("grade_overstated", graded, operator.lt),
        ("strength_exact", strong, operator.eq),
    ):
        weights = np.array([wanted is not None for wanted, _ in said], np.float64)
        values = np.array([_hit(hit, *pair) for pair in said])
        total = float(weights.sum())
        low, high = interval(values, weights, clusters, seed) if total else (0.0, 0.0)
        value = float((values * weights).sum() / total) if total else 0.0
        unparsed = sum(wanted is not None and other is None for wanted, other in said)
        told = f"{name}|bootstrap:{RESAMPLES}|seed:{seed}"
        scores[name] = Score(value, int(total), told, low, high, unparsed=unparsed)
    both = [(wanted, other) for wanted, other in graded if wanted is not None and other is not None]
    if len({level for pair in both for level in pair}) > 1:
        first, second = (np.array(each, np.float64) for each in zip(*both, strict=True))
        scores["grade_kappa"] = Score(cohen(first, second, "quadratic"), len(both), "grade_kappa|weights:quadratic")
    return scores


def _hit(compare: Callable[[int, int], bool], wanted: int | None, other: int | None) -> float:
    return float(wanted is not None and other is not None and compare(wanted, other))


def _level(answer: Answer, what: str) -> int | None:
    """The place of the certainty or strength on its scale."""
    fields = dict(answer.fields)
    patterns, scale = (_CERTAIN, CERTAINTIES) if what == "grade" else (_STRONG, STRENGTHS)
    written = fields.get(what, answer.text)
    found = [(match.start(), name) for name, pattern in patterns if (match := re.search(pattern, written, re.I))]
    return scale.index(min(found, key=lambda each: (each[0], -len(each[1])))[1]) if found else None
