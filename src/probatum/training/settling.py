"""What a training is made of: the recipe's stages with the user's settings, the data, the model it begins with."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from probatum.errors import BadPlan, NeedsFile
from probatum.formats import preference_json
from probatum.naming import find
from probatum.networks import kit as kits
from probatum.networks.kit import Kit
from probatum.networks.loop import Course
from probatum.plans.reading import not_a_key
from probatum.plans.recipes import LENGTHS, ONLINE, SENTENCES, Recipe, TrainingData, TrainingStage
from probatum.preparing.mixing import mixture
from probatum.training.samples import samples
from probatum.types import Answer, Example, Origin, Question

TINY = "tiny"
# What is set otherwise where the model is a random one of two layers: rates and lengths of real runs would teach it
# nothing in seconds. Templates, masks, adapters, schedules and the order of stages stay the recipe's own.
SMALL: Mapping[str, Any] = {"rate": 5e-3, "longest": 96, "batch": 4, "accumulate": 1, "steps": 12, "precision": "fp32"}
# The same for stages that draw their own answers: `longest` is the answer's.
_SMALL_VOCABULARY = 340  # a tiny model begins with 320
_SMALL_DRAWS = {"longest": 12, "rounds": 1, "draws": 4}
_SMALL_ROUNDS = {"rate": 1e-3, "longest": 12, "rounds": 2, "batch": 4, "minibatch": 4, "passes": 1}
_RATES = {"lora": 1e-2, "prompt": 3e-1, "p-tuning": 3e-2, "prefix": 3e-2}  # few weights beside a random model
_HELD_OUT = 0.1  # share of examples on which the loss is measured, where neither recipe nor user says
PLAIN = ("documents", "preferences")  # kinds of data that are read without a loader


def settled(recipe: Recipe, given: Mapping[str, str], *, small: bool) -> tuple[TrainingStage, ...]:
    """The stages with the user's settings: `name=value` for every stage that has it, `sft.name=value` for one kind.

    Values are read as TOML, else as text. Raises `BadPlan` for a setting that no stage has.
    """
    stages = [replace(each, settings=_small(each) if small else each.settings) for each in recipe.stages]
    for key, text in given.items():
        kind, _, name = key.rpartition(".")
        value = _value(text)
        fitting = [
            place for place, each in enumerate(stages) if kind in ("", each.stage) and name in accepted(each.stage)
        ]
        if not fitting:
            names = {known for each in stages for known in accepted(each.stage)}
            kinds = ", ".join(dict.fromkeys(each.stage for each in stages))
            raise BadPlan(not_a_key(key, sorted(names)), where=recipe.name, mend=f"its stages are: {kinds}")
        for place in fitting:
            other = {each for each in LENGTHS if name in LENGTHS}  # steps instead of epochs, or the other way round
            kept = {key: value for key, value in stages[place].settings.items() if key not in other}
            stages[place] = replace(stages[place], settings={**kept, name: value})
    return tuple(stages)


def _value(text: str) -> Any:
    try:
        value = tomllib.loads(f"it = {text}")["it"]
    except tomllib.TOMLDecodeError:
        return text
    return tuple(value) if isinstance(value, list) else value


def _small(stage: TrainingStage) -> dict[str, Any]:
    settings = stage.settings
    if stage.stage in ONLINE:
        return {**settings, **_SMALL_ROUNDS}
    if stage.stage == "tokenizer":
        return {**settings, "vocabulary": _SMALL_VOCABULARY}
    made = {key: value for key, value in settings.items() if key not in LENGTHS}
    made |= {**SMALL, "longest": min(settings.get("longest", SMALL["longest"]), SMALL["longest"])}
    if stage.stage in SENTENCES:
        del made["longest"]
    if (kind := settings.get("adapter", {}).get("kind", "full")) in _RATES:
        made["rate"] = _RATES[kind]
    if settings.get("warmup", 0) > 1:  # so many steps: of those that a small run has, a quarter
        made["warmup"] = 0.25
    if stage.stage == "rejection":
        made |= _SMALL_DRAWS
    made.pop("checkpointing", None)
    return made


def accepted(stage: str) -> set[str]:
    """The settings that a stage's function takes: its own, and those of its course, or that its file lists."""
    function = find("stages", stage)
    parameters = inspect.signature(function).parameters.values()
    names = {each.name for each in parameters if each.kind is each.KEYWORD_ONLY} - {"folder", "heard", "replay"}
    whole = any(each.kind is each.VAR_KEYWORD for each in parameters)
    listed = getattr(import_module(function.__module__), "SETTINGS", None) or [each.name for each in fields(Course)]
    return names | (set(listed) if whole else set())


def settings_of(stage: TrainingStage, examples: int) -> dict[str, Any]:
    """The settings with which a stage's function is called; raises `BadPlan` for one that it has not."""
    there = accepted(stage.stage)
    for key in stage.settings:
        if key not in there:
            raise BadPlan(not_a_key(key, sorted(there)), where=f"stages/{stage.stage}")
    made = dict(stage.settings)
    if "adapter" in made:
        made["adapter"] = {key: list(v) if isinstance(v, tuple) else v for key, v in made["adapter"].items()}
    if "held_out" in there and "held_out" not in made and examples >= 2 / _HELD_OUT:
        made["held_out"] = _HELD_OUT
    if stage.priorities or stage.weights:
        made["order"] = "given"
    return made


