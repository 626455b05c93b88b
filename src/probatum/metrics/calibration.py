"""Whether the probability that is shown beside the first diagnosis is kept: Brier score and calibration error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, Numbers, clusters_of, interval
from probatum.metrics._given import UNANSWERED
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Answer, Score

BINS = 10


@card("Calibration of the first candidate: Brier score, expected calibration error")
def calibration(pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0) -> Mapping[str, Score]:
    """`brier` and `ece` of the first candidate's score read as the probability that it is right; both 0 at best.

    The Brier score is the mean squared difference; the calibration error that of mean score and share right over ten
    bins of equally many cases, weighted by their cases. A case without candidates claims nothing: probability 0; where
    none has any, neither has a value. Of candidates that tie for the first place each is right in part. The interval of
    `brier` is a 95% bootstrap over what shares a publication (`groups`); `ece` has none: resampling biases it upwards.
    """
    claims = [first(gold, given) for gold, given in pairs]
    said = np.array([claim[0] for claim in claims], np.float64)
    right = np.array([claim[1] for claim in claims], np.float64)
    signature = f"brier|first|bootstrap:{RESAMPLES}|seed:{seed}"
    of_error = f"ece|first|bins:{BINS} equal counts"
    if not any(given.candidates for _, given in pairs):
        told = {"brier": signature, "ece": of_error}
        return {name: Score(0.0, len(pairs), of, none=UNANSWERED) for name, of in told.items()}
    squares = (said - right) ** 2
    low, high = interval(squares, np.ones(len(squares)), clusters_of(len(pairs), groups), seed)
    return {
        "brier": Score(float(squares.mean()), len(squares), signature, low, high),
        "ece": Score(calibration_error(said, right), len(said), of_error),
    }


def first(gold: Answer, given: Answer) -> tuple[float, float]:
    """(the probability claimed for the first candidate, whether it is right; a share of 1 where several tie)."""
    if not given.candidates:
        return 0.0, 0.0
    best = max(candidate.score for candidate in given.candidates)
    leading = [candidate.id for candidate in given.candidates if candidate.score == best]
    wanted = {candidate.id for candidate in gold.candidates}
    return min(max(best, 0.0), 1.0), sum(id_ in wanted for id_ in leading) / len(leading)


def calibration_error(said: Numbers, right: Numbers) -> float:
    """The mean distance of claimed probability and share right over bins of equally many cases."""
    bins = np.array_split(np.argsort(said, kind="stable"), min(BINS, len(said)))
    return float(sum(len(each) * abs(said[each].mean() - right[each].mean()) for each in bins) / len(said))
