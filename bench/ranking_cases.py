"""What both ranking scripts share: the cases as numbers, and folds that part no publication and no disease."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from probatum import verbs
from probatum.datasets.phenopackets import phenopackets
from probatum.desk import Withheld
from probatum.methods._changes import Bench, Table
from probatum.methods._patient import seen
from probatum.methods._profiles import profiles
from probatum.methods._scores import Case
from probatum.store.reader import Store
from probatum.types import Example

FOLDS = 5
FORMS = ("keep", "alone", "any", "independent")


@dataclass(frozen=True)
class Ranked:
    """A case with its gold diseases by number; those that the store does not know are left out."""

    example: Example
    case: Case
    gold: tuple[int, ...]
    fold: int

    def table(self, bench: Bench, form: str) -> Table:
        """The scores of the case in one of the forms."""
        return bench.table(self.case, Withheld(frozenset(self.example.groups), form))


def load(kb: Path, data: Path) -> tuple[Store, Bench, list[Ranked]]:
    """The store, its profiles, and all cases whose disease is a candidate."""
    store = Store(kb)
    known = profiles(store)
    desk = verbs.lay(store)
    examples = list(phenopackets(data))
    omim = {id_ for id_ in known.diseases if id_.startswith("OMIM:")}
    cases = []
    for example, fold in zip(examples, folds(examples), strict=True):
        gold = tuple(known.place[each.id] for each in example.answer.candidates if each.id in omim)
        if gold:
            cases.append(Ranked(example, seen(example.question, desk, known.terms).case, gold, fold))
    return store, Bench(known), cases


def folds(examples: Sequence[Example]) -> list[int]:
    """The fold of each example: components of publication and disease, the largest first to the emptiest."""
    parents: dict[str, str] = {}

    def root(name: str) -> str:
        parents.setdefault(name, name)
        while parents[name] != name:
            parents[name] = parents[parents[name]]
            name = parents[name]
        return name

    names = [[each.id for each in example.answer.candidates] + list(example.groups) for example in examples]
    for group in names:
        for name in group:
            parents[root(name)] = root(group[0])
    components = [root(group[0]) for group in names]
    sizes = Counter(components)
    filled, fold = [0] * FOLDS, {}
    for component in sorted(sizes, key=lambda each: (-sizes[each], each)):
        fold[component] = int(np.argmin(filled))
        filled[fold[component]] += sizes[component]
    return [fold[component] for component in components]


def rank_of(scores: NDArray[np.floating], live: NDArray[np.intp], gold: Sequence[int]) -> float:
    """The rank of the best gold disease among those that live; ties take the mean rank, an emptied one has none."""
    hits = scores[np.isin(live, gold)]
    if not len(hits):
        return np.inf
    return float((scores > hits.max()).sum() + ((scores == hits.max()).sum() + 1) / 2)