def data_of(recipe: Recipe, given: Mapping[str, str], *, small: bool) -> dict[str, list[Example]]:
    """The examples of each of the recipe's data sets: from the user's file, on a tiny model else from own samples.

    A file is given as PATH, or as LOADER:PATH where the recipe names no loader; the loader is a data set's name
    (cmedqa2:/data/cmedqa2), `documents` for plain text with an empty line between texts, or `preferences` for lines of
    prompt, chosen and rejected. Raises `BadPlan` for data that the recipe has not, `NeedsFile` where some are wanting.
    """
    there = [each.name for each in recipe.data]
    for name in given:
        if name not in there:
            raise BadPlan(not_a_key(name, there), where=recipe.name, mend=f"its data are: {', '.join(there)}")
    wanted = {name for stage in recipe.stages for name in (*stage.data, stage.replay) if name}
    found: dict[str, list[Example]] = {}
    for each in recipe.data:
        if each.name not in wanted:
            continue
        if each.name in given:
            found[each.name] = read(each, given[each.name])
        elif small:
            found[each.name] = samples(each)
        else:
            known = f"{each.title}; {each.licence or 'licence unknown'}; {each.access or 'access unknown'}"
            raise NeedsFile(f"{recipe.name} needs {each.name}", where=known, mend=f"--data {each.name}=PATH")
    return found


def loader_of(data: TrainingData, given: str) -> tuple[str, str]:
    """(What reads a file that the user gave for a data set: NAME, NAME/PART or empty where nothing does; its path)."""
    loader, colon, path = given.rpartition(":")
    usual = data.dataset or {"preferences": "preferences", "documents": "documents"}.get(data.kind, "")
    return (loader if colon else usual), path


def read(data: TrainingData, given: str) -> list[Example]:
    """The examples of a file that the user gave for a data set."""
    loader, path = loader_of(data, given)
    if loader == "preferences":
        return list(preference_json.read(Path(path)))
    if loader == "documents":
        return _texts(Path(path))
    if not loader:
        raise BadPlan(
            f"how is {path} to be read?",
            where=data.name,
            mend=f"--data {data.name}=LOADER:PATH; see: probatum data list",
        )
    name, _, part = loader.partition("/")
    function = find("datasets", name)
    return list(function(Path(path), part) if part else function(Path(path)))


def _texts(path: Path) -> list[Example]:
    if not path.is_file():
        raise NeedsFile("there is no such file", where=str(path))
    texts = path.read_text(encoding="utf-8").split("\n\n")
    return [
        Example(str(number), Question(), Answer(text.strip()), origin=Origin(path.name, "", str(number)))
        for number, text in enumerate(texts, 1)
        if text.strip()
    ]


def mixed(stage: TrainingStage, data: Mapping[str, Sequence[Example]], seed: int = 0) -> list[Example]:
    """What a stage learns from: its sets behind each other, or mixed by `weights`, or drawn by `priorities`.

    With weights each set has exactly its share of the whole and of every stretch of it, and no item comes twice.

    With priorities they are drawn without replacement, each item with a chance in proportion to its set's priority
    among those that are left: sets of high priority come earlier (arXiv:2311.09774). The key of an item is u^(1/weight)
    (doi:10.1016/j.ipl.2005.11.003).
    """
    if stage.weights:
        return mixture({name: data[name] for name in stage.data}, stage.weights, seed=seed)
    items = [(name, example) for name in stage.data for example in data[name]]
    if not stage.priorities:
        return [example for _, example in items]
    import numpy as np  # noqa: PLC0415 - for this alone, and not at the door

    chances = np.random.default_rng(seed).random(len(items))
    keys = [chance ** (1 / stage.priorities.get(name, 1.0)) for chance, (name, _) in zip(chances, items, strict=True)]
    return [items[place][1] for place in sorted(range(len(items)), key=lambda place: -keys[place])]


def begun(recipe: Recipe, anchor: str, data: Mapping[str, Sequence[Example]], seed: int) -> Kit:
    """The model that the first stage begins with: of a checkpoint's folder, or tiny and random in the recipe's family.

    Raises `BadPlan`, `NeedsFile`, `NeedsExtra`.
    """
    if anchor == TINY:
        texts = [text for examples in data.values() for each in examples for text in _said(each)]
        return kits.tiny(recipe.family, texts, width=32, vocabulary=320, longest=256, seed=seed)
    if not anchor:
        raise BadPlan(
            f"{recipe.name} begins with {recipe.backbone or recipe.family}: where does it stand?",
            mend="--anchor FOLDER of a checkpoint, or --anchor tiny for a random model of two layers",
        )
    kit = kits.load(Path(anchor).absolute())
    if kit.objective != recipe.objective:
        raise BadPlan(
            f"{recipe.name} trains a {recipe.objective} model", where=anchor, mend=f"this one is {kit.objective}"
        )
    return kit


def _said(example: Example) -> list[str]:
    asked = example.question
    return (
        [text for _, text in (*asked.turns, *asked.options)]
        + [*asked.context, asked.text, example.answer.text]
        + [each.text for each in example.rejected]
    )
