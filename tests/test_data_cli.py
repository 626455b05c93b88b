"""`probatum data`: list, show, check and every format of export, from the tiny samples."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from probatum.cli import kb, training
from probatum.cli.data import app
from probatum.cli.given import Place
from probatum.errors import BadFormat, NeedsConsent, NeedsExtra, ProbatumError
from probatum.formats.example_files import conversation
from probatum.plans.recipes import recipe
from probatum.types import Answer, Example, Question


def said(*words: str | Path) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(done.exception, ProbatumError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_list_and_show() -> None:
    rows = {row["name"]: row for row in json.loads(said("list", "--json"))}
    assert {"cmexam", "medqa", "aci_bench", "pubmedqa"} <= set(rows)
    assert rows["ehrnoteqa"]["access"] == "credentialed" and "cmexam" in said("list")
    shown = json.loads(said("show", "CMExam", "--json"))
    assert shown["coverage"] == "26 diseases, 35 departments" and shown["where"].startswith("https://")


def test_check_counts_and_says_where_it_breaks(tiny: Path, tmp_path: Path) -> None:
    counted = json.loads(said("check", "medmcqa", tiny / "datasets/medmcqa", "--json"))
    assert counted["examples"] == 4 and counted["answered"] == 3 and counted["options"] == 4
    assert json.loads(said("check", "cmb", tiny / "datasets/cmb", "--part", "clin", "--json"))["groups"] == 1
    (tmp_path / "train.json").write_text('{"id": "a"}\n')
    with pytest.raises(BadFormat, match=r"train\.json:1"):
        said("check", "medmcqa", tmp_path)


def test_export_as_lines_and_as_conversations(tiny: Path, tmp_path: Path) -> None:
    sample = tiny / "datasets/aci_bench"
    lines = said("export", "aci_bench", sample).splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["S2N001", "S2N002", "S2N003"]
    said("export", "aci_bench", sample, "--to", "sharegpt", "--out", tmp_path / "out.jsonl")
    first = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert [turn["from"] for turn in first["conversations"]] == ["gpt", "human", "gpt", "human", "gpt"]
    assert first["conversations"][-1]["value"].startswith("CHIEF COMPLAINT")


def test_a_conversation_needs_an_answer_and_joins_one_side() -> None:
    assert conversation(Example("a", Question("Why?"), Answer())) is None
    asked = Question("So?", (("A", "x"), ("B", "y")), ("Seen.",), (("patient", "Hm."), ("patient_guest", "Yes.")))
    made = conversation(Example("a", asked, Answer(choice="B")))
    assert made == {
        "id": "a",
        "conversations": [
            {"from": "human", "value": "Hm.\nYes.\nSeen.\n\nSo?\n\nA. x\nB. y"},
            {"from": "gpt", "value": "B"},
        ],
    }


def test_export_card_and_croissant(tiny: Path) -> None:
    sample = tiny / "datasets/cmexam.csv"
    card = said("export", "cmexam", sample, "--to", "card")
    assert (
        card.startswith('---\npretty_name: "CMExam"\nlicense: other\nlanguage:\n- "zh"\n---') and "3 examples" in card
    )
    told = json.loads(said("export", "cmexam", sample, "--to", "croissant"))
    lines = said("export", "cmexam", sample)
    assert told["conformsTo"] == "http://mlcommons.org/croissant/1.0" and told["name"] == "cmexam"
    assert told["distribution"][0]["sha256"] == hashlib.sha256(lines.encode()).hexdigest()
    assert [each["name"] for each in told["recordSet"][0]["field"]] == ["id", "question", "answer", "choice"]
    with pytest.raises(BadFormat, match="jsonl, parquet"):
        said("export", "cmexam", sample, "--to", "arff")


def test_export_as_parquet(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample, out = tiny / "datasets/cmexam.csv", tmp_path / "out.parquet"
    with pytest.raises(BadFormat, match="--out"):
        said("export", "cmexam", sample, "--to", "parquet")
    with monkeypatch.context() as without:
        without.setitem(__import__("sys").modules, "pyarrow", None)
        with pytest.raises(NeedsExtra, match=r"probatum\[data\]"):
            said("export", "cmexam", sample, "--to", "parquet", "--out", out)
    parquet = pytest.importorskip("pyarrow.parquet")
    said("export", "cmexam", sample, "--to", "parquet", "--out", out)
    rows = parquet.read_table(out).to_pylist()
    assert [row["choice"] for row in rows] == ["C", "BD", "B"]
    assert json.loads(rows[0]["options"])[4] == ["E", "五条"]


def test_a_gated_set_is_read_once_its_terms_are_accepted(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Place, "folder", tmp_path / "kb")
    (tmp_path / "kb").mkdir()
    folder = tiny / "datasets/mimic_cxr"
    with pytest.raises(NeedsConsent, match="kb accept mimic_cxr"):
        said("check", "mimic_cxr", folder)
    done = CliRunner().invoke(kb.app, ["accept", "mimic_cxr", "--by", "a clinic"])
    assert done.exit_code == 0, done.output
    assert json.loads(said("check", "mimic_cxr", folder, "--json"))["examples"] == 3


def test_a_gated_set_is_trained_on_once_its_terms_are_accepted(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Place, "folder", tmp_path)
    (wanted,) = {each.name for each in recipe("clinicalbert").data}
    words = ["clinicalbert", "--plan", "--data", f"{wanted}=mimic_iii/notes:{tiny / 'datasets/mimic_iii'}"]
    refused = CliRunner().invoke(training.app, words)
    assert isinstance(refused.exception, NeedsConsent) and "mimic_iii" in str(refused.exception)
    assert CliRunner().invoke(kb.app, ["accept", "mimic_iii", "--by", "a clinic"]).exit_code == 0
    assert CliRunner().invoke(training.app, words).exit_code == 0
