"""Who writes the answer of this call, how much it may take, and what is kept of what was said."""

from __future__ import annotations

import difflib
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any

import typer

from probatum import knowledge
from probatum.cli import given
from probatum.desk import Budget
from probatum.errors import BadFormat, BadPlan, NeedsFile
from probatum.models.replay import recording, replay
from probatum.naming import plain
from probatum.shapes import LanguageModel

Model = Annotated[str, typer.Option(help="Who writes; see: probatum catalog models (also PROBATUM_MODEL).")]
ModelSetting = Annotated[
    list[str], typer.Option("--model-set", help="A setting of the model, as url=http://127.0.0.1:8000/v1; repeatable.")
]
Spending = Annotated[str, typer.Option("--budget", help="At most: calls=8,tokens=20000,seconds=60,cost=0.05.")]
Leaves = Annotated[
    str, typer.Option(help="What a model on another computer may be told: no-patients (the default), nothing, all.")
]
Record = Annotated[Path | None, typer.Option(help="Append what the model is asked and says to this file.")]
Replay = Annotated[Path | None, typer.Option(help="Ask no model: say again what such a file holds.")]


def model(name: str, settings: list[str], record: Path | None, played: Path | None) -> LanguageModel:
    """The model that these options name; raises `BadPlan`, `NeedsFile`, `BadFormat`."""
    if played is not None:
        if name or settings or record:
            raise BadPlan(
                "a replay asks no model", where="--replay", mend="leave --model, --model-set and --record out"
            )
        return replay(file=str(played))
    writer = knowledge.writer(name, given.settings(settings))
    if record is None:
        return writer
    try:
        record.open("a", encoding="utf-8").close()
    except OSError as error:
        raise NeedsFile(str(error), where="--record", mend="give a file that you may write to") from error
    return recording(writer, record)


def writers(name: str, settings: list[str]) -> dict[str, LanguageModel]:
    """The language model of these options or of the configuration, by its name; none where that is the copyist."""
    named = plain(name or knowledge.configured()["model"])
    return {} if named == "copyist" else {named: knowledge.writer(named, given.settings(settings))}


def budget(written: str) -> Budget:
    """The budget that is written as calls=8,seconds=60; raises `BadPlan` and `BadFormat`."""
    known: dict[str, Any] = {each.name: type(each.default) for each in fields(Budget)}
    said: dict[str, Any] = {}
    for name, value in given.pairs([word for word in written.split(",") if word.strip()], "--budget").items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            raise BadPlan(f"{name!r} is not limited here; did you mean {near[0]!r}?", where="--budget")
        try:
            said[name] = known[name](value)
        except ValueError as error:
            raise BadFormat(f"{name}={value} is no number", where="--budget", mend="as calls=8,seconds=60") from error
        if not 0 < said[name] < 1e12:
            raise BadFormat(f"{name}={value} is no limit", where="--budget", mend="give a number above 0")
    return Budget(**said)


def priced(limit: Budget, settings: list[str]) -> None:
    """Raises `BadPlan` for a limit of cost where the model has no prices: it would limit nothing."""
    if limit.cost and not any(word.startswith(("price_in=", "price_out=")) for word in settings):
        raise BadPlan(
            "a limit of cost needs prices", where="--budget", mend="--model-set price_in=0.5 (of a million tokens)"
        )
