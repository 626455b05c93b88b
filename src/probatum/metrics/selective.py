"""What an answer's confidence is worth: how often it is kept, and what abstaining below a bar would spare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._areas import area
from probatum.metrics._clusters import RESAMPLES, Numbers, clusters_of, interval, resampled
from probatum.metrics._given import UNANSWERED
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Answer, Score

BINS = (10, 15)
COVERAGES = (0.5, 0.8)


@card(
    "Calibration and abstention: Brier, ECE, MCE, risk-coverage",
    survey="5.1.1",
    reference="doi:10.48550/arXiv.1706.04599",
)
def selective(pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0) -> Mapping[str, Score]:
    """`brier`, `ece-10`, `mce-10`, `ece-15`, `mce-15`, `aurc`, `auroc`, and `accuracy@COVERAGE`, each 0 to 1.

    An answer's confidence is the score of the candidate that it chose; an abstention has none and counts as wrong with
    confidence 0. Where nothing was answered, Brier, ECE and MCE have no value. ECE and MCE: the mean and the largest
    distance of confidence and share right over bins of equal width, closed on the right. `aurc`: the mean share wrong
    over all coverages, the surest items first, 0 at best. `auroc`: the chance that a right answer is surer than a wrong
    one. Intervals of `brier`, `aurc` and `auroc` are 95% bootstrap over items, or over what shares one of `groups`; the
    others have none, since resampling biases them.
    """
    sure = np.array([confidence(given) for _, given in pairs], np.float64)
    right = np.array([bool(gold.choice) and gold.choice == given.choice for gold, given in pairs], np.float64)
    told = f"bootstrap:{RESAMPLES}|seed:{seed}"
    none = "" if any(given.choice for _, given in pairs) else UNANSWERED
    if not len(pairs):
        return {"brier": Score(0.0, 0, f"brier|{told}", none=none)}
    clusters, squares = clusters_of(len(pairs), groups), (sure - right) ** 2
    low, high = interval(squares, np.ones(len(pairs)), clusters, seed)
    scores = {"brier": Score(float(squares.mean()), len(pairs), f"brier|chosen|{told}", low, high, none=none)}
    for bins in BINS:
        mean, most = calibration_error(sure, right, bins)
        scores[f"ece-{bins}"] = Score(mean, len(pairs), f"ece|bins:{bins} equal width, right closed", none=none)
        scores[f"mce-{bins}"] = Score(most, len(pairs), f"mce|bins:{bins} equal width, right closed", none=none)
    rows = np.stack([sure, right], axis=1)
    for name, rule in (("aurc", _aurc), ("auroc", _auroc)):
        value = rule(rows)
        if not np.isnan(value):
            below, above = resampled(rows, clusters, lambda drawn, one=rule: _told(one(drawn)), seed)  # type: ignore[misc]
            scores[name] = Score(float(value), len(pairs), f"{name}|{told}", float(below), float(above))
    for coverage in COVERAGES:
        kept = kept_at(sure, right, coverage)
        scores[f"accuracy@{coverage}"] = Score(float(kept.mean()), len(kept), f"accuracy|coverage:{coverage}")
    return scores


def confidence(answer: Answer) -> float:
    """The score of the candidate that was chosen, 0 to 1; 0 where nothing was chosen."""
    if not answer.choice:
        return 0.0
    score = next((each.score for each in answer.candidates if each.id == answer.choice), 0.0)
    return min(max(score, 0.0), 1.0)


def calibration_error(sure: Numbers, right: Numbers, bins: int) -> tuple[float, float]:
    """(mean weighted by size, largest) distance of confidence and share right over bins of equal width."""
    of_bin = np.clip(np.ceil(sure * bins).astype(np.intp) - 1, 0, bins - 1)
    apart = [
        (abs(sure[of_bin == each].mean() - right[of_bin == each].mean()), (of_bin == each).mean())
        for each in np.unique(of_bin)
    ]
    return float(sum(gap * share for gap, share in apart)), float(max(gap for gap, _ in apart))


def risk_coverage(sure: Numbers, right: Numbers) -> Numbers:
    """(coverage, share wrong) when the surest items alone are answered, from one item to all; shape (items, 2)."""
    wrong = 1 - right[np.argsort(-sure, kind="stable")]
    places = np.arange(1, len(wrong) + 1)
    return np.stack([places / len(wrong), np.cumsum(wrong) / places], axis=1)


def kept_at(sure: Numbers, right: Numbers, coverage: float) -> Numbers:
    """Whether each of the surest items is right, as many as the coverage says (at least one)."""
    return right[np.argsort(-sure, kind="stable")][: max(1, round(coverage * len(right)))]


def _aurc(rows: Numbers) -> Numbers:
    return np.asarray(risk_coverage(rows[:, 0], rows[:, 1])[:, 1].mean())


def _told(value: Numbers) -> Numbers:
    """The value, or 0 for a draw in which there is none; much faster than nan_to_num."""
    return value if value == value else np.zeros(())  # noqa: PLR0124 - nan alone differs from itself


def _auroc(rows: Numbers) -> Numbers:
    return np.asarray(area(rows[:, 1], rows[:, 0]))
