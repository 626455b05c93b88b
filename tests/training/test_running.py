"""A training is planned before it begins, recorded as it goes, and goes on where it was broken off."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

import torch
from typer.testing import CliRunner

import probatum
from probatum import verbs
from probatum.cli import app
from probatum.errors import BadPlan, NeedsFile
from probatum.networks import kit as kits
from probatum.networks.loop import Course, fit
from probatum.plans.recipes import recipe
from probatum.training import beginning, planning, running, settling


class Broken(RuntimeError):
    """Somebody pulled the plug."""


def lines(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "runs.jsonl").read_text(encoding="utf-8").splitlines()]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return dict(kits.load(folder).model.state_dict())


@pytest.mark.slow
def test_a_broken_training_goes_on_to_the_same_losses_and_weights(tmp_path: Path) -> None:
    given = {"steps": "8", "every": "2", "held_out": "0.0"}

    def pull(stage: str, step: int, total: int, loss: float) -> None:
        if (stage, step) == ("2-sft", 5):
            raise Broken

    verbs.train("pmc_llama", "tiny", tmp_path / "whole", given=given)
    with pytest.raises(Broken):
        verbs.train("pmc_llama", "tiny", tmp_path / "broken", given=given, heard=pull)
    assert [line["id"] for line in lines(tmp_path / "broken")] == ["1-cpt"]
    heard: list[tuple[str, int]] = []
    verbs.train(
        "pmc_llama", "tiny", tmp_path / "broken", given=given, heard=lambda stage, step, *_: heard.append((stage, step))
    )
    assert heard == [
        ("2-sft", step) for step in range(5, 9)
    ]  # from the checkpoint of step 4 on, the first stage not again
    whole, broken = lines(tmp_path / "whole"), lines(tmp_path / "broken")
    assert [line["losses"] for line in whole] == [line["losses"] for line in broken]
    one, other = (weights(tmp_path / name / "2-sft" / "model") for name in ("whole", "broken"))
    assert all(torch.equal(value, other[name]) for name, value in one.items())
    with pytest.raises(BadPlan, match="another run"):
        verbs.train("pmc_llama", "tiny", tmp_path / "broken", given={"steps": "9"})


@pytest.mark.slow
def test_the_adapter_of_one_stage_is_merged_for_the_next(tmp_path: Path) -> None:
    verbs.train("qilin_med", "tiny", tmp_path, given={"steps": "3"})
    base = json.loads((tmp_path / "3-dpo" / "adapter" / "adapter_config.json").read_text(encoding="utf-8"))
    assert (tmp_path / "3-dpo" / "adapter" / base["base_model_name_or_path"]).resolve() == (
        tmp_path / "2-sft" / "model"
    ).resolve()
    moved = tmp_path.with_name("elsewhere")
    tmp_path.rename(moved)
    kit = kits.load(moved / "3-dpo" / "adapter")
    ids = kit.tokenizer("病人", return_tensors="pt")["input_ids"]
    merged, adapted = kits.load(moved / "2-sft" / "model"), kits.load(moved / "2-sft" / "adapter")
    with torch.no_grad():
        difference = merged.model.eval()(input_ids=ids).logits - adapted.model.eval()(input_ids=ids).logits
    assert difference.abs().max() < 1e-5
    moved.rename(tmp_path)


def test_the_record_says_what_the_run_is_made_of(tmp_path: Path) -> None:
    run = verbs.train("biomedlm", "tiny", tmp_path, given={"steps": "2"}, seed=3)
    made_of = json.loads((tmp_path / "runs.jsonl.run.json").read_text(encoding="utf-8"))
    assert {"recipe", "plan", "anchor", "seed", "probatum", "python", "torch", "transformers", "peft"} <= set(made_of)
    assert made_of["seed"] == "3" and run.seed == 3 and dict(run.data)["data the_pile_pubmed"]
    _, line = lines(tmp_path)
    assert line["steps"] == 2 and len(line["losses"]) == 2 and line["settings"]["schedule"] == "cosine"
    other = beginning.made_of(beginning.laid("biomedlm", "tiny", given={"steps": "3"}, seed=3))
    assert other["plan"] != made_of["plan"] and other["data the_pile_pubmed"] == made_of["data the_pile_pubmed"]
    assert run.scores["2-cpt loss"].value == line["losses"][-1]


def test_the_plan_says_what_then_happens(tmp_path: Path) -> None:
    given = {"epochs": "2", "held_out": "0.0"}
    laid = beginning.laid("bentsao", "tiny", given=given)
    (plan,) = beginning.planned(laid)
    verbs.train("bentsao", "tiny", tmp_path, given=given)
    (line,) = lines(tmp_path)
    assert plan.steps == line["steps"] == 12  # 24 examples in batches of 4, twice
    assert (plan.trained_weights, plan.all_weights) == (line["trained_weights"], line["all_weights"])
    assert plan.trained_weights == 2 * 2 * (32 * 8 + 8 * 32)  # two layers, two targets, both factors of rank 8
    assert plan.memory["weights"] == 4 * plan.all_weights
    assert plan.memory["gradients"] == 4 * plan.trained_weights and plan.memory["optimiser"] == 8 * plan.trained_weights
    assert plan.memory["total"] == sum(plan.memory[key] for key in ("weights", "gradients", "optimiser", "activations"))
    assert plan.tokens > 24 * 10 and plan.seconds > 0
    assert set(plan.assumed) == set(recipe("bentsao").stages[0].unknown) - {"accumulate", "precision"}


def test_what_is_kept_for_the_way_back_is_counted_to_the_byte() -> None:
    layer = torch.nn.Sequential(
        torch.nn.Linear(16, 64, bias=False), torch.nn.Tanh(), torch.nn.Linear(64, 8, bias=False)
    )
    kit = kits.Kit(None, layer)
    probe = planning._Probe(2)
    with planning._measured(probe, kit):
        (layer(torch.ones(10, 16)) ** 2).sum().backward()
    # the input of each layer and of the square: 10 x 16, what tanh gave (which the next layer reads too), 10 x 8
    assert probe.peak == 4 * (10 * 16 + 10 * 64 + 10 * 8)
    assert probe.live == 0


@pytest.mark.slow
def test_memory_of_activations_grows_with_the_batch() -> None:
    def planned(batch: int) -> int:
        laid = beginning.laid("huatuogpt_ii", "tiny", given={"batch": str(batch)})
        alike = {name: [examples[0]] * len(examples) for name, examples in laid.data.items()}  # of one length
        (plan,) = beginning.planned(replace(laid, data=alike))
        return plan.memory["activations"]

    small, large = planned(2), planned(8)
    assert 3.5 * small < large <= 4 * small


def test_settings_are_the_users_before_the_recipes() -> None:
    laid = beginning.laid("medicalgpt", "tiny", given={"sft.rate": "2e-3", "seed": "5", "dpo.kind": "ipo"})
    told = {each.stage: each.settings for each in laid.stages}
    assert told["sft"]["rate"] == 2e-3 and told["cpt"]["rate"] == 1e-2 and told["dpo"]["kind"] == "ipo"
    epochs = settling.settled(recipe("qizhengpt"), {"epochs": "2"}, small=False)
    assert "steps" not in epochs[0].settings and epochs[0].settings["epochs"] == 2
    for key in ("sft.ratte", "ratte", "ppo.rate", "sft.folder"):
        with pytest.raises(BadPlan):
            settling.settled(recipe("medicalgpt"), {key: "1"}, small=True)


def test_data_are_the_users_or_say_what_is_wanting(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile, match="needs cmekg_8k"):
        settling.data_of(recipe("bentsao"), {}, small=False)
    with pytest.raises(BadPlan, match="did you mean 'cmekg_8k'"):
        settling.data_of(recipe("bentsao"), {"cmekg8k": "x"}, small=False)
    texts = tmp_path / "texts.txt"
    texts.write_text("One document.\nIts second line.\n\nAnother.\n", encoding="utf-8")
    read = settling.data_of(recipe("biomedlm"), {"the_pile_pubmed": str(texts)}, small=True)["the_pile_pubmed"]
    assert [each.answer.text for each in read] == ["One document.\nIts second line.", "Another."]
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text('{"prompt": "Q", "chosen": "A", "rejected": "B"}\n', encoding="utf-8")
    data = settling.data_of(recipe("medicalgpt"), {"comparisons": str(pairs)}, small=True)
    assert data["comparisons"][0].rejected[0].text == "B" and len(data["pretrain"]) == 24
    with pytest.raises(BadPlan, match="how is"):
        settling.data_of(recipe("shennong_tcm"), {"shennong_tcm_dataset": str(texts)}, small=True)


def test_a_loader_can_be_named(tiny: Path) -> None:
    given = {"cmekg_8k": f"cmedqa2:{tiny / 'datasets' / 'cmedqa2'}"}
    read = settling.data_of(recipe("bentsao"), given, small=False)["cmekg_8k"]
    assert len(read) >= 3 and all(each.answer.text or each.answer.candidates for each in read)


def test_without_an_anchor_it_asks_for_one(tmp_path: Path) -> None:
    texts = tmp_path / "t.txt"
    texts.write_text("x", encoding="utf-8")
    with pytest.raises(BadPlan, match="where does it stand"):
        beginning.laid("biomedlm", "", {"the_pile_pubmed": str(texts)})
    kits.save(kits.tiny("bert", ["x y z"], width=32), tmp_path / "bert")
    with pytest.raises(BadPlan, match="trains a causal model"):
        beginning.laid("biomedlm", str(tmp_path / "bert"), {"the_pile_pubmed": str(texts)})


def test_pairs_that_are_kept_are_not_learnt_from() -> None:
    made = recipe("medicalgpt")
    data = settling.data_of(made, {}, small=True)
    learn, kept = running.split_pairs(made.stages, data)
    assert kept and len(kept) + len(learn["comparisons"]) == len(data["comparisons"])
    assert not {each.groups for each in kept} & {each.groups for each in learn["comparisons"]}
    assert learn["finetune"] == data["finetune"]


@pytest.mark.slow
def test_in_a_terminal(tmp_path: Path) -> None:
    run = CliRunner().invoke
    told = run(app, ["train", "doctorglm", "--plan"])
    assert told.exit_code == 0 and "unknown: longest, rate" in told.stdout and "disputed" in told.stdout
    told = run(app, ["train", "bentsao", "--anchor", "tiny", "--plan", "--set", "steps=2"])
    assert "2 steps" in told.stdout and "memory: weights" in told.stdout and "defaults stand in for" in told.stdout
    out = str(tmp_path / "m")
    told = run(app, ["train", "bentsao", "--anchor", "tiny", "--set", "steps=2", "--out", out, "--json"])
    assert json.loads(told.stdout)["verb"] == "train" and (tmp_path / "m" / "README.md").is_file()


def test_early_stopping_and_order_are_settings_of_the_course() -> None:
    assert {"patience", "order", "every", "rate"} <= settling.accepted("sft")
    assert "folder" not in settling.accepted("sft") and callable(fit) and Course().order == "shuffled"


@pytest.mark.slow
def test_two_processes_train_together_and_one_writes(tmp_path: Path) -> None:
    words = ["-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone", "-m", "probatum.cli", "train"]
    told = ["pmc_llama", "--anchor", "tiny", "--set", "steps=2", "--out", str(tmp_path / "two")]
    done = subprocess.run(
        [sys.executable, *words, *told], check=False, capture_output=True, text=True, timeout=300, cwd=tmp_path,
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(probatum.__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert [line["id"] for line in lines(tmp_path / "two")] == ["1-cpt", "2-sft"]
    assert done.stdout.count("1-cpt loss") == 1
    kits.load(tmp_path / "two" / "2-sft" / "model")


@pytest.mark.slow
def test_what_was_known_is_measured_before_and_after(tmp_path: Path) -> None:
    verbs.train("meditron", "tiny", tmp_path, given={"steps": "3"})
    (line, *_) = lines(tmp_path)
    general = line["general_bits"]
    assert general["texts"] == 2 and general["before"] != general["after"] and 1 < general["after"] < 20
    assert "texts like those replayed take" in (tmp_path / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("recipe", ["bilstm_crf", "exam_choice"])
def test_what_stands_in_the_place_of_a_model_is_read_back(recipe: str, tmp_path: Path) -> None:
    """Called again, a training whose stages are finished learns nothing anew and leaves all as it stood."""
    whole = verbs.train(recipe, "tiny", tmp_path, given={"steps": "3"})
    stood = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.suffix in {".safetensors", ".jsonl"}}
    heard: list[int] = []
    again = verbs.train(recipe, "tiny", tmp_path, given={"steps": "3"}, heard=lambda _, step, *__: heard.append(step))
    assert not heard and again.scores == whole.scores
    assert len(stood) > 3 and all(file.read_bytes() == said for file, said in stood.items())
