"""Anybody's outputs are scored: lines of id and output, samples of lm-eval; and runs go out to other tools."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from probatum import plans, verbs
from probatum.errors import BadFormat, BadPlan, NeedsFile
from probatum.trials import outputs, running


def written(path: Path, rows: list[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_lines_of_id_and_output_are_scored(tiny: Path, tmp_path: Path) -> None:
    data = tiny / "datasets" / "pubmedqa"
    said = [
        {"id": "90000001", "output": "The answer is B."},  # no: right
        {"id": "90000003", "output": "Final answer: no"},  # wrong, it is yes
    ]
    made = verbs.score(written(tmp_path / "theirs.jsonl", said), "pubmedqa", data)
    assert made.scores["accuracy"].value == pytest.approx(1 / 3)  # what nobody answered counts
    assert made.counts["without_output"] == 1 and made.scores["accuracy"].empty == 1
    assert made.items["accuracy"] == {"90000001": 1.0, "90000002": 0.0, "90000003": 0.0}
    stray = written(tmp_path / "stray.jsonl", [{"id": "7", "output": "A"}])
    with pytest.raises(BadPlan, match="belong to no item, as '7'"):
        verbs.score(stray, "pubmedqa", data)


def test_samples_of_lm_eval(tiny: Path, tmp_path: Path) -> None:
    chances = [
        [["-1.0", "False"], ["-0.1", "True"], ["-3.0", "False"]],
        [["-0.2", "True"], ["-2", "False"], ["-4", "False"]],
    ]
    samples = [
        {"doc_id": number, "doc": {}, "target": "1", "resps": [[each] for each in said], "filtered_resps": said}
        for number, said in enumerate(chances)
    ]
    file = written(
        tmp_path / "samples_x.jsonl", [*samples, {"doc_id": 2, "doc": {}, "target": "B", "resps": [["So it is: B"]]}]
    )
    assert verbs.score(file).scores["accuracy"].value == pytest.approx(1 / 3)  # the first alone: see the third
    known = verbs.score(file, "pubmedqa", tiny / "datasets" / "pubmedqa")
    assert known.scores["accuracy"].n == 3 and known.scores["accuracy"].value == pytest.approx(1 / 3)
    assert known.sure[0] == pytest.approx(0.6842, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no outputs"),
        ("[]\n", "must be an object"),
        ('{"output": "A"}\n', "id of its own"),
        ('{"id": "a", "output": "A"}\n{"id": "a", "output": "B"}\n', "x.jsonl:2"),
        ('{"id": "a"\n', "x.jsonl:1"),
        ('{"doc_id": 1, "resps": []}\n', "has no responses"),
    ],
)
def test_what_is_no_file_of_outputs_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFormat) as caught:
        outputs.rows(path)
    assert said in str(caught.value)
    with pytest.raises(NeedsFile):
        outputs.rows(tmp_path / "none.jsonl")


def test_a_run_goes_to_trec(tiny: Path, tmp_path: Path) -> None:
    ir = pytest.importorskip("ir_measures", reason="needs: pip install ir_measures")
    plan = plans.benchmark("liveqa_medquad")
    examples = running.examples_of(plan, tiny / "datasets" / "liveqa_medquad")
    rows = [
        {
            "id": each.id,
            "output": {
                "candidates": [{"id": c.id, "name": "", "score": -i} for i, c in enumerate(each.answer.candidates)]
            },
        }
        for each in examples
    ]
    file = written(tmp_path / "run.jsonl", rows)
    made = verbs.score(file, "liveqa_medquad", tiny / "datasets" / "liveqa_medquad")
    run = list(ir.read_trec_run("\n".join(outputs.trec_run(outputs.rows(file), "mine"))))
    judged = list(ir.read_trec_qrels("\n".join(outputs.trec_qrels(examples))))
    theirs = ir.calc_aggregate([ir.nDCG @ 10, ir.AP], judged, run)
    assert theirs[ir.nDCG @ 10] == pytest.approx(made.scores["ndcg@10"].value, abs=1e-9)
    assert theirs[ir.AP] == pytest.approx(made.scores["map"].value, abs=1e-9)


def test_a_benchmark_goes_to_lm_eval(tiny: Path, tmp_path: Path) -> None:
    plan = plans.benchmark("pubmedqa")
    task, documents = outputs.lm_eval_task(plan, running.examples_of(plan, tiny / "datasets" / "pubmedqa"), tmp_path)
    said = dict(line.split(": ", 1) for line in task.read_text(encoding="utf-8").splitlines())
    assert json.loads(said["task"]) == "probatum_pubmedqa" and json.loads(said["output_type"]) == "multiple_choice"
    assert json.loads(said["dataset_kwargs"])["data_files"]["test"] == documents.name
    rows = [json.loads(line) for line in documents.read_text(encoding="utf-8").splitlines()]
    assert [row["letters"][row["gold"]] for row in rows] == ["B", "C", "A"]
    assert rows[0]["query"].endswith("A. yes\nB. no\nC. maybe\nAnswer:")
