"""Recipes are read strictly, run on a tiny model from end to end, and do what distinguishes each of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from probatum import verbs
from probatum.errors import BadPlan, UnknownName
from probatum.naming import names
from probatum.networks import heads, labelling
from probatum.networks import kit as kits
from probatum.networks.rendering import IGNORED, encoded, template_of
from probatum.plans.recipes import KINDS, Recipe, fields_of, known_of, read_recipe, recipe
from probatum.training import beginning, settling
from probatum.training.samples import samples

os.environ.setdefault("OMP_NUM_THREADS", "1")
TEXT_MODELS = """apollo bentsao bianque bianque_1 bimedix biomedlm chatdoctor chatmed_consult chimed_gpt clinicalbert
clinicalgpt disc_medllm doctorglm ernie_health gatortron gatortrongpt huatuogpt huatuogpt_ii med_palm med_palm_2
medicalgpt meditron pmc_llama pubmedbert pulse qilin_med qizhengpt shennong_tcm sunsimiao""".split()
FIVE = [f"gatortron_{task}" for task in ("answers", "concepts", "inference", "relations", "similarity")]
TASKS = ["bilstm_crf", "disc_goal_sft", "exam_choice", "uie", *FIVE]  # of one task, on any model or none
NAMES = [name for name in names("recipes") if {each.stage for each in recipe(name).stages} <= set(names("stages"))]
PRETRAINED = ("biomedlm", "clinicalbert", "ernie_health", "gatortron", "gatortrongpt", "meditron", "pubmedbert")
CHECKED = {"every": "5"}  # checkpoints of those that are broken off and go on
QUICK = ("bentsao",)  # the others are marked slow
Run = tuple[Path, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """Gives the folder and the lines of a recipe that was carried out on a tiny model, once in this file."""
    held: dict[str, Run] = {}

    def of(name: str) -> Run:
        if name not in held:
            folder = tmp_path_factory.mktemp(name)
            verbs.train(name, "tiny", folder, given=CHECKED if name in PRETRAINED else {})
            lines = (folder / "runs.jsonl").read_text(encoding="utf-8").splitlines()
            held[name] = folder, [json.loads(line) for line in lines]
        return held[name]

    return of


def test_every_text_model_has_its_recipe() -> None:
    assert {*TEXT_MODELS, *TASKS} == set(names("recipes"))


@pytest.mark.parametrize("name", names("recipes"))
def test_every_field_of_the_card_is_set_with_its_source_or_listed_as_unknown(name: str) -> None:
    made = recipe(name)
    for number, stage in enumerate(made.stages, 1):
        known, wanted = known_of(stage), fields_of(stage)
        assert set(stage.unknown) == set(wanted) - known
        assert all(made.source_of(f"{number}-{stage.stage}.{key}") for key in known)
        if stage.stage in names("stages"):
            settling.settings_of(stage, 0)
    assert {each.kind for each in made.data} <= set(KINDS)
    assert {each.dataset.partition("/")[0] for each in made.data if each.dataset} <= set(names("datasets"))
    assert made.title and made.use.endswith("not for care.")


WHOLE = """
title = "T"
languages = ["en"]
weights = "published"
backbone = "B"
family = "llama"
objective = "causal"
use = "U"
unknown = ["reference", "parallel", "decode", "evaluation"]
[[data]]
name = "d"
title = "D"
kind = "documents"
languages = ["en"]
unknown = ["size", "licence", "access"]
[[stages]]
stage = "cpt"
data = ["d"]
rate = 1e-4
epochs = 1
unknown = ["adapter", "longest", "schedule", "warmup", "decay", "betas", "epsilon", "clip", "batch", "accumulate",
  "world", "precision"]
