"""Quality checks of a store, each with a threshold, after the OHDSI Data Quality Dashboard (Blacketer 2021).

https://doi.org/10.1093/jamia/ocab132; the checks themselves stand in checks.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib import resources
from itertools import chain
from typing import Any

import numpy as np

from probatum.errors import BadPlan
from probatum.formats import biolink
from probatum.store import coverage, rows
from probatum.store.conflicts import EXACT, conflicts
from probatum.store.reader import Store
from probatum.text import doses, frequency
from probatum.text.normal import fold

EXAMPLES = 5
CURIE = re.compile(r"[A-Za-z][\w.\-]*:[^\s]+")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Check:
    """One check as the table has it."""

    name: str
    what: str  # what is true of a row that does not violate it
    category: str  # conformance, completeness, plausibility
    severity: str  # error, warning, note
    threshold: float  # per cent of the rows that may violate it
    unit: str  # what is counted
    rows: str = ""  # SQL
    violated: str = ""  # SQL
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found."""

    name: str
    what: str
    category: str
    severity: str
    unit: str
    violated: int
    rows: int
    percent: float
    threshold: float
    passed: bool
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of one store on one day, and what its knowledge covers."""

    content: str
    day: str
    results: tuple[Result, ...]
    covers: coverage.Coverage

    @property
    def failed(self) -> tuple[Result, ...]:
        """The checks that did not pass."""
        return tuple(one for one in self.results if not one.passed)


def check(store: Store, today: date, *, only: Iterable[str] = (), settings: Mapping[str, str] | None = None) -> Report:
    """The report on a store; `only` names some checks, and then the coverage stays untold.

    `settings` set a threshold (names.threshold = 1) or another parameter (old_releases.days = 365). Raises `BadPlan`
    for a check or parameter that is not there.
    """
    chosen = _chosen(only, settings or {})
    for name, (count, function) in FUNCTIONS.items():
        store.add_function(name, count, function)
    results = tuple(_result(store, one, today) for one in chosen)
    covers = coverage.NONE if len(chosen) < len(_table()) else coverage.covered(store)
    return Report(store.content, today.isoformat(), results, covers)


def checks() -> Mapping[str, Check]:
    """The checks by name, as their table has them."""
    return _table()


@cache
def _table() -> dict[str, Check]:
    said = tomllib.loads(resources.files("probatum.store").joinpath("checks.toml").read_text(encoding="utf-8"))
    return {
        name: Check(name, **one, parameters=tuple((key, str(value)) for key, value in parameters.items()))
        for name, one in said.items()
        for parameters in [one.pop("parameters", {})]
    }


def _chosen(only: Iterable[str], settings: Mapping[str, str]) -> list[Check]:
    chosen = dict(_table())
    for key, value in settings.items():
        name, _, parameter = key.partition(".")
        one = chosen.get(name)
        if one and parameter == "threshold":
            try:
                chosen[name] = replace(one, threshold=float(value))
            except ValueError as error:
                raise BadPlan(f"{value!r} is no number", where=f"kb check {key}") from error
        elif one and parameter in dict(one.parameters):
            chosen[name] = replace(one, parameters=tuple((dict(one.parameters) | {parameter: value}).items()))
        else:
            mend = "name.threshold=PERCENT, or a parameter of checks.toml"
            raise BadPlan(f"{key!r} is no parameter of a check", where="kb check", mend=mend)
    wanted = set(only)
    if odd := sorted(wanted - chosen.keys()):
        raise BadPlan(f"{odd[0]!r} is no check", where="kb check", mend=f"one of {', '.join(chosen)}")
    return [one for name, one in chosen.items() if not wanted or name in wanted]


def _result(store: Store, one: Check, today: date) -> Result:
    if one.violated:
        bound = {**dict(one.parameters), "today": today.isoformat()}
        total = int(next(_asked(store, one.rows, bound))[0] or 0)
        found: Iterable[str] = (str(row[0]) for row in _asked(store, one.violated, bound))
    else:
        total, found = OTHERS[one.name](store, today, dict(one.parameters))
    violated, examples = 0, []
    for example in found:
        violated += 1
        if violated <= EXAMPLES:
            examples.append(example[:200])
    percent = round(100 * violated / total, 4) if total else 0.0
    return Result(
        one.name, one.what, one.category, one.severity, one.unit, violated, total, percent, one.threshold,
        percent <= one.threshold, tuple(examples),
    )  # fmt: skip


def _asked(store: Store, sql: str, bound: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a check's query: its words after a colon are bound, `dates` are all that qualifiers hold."""
    names: list[str] = []

    def place(found: re.Match[str]) -> str:
        names.append(found[1])
        return "?"

    asked = re.sub(r"(?<![\w:'])\:([a-z]+)\b", place, sql)
    head = DATES if re.search(r"\bdates\b", sql) else ""
    return store.rows(head + asked, *(bound[name] for name in names))


