"""Recipes, read strictly: how a system was trained, field by field, each with where that is known from, or unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from probatum.errors import BadPlan
from probatum.naming import known
from probatum.plans.reading import not_a_key, only, table_of, word, words

OBJECTIVES = ("causal", "masked", "sequence-to-sequence")
# What the card of a recipe demands: each stands there or is listed as unknown.
CARD = ("reference", "backbone", "family", "objective", "parallel", "decode", "evaluation")
STAGE = (
    "adapter", "longest", "rate", "schedule", "warmup", "decay", "betas", "epsilon", "clip",
    "batch", "accumulate", "world", "length", "precision",
)  # fmt: skip
LENGTHS = ("epochs", "steps")  # either is the `length` of a stage
SPOKEN = ("template",)  # of stages that read turns
SUPERVISED = ("template", "supervise")
OF_STAGE: Mapping[str, tuple[str, ...]] = {
    "mlm": ("unit", "share"),
    **dict.fromkeys(("sft", "text_to_text"), SUPERVISED),
    "tag": ("body", "width"),
    "heads": ("task",),
    **dict.fromkeys(("reward", "dpo", "kto"), SPOKEN),
    "rejection": ("template", "draws", "rounds"),
}
# Stages that draw their own answers to learn from go in rounds: other fields than those of a course.
ONLINE = ("ppo", "rloo", "grpo")
DRAWING = (*ONLINE, "rejection")  # `longest` is that of an answer
ROUNDS = ("adapter", "template", "longest", "rate", "rounds", "batch", "minibatch", "passes", "leash")
LORA = ("rank", "alpha", "dropout", "targets")
VIRTUAL = ("tokens",)
VOCABULARY = ("vocabulary", "extended")  # of the stage that changes the tokenizer
WHOLE = ("reward", "mlm", "tag", "choice", "heads")  # stages that train all weights: they have no adapter
SENTENCES = ("tag",)  # stages that read sentence by sentence, however long
DATA = ("size", "licence", "access")
# Of data; related: mentions with what holds between them; inference, likeness: of two texts; passages: answers in one.
KINDS = (
    "documents", "annotated", "related", "inference", "likeness", "passages", "instructions", "dialogues", "exams",
    "preferences",
)  # fmt: skip
# What of a stage's table is no setting of its function.
LEADING = ("stage", "data", "unknown", "world", "replay", "priorities", "weights", "tokens")


@dataclass(frozen=True, slots=True)
class TrainingData:
    """One set that a system was trained on."""

    name: str
    title: str
    kind: str  # one of `KINDS`
    languages: tuple[str, ...]
    size: str = ""  # as the source states it
    licence: str = ""
    access: str = ""  # open, registration, credentialed or closed
    dataset: str = ""  # its loader in the wing `datasets`, with its part after a /
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingStage:
    """One stage of a recipe: which function of the wing `stages`, on which data, with which settings."""

    stage: str
    data: tuple[str, ...]
    settings: Mapping[str, Any]  # as the function takes them
    unknown: tuple[str, ...] = ()  # fields of the card that no source tells
    world: int = 0  # devices; 0: unknown
    replay: str = ""  # data that are mixed in against forgetting
    priorities: Mapping[str, float] = field(default_factory=dict)  # how much sooner items of a set are drawn
    weights: Mapping[str, float] = field(default_factory=dict)  # exact shares of the sets, where they are mixed so
    tokens: tuple[str, ...] = ()  # that the vocabulary gains before the stage


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one system was trained, as far as its sources tell."""

    name: str
    title: str
    languages: tuple[str, ...]
    reference: str
    weights: str  # published, closed, on application
    backbone: str
    family: str  # the architecture, as transformers names it
    objective: str  # one of `OBJECTIVES`
    parallel: str
    decode: str
    use: str  # what it is meant for
    data: tuple[TrainingData, ...]
    stages: tuple[TrainingStage, ...]
    evaluation: tuple[Mapping[str, str], ...]  # set, metric, value, source
    unknown: tuple[str, ...]
    disputed: tuple[str, ...]  # where the survey and the source say different things, in both forms
    note: str
    provenance: Mapping[str, str]  # field -> where it is known from

    def data_of(self, name: str) -> TrainingData:
        """The set of a name; the reader saw to it that there is one."""
        return next(each for each in self.data if each.name == name)

    def source_of(self, name: str) -> str:
        """Where a field is known from: its own entry, else that of its stage."""
        return self.provenance.get(name) or self.provenance.get(name.partition(".")[0], "")


@cache
def recipe(name: str) -> Recipe:
    """The recipe that stands in recipes/<name>.toml; raises `UnknownName` and `BadPlan`."""
    plain = known("recipes", name)
    text = resources.files("probatum").joinpath(f"recipes/{plain}.toml").read_text(encoding="utf-8")
    return read_recipe(text, plain, f"recipes/{plain}.toml")


