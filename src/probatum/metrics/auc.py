"""How well scores set the members of a class above the others: the area under the receiver's curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._areas import area
from probatum.metrics._clusters import RESAMPLES, Numbers, clusters_of, resampled
from probatum.metrics._given import labels
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Score


@card("Macro-AUC", survey="5.1.2", reference="doi:10.1016/j.patrec.2005.10.010")
def auc(pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0) -> Mapping[str, Score]:
    """`auc_macro`, the mean over the classes of each class against the rest, and `auc:CLASS`; .5 is chance, 1 perfect.

    The given answer's candidates carry a score for each class (0 where it names none); gold has a choice or candidates
    above 0 (many labels an item). Ties count half. A class that all or no items have has no curve: it is left out, and
    the signature says how many were. Intervals are 95% bootstrap over items, or over what shares one of `groups`.
    """
    names = sorted(
        {each.id for _, given in pairs for each in given.candidates} | {n for g, _ in pairs for n in labels(g)}
    )
    scores = np.zeros((len(pairs), len(names)))
    truth = np.zeros((len(pairs), len(names)))
    for place, (gold, given) in enumerate(pairs):
        said = {each.id: each.score for each in given.candidates}
        scores[place] = [said.get(name, 0.0) for name in names]
        truth[place] = [name in labels(gold) for name in names]
    areas = np.array([area(truth[:, each], scores[:, each]) for each in range(len(names))])
    left_out = int(np.isnan(areas).sum())
    low, high = resampled(np.stack([truth, scores], axis=-1), clusters_of(len(pairs), groups), _macro, seed)
    told = f"ovr|ties:half|classes:{len(names) - left_out}|left_out:{left_out}"
    found = {
        "auc_macro": Score(
            _mean(areas), len(pairs), f"auc_macro|{told}|bootstrap:{RESAMPLES}|seed:{seed}", float(low), float(high)
        )
    }
    for name, value in zip(names, areas, strict=True):
        if not np.isnan(value):
            found[f"auc:{name}"] = Score(float(value), len(pairs), f"auc:{name}|{told}")
    return found


def _mean(areas: Numbers) -> float:
    known = areas[~np.isnan(areas)]
    return float(known.mean()) if len(known) else 0.0


def _macro(rows: Numbers) -> Numbers:
    return np.asarray(_mean(np.array([area(rows[:, each, 0], rows[:, each, 1]) for each in range(rows.shape[1])])))
