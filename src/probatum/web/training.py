"""The page Training: runs, the curve of one as it grows, two runs held side by side, and what came of which data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from probatum.training import records
from probatum.training.records import Recorded
from probatum.web.pages import Asked, asked_of, html, page
from probatum.web.plotting import Plot, plot
from probatum.web.problems import Problem
from probatum.web.reception import Here, as_json

router = APIRouter(include_in_schema=False)
TYPED = 200  # characters of a run's name
MEASURES = ("loss", "speed", "mb")


@dataclass(frozen=True, slots=True)
class Row:
    """One run in the list."""

    name: str
    recipe: str
    state: str
    stages: str
    step: int
    of: int
    loss: float | None
    speed: float
    mb: float
    changed: str


@router.get("/training")
async def training_page(request: Request, reception: Here) -> Response:
    """The page: all runs, or one (`run`), or two side by side (`a`, `b`)."""
    asked, root = asked_of(request), _root(request)
    return await reception.quick.run(lambda: html(page("training.html", asked, None, **_shown(root, asked))))


@router.get("/training.json")
async def training_json(request: Request, reception: Here) -> Response:
    """One run with its whole record, or the list of all."""
    asked, root = asked_of(request), _root(request)

    def drawn() -> Response:
        name = asked.get("run")
        if not name:
            return as_json([asdict(row) for row in _rows(root)])
        return as_json(_plain(_run(root, name)))

    return await reception.quick.run(drawn)


def _root(request: Request) -> Path | None:
    found: Path | None = request.app.state.trained
    return found


def _shown(root: Path | None, asked: Asked) -> dict[str, Any]:
    shown: dict[str, Any] = {"rows": _rows(root), "run": None, "two": None, "plots": {}, "differs": ()}
    if asked.get("a") and asked.get("b"):
        two = [_run(root, asked.get(name)) for name in ("a", "b")]
        plots = {measure: plot([(each.name, curve(each, measure)) for each in two]) for measure in MEASURES}
        return shown | {"two": two, "plots": _there(plots), "differs": records.differences(*two)}
    if asked.get("run"):
        run = _run(root, asked.get("run"))
        return shown | {"run": run, "plots": _there(plots_of(run))}
    return shown


def _there(plots: dict[str, Plot | None]) -> dict[str, Plot]:
    return {name: each for name, each in plots.items() if each}


def _run(root: Path | None, name: str) -> Recorded:
    folder = records.folders(root).get(name[:TYPED]) if root else None
    if folder is None:
        raise Problem(404, "not-found", f"there is no training {name[:60]!r} here")
    return records.read(name, folder)


def _rows(root: Path | None) -> list[Row]:
    """The runs, that which wrote last first."""
    found = [records.read(*each, whole=False) for each in (records.folders(root) if root else {}).items()]
    return [_row(each) for each in sorted(found, key=lambda run: (-run.changed, run.name))]


def _row(run: Recorded) -> Row:
    last, stage = run.last, run.stages[-1] if run.stages else None
    return Row(
        run.name, str(run.made_of.get("recipe", "")), run.state, " → ".join(each.id for each in run.stages),
        stage.step if stage else 0, stage.of if stage else 0, last.loss if last else None,
        _usual([point.speed for each in run.stages for point in each.points]), last.mb if last else 0.0,
        when(run.changed),
    )  # fmt: skip


def _usual(speeds: Sequence[float]) -> float:
    """The median of what was measured; 0 where nothing was."""
    kept = sorted(speed for speed in speeds if speed > 0)
    return kept[len(kept) // 2] if kept else 0.0


def when(seconds: float) -> str:
    """A moment in universal time, to the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if seconds else ""


def plots_of(run: Recorded) -> dict[str, Plot | None]:
    """The curves of one run, with what was measured on held-out examples beside the loss."""
    begins, borders, held = 0, [], []
    for stage in run.stages:
        borders.append((float(begins), stage.id))
        for step, loss in stage.line.get("evaluations") or ():
            held.append((float(begins + step), float(loss)))
        begins += max(stage.step, stage.of if stage.line else 0)
    lines = {measure: [(measure, curve(run, measure))] for measure in MEASURES}
    if held:
        lines["loss"].append(("held_out", held))
    return {measure: plot(curves, borders if len(borders) > 1 else ()) for measure, curves in lines.items()}


def curve(run: Recorded, measure: str) -> list[tuple[float, float]]:
    """(step, counted over all stages; value) of a measure: loss, speed, mb; what was not measured is left out."""
    begins, found = 0, []
    for stage in run.stages:
        values = [(point.step, getattr(point, measure)) for point in stage.points]
        found += [(float(begins + step), value) for step, value in values if value or measure == "loss"]
        begins += max(stage.step, stage.of if stage.line else 0)
    return found


def _plain(run: Recorded) -> dict[str, Any]:
    return asdict(run) | {"changed": when(run.changed)}
