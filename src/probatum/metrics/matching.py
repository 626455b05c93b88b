"""How often a text finds its image, and an image its text, among all of a set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Score

CUTOFFS = (1, 5, 10)


@card("Image to text and text to image: recall at k, median rank", survey="Table 3")
def matching(
    pairs: Sequence[Pair],
    *,
    groups: Sequence[tuple[str, ...]] = (),
    cutoffs: tuple[int, ...] = CUTOFFS,
    seed: int = 0,
) -> Mapping[str, Score]:
    """`recall@k`, the share of queries whose partner is among the first k, 0 to 1, and `median_rank`, 1 at best.

    Given candidates are ranked by score, ties taking the mean rank; any of gold's candidates is a partner. Where gold
    has the field `direction` (i2t or t2i) each direction has its own scores too. A query without its partner among the
    candidates is a miss at every k. Intervals of recall are 95% bootstrap over queries, or over one of `groups`.
    """
    ranks = np.array([rank(pair) for pair in pairs])
    directions = [dict(gold.fields).get("direction", "") for gold, _ in pairs]
    scores: dict[str, Score] = {}
    for direction in ["", *sorted({each for each in directions if each})]:
        chosen = [place for place, each in enumerate(directions) if direction in {"", each}]
        clusters = clusters_of(len(chosen), [groups[place] for place in chosen] if groups else ())
        suffix = f":{direction}" if direction else ""
        for k in cutoffs:
            hits = (ranks[chosen] <= k).astype(np.float64)
            low, high = interval(hits, np.ones(len(hits)), clusters, seed) if len(hits) else (0.0, 0.0)
            said = f"recall@{k}{suffix}|ties:mean rank|bootstrap:{RESAMPLES}|seed:{seed}"
            value = float(hits.mean()) if len(hits) else 0.0
            scores[f"recall@{k}{suffix}"] = Score(value, len(chosen), said, low, high)
        if chosen:
            middle = float(np.median(ranks[chosen]))
            scores[f"median_rank{suffix}"] = Score(middle, len(chosen), f"median_rank{suffix}|ties:mean rank")
    return scores


def rank(pair: Pair) -> float:
    """The mean rank of the best partner among the given candidates, infinite where it is not there."""
    partners = {each.id for each in pair[0].candidates}
    scores = [each.score for each in pair[1].candidates if each.id in partners]
    if not scores:
        return float("inf")
    others = [each.score for each in pair[1].candidates]
    above = sum(score > max(scores) for score in others)
    return above + (sum(score == max(scores) for score in others) + 1) / 2
