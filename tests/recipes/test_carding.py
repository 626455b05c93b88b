"""The card of a trained model: what it is, what it read, what it is for, how it did, and what nobody knows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from probatum import verbs
from probatum.plans.recipes import recipe
from probatum.training.carding import LIMITS


@pytest.mark.slow
def test_the_card_says_what_the_model_is_made_of(tmp_path: Path) -> None:
    run = verbs.train("biomedlm", "tiny", tmp_path, given={"steps": "2"}, seed=3)
    made, card = recipe("biomedlm"), (tmp_path / "README.md").read_text(encoding="utf-8")
    _, header, body = card.split("---\n", 2)
    assert "license: " in header and all(f"- {language}\n" in header for language in made.languages)
    parts: dict[str, str] = {}
    for part in ("\n## " + body).split("\n## ")[1:]:
        name, _, text = part.partition("\n")
        parts[name] = text
    assert {"Intended use", "Data", "Training", "Evaluation", "Limits", "Unknown", "Made of"} <= set(parts)
    assert made.use in parts["Intended use"]
    for each in made.data:
        row = next(line for line in parts["Data"].splitlines() if line.startswith(f"| {each.name} |"))
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert int(cells[2].replace(",", "")) >= 0 and cells[3] and cells[4] == ", ".join(each.languages)
        assert cells[-2] == (each.licence or "unknown") and cells[-1] == (each.access or "unknown")
    lines = [json.loads(line) for line in (tmp_path / "runs.jsonl").read_text(encoding="utf-8").splitlines()]
    for line in lines:
        row = next(each for each in parts["Training"].splitlines() if each.startswith(f"| {line['id']} |"))
        assert (
            f"{line['trained_weights']:,} of {line['all_weights']:,}" in row and f"| {line.get('steps', 0):,} |" in row
        )
        if losses := line.get("losses"):
            assert f"{losses[0]:.3f} → {losses[-1]:.3f}" in row
        assert all(f"{key} = {value}" in parts["Training"] for key, value in line["settings"].items())
    for each in made.evaluation:
        assert f"| {each['set']} | {each['metric']} | {each['value']} | {each['source']} |" in parts["Evaluation"]
    assert "not measured here" in parts["Evaluation"] and all(limit in parts["Limits"] for limit in LIMITS)
    assert all(f"`{name}`" in parts["Unknown"] for name in made.unknown)
    assert all(f"- {key}: `{value}`" in parts["Made of"] for key, value in run.versions)
    assert "- seed: `3`" in parts["Made of"] and "random model of two layers" in card