def _dates(place: str, table: str) -> str:
    return f"""SELECT {place}, json_extract(value, '$[0]'), json_extract(value, '$[1]'), said(qualifiers, 'valid_to')
        FROM {table}, json_each(qualifiers) WHERE qualifiers <> '[]' AND json_extract(value, '$[0]') IN ({DATED})"""


DATED = ", ".join(f"'{name}'" for name in "valid_from valid_to reviewed review_due published revised year".split())
DATES = f"""WITH dates (place, name, day, upto) AS (
    {_dates("at", "claims")} UNION ALL {_dates("passages.id", "passages")}) """


# --- what SQL cannot say ---

Found = tuple[int, Iterable[str]]


def _rare_diseases(store: Store, today: date, said: Mapping[str, str]) -> Found:
    known = coverage.rare_diseases(store)
    wanted = [(one.name, what, bool(there)) for one in known for what, there in one.looked_at]
    return len(wanted), [f"{name}: no {what}" for name, what, there in wanted if not there]


def _old_releases(store: Store, today: date, said: Mapping[str, str]) -> Found:
    last = (today - timedelta(days=int(said["days"]))).isoformat()
    old = [f"{one.name} is of {one.dated}" for one in store.view.shown if one.dated < last]
    return len(store.view.shown), old


def _denied(store: Store, today: date, said: Mapping[str, str]) -> Found:
    (total,) = next(store.rows("SELECT count(*) FROM relations WHERE NOT negated"))
    found = conflicts(store, kinds=["negation"])
    return int(total), (f"{one.subject} {one.predicate} {one.object}" for one in found)


def _one_to_many(store: Store, today: date, said: Mapping[str, str]) -> Found:
    ends = " UNION ".join(f"SELECT {end} AS id FROM relations WHERE predicate = ?" for end in ("subject", "object"))
    (total,) = next(store.rows(f"SELECT count(*) FROM ({ends})", EXACT, EXACT))
    found = conflicts(store, kinds=["mapping"])
    return int(total), (f"{one.subject}: {', '.join(_ends(one.subject, (*one.one, *one.other)))}" for one in found)


def _ends(id: str, claims: Iterable[object]) -> list[str]:
    pairs = ((getattr(claim, "subject", ""), getattr(claim, "object", "")) for claim in claims)
    return sorted({other for pair in pairs for other in pair} - {id})


def _cycles(store: Store, today: date, said: Mapping[str, str]) -> Found:
    """The ids from which the way upwards comes back: what is left when ends are taken off until there is none."""
    numbers: dict[str, int] = {}
    sql = """SELECT subject, object FROM relations WHERE predicate = 'biolink:subclass_of' AND NOT negated
        UNION ALL SELECT old, new FROM aliases WHERE how = 'replaced'"""
    flat = [numbers.setdefault(id, len(numbers)) for id in chain.from_iterable(store.rows(sql))]
    edges = np.array(flat, dtype=np.int64).reshape(-1, 2)
    total = len(np.unique(edges[:, 0]))
    while True:
        first, last = (np.bincount(edges[:, side], minlength=len(numbers)) > 0 for side in (0, 1))
        kept = last[edges[:, 0]] & first[edges[:, 1]]
        if kept.all():
            break
        edges = edges[kept]
    left = set(np.unique(edges).tolist())
    return total, [id for id, number in numbers.items() if number in left]


OTHERS: dict[str, Callable[[Store, date, Mapping[str, str]], Found]] = {
    "rare_diseases": _rare_diseases,
    "old_releases": _old_releases,
    "denied": _denied,
    "one_to_many": _one_to_many,
    "cycles": _cycles,
}


# --- what SQL may call ---


def _said(qualifiers: str, name: str) -> str:
    return dict(rows.pairs(qualifiers)).get(name, "")


def _has_frequency(written: str) -> bool:
    try:
        frequency.read(written)
    except ValueError:
        return False
    return True


FUNCTIONS: dict[str, tuple[int, Callable[..., str | int]]] = {
    "is_curie": (1, lambda id: CURIE.fullmatch(id) is not None),
    "is_reference": (1, lambda text: CURIE.fullmatch(text) is not None or text.startswith(("https://", "http://"))),
    "is_language": (1, lambda code: LANGUAGE.fullmatch(code) is not None),
    "is_day": (1, lambda text: DAY.fullmatch(text) is not None),
    "is_known_predicate": (1, lambda id: id in biolink.predicates()),
    "has_dose": (1, lambda text: doses.read(text) is not None),
    "has_frequency": (1, _has_frequency),
    "said": (2, _said),
    "plain": (1, fold),
    "prefix": (1, lambda id: id.partition(":")[0]),
    "record_of": (1, rows.record_of),
}
