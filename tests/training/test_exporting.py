"""What a run made goes to other programs as one folder, and answers there as it does here."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from small_store import small_store
from training_samples import LORA, PAIRS, made
from typer.testing import CliRunner

from probatum import verbs
from probatum.cli import app
from probatum.errors import BadPlan, NeedsFile
from probatum.ledger.runs import RunFile
from probatum.models.local import local
from probatum.networks import kit as kits
from probatum.networks.heads import FILES
from probatum.plans.recipes import TrainingStage
from probatum.training.exporting import exported
from probatum.training.running import anchored, chained
from probatum.types import Question, Request


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two stages: an adapter taught by one template, then another one by preferences, which names none."""
    out = tmp_path_factory.mktemp("trained") / "run"
    course = {"longest": 96, "batch": 16, "rate": 2e-2}
    stages = [
        TrainingStage("sft", ("pairs",), {**course, "template": "alpaca", "steps": 30, "adapter": {**LORA, "rank": 8}}),
        TrainingStage("cpt", ("pairs",), {**course, "rate": 1e-4, "steps": 1, "adapter": LORA}),
    ]
    with RunFile(out / "runs.jsonl", {"recipe": "own"}) as file:
        chained(stages, {"pairs": PAIRS}, anchored(made(), out), out, file)
    return out


def test_the_last_stage_of_a_run_is_merged_and_asks_as_it_was_taught(run: Path, tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["export", str(run), str(tmp_path / "out"), "--to", "model"])
    assert said.exit_code == 0, said.output
    assert sorted(said.stdout.split()) == sorted(str(path) for path in (tmp_path / "out").iterdir())
    assert "2-cpt/adapter" in said.stderr and "chat template: alpaca" in said.stderr
    asked = Request((("user", "What helps drug 3?"),), choices=("water and rest", "fire"))
    whole, beside = local(model=str(tmp_path / "out")), local(model=str(run / "2-cpt/adapter"), template="alpaca")
    assert whole(asked).chances == pytest.approx(beside(asked).chances, abs=1e-4)
    written = [model(Request(asked.messages, longest=8)).text for model in (whole, beside)]
    assert written[0] == written[1] and written[0].startswith("water and")


def test_a_stage_a_folder_of_weights_and_an_adapter_are_taken_as_they_are(run: Path, tmp_path: Path) -> None:
    stage, adapter = (exported(where, tmp_path / where.name) for where in (run / "1-sft", run / "1-sft/adapter"))
    assert stage.read == adapter.read == run / "1-sft" / "adapter" and stage.template == "alpaca"
    base = exported(run / "0-anchor", tmp_path / "base")
    assert base.template == "none" and "chat_template.jinja" not in base.files
    assert exported(run / "0-anchor", tmp_path / "named", template="chatml").template == "chatml"
    again = exported(tmp_path / "named", tmp_path / "again")
    other = exported(tmp_path / "named", tmp_path / "other", template="plain")
    assert (again.template, again.taught, other.template) == ("own", "none", "plain")  # a tokenizer keeps what it has
    chats = [kits.load(tmp_path / name).tokenizer.chat_template for name in ("named", "again", "other")]
    assert chats[0] == chats[1] != chats[2]


def test_what_cannot_be_handed_over_is_said(run: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/paper").write_text("x")
    with pytest.raises(BadPlan, match="not empty"):
        exported(run, tmp_path / "full")
    (tmp_path / "head").mkdir()
    (tmp_path / "head" / FILES[0]).write_text("{}")
    with pytest.raises(BadPlan, match="network of this program"):
        exported(tmp_path / "head", tmp_path / "out")
    (tmp_path / "begun").mkdir()
    (tmp_path / "begun/runs.jsonl").write_text("")
    with pytest.raises(NeedsFile, match="no stage"):
        exported(tmp_path / "begun", tmp_path / "out")
    with pytest.raises(NeedsFile, match="no checkpoint"):
        exported(tmp_path / "nowhere", tmp_path / "out")
    with pytest.raises(BadPlan, match="template"):
        exported(run, tmp_path / "out", template="poem")
    assert not (tmp_path / "out").exists()


def test_a_method_answers_with_the_merged_folder_as_with_the_adapter(run: Path, tmp_path: Path) -> None:
    exported(run / "1-sft", tmp_path / "merged")
    settings = (
        {"model": str(run / "0-anchor"), "adapter": str(run / "1-sft/adapter"), "template": "alpaca"},
        {"model": str(tmp_path / "merged")},
    )
    open_ = Question("What helps drug 5?", language="en")
    exam = Question("What helps drug 5?", (("A", "fire"), ("B", "water and rest")), language="en")
    with small_store(tmp_path / "kb") as store:
        desks = [verbs.lay(store, model="local", model_settings=each) for each in settings]
        told = [[verbs.ask(store, open_, "direct", desk=desk) for desk in desks]]
        told += [[verbs.ask(store, exam, "direct", desk=desk, choose="likelihood") for desk in desks]]
    for one, other in told:
        assert (one.text, one.choice, one.abstained) == (other.text, other.choice, other.abstained)
        assert not [step for answer in (one, other) for step in answer.trace if "failed" in step.said]
    assert told[0][0].text and told[1][0].choice in {"A", "B"}