def read_recipe(text: str, name: str, where: str) -> Recipe:
    """A recipe from the text of its table; raises `BadPlan` that names each key that is wrong or not accounted for."""
    table = table_of(text, where)
    plain = ("title", "weights", "use")
    optional = ("note", *(each for each in CARD if each != "evaluation"))
    lists = ("languages", "unknown", "disputed", "data", "stages", "evaluation", "provenance")
    only(table, (*plain, *optional, *lists), where)
    said: dict[str, Any] = {key: word(table, key, where) for key in plain}
    said |= {key: word(table, key, where) if key in table else "" for key in optional}
    if said["objective"] not in OBJECTIVES:
        raise BadPlan(f"objective = {said['objective']!r}", where=where, mend=f"one of: {', '.join(OBJECTIVES)}")
    data = tuple(_data(row, f"{where} [[data]]") for row in table.get("data", ()))
    stages = tuple(_stage(row, number, where, data) for number, row in enumerate(table.get("stages", ()), 1))
    if not stages:
        raise BadPlan("a recipe has one stage at least", where=where, mend="write a table [[stages]]")
    made = Recipe(
        name=name,
        languages=words(table, "languages", where),
        data=data,
        stages=stages,
        evaluation=tuple(_measured(row, where) for row in table.get("evaluation", ())),
        unknown=tuple(table.get("unknown", ())),
        disputed=tuple(table.get("disputed", ())),
        provenance=_provenance(table.get("provenance", {}), where),
        **said,
    )
    faults = [*_unaccounted(made), *_unsourced(made)]
    if faults:
        raise BadPlan("; ".join(faults), where=where, mend="set the field with its source, or list it as unknown")
    return made


def fields_of(stage: TrainingStage) -> tuple[str, ...]:
    """The fields of the card that a stage must account for."""
    adapter = stage.settings.get("adapter")
    inner: tuple[str, ...] = ()
    if isinstance(adapter, Mapping) and adapter.get("kind") != "full":
        inner = tuple(f"adapter.{each}" for each in (LORA if adapter.get("kind", "lora") == "lora" else VIRTUAL))
    if stage.stage == "tokenizer":
        return VOCABULARY
    if stage.stage in ONLINE:
        return (*ROUNDS, *inner)
    left = {"adapter"} if stage.stage in WHOLE else set()
    left |= {"longest"} if stage.stage in SENTENCES else set()
    common = (each for each in STAGE if each not in left)
    return (*common, *inner, *OF_STAGE.get(stage.stage, ()))


def known_of(stage: TrainingStage) -> set[str]:
    """The fields of the card that a stage tells."""
    told = set(stage.settings) | ({"world"} if stage.world else set())
    told |= {f"adapter.{each}" for each in stage.settings.get("adapter", {})}
    return told | ({"length"} if told & set(LENGTHS) else set())


def _unaccounted(made: Recipe) -> Iterator[str]:
    for key in CARD:
        if bool(getattr(made, key)) == (key in made.unknown):
            yield f"{key} must either be set or be listed as unknown"
    for number, stage in enumerate(made.stages, 1):
        here, wanted = known_of(stage), fields_of(stage)
        for key in wanted:
            if (key in here) == (key in stage.unknown):
                yield f"stage {number} ({stage.stage}): {key} must either be set or be listed as unknown"
        yield from (f"stage {number}: {not_a_key(key, wanted)}" for key in stage.unknown if key not in wanted)
    for data in made.data:
        for key in DATA:
            if bool(getattr(data, key)) == (key in data.unknown):
                yield f"data {data.name}: {key} must either be set or be listed as unknown"


def _unsourced(made: Recipe) -> Iterator[str]:
    """Fields that are set and have no source, and sources of what is not set."""
    set_ = {key for key in CARD if getattr(made, key) and key not in {"evaluation", "reference"}}
    names = [f"{number}-{stage.stage}" for number, stage in enumerate(made.stages, 1)]
    told = {name: {*known_of(stage)} for name, stage in zip(names, made.stages, strict=True)}
    sourced = set_ | {f"{name}.{key}" for name, keys in told.items() for key in keys} | {"data"}
    yield from (f"{key} has no source" for key in sorted(sourced) if not made.source_of(key))
    for key in made.provenance:
        if key not in sourced and key not in names:
            yield f"provenance: {not_a_key(key, [*sourced, *names])}"


def _data(row: Any, where: str) -> TrainingData:
    plain = ("name", "title", "kind", "size", "licence", "access", "dataset")
    only(row, (*plain, "languages", "unknown"), where)
    said: dict[str, Any] = {key: word(row, key, where) for key in plain if key in row}
    for key in ("name", "title", "kind"):
        word(row, key, where)
    return TrainingData(languages=words(row, "languages", where), unknown=tuple(row.get("unknown", ())), **said)


def _stage(row: Any, number: int, where: str, data: tuple[TrainingData, ...]) -> TrainingStage:
    here = f"{where} stage {number}"
    there = [each.name for each in data]
    priorities, weights = row.get("priorities", {}), row.get("weights", {})
    for name in (*words(row, "data", here), *([row["replay"]] if "replay" in row else []), *priorities, *weights):
        if name not in there:
            raise BadPlan(f"data: {not_a_key(name, there)}", where=here, mend=f"there are: {', '.join(there)}")
    settings = {key: value for key, value in row.items() if key not in LEADING}
    if "betas" in settings:
        settings["betas"] = tuple(settings["betas"])
    return TrainingStage(
        stage=word(row, "stage", here),
        data=words(row, "data", here),
        settings=settings,
        unknown=tuple(row.get("unknown", ())),
        world=row.get("world", 0),
        replay=row.get("replay", ""),
        priorities=priorities,
        weights=weights,
        tokens=words(row, "tokens", here) if "tokens" in row else (),
    )


def _measured(row: Any, where: str) -> Mapping[str, str]:
    keys = ("set", "metric", "value", "source")
    only(row, keys, f"{where} [[evaluation]]")
    return {key: word(row, key, f"{where} [[evaluation]]") for key in keys}


def _provenance(table: Mapping[str, Any], where: str) -> dict[str, str]:
    """Fields with their source, from the table's sources with their fields; a field has one."""
    found: dict[str, str] = {}
    for source in table:
        for key in words(table, source, f"{where} [provenance]"):
            if key in found:
                raise BadPlan(f"{key} has two sources", where=f"{where} [provenance]")
            found[key] = source
    return found
