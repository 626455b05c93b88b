"""What trainings wrote down, read back: how far each is, its curve, what it was made of, what became of its model."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from probatum.training import curves

RUNS, CARD, EVALUATIONS = "runs.jsonl", "README.md", "evaluations"
STILL = 120.0  # seconds without a step after which a training counts as broken off
DRAWN = 240  # points of a curve; more are drawn together
MOST = 500  # runs that are listed
KINDS = (("model", "all weights"), ("adapter", "adapter"), ("reward", "reward model"))
VERSIONS = ("probatum", "python", "torch", "transformers", "peft")


@dataclass(frozen=True, slots=True)
class Point:
    """Some steps together: the last of them, their mean loss, tokens a second (0: not counted), and memory in MB."""

    step: int
    loss: float
    speed: float
    mb: float


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a run: what was seen of it so far and, where it is finished, its line of the record."""

    id: str  # 2-sft
    step: int
    of: int
    points: tuple[Point, ...]
    line: Mapping[str, Any]  # empty while it runs
    weights: tuple[str, ...] = ()  # what stands of its model: all weights, adapter, reward model


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A measurement of a run's model: where it stands, on what, and (name, value, low, high, n) of each score."""

    name: str
    benchmark: str
    scores: tuple[tuple[str, float, float | None, float | None, int], ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One training as its folder tells it."""

    name: str  # the folder's, below that of all runs
    state: str  # running, finished, broken
    made_of: Mapping[str, str]
    stages: tuple[Stage, ...]
    changed: float  # when it last wrote, in seconds since 1970
    evaluated: tuple[Evaluated, ...] = ()
    card: str = ""

    @property
    def data(self) -> list[tuple[str, str]]:
        """(name, hash) of each set that it read."""
        return [(key.removeprefix("data "), hashed) for key, hashed in self.made_of.items() if key.startswith("data ")]

    @property
    def last(self) -> Point | None:
        """Where its curve stands."""
        return next((stage.points[-1] for stage in reversed(self.stages) if stage.points), None)


def folders(root: Path) -> dict[str, Path]:
    """The folders of runs at most two levels below `root`, by name; a name of an address is looked up here alone."""
    if not root.is_dir():
        return {}
    found = (path.parent for pattern in ("*", "*/*") for path in root.glob(f"{pattern}/{RUNS}.run.json"))
    return {folder.relative_to(root).as_posix(): folder for folder in sorted(found)[:MOST]}


def read(name: str, folder: Path, *, whole: bool = True, now: float | None = None) -> Recorded:
    """The run of a folder; without `whole` neither its card nor its evaluations are read.

    A line that is just being written, or that is no line of a record, is left out.
    """
    lines = {str(line.get("id", "")): line for line in _lines(folder / RUNS)}
    steps: dict[str, dict[int, dict[str, Any]]] = {}
    for line in _lines(folder / curves.FILE):
        if isinstance(line.get("step"), int) and isinstance(line.get("loss"), int | float):
            steps.setdefault(str(line.get("stage", "")), {})[line["step"]] = line  # a step gone through again counts
    names = [*steps, *(id for id in lines if id not in steps)]
    stages = tuple(_stage(id, folder, steps.get(id, {}), lines.get(id, {})) for id in sorted(names, key=_number))
    files = [path for path in (folder / RUNS, folder / curves.FILE, folder / f"{RUNS}.run.json") if path.is_file()]
    changed = max((path.stat().st_mtime for path in files), default=0.0)
    state = "finished" if (folder / CARD).is_file() else "running"
    if state == "running" and (time.time() if now is None else now) - changed > STILL:
        state = "broken"
    card = folder / CARD
    return Recorded(
        name, state, _object(folder / f"{RUNS}.run.json"), stages, changed,
        evaluated=tuple(_evaluations(folder / EVALUATIONS)) if whole else (),
        card=card.read_text(encoding="utf-8", errors="replace") if whole and card.is_file() else "",
    )  # fmt: skip


def differences(one: Recorded, other: Recorded) -> list[tuple[str, str, str]]:
    """(what, here, there) of everything in which two runs' makings and settings differ; empty: it is not there."""
    here, there = (_settings(each) for each in (one, other))
    names = [*here, *(name for name in there if name not in here)]
    return [(name, a, b) for name in names if (a := here.get(name, "")) != (b := there.get(name, ""))]


def _settings(run: Recorded) -> dict[str, str]:
    found = {key: str(value) for key, value in run.made_of.items()}
    for stage in run.stages:
        kind = stage.id.partition("-")[2] or stage.id
        found |= {f"{kind}.{key}": _said(value) for key, value in (stage.line.get("settings") or {}).items()}
    return found


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _stage(id: str, folder: Path, steps: Mapping[int, Mapping[str, Any]], line: Mapping[str, Any]) -> Stage:
    told = [steps[step] for step in sorted(steps)]
    if not told:  # a record of before curves were kept has the losses alone
        losses = [each for each in line.get("losses") or [] if isinstance(each, int | float)]
        told = [{"step": place, "loss": loss} for place, loss in enumerate(losses, 1)]
    last = told[-1] if told else {}
    weights = tuple(said for name, said in KINDS if (folder / id / name).is_dir())
    return Stage(id, int(last.get("step", 0)), int(last.get("of", len(told))), tuple(_together(told)), line, weights)


def _together(told: Sequence[Mapping[str, Any]]) -> Iterator[Point]:
    """At most `DRAWN` points, each of as many steps."""
    size = -(-len(told) // DRAWN) or 1
    before: Mapping[str, Any] = {}
    for start in range(0, len(told), size):
        some = told[start : start + size]
        tokens, seconds = (float(some[-1].get(key, 0)) - float(before.get(key, 0)) for key in ("tokens", "seconds"))
        if tokens < 0 or seconds <= 0:  # the process was another one
            tokens, seconds = 0.0, 1.0
        loss = sum(float(each["loss"]) for each in some) / len(some)
        yield Point(int(some[-1]["step"]), loss, tokens / seconds, float(some[-1].get("mb", 0)))
        before = some[-1]


def _evaluations(folder: Path) -> Iterator[Evaluated]:
    for path in sorted(folder.glob("*.scores.json")) if folder.is_dir() else ():
        told = _object(path)
        scores = told.get("scores")
        if isinstance(scores, dict):
            rows = ((name, each) for name, each in scores.items() if isinstance(each, dict) and "value" in each)
            yield Evaluated(
                path.name.removesuffix(".scores.json"),
                str(told.get("benchmark", "")),
                tuple(
                    (name, each["value"], each.get("low"), each.get("high"), each.get("n", 0)) for name, each in rows
                ),
            )


def _number(id: str) -> tuple[int, str]:
    number = id.partition("-")[0]
    return (int(number) if number.isascii() and number.isdigit() else 0, id)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace") as stream:
        for line in stream:
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict):
                yield found


def _object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
