"""Rankings by what the cases have in common: gene, series of the case collection, publication, number of phenotypes.

Cases are many of few genes: beside the mean over cases stand those over diseases, genes, series and publications, each
of which counts alike however many cases it has, and how the genes and series spread. Which gene and series a case is of
is read from the case files here, apart from what is ranked.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from ranking_cases import FORMS, Ranked

from probatum.formats.reading import members
from probatum.store.reader import Store
from probatum.types import Malformed

Numbers = NDArray[np.float64]
Ranks = Mapping[str, Numbers]  # by form
SIZES = ((1, 4), (5, 19), (20, 49), (50, 99_999))
PHENOTYPES = ((1, 2), (3, 5), (6, 10), (11, 999))
LARGEST = 8
HEAD = f"| {{}} | {' | '.join(FORMS)} |\n|---|---|---|---|---|"


@dataclass(frozen=True)
class Kind:
    """What each case is one of, by name."""

    title: str
    names: tuple[str, ...]

    @property
    def weight(self) -> Numbers:
        """The weight of each case when each name counts alike."""
        counts = Counter(self.names)
        return np.array([1 / counts[name] for name in self.names])


def kinds(data: Path, cases: Sequence[Ranked]) -> list[Kind]:
    """The cases' diseases, genes, series and publications."""
    genes, series = {}, {}
    archives = sorted(data.glob("*.tar.gz")) if data.is_dir() else []
    for member in members(archives[0] if archives else data, ".json"):
        if not isinstance(member, Malformed):
            path, text = member
            packet = json.loads(text)
            series[packet["id"]] = Path(path).parts[-3] if len(Path(path).parts) > 2 else ""
            genes[packet["id"]] = " ".join(sorted(set(_symbols(packet)))) or series[packet["id"]]
    ids = [ranked.example.id for ranked in cases]
    return [
        Kind("disease", tuple(str(min(ranked.gold)) for ranked in cases)),
        Kind("gene", tuple(genes[id_] for id_ in ids)),
        Kind("series", tuple(series[id_] for id_ in ids)),
        Kind("publication", tuple(min(ranked.example.groups, default=ranked.example.id) for ranked in cases)),
    ]


def _symbols(node: object) -> list[str]:
    """Every gene symbol below a node of a case file."""
    if isinstance(node, list):
        return [symbol for each in node for symbol in _symbols(each)]
    if not isinstance(node, dict):
        return []
    own = [node["geneContext"]["symbol"]] if "symbol" in node.get("geneContext", {}) else []
    return own + [symbol for each in node.values() for symbol in _symbols(each)]


def cell(ranks: Numbers, weight: Numbers) -> str:
    """top-1/3/10 and the mean reciprocal rank."""
    part = weight / weight.sum()
    return "/".join(f"{(ranks <= k) @ part:.3f}" for k in (1, 3, 10)) + f" {(1 / ranks) @ part:.3f}"


def line(name: str, ranks: Ranks, weight: Numbers) -> str:
    """A row of a table: one cell a form."""
    return f"| {name} | {' | '.join(cell(ranks[form], weight) for form in FORMS)} |"


def reports(ours: Ranks, others: Mapping[str, Ranks], cases: Sequence[Ranked], shared: Sequence[Kind]) -> list[str]:
    """The tables: macro means, the spread over genes and series, the largest series, number of phenotypes."""
    told = []
    for kind in shared:
        count = len(set(kind.names))
        told.append(f"\nEach {kind.title} alike ({count})\n\n{HEAD.format('top-1/3/10 MRR')}")
        told += [line(name, ranks, kind.weight) for name, ranks in {"Probatum": ours, **others}.items()]
    ones = np.ones(len(cases))
    for kind in shared:
        if kind.title == "gene":
            told.append(f"\nHow Probatum varies by {kind.title}\n\n{HEAD.format('top-1/3/10 MRR')}")
            told += _by_size(ours, kind) + _spread(ours, kind)
    told.append(f"\nBy number of phenotypes present\n\n{HEAD.format('top-1/3/10 MRR')}")
    present = np.array([len(ranked.case.present) for ranked in cases])
    for low, high in PHENOTYPES:
        here = (low <= present) & (present <= high)
        if here.any():
            part = {form: ours[form][here] for form in FORMS}
            told.append(line(f"{low} to {high} ({here.sum()} cases)", part, ones[here]))
    return told


def _by_size(ours: Ranks, kind: Kind) -> list[str]:
    """By how many cases a name has, each name alike; and the names of most cases."""
    counts, names = Counter(kind.names), np.array(kind.names)
    size = np.array([counts[name] for name in kind.names])
    told = []
    for low, high in SIZES:
        here = (low <= size) & (size <= high)
        if here.any():
            named = f"{low} to {high}" if high < SIZES[-1][1] else f"{low} or more"
            title = f"{named} cases ({len(set(names[here]))} {kind.title}s)"
            told.append(line(title, {form: ours[form][here] for form in FORMS}, kind.weight[here]))
    for name, count in counts.most_common(LARGEST):
        here = names == name
        told.append(line(f"{name} ({count} cases)", {form: ours[form][here] for form in FORMS}, np.ones(count)))
    return told


def _spread(ours: Ranks, kind: Kind) -> list[str]:
    """The quartiles over names of their own top-1 and top-10."""
    told, place = [], np.unique(np.array(kind.names), return_inverse=True)[1]
    for k in (1, 10):
        cells = []
        for form in FORMS:
            hits = np.bincount(place, ours[form] <= k) / np.bincount(place)
            cells.append(" / ".join(f"{each:.2f}" for each in np.percentile(hits, (25, 50, 75))))
        told.append(f"| quartiles of top-{k} over {kind.title} | {' | '.join(cells)} |")
    return told


def sisters(store: Store, diseases: Sequence[str], names: Sequence[str]) -> Callable[[int, Sequence[int]], bool]:
    """Whether a disease is one of the gold diseases, or has a gene or the name of a series in common with one."""
    genes: dict[str, set[str]] = {}
    for relation in store.relations(predicate="biolink:gene_associated_with_condition"):
        if not relation.negated:
            genes.setdefault(relation.object, set()).add(relation.subject)
    stems = [stem(name) for name in names]

    def same(found: int, gold: Sequence[int]) -> bool:
        mine = genes.get(diseases[found], set())
        return any(
            found == each or stems[found] == stems[each] or mine & genes.get(diseases[each], set()) for each in gold
        )

    return same


def stem(name: str) -> str:
    """The name of a series: a disease's name without what follows a comma, and without type, number or letter."""
    words = re.findall(r"[\w'-]+", name.lower().partition(",")[0])
    while len(words) > 1 and re.fullmatch(r"type|\d+\w?|[ivx]+[a-z]?|[a-z]", words[-1]):
        words.pop()
    return " ".join(words)
