"""How well answers about genes fit the key, by the rule that was published with GeneGPT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from probatum.metrics._clusters import RESAMPLES, clusters_of, interval
from probatum.naming import card
from probatum.shapes import Pair
from probatum.types import Answer, Score

LISTED = ("Gene disease association", "Disease gene location")
PLACED = ("SNP location", "Gene location")
ALIGNED = "Human genome DNA aligment"  # spelt so in the data
ORGANISM = "Multi-species DNA aligment"
CODING = "Protein-coding genes"
BY_HAND = ("sequence gene alias", "SNP gene function")  # which the published rule leaves to people
_SPECIES = {
    "Caenorhabditis elegans": "worm", "Homo sapiens": "human", "Danio rerio": "zebrafish", "Mus musculus": "mouse",
    "Saccharomyces cerevisiae": "yeast", "Rattus norvegicus": "rat", "Gallus gallus": "chicken",
}  # fmt: skip


@card("GeneTuring's rule", survey="3.1.3", reference="https://github.com/ncbi/GeneGPT", languages=("en",))
def geneturing(pairs: Sequence[Pair], *, groups: Sequence[tuple[str, ...]] = (), seed: int = 0) -> Mapping[str, Score]:
    """`geneturing_<task>` for each task, 0 to 1, and `geneturing`, the mean over the tasks that the rule scores.

    The task is gold's field `task`, the key its text; what was answered is the field `answer`, or the text. The
    published rule: the whole key, save that genes and places of a disease count by the share that was given, an
    alignment counts .5 where only the chromosome is right, chromosomes are taken from the last word, organisms may be
    named in Latin, yes and no are read as TRUE and NA. An abstention counts 0. Tasks whose answers people must judge
    are left out. Intervals are 95% bootstrap over items, or over what shares one of `groups`.
    """
    by_task: dict[str, list[int]] = {}
    for place, (gold, _) in enumerate(pairs):
        task = dict(gold.fields).get("task", "")
        if task not in BY_HAND:
            by_task.setdefault(task, []).append(place)
    points = np.array([points_of(gold, given) for gold, given in pairs], np.float64)
    clusters = clusters_of(len(pairs), groups)
    scores: dict[str, Score] = {}
    said = f"GeneGPT's evaluate.py|bootstrap:{RESAMPLES}|seed:{seed}"
    for task, places in by_task.items():
        one = np.zeros(len(pairs))
        one[places] = 1.0
        low, high = interval(points, one, clusters, seed)
        empty = sum(not answer_of(pairs[place][1]) for place in places)
        name = f"geneturing_{task.lower().replace(' ', '_').replace('-', '_')}"
        scores[name] = Score(float(points[places].mean()), len(places), said, low, high, empty=empty)
    if scores:
        mean = float(np.mean([score.value for score in scores.values()]))
        empty = sum(score.empty for score in scores.values())
        scores["geneturing"] = Score(mean, sum(score.n for score in scores.values()), f"{said}|macro", empty=empty)
    return scores


def answer_of(given: Answer) -> str:
    """What was answered, bare."""
    said = "" if given.abstained else dict(given.fields).get("answer", given.text)
    return said.strip().replace("Answer: ", "")


def points_of(gold: Answer, given: Answer) -> float:
    """0 to 1 by the published rule."""
    task, key, said = dict(gold.fields).get("task", ""), gold.text, answer_of(given)
    if not said:
        return 0.0
    if task in LISTED:
        wanted, named = key.split(", "), said.split(", ")
        return sum(each in named for each in wanted) / len(wanted)
    if task == ALIGNED:
        return 1.0 if said == key else 0.5 if said.partition(":")[0] == key.partition(":")[0] else 0.0
    if task in PLACED:
        said = said.split()[-1]
        said = said if "chr" in said else f"chr{said}"
    if task == CODING:
        said = {"Yes": "TRUE", "No": "NA"}.get(said, said)
    if task == ORGANISM:
        said = _SPECIES.get(said, said)
    return float(said == key)
