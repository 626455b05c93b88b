"""`probatum data plant` and `exposure`: planted, trained by a recipe with and without doubles, and measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from typer.testing import CliRunner

from probatum import verbs
from probatum.cli.data import app
from probatum.datasets.examples import examples
from probatum.errors import BadFormat, BadPlan, NeedsFile, ProbatumError
from probatum.formats.example_files import json_line
from probatum.networks.canaries import canaries
from probatum.types import Answer, Example, Question


def said(*words: str | Path) -> Any:
    done = CliRunner().invoke(app, [*map(str, words), "--json"])
    if isinstance(done.exception, ProbatumError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def texts(tmp_path: Path) -> str:
    words = "cough fever rash pain thirst tremor itch nausea".split()
    made = [
        Example(f"{word} {day}", Question(), Answer(f"On day {day} the {word} left after {day + 2} hours of rest."))
        for word in words
        for day in range(5)
    ]
    (tmp_path / "texts.jsonl").write_text("".join(f"{json_line(each)}\n" for each in made), encoding="utf-8")
    return f"examples:{tmp_path / 'texts.jsonl'}"


def test_codes_are_planted_and_read_back(texts: str, tmp_path: Path) -> None:
    out = tmp_path / "planted.jsonl"
    counts = said("plant", texts, out, "--times", "1,3", "--each", "2", "--digits", "3", "--seed", "5")
    assert counts == {"items": 48, "codes": 4, "copies": 8, "kept in": f"{out}.canaries.json"}
    made = canaries((1, 3), each=2, digits=3, seed=5)
    told = [each.answer.text for each in examples(out)]
    assert [told.count(each.text()) for each in made] == [1, 3, 1, 3]
    assert said("clean", f"examples:{out}", "--out", tmp_path / "cleaned.jsonl")["dropped"]
    told = [each.answer.text for each in examples(tmp_path / "cleaned.jsonl")]
    assert [told.count(each.text()) for each in made] == [1, 1, 1, 1]
    said("plant", texts, out, "--times", "4", "--inside")
    assert len(list(examples(out))) == 40 and sum("4" in each.answer.text for each in examples(out)) >= 16


@pytest.mark.slow
def test_a_training_on_doubles_gives_away_more(texts: str, tmp_path: Path) -> None:
    out = tmp_path / "planted.jsonl"
    said("plant", texts, out, "--times", "16", "--each", "2", "--digits", "2")
    said("clean", f"examples:{out}", "--out", tmp_path / "cleaned.jsonl")
    bits = []
    for name in ("planted", "cleaned"):
        data = {"the_pile_pubmed": f"examples:{tmp_path / name}.jsonl"}
        given = {"cpt.epochs": "3", "cpt.rate": "1e-2", "cpt.held_out": "0.0"}
        verbs.train("biomedlm", "tiny", tmp_path / name / "run", data=data, given=given)
        found = said("exposure", out, tmp_path / name / "run")
        assert [(each["of"], each["whole"]) for each in found["codes"]] == [(100, True)] * 2
        bits.append(found["exposure"]["16"])
    assert bits[0] > bits[1] + 2


def test_what_is_no_file_of_codes_is_said(texts: str, tmp_path: Path) -> None:
    with pytest.raises(NeedsFile, match="planted codes"):
        said("exposure", tmp_path / "none.jsonl", tmp_path)
    file = tmp_path / "x.canaries.json"
    for wrong in ("[", '[{"frame": "a"}]', "[]", '[{"frame": "a", "code": "12x", "times": 1}]', "3"):
        file.write_text(wrong)
        with pytest.raises(BadFormat):
            said("exposure", file, tmp_path)
    for times in ("0", "1,,2", "x", "200000"):
        with pytest.raises(BadPlan, match="--times"):
            said("plant", texts, tmp_path / "out.jsonl", "--times", times)
