"""The protocol of a human round, read strictly: what is asked, of whom, how often, and when it may end."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from probatum.errors import BadPlan

LOWEST, HIGHEST = 1, 5
FORMS = ("ratings", "pairs", "both")
SAMPLINGS = ("random", "spread", "strata")
_KEYS = {
    "": "title version instructions form items raters_per_item seed sampling stratum remarks repeat_calibration "
    "criterion comparison calibration attention stop",
    "criterion": "name question anchors",
    "comparison": "name question",
    "calibration": "id question answer expected tolerance",
    "attention": "id question answer expected tolerance",
    "stop": "items width",
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """What one answer is rated on: a question, and what each of the values 1 to 5 means."""

    name: str
    question: str
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two answers are compared on."""

    name: str
    question: str


@dataclass(frozen=True, slots=True)
class Known:
    """An answer whose ratings are known: for calibration, or to see that a rater attends."""

    id: str
    question: str
    answer: str
    expected: tuple[tuple[str, int], ...]  # criterion, value
    tolerance: int = 1  # points that a rating may be off


@dataclass(frozen=True, slots=True)
class Protocol:
    """A human round as it is laid down before anybody rates; `text` is the table that it was read from."""

    title: str
    version: str
    instructions: str
    form: str  # ratings, pairs, both
    items: int  # how many are drawn; 0: all
    raters_per_item: int
    seed: int
    sampling: str  # random; spread: evenly over the order of the runs; strata: alike from each value of `stratum`
    stratum: str  # name of a label of the items
    criteria: tuple[Criterion, ...]
    comparisons: tuple[Comparison, ...]
    remarks: tuple[str, ...]  # questions that are answered in words, as a case study needs them
    calibration: tuple[Known, ...]
    attention: tuple[Known, ...]
    repeat_calibration: bool  # whether the calibration items come again at the end, where drift shows
    stop_items: int  # the round may end when as many items are fully rated ...
    stop_width: float  # ... and the 95% interval of alpha is no wider than this; 0: only when all is rated
    text: str


