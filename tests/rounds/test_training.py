"""What people preferred in a round trains: exported, read as a recipe's preferences, learned by dpo and reward."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from rating_material import PROTOCOL, RATERS, opinion, runs
from typer.testing import CliRunner

from probatum.cli import app
from probatum.ledger import rating
from probatum.ledger.rating import Mark, Round
from probatum.networks.kit import tiny
from probatum.networks.preferring import preferred
from probatum.plans.recipes import TrainingData
from probatum.rounds import laying
from probatum.rounds.findings import asked
from probatum.rounds.judging import shown
from probatum.rounds.protocol import read_protocol
from probatum.stages.dpo import dpo
from probatum.stages.reward import reward, scored
from probatum.stages.sft import sft
from probatum.training import settling
from probatum.types import Example

NOW = "2026-01-05T10:00:00+00:00"


@pytest.mark.slow
def test_exported_preferences_train(tmp_path: Path) -> None:
    text = PROTOCOL.replace("items = 30", "items = 18").replace('"both"', '"pairs"')
    text = text[: text.index("[[criterion]]")] + text[text.index("[[comparison]]") : text.index("[[calibration]]")]
    layout = laying.lay(
        read_protocol(text.replace("repeat_calibration = true", ""), "p.toml"), laying.read_runs(runs(tmp_path)), RATERS
    )
    rating.begin(tmp_path, Round("r1", "T", laying.written(layout), laying.seal(layout), NOW), RATERS, "org")
    for rater in RATERS:
        for place, screen in enumerate(layout.sheets[rater], 1):
            for name in asked(layout, screen):
                value = opinion(rater, shown(layout, screen)[1], name)
                rating.mark(tmp_path, "r1", Mark(rater, place, name, value, at=NOW))
    file = tmp_path / "preferences.jsonl"
    words = ["--kb", str(tmp_path), "rate", "export", "r1", str(file), "--what", "preferences"]
    assert CliRunner().invoke(app, words).exit_code == 0
    examples = settling.read(TrainingData("own", "Own", "preferences", ("en",)), f"preferences:{file}")
    liked = sum(number % 3 != 0 for number in (int(item.id[1:]) for item in layout.items))
    assert len(examples) == liked > 5 and all("Nobody" in each.rejected[0].text for each in examples)
    words_ = [part for each in examples for part in (each.question.text, each.answer.text, each.rejected[0].text)]
    kit = sft(tiny("llama", words_, width=32), examples, longest=96, steps=3, batch=6, rate=5e-3)
    judge = reward(tiny("llama", words_, width=32), examples, longest=96, steps=20, batch=6, rate=5e-3)
    worse = [Example(each.id, each.question, each.rejected[0]) for each in examples]
    both = zip(scored(judge, examples), scored(judge, worse), strict=True)
    assert sum(better > other for better, other in both) / len(examples) > 0.9
    before = preferred(kit, examples)
    tuned = dpo(kit.with_reference(), examples, longest=96, steps=10, batch=6, rate=5e-3, beta=0.5)
    losses = tuned.courses[-1].losses
    assert losses[0] == pytest.approx(0.6931, abs=1e-3) and losses[-1] < 0.5 and preferred(tuned, examples) >= before
