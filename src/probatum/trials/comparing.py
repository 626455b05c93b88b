"""Whether two runs of the same items differ: each measure's difference with an interval, tests, and corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from probatum.errors import BadPlan
from probatum.trials.scoring import Scored

LESS_IS_BETTER = ("brier", "ece", "mce", "aurc", "median_rank")  # how the names of such measures begin


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure of two runs over the items that both have."""

    measure: str
    first: float
    second: float
    difference: float  # first less second
    low: float  # 95% interval
    high: float
    n: int
    p: float  # of the paired bootstrap
    exact: float | None  # McNemar's p where every item is right or wrong
    test: str
    holm: float = 1.0  # the p of `decides` after correction for all measures
    bh: float = 1.0

    @property
    def decides(self) -> float:
        """McNemar's p where there is one, else the bootstrap's."""
        return self.p if self.exact is None else self.exact


def compared(first: Scored, second: Scored, *, seed: int = 0) -> list[Compared]:
    """Every measure that both runs have item by item, in the order of the first.

    A measure that says the same of every item as one before (micro-F1 of an exam is its accuracy) is left out: it would
    count twice in the corrections.
    The bootstrap draws items of one group (document, patient, publication) together; McNemar's test treats items as
    independent and stands beside it. Raises `BadPlan` where the runs are of different benchmarks or share no items.
    """
    if first.benchmark != second.benchmark or first.version != second.version:
        what = f"{first.benchmark} v{first.version} and {second.benchmark} v{second.version} are not comparable"
        raise BadPlan(what, mend="compare runs of one benchmark in one version")
    from probatum.statistics import benjamini_hochberg, holm, mcnemar, paired  # noqa: PLC0415 - scipy loads for long

    made: list[Compared] = []
    seen: list[tuple[list[float], list[float]]] = []
    for measure, values in first.items.items():
        others = second.items.get(measure, {})
        signatures = {run.scores[measure].signature for run in (first, second) if measure in run.scores}
        both = [id_ for id_ in values if id_ in others]
        if not both or len(signatures) > 1:
            continue
        one, other = [values[id_] for id_ in both], [others[id_] for id_ in both]
        if (one, other) in seen:
            continue
        seen.append((one, other))
        found = paired(one, other, clusters(both, first.groups), seed=seed)
        exact, test = None, found.test
        if {*one, *other} <= {0.0, 1.0}:
            exact, name = mcnemar([each == 1 for each in one], [each == 1 for each in other])
            test = f"{test}; {name}"
        means = sum(one) / len(one), sum(other) / len(other)
        made.append(Compared(measure, *means, found.mean, found.low, found.high, found.n, found.p, exact, test))
    if not made:
        raise BadPlan("the runs share no measure on any item", mend="score both with the same benchmark and data")
    ps = [each.decides for each in made]
    return [
        _corrected(each, *both)
        for each, both in zip(made, zip(holm(ps), benjamini_hochberg(ps), strict=True), strict=True)
    ]


def fallen(baseline: Scored, run: Scored, rows: Sequence[Compared], *, alpha: float = 0.05) -> list[str]:
    """In what a run falls behind its baseline, a sentence each; `rows` are those of `compared(baseline, run)`.

    A measure falls where the run is worse and Holm's p is under `alpha`; one that the run no longer has, or items that
    it no longer answers, are told too: what is gone cannot be found to hold.
    """
    told = []
    for row in rows:
        worse = -row.difference if row.measure.startswith(LESS_IS_BETTER) else row.difference
        if worse > 0 and row.holm < alpha:
            told.append(f"{row.measure} fell from {row.first:.4f} to {row.second:.4f} (Holm's p {row.holm:.2g})")
    for measure, values in baseline.items.items():
        there = run.items.get(measure, {})
        if gone := sum(id_ not in there for id_ in values):
            told.append(f"{measure}: {gone:,} of {len(values):,} items of the baseline are not in the run")
        elif baseline.scores[measure].signature != run.scores[measure].signature:
            told.append(f"{measure} is measured otherwise than in the baseline")
    return told


def _corrected(each: Compared, by_holm: float, by_rate: float) -> Compared:
    return replace(each, holm=by_holm, bh=by_rate)


def clusters(ids: list[str], groups: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The name of each item's cluster: items are joined by any group that they share, however long the chain."""
    parents: dict[str, str] = {}

    def root(name: str) -> str:
        parents.setdefault(name, name)
        while parents[name] != name:
            parents[name] = parents[parents[name]]
            name = parents[name]
        return name

    for id_ in ids:
        for group in groups.get(id_, ()):
            parents[root(f"item {id_}")] = root(f"group {group}")
    return [root(f"item {id_}") for id_ in ids]
