"""Goes through a recipe's stages: kit in, kit out, each saved, each a line in runs.jsonl; a broken call goes on."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan
from probatum.ledger.runs import RunFile
from probatum.naming import find
from probatum.networks import kit as kits
from probatum.networks.adapters import merged, trainable
from probatum.networks.checks import bits_per_byte
from probatum.networks.kit import Kit, needed
from probatum.networks.preferring import preferred, rewarded
from probatum.plans.recipes import DRAWING, TrainingStage
from probatum.training.curves import FILE, Curve
from probatum.training.settling import mixed, settings_of
from probatum.types import Example

Heard = Callable[[str, int, int, float], None]  # (stage, step, of how many, loss)
ANCHOR, MODEL, ADAPTER, REWARD, STEPS = "0-anchor", "model", "adapter", "reward", "steps"
PREFERENCE = {"reward", "dpo", "kto"}  # stages that learn from pairs, a share of which is kept to measure by
_KEPT_PAIRS = 0.25


@dataclass(frozen=True, slots=True)
class Chained:
    """The kit behind the last stage, and the line of each stage."""

    kit: Kit
    lines: tuple[Mapping[str, Any], ...]


def chained(
    stages: Sequence[TrainingStage],
    data: Mapping[str, Sequence[Example]],
    kit: Kit,
    out: Path,
    file: RunFile,
    *,
    seed: int = 0,
    heard: Heard | None = None,
) -> Chained:
    """Trains stage by stage into folders of `out`; what an earlier call finished is read back instead.

    A stage's folder holds model/ (all weights) or adapter/ (peft's layout, beside the base that its configuration
    names), reward/ for a reward model. The next stage goes on from the adapter merged into its base.
    """
    learn, judge = split_pairs(stages, data)
    lines: list[Mapping[str, Any]] = []
    for number, stage in enumerate(stages, 1):
        name = f"{number}-{stage.stage}"
        folder = out / name
        if name in file.done:
            kit = _back(kit, folder)
        else:
            kit, line = _through(stage, learn, judge, kit, folder, seed=seed, heard=heard)
            if first():
                file.write({"id": name, **line})
                shutil.rmtree(folder / STEPS, ignore_errors=True)
        lines.append(file.done.get(name) or {"id": name, **line})
        if number < len(stages):
            kit = _ready(kit, folder)
    return Chained(kit, tuple(lines))


def split_pairs(
    stages: Sequence[TrainingStage], data: Mapping[str, Sequence[Example]]
) -> tuple[dict[str, list[Example]], list[Example]]:
    """(what is learnt from, pairs that are kept to measure by): of data with pairs the last quarter of their groups."""
    learn = {name: list(examples) for name, examples in data.items()}
    kept: list[Example] = []
    for name in {name: None for stage in stages if stage.stage in PREFERENCE for name in stage.data}:
        groups = sorted({each.groups[:1] or (each.id,) for each in data[name]})
        out = set(groups[len(groups) - round(_KEPT_PAIRS * len(groups)) :])
        kept += [each for each in data[name] if each.rejected and (each.groups[:1] or (each.id,)) in out]
        learn[name] = [each for each in data[name] if (each.groups[:1] or (each.id,)) not in out]
    return learn, kept


def _through(
    stage: TrainingStage,
    data: Mapping[str, Sequence[Example]],
    judge: Sequence[Example],
    kit: Kit,
    folder: Path,
    *,
    seed: int,
    heard: Heard | None,
) -> tuple[Kit, dict[str, Any]]:
    examples = mixed(stage, data, seed)
    settings = {"seed": seed, **settings_of(stage, len(examples))}
    called: dict[str, Any] = dict(settings)
    known, general = _known(data[stage.replay]) if stage.replay else ([], [])
    if stage.replay:
        called["replay"] = known
    if first():
        called["heard"] = Curve(folder.parent / FILE, folder.name, heard)
    kit = widened(kit, stage.tokens)
    before, had = _sides(stage, kit, judge), bits_per_byte(kit, general) if general else None
    made: Kit = find("stages", stage.stage)(kit, examples, folder=folder / STEPS, **called)
    after = _sides(stage, made, judge)
    if after and "reward" in after:
        before = {}  # there was no reward model before
    _saved(made, folder, stage.stage)
    course = made.courses[-1]
    free, whole = trainable(replace(made, model=made.reward) if stage.stage == "reward" else made)
    line: dict[str, Any] = {
        "stage": stage.stage,
        "settings": settings,
        "examples": len(examples),
        "trained_weights": free,
        "all_weights": whole,
        "preferred_before": before,
        "preferred_after": after,
    }
    if general:  # what was known before: bits a byte of texts like those replayed, none of which was read again
        line["general_bits"] = {"before": had, "after": bits_per_byte(made, general), "texts": len(general)}
    if course is not None:
        told = ("losses", "evaluations", "steps", "tokens", "seconds", "peak_mb")
        line |= {key: getattr(course, key) for key in told if hasattr(course, key)}
    if isinstance(course, tuple):
        line["rounds"] = [asdict(each) for each in course]
    return made, json.loads(json.dumps(line))


def _known(replay: Sequence[Example]) -> tuple[list[Example], list[str]]:
    """(what is replayed, texts that are kept to measure forgetting by): every tenth, where there are ten."""
    kept = set(range(9, len(replay), 10))
    return (
        [each for place, each in enumerate(replay) if place not in kept],
        [each.answer.text for place, each in enumerate(replay) if place in kept],
    )


def widened(kit: Kit, tokens: Sequence[str]) -> Kit:
    """The kit whose vocabulary has these marks too, each one token; their rows begin as the mean of the others."""
    if more := kit.tokenizer.add_tokens(list(tokens), special_tokens=True):
        kit.model.resize_token_embeddings(len(kit.tokenizer), mean_resizing=False)
        for layer in (kit.model.get_input_embeddings(), kit.model.get_output_embeddings()):
            if layer is not None:
                rows = layer.weight.data
                rows[-more:] = rows[:-more].mean(0)
    return kit


def _sides(stage: TrainingStage, kit: Kit, judge: Sequence[Example]) -> dict[str, float]:
    """The share of kept pairs in which the policy, behind a reward stage the reward model, sides with the better."""
    if not judge:
        return {}
    names = ("template",) if stage.stage in DRAWING else ("template", "longest")
    how = {key: stage.settings[key] for key in names if key in stage.settings}
    if stage.stage == "reward" and kit.reward is not None:
        return {"reward": rewarded(kit, judge, **how)}
    return {"policy": preferred(kit, judge, **how)} if kit.objective == "causal" else {}


def first() -> bool:
    """Whether this process writes: of several that train together (torchrun, accelerate) the first alone does."""
    return os.environ.get("RANK", "0") == "0"


def _saved(kit: Kit, folder: Path, stage: str) -> None:
    if not first():
        return None
    if stage == "reward":
        return kits.save(replace(kit, model=kit.reward), folder / REWARD)
    if not hasattr(kit.model, "peft_config"):
        kits.save(kit, folder / MODEL)
        # a head or a network of labels, which a stage lays in the place of the model, is no base of adapters
        return _stands(kit, folder / MODEL) if hasattr(kit.model, "name_or_path") else None
    kits.save(kit, folder / ADAPTER)
    path = folder / ADAPTER / "adapter_config.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    base = Path(said["base_model_name_or_path"] or "")
    if base.is_relative_to(folder.parent.absolute()):  # the whole may be moved
        said["base_model_name_or_path"] = os.path.relpath(base, path.parent.absolute())
        path.write_text(json.dumps(said, indent=2, sort_keys=True), encoding="utf-8")
    return None


def _stands(kit: Kit, folder: Path) -> None:
    """Where a model stands is what peft writes down as the base of its adapter."""
    kit.model.config._name_or_path = str(folder.absolute())
    kit.model.name_or_path = str(folder.absolute())


def anchored(kit: Kit, out: Path) -> Kit:
    """The kit with its random model written down, so that adapters of it can be read back."""
    needed("transformers").utils.logging.disable_progress_bar()
    if first():
        kits.save(kit, out / ANCHOR)
    _stands(kit, out / ANCHOR)
    return kit


def _back(kit: Kit, folder: Path) -> Kit:
    """The kit as a stage that was finished earlier left it."""
    stage = folder.name.partition("-")[2]
    if (folder / REWARD).is_dir():
        return kit.after(stage, None, reward=kits.load(folder / REWARD).model)
    where = folder / (MODEL if (folder / MODEL).is_dir() and not (folder / ADAPTER).is_dir() else ADAPTER)
    from probatum.networks import heads, labelling  # noqa: PLC0415 - they bring numpy, which the door does not need

    if (where / heads.FILES[0]).is_file():
        return kit.after(stage, None, model=heads.load(where).model)
    if (where / labelling.FILES[1]).is_file():
        return kit.after(stage, None, model=labelling.load(where))
    read = kits.load(where)
    _stands(read, where) if where.name == MODEL else None
    return kit.after(stage, None, model=read.model, tokenizer=read.tokenizer)


def _ready(kit: Kit, folder: Path) -> Kit:
    """The kit as the next stage takes it: an adapter merged into its base, and the whole written down."""
    if not hasattr(kit.model, "peft_config"):
        return kit
    if not any("lora" in name for name, _ in kit.model.named_parameters()):
        raise BadPlan("virtual tokens cannot be merged", where=folder.name, mend="let this stage be the last")
    whole = merged(kit)
    if first():
        kits.save(whole, folder / MODEL)
    _stands(whole, folder / MODEL)
    return whole