def read_protocol(text: str, where: str) -> Protocol:
    """The protocol of a TOML text; raises `BadPlan` for what is missing, unknown or does not fit together."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPlan(str(error), where=where, mend="it must be valid TOML") from error
    _only(table, "", where)
    criteria = tuple(_criterion(each, f"{where} criterion {n}") for n, each in _rows(table, "criterion", where))
    comparisons = tuple(_comparison(each, f"{where} comparison {n}") for n, each in _rows(table, "comparison", where))
    stop = _stop(table, where)
    read = Protocol(
        title=_word(table, "title", where),
        version=_word(table, "version", where),
        instructions=_word(table, "instructions", where),
        form=_one_of(table, "form", FORMS, where),
        items=_whole(table, "items", where, 0),
        raters_per_item=_whole(table, "raters_per_item", where, 1),
        seed=_whole(table, "seed", where, 0),
        sampling=_one_of(table, "sampling", SAMPLINGS, where),
        stratum=_word(table, "stratum", where) if table.get("sampling") == "strata" else "",
        criteria=criteria,
        comparisons=comparisons,
        remarks=_remarks(table, where),
        calibration=tuple(_known(each, criteria, f"{where} calibration {n}", "calibration")
                          for n, each in _rows(table, "calibration", where)),
        attention=tuple(_known(each, criteria, f"{where} attention {n}", "attention")
                        for n, each in _rows(table, "attention", where)),
        repeat_calibration=_truth(table, "repeat_calibration", where),
        stop_items=stop[0],
        stop_width=stop[1],
        text=text,
    )  # fmt: skip
    return _fitting(read, where)


def _fitting(read: Protocol, where: str) -> Protocol:
    if read.form in ("ratings", "both") and not read.criteria:
        raise BadPlan(f"form = {read.form!r} needs at least one [[criterion]]", where=where)
    if read.form in ("pairs", "both") and not read.comparisons:
        raise BadPlan(f"form = {read.form!r} needs at least one [[comparison]]", where=where)
    if read.form == "pairs" and (read.criteria or read.calibration or read.attention):
        raise BadPlan("criteria, calibration and attention belong to ratings", where=where, mend="form = 'both'")
    if read.form == "ratings" and read.comparisons:
        raise BadPlan("comparisons belong to pairs", where=where, mend="form = 'both'")
    names = [*(each.name for each in read.criteria), *(each.name for each in read.comparisons)]
    ids = [each.id for each in (*read.calibration, *read.attention)]
    for said in (names, ids):
        if twice := sorted({each for each in said if said.count(each) > 1}):
            raise BadPlan(f"{twice[0]!r} stands twice", where=where)
    return read


def _criterion(row: Mapping[str, Any], where: str) -> Criterion:
    _only(row, "criterion", where)
    anchors = row.get("anchors")
    values = [str(value) for value in range(LOWEST, HIGHEST + 1)]
    if not isinstance(anchors, dict) or sorted(anchors) != values:
        raise BadPlan(f"anchors must be a table with a text for each of {', '.join(values)}", where=where)
    return Criterion(_name(row, where), _word(row, "question", where), tuple(_word(anchors, v, where) for v in values))


def _comparison(row: Mapping[str, Any], where: str) -> Comparison:
    _only(row, "comparison", where)
    return Comparison(_name(row, where), _word(row, "question", where))


def _known(row: Mapping[str, Any], criteria: tuple[Criterion, ...], where: str, kind: str) -> Known:
    _only(row, kind, where)
    expected = row.get("expected")
    if not isinstance(expected, dict) or not expected:
        raise BadPlan("expected must be a table: a criterion and its value", where=where)
    names = [each.name for each in criteria]
    for name in expected:
        if name not in names:
            raise BadPlan(f"{name!r} is not a criterion here{_near(name, names)}", where=where)
        if not LOWEST <= _whole(expected, name, where, LOWEST) <= HIGHEST:
            raise BadPlan(f"{name} = {expected[name]} must be {LOWEST} to {HIGHEST}", where=where)
    tolerance = _whole({"tolerance": 1} | dict(row), "tolerance", where, 0)
    said = [_word(row, key, where) for key in ("id", "question", "answer")]
    return Known(said[0], said[1], said[2], tuple(sorted(expected.items())), tolerance)


def _stop(table: Mapping[str, Any], where: str) -> tuple[int, float]:
    stop = table.get("stop", {"items": 0, "width": 0.0})
    if not isinstance(stop, dict):
        raise BadPlan("stop must be a table", where=where)
    _only(stop, "stop", f"{where} stop")
    width = stop.get("width")
    if not isinstance(width, int | float) or isinstance(width, bool) or not 0 <= width <= 2:
        raise BadPlan(f"width = {width!r} must be a number from 0 to 2", where=f"{where} stop")
    return _whole(stop, "items", f"{where} stop", 0), float(width)


def _remarks(table: Mapping[str, Any], where: str) -> tuple[str, ...]:
    said = table.get("remarks", [])
    if not isinstance(said, list) or not all(isinstance(each, str) and each.strip() for each in said):
        raise BadPlan("remarks must be a list of texts", where=where)
    if len(set(said)) < len(said):
        raise BadPlan("a remark stands twice", where=where)
    return tuple(said)


def _rows(table: Mapping[str, Any], key: str, where: str) -> list[tuple[int, Mapping[str, Any]]]:
    rows = table.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadPlan(f"{key} must be written as [[{key}]]", where=where)
    return list(enumerate(rows, 1))


def _only(table: Mapping[str, Any], kind: str, where: str) -> None:
    keys = _KEYS[kind].split()
    for key in table:
        if key not in keys:
            raise BadPlan(f"{key!r} is not a key here{_near(key, keys)}", where=where, mend=f"keys: {', '.join(keys)}")


def _near(said: str, known: list[str]) -> str:
    near = difflib.get_close_matches(said, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


def _name(row: Mapping[str, Any], where: str) -> str:
    name = _word(row, "name", where)
    if not name.replace("_", "a").isalnum() or len(name) > 40:
        raise BadPlan(f"name = {name!r} must be of letters, digits and _", where=where)
    return name


def _word(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadPlan(f"{key} must be a text, not {value!r}", where=where)
    return value.strip()


def _one_of(table: Mapping[str, Any], key: str, known: tuple[str, ...], where: str) -> str:
    value = _word(table, key, where)
    if value not in known:
        raise BadPlan(f"{key} = {value!r} is not known here", where=where, mend=f"one of: {', '.join(known)}")
    return value


def _whole(table: Mapping[str, Any], key: str, where: str, least: int) -> int:
    value = table.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise BadPlan(f"{key} = {value!r} must be a whole number from {least}", where=where)
    return value


def _truth(table: Mapping[str, Any], key: str, where: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise BadPlan(f"{key} = {value!r} must be true or false", where=where)
    return value
