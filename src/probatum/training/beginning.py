"""One training as a whole: what it is made of, its plan, its run with record and card."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from probatum.ledger.runs import RunFile
from probatum.networks.kit import Kit
from probatum.plans.recipes import Recipe, TrainingStage, recipe
from probatum.training import carding, planning, running, settling
from probatum.types import Example, Run, Score

RUNS, CARD = "runs.jsonl", "README.md"


@dataclass(frozen=True, slots=True)
class Training:
    """A recipe with all that it needs, before it begins."""

    recipe: Recipe
    stages: tuple[TrainingStage, ...]
    data: Mapping[str, Sequence[Example]]
    kit: Kit
    anchor: str
    seed: int


def laid(
    name: str, anchor: str, data: Mapping[str, str] | None = None, given: Mapping[str, str] | None = None, seed: int = 0
) -> Training:
    """The training of a recipe's name; raises `UnknownName`, `BadPlan`, `NeedsFile`, `NeedsExtra`, `BadFormat`."""
    made = recipe(name)
    small = anchor == settling.TINY
    stages = settling.settled(made, given or {}, small=small)
    read = settling.data_of(made, data or {}, small=small)
    return Training(made, stages, read, settling.begun(made, anchor, read, seed), anchor, seed)


def planned(training: Training) -> list[planning.StagePlan]:
    """What each stage will take, from a short probe; nothing is written."""
    return planning.planned(training.stages, training.data, training.kit, seed=training.seed)


def made_of(training: Training) -> dict[str, str]:
    """The hashes and versions under which a run is the same run."""
    hashes = {f"data {name}": _hash(examples) for name, examples in training.data.items()}
    plan = _hash((asdict(training.recipe), *map(asdict, training.stages)))
    told = {"recipe": training.recipe.name, "plan": plan, "anchor": training.anchor, "seed": str(training.seed)}
    return (
        told
        | hashes
        | {name: _version(name) for name in ("probatum", "torch", "transformers", "peft")}
        | {"python": platform.python_version()}
    )


def _indexed(training: Training, out: Path) -> None:
    """Keeps hashes of what was learnt from beside the model, so that a test set can be held against it later."""
    from probatum.preparing import overlaps  # noqa: PLC0415 - brings numpy, which the door does not need

    overlaps.index(each for name in sorted(training.data) for each in training.data[name]).save(out / overlaps.FILE)


def _hash(things: Iterable[object]) -> str:
    total = hashlib.sha256()
    for each in things:
        total.update(repr(each).encode())
    return total.hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def run(training: Training, out: Path, *, heard: running.Heard | None = None) -> Run:
    """Trains into a folder: a folder a stage, runs.jsonl, README.md (the model's card); a broken call goes on."""
    told = made_of(training)
    kit = running.anchored(training.kit, out) if training.anchor == settling.TINY else training.kit
    with RunFile(out / RUNS, told) as file:
        done = running.chained(training.stages, training.data, kit, out, file, seed=training.seed, heard=heard)
    said = carding.card(training.recipe, training.stages, done.lines, training.data, told)
    if running.first():
        _indexed(training, out)
        (out / CARD).write_text(said, encoding="utf-8")
    scores: dict[str, Score] = {}
    for line in done.lines:
        if losses := line.get("losses"):
            scores[f"{line['id']} loss"] = Score(losses[-1], len(losses), "training loss of the last step")
        for who, share in line["preferred_after"].items():
            scores[f"{line['id']} {who}"] = Score(share, 0, "share of kept pairs with the better answer ahead")
    data = tuple((name, hashed) for name, hashed in told.items() if name.startswith("data "))
    versions = tuple((name, told[name]) for name in ("probatum", "python", "torch", "transformers", "peft"))
    settings = (("anchor", training.anchor), ("out", str(out)))
    counts = {"examples": sum(line["examples"] for line in done.lines), "stages": len(done.lines)}
    return Run("train", training.recipe.name, settings, training.seed, data, versions, scores, counts)