[provenance]
"somewhere" = ["backbone", "family", "objective", "data", "1-cpt"]
"""


def test_a_recipe_is_what_its_table_says() -> None:
    made = read_recipe(WHOLE, "mine", "mine.toml")
    assert (made.stages[0].settings, made.source_of("1-cpt.rate")) == ({"rate": 1e-4, "epochs": 1}, "somewhere")


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("rate = 1e-4\n", "", r"stage 1 \(cpt\): rate must either be set or be listed as unknown"),
        ('"adapter", ', "", r"adapter must either be set or be listed"),
        ('"world", "precision"]', '"world", "precision", "rate"]', "rate must either"),
        ('"world", "precision"]', '"world", "precision", "ratte"]', "did you mean 'rate'"),
        ("epochs = 1\n", "", "length must either"),
        ('backbone = "B"\n', "", "backbone must either"),
        ('"1-cpt"]', '"1-cpd"]', "did you mean '1-cpt'"),
        (', "1-cpt"]', "]", "1-cpt.rate has no source"),
        ('data = ["d"]', 'data = ["e"]', "'e' is not a key here"),
        ('"size", ', "", "data d: size must either"),
        ('weights = "published"', 'wieghts = "published"', "did you mean 'weights'"),
        ('objective = "causal"', 'objective = "any"', "objective = 'any'"),
        ("[[stages]]", "[[stage]]", "did you mean 'stages'"),
    ],
)
def test_what_a_recipe_leaves_open_is_named(was: str, becomes: str, said: str) -> None:
    assert was in WHOLE
    with pytest.raises(BadPlan, match=said):
        read_recipe(WHOLE.replace(was, becomes), "mine", "mine.toml")


def test_an_unknown_recipe_names_the_near_ones() -> None:
    with pytest.raises(UnknownName, match="bentsao"):
        recipe("bentsau")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in NAMES]
)
def test_a_recipe_runs_and_its_loss_falls(name: str, runs: Callable[[str], Run]) -> None:
    made = recipe(name)
    folder, lines = runs(name)
    assert [line["id"] for line in lines] == [f"{n}-{stage.stage}" for n, stage in enumerate(made.stages, 1)]
    for line, stage in zip(lines, made.stages, strict=True):
        losses = line.get("losses") or []
        if stage.stage not in {"ppo", "rloo", "rejection", "tokenizer"}:  # whose loss is no measure of success
            assert sum(losses[-3:]) < sum(losses[:3]), line["id"]
        for key in ("template", "supervise", "adapter", "schedule", "decay", "clip", "epsilon"):  # as in the original
            if key in stage.settings:
                assert line["settings"][key] == stage.settings[key], key
    _reloads(folder, made, lines)
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert ("synthetic samples of own making" in card and "not measured here" in card) or not made.evaluation
    assert all(f"`{n}-{s.stage}.{key}`" in card for n, s in enumerate(made.stages, 1) for key in s.unknown)
    assert all(text in card for text in made.disputed)
    for heading in ("Intended use", "Data", "Training", "Evaluation", "Limits", "Unknown", "Made of"):
        assert f"## {heading}\n" in card


def _reloads(folder: Path, made: Recipe, lines: list[dict[str, Any]]) -> None:
    """What the last stage left can be read back, the adapter as the recipe has it."""
    last = folder / lines[-1]["id"]
    adapter = made.stages[-1].settings.get("adapter", {"kind": "full"})
    if made.stages[-1].stage == "reward":
        return
    if adapter["kind"] == "full":
        assert not (last / "adapter").exists()
        read = {"tag": labelling.load, "choice": heads.load, "heads": heads.load}
        assert read.get(made.stages[-1].stage, kits.load)(last / "model")
        return
    kit = kits.load(last / "adapter")
    (config,) = kit.model.peft_config.values()
    kinds = {"lora": "LORA", "prompt": "PROMPT_TUNING", "p-tuning": "P_TUNING", "prefix": "PREFIX_TUNING"}
    assert config.peft_type.value == kinds[adapter["kind"]]
    if "targets" in adapter and adapter["targets"] != "all-linear":
        assert set(config.target_modules) == set(adapter["targets"])
    if "rank" in adapter:
        assert (config.r, config.lora_alpha) == (adapter["rank"], adapter["alpha"])
    if adapter["kind"] in {"prompt", "prefix"}:
        assert config.num_virtual_tokens == adapter["tokens"]


class Broken(RuntimeError):
    """Somebody pulled the plug."""


@pytest.mark.slow
@pytest.mark.parametrize("name", PRETRAINED)
def test_pre_training_resumes_and_its_report_states_the_data(
    name: str, runs: Callable[[str], Run], tmp_path: Path
) -> None:
    """It runs from its table on a tiny model; the loss falls; a checkpoint resumes; the card states the data."""
    test_a_recipe_runs_and_its_loss_falls(name, runs)
    folder, _ = runs(name)
    broken = tmp_path / "broken"

    def pull(stage: str, step: int, total: int, loss: float) -> None:
        if step == 7:
            raise Broken

    with pytest.raises(Broken):
        verbs.train(name, "tiny", broken, given=CHECKED, heard=pull)
    heard: list[int] = []
    verbs.train(name, "tiny", broken, given=CHECKED, heard=lambda stage, step, *_: heard.append(step))
    assert heard[0] == 6  # behind the checkpoint of step 5
    told = [(each / "runs.jsonl").read_text(encoding="utf-8").splitlines() for each in (folder, broken)]
    losses = [[json.loads(line).get("losses") for line in lines] for lines in told]
    assert losses[0] == losses[1]
    card = (folder / "README.md").read_text(encoding="utf-8")
    for each in recipe(name).data:
        row = next(line for line in card.splitlines() if line.startswith(f"| {each.name} |"))
        assert f"| {len(samples(each))} |" in row and (each.size or "unknown") in row and "generated" in row


@pytest.mark.slow
def test_whole_terms_are_masked_where_the_recipe_says_so() -> None:
    from probatum.stages.mlm import units

    told = {name: recipe(name).stages[0].settings.get("unit") for name in PRETRAINED if name not in {"meditron"}}
    assert (told["ernie_health"], told["pubmedbert"], told["clinicalbert"]) == ("entities", "words", "tokens")
    made = recipe("ernie_health")
    (data,) = settling.data_of(made, {}, small=True).values()
    kit = kits.tiny("ernie", [each.answer.text for each in data], width=32, vocabulary=300)
    example = data[0]
    offsets = kit.tokenizer(example.answer.text, return_offsets_mapping=True)["offset_mapping"]
    spans = [(each.start, each.end) for each in example.answer.found]
    assert len(spans) == 2
    together = units(example.answer.text, offsets, "entities", spans)
    for start, end in spans:
        inside = tuple(place for place, (at, _) in enumerate(offsets) if start <= at < end)
        assert len(inside) > 1 and inside in together


@pytest.mark.slow
@pytest.mark.parametrize("name", ["medicalgpt", "qilin_med"])
def test_preferences_are_learnt_along_the_chain(name: str, runs: Callable[[str], Run]) -> None:
    folder, lines = runs(name)
    told = {line["stage"]: line for line in lines}
    assert told["dpo"]["preferred_after"]["policy"] > told["sft"]["preferred_after"]["policy"] + 0.3
    assert told["dpo"]["preferred_before"] == told["sft"]["preferred_after"]  # the artefact of one feeds the next
    assert all((folder / line["id"]).is_dir() for line in lines)


@pytest.mark.slow
def test_a_reward_model_stands_beside_the_policy(runs: Callable[[str], Run]) -> None:
    folder, lines = runs("medicalgpt")
    assert [line["stage"] for line in lines] == ["cpt", "sft", "reward", "dpo"]
    assert lines[2]["preferred_after"]["reward"] > 0.8
    assert kits.load(folder / "3-reward" / "reward").model.config.architectures == ["LlamaForSequenceClassification"]


@pytest.mark.slow
def test_marks_of_turns_become_tokens(runs: Callable[[str], Run]) -> None:
    folder, lines = runs("meditron")
    first, second = (kits.load(folder / line["id"] / "model") for line in lines)
    for mark in ("<|im_start|>", "<|im_end|>"):
        assert len(second.tokenizer(mark, add_special_tokens=False)["input_ids"]) == 1
        assert len(first.tokenizer(mark, add_special_tokens=False)["input_ids"]) > 1
    assert second.model.get_input_embeddings().weight.shape[0] == len(first.tokenizer) + 2


def test_one_hundredth_of_what_is_read_is_general_text() -> None:
    stage = recipe("meditron").stages[0]
    assert (stage.replay, stage.settings["replay_share"], stage.settings["betas"]) == ("replay", 0.01, (0.9, 0.95))
    assert (stage.settings["epsilon"], stage.settings["clip"], stage.settings["decay"]) == (1e-5, 1.0, 0.1)


@pytest.mark.slow
def test_embeddings_are_trained_whole_where_the_vocabulary_was_widened(runs: Callable[[str], Run]) -> None:
    folder, _ = runs("chatmed_consult")
    config = json.loads((folder / "1-sft" / "adapter" / "adapter_config.json").read_text(encoding="utf-8"))
    assert set(config["modules_to_save"]) == {"embed_tokens", "lm_head"}
    assert (config["r"], config["lora_alpha"], config["lora_dropout"]) == (8, 32, 0.1)
    assert len(config["target_modules"]) == 7


@pytest.mark.slow
def test_a_soft_prompt_leaves_the_model_as_it_is(runs: Callable[[str], Run]) -> None:
    import torch

    folder, lines = runs("med_palm")
    assert lines[0]["trained_weights"] == 100 * 32
    before = kits.load(folder / "0-anchor").model.state_dict()
    after = kits.load(folder / "1-sft" / "adapter").model.base_model.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())


@pytest.mark.slow
def test_experts_are_adapted(runs: Callable[[str], Run]) -> None:
    folder, _ = runs("bimedix")
    config = json.loads((folder / "1-sft" / "adapter" / "adapter_config.json").read_text(encoding="utf-8"))
    assert set(config["target_parameters"]) == {"experts.gate_up_proj", "experts.down_proj"}
    assert kits.load(folder / "1-sft" / "adapter").family == "mixtral"


def test_what_is_learnt_of_a_text_differs_by_recipe() -> None:
    kit = kits.tiny("llama", ["a question and an answer"], width=32)

    def learnt(name: str, number: int) -> tuple[int, int]:
        made = recipe(name)
        stage = made.stages[number]
        example = samples(made.data_of(stage.data[0]))[0]
        how = {key: stage.settings[key] for key in ("template", "supervise")}
        text = encoded(example, kit.tokenizer, template_of(how["template"]), longest=512, supervise=how["supervise"])
        return sum(label != IGNORED for label in text.labels), len(text.ids)

    some, whole = learnt("bentsao", 0)
    assert 0 < some < whole / 2  # the prompt of alpaca is long and not learnt
    assert len(set(learnt("chatdoctor", 1))) == 1  # what is asked is learnt too
    only_last = recipe("bianque").stages[0].settings
    assert (only_last["template"], only_last["supervise"]) == ("zh-dialogue", "last")
    last, whole = learnt("bianque", 0)
    assert 0 < last < whole / 2


def test_sets_of_high_priority_come_first() -> None:
    made = recipe("huatuogpt_ii")
    (stage,) = made.stages
    data = settling.data_of(made, {}, small=True)
    whole = sorted(each.id for name in stage.data for each in data[name])
    places: dict[str, list[int]] = {name: [] for name in sorted(stage.data, key=lambda name: -stage.priorities[name])}
    for seed in range(20):
        order = settling.mixed(stage, data, seed)
        assert sorted(each.id for each in order) == whole
        for place, each in enumerate(order):
            places[each.id.partition(":")[0]].append(place)
    means = [sum(each) / len(each) for each in places.values()]
    assert means == sorted(means) and means[0] < len(whole) / 3 < 2 * len(whole) / 3 < means[-1]
    assert settling.settings_of(stage, 48)["order"] == "given"


def test_six_languages_are_read() -> None:
    made = recipe("apollo")
    read = settling.data_of(made, {}, small=True)
    spoken = {each.question.language for examples in read.values() for each in examples}
    assert spoken == {"en", "zh", "es", "fr", "ar", "hi"}


def test_two_stages_of_one_kind_follow_each_other_more_slowly() -> None:
    first, second = recipe("disc_medllm").stages
    assert (first.stage, second.stage) == ("sft", "sft")
    assert second.settings["rate"] == first.settings["rate"] / 2
    laid = beginning.laid("disc_medllm", "tiny", given={"rate": "1e-3", "steps": "3"})
    assert {each.settings["rate"] for each in laid.stages} == {1e-3}


@pytest.mark.slow
def test_a_vocabulary_of_the_domain_is_learnt_first(runs: Callable[[str], Run]) -> None:
    folder, lines = runs("biomedlm")
    assert [line["stage"] for line in lines] == ["tokenizer", "cpt"]
    kit = kits.load(folder / "2-cpt" / "model")
    assert len(kit.tokenizer) == kit.model.config.vocab_size == lines[0]["settings"]["vocabulary"]
    assert kit.model.get_output_embeddings().weight is kit.model.get_input_embeddings().weight
