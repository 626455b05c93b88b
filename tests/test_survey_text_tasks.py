"""The survey's tasks on text: for each a data set, a model trained on it and a measure, by one command each.

The samples are tiny and of own writing, and a model is measured on what it learnt from: what is put to the proof is
the way from the data to the figure, and that the figure comes from replies of the model that was trained.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from test_survey_text_extraction import called

from probatum import plans
from probatum.naming import card_of, find
from probatum.networks import kit as kits
from probatum.store.writer import write
from probatum.types import Origin, Passage, Release


@dataclass(frozen=True)
class Task:
    """What is learnt from, the benchmark of the same set, its measure, and the recipe."""

    loader: str
    sample: str
    benchmark: str
    measure: str
    recipe: str = "bentsao"
    capability: str = ""  # for rows that are one: the benchmark's


TASKS = {
    "mqa": Task("huatuo_26m/answered", "huatuo_26m", "huatuo_26m", "rouge-L"),
    "md": Task("meddialog_cn", "meddialog_cn", "meddialog_cn", "rouge-L"),
    "t2t": Task("aci_bench", "aci_bench", "aci_bench", "rouge-L"),
    "rs": Task("mimic_iii/impression", "mimic_iii", "mimic_iii_impression", "rouge-L"),
    "genomics": Task("geneturing", "geneturing.json", "geneturing", "geneturing"),
    "me": Task("medqa/us", "medqa", "medqa", "accuracy", "exam_choice"),
    "biomedical_qa": Task("pubmedqa", "pubmedqa", "pubmedqa", "accuracy", "exam_choice"),
    "cap_knowledge": Task("cmexam", "cmexam.csv", "cmexam", "accuracy", "exam_choice", "knowledge"),
    "cap_qa": Task("chimed/sft", "chimed", "chimed", "rouge-L", capability="question answering"),
    "cap_dialogue": Task("cmd", "cmd", "cmd", "rouge-L", capability="dialogue"),
    "cap_content": Task("aci_bench", "aci_bench", "aci_bench", "rouge-L", capability="content generation"),
}
DATA = {"bentsao": "cmekg_8k", "exam_choice": "questions"}
FAMILIES = {"bentsao": "llama", "exam_choice": "bert"}
SETTINGS = {
    "bentsao": ("steps=40", "longest=1500", "batch=4", "rate=1e-2", "template=roles", 'adapter={ kind = "full" }'),
    "exam_choice": ("steps=60", "longest=256", "batch=4", "rate=5e-3"),
}


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Path:
    """Random models that all tasks begin with, their tokenizer made of all the samples' texts."""
    texts: list[str] = []
    for task in TASKS.values():
        name, _, part = task.loader.partition("/")
        for each in find("datasets", name)(tiny / "datasets" / task.sample, *([part] if part else [])):
            asked = each.question
            texts += [*(said for _, said in asked.turns), *asked.context, asked.text, each.answer.text]
    folder = tmp_path_factory.mktemp("bases")
    for family in FAMILIES.values():
        kits.save(kits.tiny(family, texts, width=48, vocabulary=1000, longest=4096), folder / family)
    write(folder / "kb", [Release("own", "1", "CC0-1.0", "0" * 64),
                          Passage("P1", "Text.", "", "en", Origin("own", "1", "P1"))])  # fmt: skip
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", TASKS)
def test_data_training_and_measure_of_a_task_by_one_command_each(
    name: str, tiny: Path, bases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = TASKS[name]
    kb, sample, run = ("--kb", bases / "kb"), tiny / "datasets" / task.sample, tmp_path / "run"
    loader = task.loader.partition("/")[0]
    if card_of(find("datasets", loader)).gated:  # the sample is our own writing, its terms are those of the real set
        called(capsys, *kb, "kb", "accept", loader, "--by", "a test")
    settings = [word for each in (*SETTINGS[task.recipe], "held_out=0") for word in ("--set", each)]
    data = ("--data", f"{DATA[task.recipe]}={task.loader}:{sample}")
    called(capsys, *kb, "train", task.recipe, "--anchor", bases / FAMILIES[task.recipe], *data, *settings, "--out", run)
    (line,) = (json.loads(each) for each in (run / "runs.jsonl").read_text(encoding="utf-8").splitlines())
    assert line["examples"] and line["losses"][-1] < line["losses"][0] / 2
    model = ("--model", "local", "--model-set", f"model={run / line['id'] / 'model'}")
    asked = ("evaluate", task.benchmark, "--data", sample, *model, "--out", tmp_path / "told.jsonl", "--json")
    told = json.loads(called(capsys, *kb, *asked))
    lines = [json.loads(each) for each in (tmp_path / "told.jsonl").read_text(encoding="utf-8").splitlines()]
    assert told["counts"]["items"] == len(lines) > 0 and not told["counts"]["abstained"]
    assert all(each["answer"]["text"].strip() and each["usage"]["calls"] for each in lines)
    assert told["scores"][task.measure]["value"] > 0
    assert not task.capability or plans.benchmark(task.benchmark).capability == task.capability
