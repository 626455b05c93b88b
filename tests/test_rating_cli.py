"""A human round in a terminal, from the protocol to the data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rating_material import PROTOCOL, opinion, runs
from typer.testing import CliRunner

from probatum.cli import app
from probatum.errors import BadPlan, ProbatumError
from probatum.ledger import audit, rating
from probatum.ledger.rating import Mark
from probatum.rounds.findings import asked
from probatum.rounds.judging import shown
from probatum.rounds.laying import opened


def said(folder: Path, *words: str, ok: bool = True) -> Any:
    """What a command prints with --json; the error where it is not `ok`."""
    done = CliRunner().invoke(app, ["--kb", str(folder), "rate", *words, "--json"])
    if not ok:
        assert isinstance(done.exception, ProbatumError)
        return done.exception
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads(done.stdout)


def rated(folder: Path, id: str) -> None:
    """Everybody rates everything by the rule of the material."""
    found = rating.round_of(folder, id)
    layout = opened(found.layout, found.seal, id)
    for rater, sheet in layout.sheets.items():
        for place, screen in enumerate(sheet, 1):
            for name in asked(layout, screen):
                value = opinion(rater, shown(layout, screen)[1], name)
                rating.mark(folder, id, Mark(rater, place, name, value, at="2026-01-05T10:00:00+00:00"))


@pytest.fixture
def laid(tmp_path: Path) -> tuple[Path, str]:
    """A folder with a round of six items in it, and the round's id."""
    (tmp_path / "p.toml").write_text(PROTOCOL.replace("items = 30", "items = 6"), encoding="utf-8")
    files = [word for name, path in runs(tmp_path).items() for word in ("--runs", f"{name}={path}")]
    made = said(tmp_path / "kb", "new", str(tmp_path / "p.toml"), *files, "--raters", "3")
    assert made["items"] == 6 and set(made["screens"]) == {"rater-1", "rater-2", "rater-3"}
    return tmp_path / "kb", made["round"]


def test_a_round_from_beginning_to_end(laid: tuple[Path, str], tmp_path: Path) -> None:
    folder, id_ = laid
    links = said(folder, "links", id_, "--address", "https://rate.example/")
    assert set(links) == {"rater-1", "rater-2", "rater-3"}
    assert all(link.startswith("https://rate.example/rate/enter/") for link in links.values())
    before = said(folder, "status")
    assert [one["done"] for one in before["rounds"][0]["raters"]] == [0, 0, 0] and not before["rounds"][0]["may_stop"]
    rated(folder, id_)
    after = said(folder, "status", id_)["rounds"][0]
    assert after["may_stop"] and {one["failed"] for one in after["attention"]} == {0}
    blind = said(folder, "agreement", id_)
    assert set(blind["agreement"]) == {"better", "correct", "safe"} and "Alder" not in json.dumps(blind)
    lines = tmp_path / "judgements.jsonl"
    count = said(folder, "export", id_, str(lines))["lines"]
    assert count == 3 * (2 * 12 + 6 + 2 * 3) and "Alder" not in lines.read_text(encoding="utf-8")
    liked = said(folder, "export", id_, str(tmp_path / "preferences.jsonl"), "--what", "preferences")
    assert liked["lines"] + sum(liked["without"].values()) == 6 and set(liked["without"]) <= {"liked alike"}
    told = said(folder, "unblind", id_, "--by", "Dr. Who")
    assert set(told) == {"Alder", "Birch"}
    assert "was unblinded" in str(said(folder, "unblind", id_, "--by", "Dr. Who", ok=False))
    assert said(folder, "agreement", id_)["systems"]["mean correct:Alder"]["value"] > 4
    log = [(each.who, each.what) for each in audit.entries(folder)]
    assert ("Dr. Who", "unblinded") in log and log.count(("organiser", "exported")) == 2


def test_people_and_metrics_in_one_report(laid: tuple[Path, str], tmp_path: Path) -> None:
    folder, id_ = laid
    rated(folder, id_)
    rows = said(folder, "combined", id_, "--metrics", "rouge", "--out", str(tmp_path / "r.html"), "--language", "zh")
    row = next(each for each in rows if each["criterion"] == "correct" and "rouge1" in each["metric"].replace("-", ""))
    assert row["spearman"]["value"] > 0.5 and row["spearman"]["n"] == 12
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "自动评估与人工评估结果" in page and "system 1" in page and "Alder" not in page


def test_what_cannot_be_is_refused(laid: tuple[Path, str], tmp_path: Path) -> None:
    folder, id_ = laid
    assert "no rater" in str(said(folder, "judge", id_, "--rater", "eve", "--model", "scripted", ok=False))
    assert "not known" in str(said(folder, "export", id_, str(tmp_path / "x"), "--what", "poems", ok=False))
    same = said(folder, "new", str(tmp_path / "p.toml"), "--runs", f"a={tmp_path / 'alder.jsonl'}",
                "--runs", f"a={tmp_path / 'birch.jsonl'}", "--raters", "3", ok=False)  # fmt: skip
    assert isinstance(same, BadPlan) and "named twice" in str(same)
