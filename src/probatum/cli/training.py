"""Training in a terminal: what a recipe will take, and carrying it out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from probatum import verbs
from probatum.cli import given
from probatum.cli.given import AsJson, Place
from probatum.cli.say import data, progress, talk
from probatum.naming import card_of, find, known, names, plain
from probatum.plans.recipes import Recipe, fields_of, known_of, recipe
from probatum.store import consent
from probatum.training.planning import StagePlan
from probatum.training.running import first
from probatum.training.settling import loader_of

app = typer.Typer()
_FOLDER = Path("trained")


@app.command()
def train(
    name: Annotated[str, typer.Argument(metavar="RECIPE", help="A recipe; see: probatum catalog recipes.")],
    anchor: Annotated[
        str, typer.Option(help="Folder of the checkpoint to begin with; tiny: a random model of two layers.")
    ] = "",
    data_: Annotated[
        list[str], typer.Option("--data", help="A set of the recipe, as NAME=PATH or NAME=LOADER:PATH; repeat it.")
    ] = [],  # noqa: B006
    settings: Annotated[
        list[str], typer.Option("--set", help="A setting, as name=value, or STAGE.name=value for one stage.")
    ] = [],  # noqa: B006
    plan: Annotated[bool, typer.Option("--plan", help="Say what will run and what it takes; train nothing.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder to write into; trained/RECIPE by default.")] = None,
    seed: int = 0,
    json_: AsJson = False,
) -> None:
    """Train a model by a recipe of the survey: stage by stage, recorded, resumed where it was broken off."""
    made = recipe(name)
    files, chosen = given.pairs(data_, "--data"), given.pairs(settings)
    _allowed(made, files)
    if plan:
        if not json_:
            _described(made)
        if not anchor:
            return talk("with --anchor FOLDER or --anchor tiny: tokens, steps, memory and time, from a short probe")
        rows = verbs.plan_training(name, anchor, data=files, given=chosen, seed=seed)
        if json_:
            return data([asdict(row) for row in rows])
        for row in rows:
            _estimated(row)
        return data(f"together  {_time(sum(row.seconds for row in rows))} on this machine")
    folder = out or _FOLDER / made.name
    with progress("steps") as heard:
        run = verbs.train(
            name, anchor, folder, data=files, given=chosen, seed=seed,
            heard=lambda stage, step, total, loss: heard(step, total, f"{stage} loss {loss:.3f}"),
        )  # fmt: skip
    if not first():
        return None
    if json_:
        return data(asdict(run))
    for key, score in run.scores.items():
        data(f"{key:<24} {score.value:.4f}  {score.signature}")
    talk(f"{folder}/README.md is the model's card, {folder}/runs.jsonl the record")
    return None


def _allowed(made: Recipe, files: dict[str, str]) -> None:
    """Lets data sets pass that are not gated, or whose terms were accepted in the store; raises `NeedsConsent`."""
    for each in made.data:
        loader = loader_of(each, files[each.name])[0] if each.name in files else ""
        if plain(loader) in names("datasets"):
            consent.require(Place.folder, known("datasets", loader), card_of(find("datasets", loader)))


def _described(made: Recipe) -> None:
    """What a recipe does, and what nobody tells of it."""
    data(f"{made.name}: {made.title}")
    data(f"backbone  {made.backbone or 'unknown'} ({made.family}, {made.objective}); weights: {made.weights}")
    for number, stage in enumerate(made.stages, 1):
        data(f"{number}-{stage.stage:<9} data: {', '.join(stage.data)}")
        for key, value in stage.settings.items():
            source = made.source_of(f"{number}-{stage.stage}.{key}")
            data(f"            {key} = {value}  ({source})")
        unknown = [each for each in fields_of(stage) if each not in known_of(stage)]
        if unknown:
            data(f"            unknown: {', '.join(unknown)}")
    for each in made.disputed:
        data(f"disputed  {each}")


def _estimated(row: StagePlan) -> None:
    memory = ", ".join(f"{key} {_bytes(value)}" for key, value in row.memory.items())
    data(f"{row.id}: {row.examples:,} examples, {row.tokens:,} tokens, {row.steps:,} steps, about {_time(row.seconds)}")
    data(f"            trains {row.trained_weights:,} of {row.all_weights:,} weights; memory: {memory}")
    if row.assumed:
        data(f"            the stage's defaults stand in for: {', '.join(row.assumed)}")


def _bytes(count: float) -> str:
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
