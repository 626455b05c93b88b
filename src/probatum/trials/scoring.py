"""Scores what was answered, apart from answering it: over all items, over each stratum, and item by item."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import fmean, median
from typing import Any

from probatum.errors import BadFormat, BadPlan, NeedsFile
from probatum.naming import find
from probatum.shapes import Pair
from probatum.trials.lines import Trial
from probatum.trials.subgroups import gaps
from probatum.types import Score

Settings = Mapping[str, Mapping[str, Any]]  # by metric
PLAIN: Settings = {}
FEWEST, STRATA = 5, 30  # items of a stratum, and strata of a label, that are told apart
SINGLE = 10_000  # items up to which a metric without values of its own for each item is asked for each alone


@dataclass(frozen=True, slots=True)
class Scored:
    """All that is said of one run: what a table, a comparison and a report are made of."""

    name: str
    benchmark: str
    version: str
    settings: Mapping[str, str]
    scores: Mapping[str, Score]
    strata: Mapping[str, Mapping[str, Mapping[str, Score]]] = field(default_factory=dict)  # label, value, metric
    items: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # measure, item: means over items alone
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sure: Sequence[float] = ()  # confidence of each answered choice, beside whether it is right
    right: Sequence[float] = ()
    efficiency: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    gaps: Sequence[Mapping[str, Any]] = ()  # between groups of patients, the widest first: `subgroups.Gap` as a mapping


def scores_of(trials: Sequence[Trial], metrics: Sequence[str], told: Settings = PLAIN) -> dict[str, Score]:
    """What each named metric gives over the items, each with what it is `told`; none for no items."""
    found: dict[str, Score] = {}
    pairs = [(each.gold, each.given) for each in trials]
    for metric in metrics if pairs else ():
        groups = [each.groups for each in trials]
        found.update(find("metrics", metric)(pairs, groups=groups, **told.get(metric, {})))
    return found


def strata_of(
    trials: Sequence[Trial], metrics: Sequence[str], settings: Settings = PLAIN
) -> dict[str, dict[str, dict[str, Score]]]:
    """The scores by each value of each label (subject, difficulty ...) that some items share and that tells apart."""
    values: dict[str, dict[str, list[Trial]]] = {}
    for each in trials:
        for label, value in each.labels:
            values.setdefault(label, {}).setdefault(value, []).append(each)
    told: dict[str, dict[str, dict[str, Score]]] = {}
    for label, parts in sorted(values.items()):
        kept = {value: part for value, part in sorted(parts.items()) if len(part) >= FEWEST}
        if 1 < len(parts) <= STRATA and kept:
            told[label] = {value: scores_of(part, metrics, settings) for value, part in kept.items()}
    return told


def items_of(
    trials: Sequence[Trial], metrics: Sequence[str], scores: Mapping[str, Score], told: Settings = PLAIN
) -> dict[str, dict[str, float]]:
    """The value of each item by every measure that is the mean of them.

    A metric's own `per_item(pairs)`, which stands beside it, is asked where there is one (an array, or arrays by the
    names of its scores); else the metric itself for each item, up to 10,000 of them. What is no mean is left out.
    """
    pairs: list[Pair] = [(each.gold, each.given) for each in trials]
    found: dict[str, dict[str, float]] = {}
    for metric in metrics:
        for name, values in _values(metric, pairs, told.get(metric, {})).items():
            whole = scores.get(name)
            if whole is None or whole.none or len(values) != len(pairs):
                continue
            if abs(fmean(map(float, values)) - whole.value) < 1e-9:
                found[name] = {each.id: float(value) for each, value in zip(trials, values, strict=True)}
    return found


def _values(metric: str, pairs: Sequence[Pair], told: Mapping[str, Any]) -> dict[str, Sequence[float]]:
    function = find("metrics", metric)
    own = getattr(sys.modules.get(function.__module__), "per_item", None)
    if own is not None and not told and not _asks_more(own):
        values = own(pairs)
        return dict(values) if isinstance(values, Mapping) else {metric: values}
    if not pairs or len(pairs) > SINGLE:
        return {}
    single = [function([pair], **told) for pair in pairs]
    whole = [name for name in single[0] if all(name in each for each in single)]
    return {name: [each[name].value for each in single] for name in whole}


def _asks_more(function: Any) -> bool:
    asked = list(inspect.signature(function).parameters.values())[1:]
    return any(each.default is each.empty for each in asked)


def settled(metrics: Sequence[str], given: Mapping[str, Any], store: Any) -> Settings:
    """What each further metric is told: of `given` what it takes, and what finds a store's concepts where it asks.

    Raises `BadPlan` for a setting that none of them takes, and for concepts without a store.
    """
    told: dict[str, dict[str, Any]] = {}
    taken: set[str] = set()
    for metric in metrics:
        known = inspect.signature(find("metrics", metric)).parameters
        told[metric] = {name: value for name, value in given.items() if name in known}
        taken |= told[metric].keys()
        if "annotate" in known:
            if store is None:
                raise BadPlan(f"{metric} finds concepts by the names of a store", mend="probatum --kb FOLDER score ...")
            told[metric]["annotate"] = find("annotators", "dictionary")(store)
            sources = sorted({each.source for each in store.releases()})
            told[metric].setdefault("dictionary", "+".join(sources).upper())
    if odd := sorted(given.keys() - taken):
        raise BadPlan(
            f"no metric here takes {odd[0]!r}", where="--metric-set", mend=f"of: {', '.join(metrics) or 'none'}"
        )
    return told


def efficiency_of(trials: Sequence[Trial]) -> dict[str, float]:
    """Latency (seconds: mean, median, 95th percentile, sum) and tokens an item; nothing where none was told."""
    told: dict[str, float] = {}
    seconds = sorted(each.latency for each in trials if each.latency > 0)
    if seconds:
        told = {"latency_mean": fmean(seconds), "latency_sum": sum(seconds)}
        told |= {"latency_median": median(seconds), "latency_p95": seconds[max(0, -(-len(seconds) * 95 // 100) - 1)]}
    if tokens := sum(each.tokens for each in trials):
        told |= {"tokens": float(tokens), "tokens_mean": tokens / len(trials)}
    return told


def scored(
    name: str,
    benchmark: str,
    version: str,
    trials: Sequence[Trial],
    *,
    settings: Mapping[str, str],
    metrics: Sequence[str],
    counts: Mapping[str, int],
    told: Settings = PLAIN,
) -> Scored:
    """Everything that can be said of these items by these metrics, each with what it is `told`."""
    scores = scores_of(trials, metrics, told)
    chosen = [each for each in trials if each.given.choice or each.given.candidates]
    if any(not 0 <= candidate.score <= 1 for each in chosen for candidate in each.given.candidates):
        chosen = []  # ranked by what is no probability, as a search is
    sure = [_sure(each) for each in chosen]
    items = items_of(trials, metrics, scores, told)
    apart = gaps(items, _patients(trials), least=FEWEST)
    return Scored(
        name,
        benchmark,
        version,
        dict(settings),
        scores,
        strata_of(trials, metrics, told),
        items,
        {each.id: each.groups for each in trials if each.groups},
        [said for said, _ in sure] if any(said for said, _ in sure) else [],
        [right for _, right in sure] if any(said for said, _ in sure) else [],
        efficiency_of(trials),
        dict(counts),
        [asdict(each) for each in apart],
    )


def _patients(trials: Sequence[Trial]) -> dict[str, dict[str, str]]:
    """By label of patients the value of each item that has one."""
    told: dict[str, dict[str, str]] = {}
    for each in trials:
        for label, value in each.labels:
            if label.startswith("patient_"):
                told.setdefault(label, {})[each.id] = value
    return told


def _sure(each: Trial) -> tuple[float, float]:
    """(confidence, right) of the choice, or of the first candidate."""
    given, wanted = each.given, {candidate.id for candidate in each.gold.candidates if candidate.score > 0}
    first = max(given.candidates, key=lambda candidate: candidate.score, default=None)
    if given.choice:
        score = next((one.score for one in given.candidates if one.id == given.choice), 0.0)
        return min(max(score, 0.0), 1.0), float(given.choice == each.gold.choice)
    return (min(max(first.score, 0.0), 1.0), float(first.id in wanted)) if first else (0.0, 0.0)


def beside(run: Path) -> Path:
    """Where the scores of a run file stand."""
    return run.with_name(run.name + ".scores.json")


def save(run: Path, made: Scored) -> None:
    """Writes the scores beside the run file, whole or not at all."""
    fresh = beside(run).with_name(beside(run).name + ".new")
    fresh.write_text(json.dumps(asdict(made), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(beside(run))


def load(run: Path) -> Scored:
    """The scores beside a run file; raises `NeedsFile` where there are none, and `BadFormat`."""
    path = beside(run)
    if not path.is_file() and not run.is_file():
        raise NeedsFile(f"no file {run}", mend="probatum evaluate BENCHMARK --out FILE writes a run")
    if not path.is_file():
        raise NeedsFile(f"{run} has not been scored", where=str(path), mend=f"probatum score {run} --benchmark NAME")
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        told["scores"] = _scores(told["scores"])
        told["strata"] = {
            label: {value: _scores(part) for value, part in parts.items()} for label, parts in told["strata"].items()
        }
        told["groups"] = {id_: tuple(names) for id_, names in told["groups"].items()}
        return Scored(**told)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadFormat(f"not the scores of a run: {error}", where=str(path), mend="score the run again") from error


def _scores(told: Mapping[str, Mapping[str, Any]]) -> dict[str, Score]:
    return {name: Score(**said) for name, said in told.items()}
