"""A tournament: fair draws, three kinds of judges, standings that hang on K and seed, and a file that goes on."""

from __future__ import annotations

import json
import random
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from rating_material import ALONE, PROTOCOL, RATERS, opinion, runs
from typer.testing import CliRunner

from probatum.cli import app
from probatum.errors import BadFormat, BadPlan, ModelFailed, ProbatumError
from probatum.ledger import rating
from probatum.ledger.rating import Mark, Round
from probatum.ledger.runs import RunFile
from probatum.metrics.elo import elo_of
from probatum.models.scripted import scripted
from probatum.rounds import laying, tournament
from probatum.rounds.findings import asked, judgements, strengths
from probatum.rounds.judging import shown
from probatum.rounds.protocol import read_protocol
from probatum.types import Request

NOW = "2026-01-05T10:00:00+00:00"
NINE = [f"s{n}" for n in range(9)]


def values() -> dict[str, dict[str, float]]:
    """Nine systems on forty items, each a little better than the one before."""
    draw = random.Random(5)
    return {name: {f"q{n}": draw.random() + place / 10 for n in range(40)} for place, name in enumerate(NINE)}


def judge(request: Request) -> str:
    """A model that dislikes what says that nobody knows."""
    first, second = request.messages[-1][1].split("Answer A:")[1].split("Answer B:")
    good = ["Nobody knows" not in each for each in (first, second)]
    return json.dumps({"better": "A" if good[0] >= good[1] else "B"})


def test_the_draw_is_fair_and_its_own_again() -> None:
    pairs = list(combinations(NINE, 2))
    drawn = tournament.drawn({pair: [f"q{n}" for n in range(10)] for pair in pairs})
    assert len(drawn) == 360 == tournament.BOUTS
    assert {count for _, count in Counter(tuple(sorted(pair)) for _, pair in drawn).items()} == {10}
    assert len({(key, tuple(sorted(pair))) for key, pair in drawn}) == 360  # no item twice before all were used
    first = Counter(pair[0] for _, pair in drawn)
    assert all(35 <= first[name] <= 45 for name in NINE)  # of 80 bouts each
    again = tournament.drawn({pair: [f"q{n}" for n in range(10)] for pair in reversed(pairs)})
    assert again == drawn != tournament.drawn({pair: [f"q{n}" for n in range(10)] for pair in pairs}, seed=43)
    assert [tuple(sorted(pair)) for _, pair in drawn] != sorted(tuple(sorted(pair)) for _, pair in drawn)
    assert len(tournament.drawn({("a", "b"): ["x", "y"], ("a", "c"): ["x"]}, bouts=0)) == 3
    assert len(tournament.drawn({("a", "b"): ["x", "y"]}, bouts=7)) == 7
    for bad in ({}, {("a", "b"): []}):
        with pytest.raises(BadPlan):
            tournament.drawn(bad)


def test_a_measure_judges_and_k_and_seed_count() -> None:
    bouts = tournament.by_measure(values(), "rouge-L")
    assert len(bouts) == 360 and all(len(each.systems) == 2 for each in bouts)
    told = values()
    for each in bouts:
        one, other = (told[name][each.item] for name in each.systems)
        assert each.value == (1.0 if one > other else 0.0 if one < other else 0.5)
    table = tournament.standings(bouts, resamples=50)
    wanted = elo_of([(*each.systems, each.value) for each in bouts], 4.0)  # type: ignore[misc]
    assert {name: row["elo"].value for name, row in table.items()} == pytest.approx(wanted)
    assert list(table) == sorted(table, key=lambda name: -wanted[name])
    assert "k:4|" in table["s8"]["elo"].signature and "initial:1000" in table["s8"]["elo"].signature
    assert sum(row["elo"].value for row in table.values()) == pytest.approx(9000)
    for row in table.values():
        assert sum(row[name].value for name in ("won", "tied", "lost")) == pytest.approx(1) and row["won"].n == 80
    harder = tournament.standings(bouts, k=32, resamples=5)
    assert harder["s8"]["elo"].value > table["s8"]["elo"].value > 1020
    assert table["s0"]["elo"].value < 980
    other = tournament.standings(tournament.by_measure(values(), "rouge-L", seed=7), resamples=5)
    assert other["s8"]["elo"].value != table["s8"]["elo"].value


def laid(folder: Path, text: str = PROTOCOL) -> tuple[laying.Layout, list[Mark]]:
    """A round over the runs of the material, and what everybody says in it."""
    layout = laying.lay(read_protocol(text, "p.toml"), laying.read_runs(runs(folder)), RATERS)
    marks = [
        Mark(rater, place, name, opinion(rater, shown(layout, screen)[1], name), at=NOW)
        for rater in RATERS for place, screen in enumerate(layout.sheets[rater], 1) for name in asked(layout, screen)
    ]  # fmt: skip
    return layout, marks


def test_people_judge_by_what_they_said(tmp_path: Path) -> None:
    layout, marks = laid(tmp_path)
    said = judgements(layout, marks)
    bouts = tournament.by_people(said, bouts=0)
    fights = [each for each in said if len(each.systems) == 2]
    assert len(bouts) == len(fights) == 90 and {each.rater for each in bouts} == set(RATERS)
    table = tournament.standings(bouts, resamples=50)
    assert table["Alder"]["won"].value == pytest.approx(strengths(said)["win:Alder>Birch"].value)
    assert table["Alder"]["tied"].value == pytest.approx(1 / 3) and table["Alder"]["elo"].value > 1000
    rated = judgements(*laid(tmp_path, ALONE))  # no comparisons: the better of a rater's own mean ratings
    assert {len(each.systems) for each in rated} == {1}
    by_ratings = tournament.standings(tournament.by_people(rated, bouts=0), resamples=5)
    assert by_ratings["Alder"]["won"].value >= 2 / 3 and list(by_ratings) == ["Alder", "Birch"]
    with pytest.raises(BadPlan):
        tournament.by_people([])


def test_a_model_judges_blind_and_a_broken_call_goes_on(tmp_path: Path) -> None:
    items = laying.read_runs(runs(tmp_path))
    model = scripted(says=judge)
    whole = tournament.by_model(items, model, bouts=60)
    assert len(model.asked) == 2 * 20  # type: ignore[attr-defined] # once, in both orders; ten are alike
    assert not any("Alder" in text or "Birch" in text for r in model.asked for _, text in r.messages)  # type: ignore[attr-defined]
    assert all("Reference answer:" in r.messages[-1][1] for r in model.asked)  # type: ignore[attr-defined]
    table = tournament.standings(whole, resamples=50)
    assert table["Alder"]["won"].value == pytest.approx(2 / 3)
    assert table["Alder"]["tied"].value == pytest.approx(1 / 3)
    replies = 21

    def breaks(request: Request) -> str:
        nonlocal replies
        replies -= 1
        if replies < 0:
            raise ModelFailed("gone")
        return judge(request)

    out = tmp_path / "bouts.jsonl"
    with RunFile(out, {"of": 1}) as file, pytest.raises(ModelFailed):
        tournament.by_model(items, scripted(says=breaks), bouts=60, file=file)
    assert 10 <= len(out.read_text(encoding="utf-8").splitlines()) < 30
    rest = scripted(says=judge)
    with RunFile(out, {"of": 1}) as file:
        assert tournament.by_model(items, rest, bouts=60, file=file) == whole
    assert len(rest.asked) == 2 * 10  # type: ignore[attr-defined]
    with RunFile(tmp_path / "whole.jsonl", {"of": 1}) as file:
        tournament.by_model(items, scripted(says=judge), bouts=60, file=file)
    assert (tmp_path / "whole.jsonl").read_bytes() == out.read_bytes()
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [tournament.bout_of(row, "here") for row in rows] == whole
    with pytest.raises(BadFormat, match="here"):
        tournament.bout_of({"item": "a", "systems": ["x"]}, "here")


def test_an_empty_answer_loses_without_being_shown(tmp_path: Path) -> None:
    for name, answers in (("full", ["a", "b", ""]), ("bare", ["", "b", ""])):
        with (tmp_path / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for number, text in enumerate(answers):
                file.write(json.dumps({"id": str(number), "question": "Q?", "output": text}) + "\n")
    items = laying.read_runs({name: tmp_path / f"{name}.jsonl" for name in ("full", "bare")})
    bouts = tournament.by_model(items, scripted(says=()), bouts=0)
    assert {each.item: each.value if each.systems[0] == "full" else 1 - each.value for each in bouts} == {
        "0": 1.0, "1": 0.5, "2": 0.5,
    }  # fmt: skip


def said(folder: Path, *words: str, ok: bool = True) -> object:
    done = CliRunner().invoke(app, ["--kb", str(folder), "tournament", *words, "--json"])
    if not ok:
        assert isinstance(done.exception, ProbatumError), done.output
        return str(done.exception)
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads(done.stdout)


def test_the_command(tmp_path: Path) -> None:
    layout, marks = laid(tmp_path, PROTOCOL.replace("items = 30", "items = 6"))
    rating.begin(tmp_path / "kb", Round("r1", "T", laying.written(layout), laying.seal(layout), NOW), RATERS, "org")
    for mark in [each for each in marks if each.name == "better"]:
        rating.mark(tmp_path / "kb", "r1", mark)
    out = str(tmp_path / "bouts.jsonl")
    told = said(tmp_path / "kb", "--round", "r1", "--out", out, "--k", "8", "--seed", "1", "--bouts", "20")
    assert isinstance(told, dict) and told["bouts"] == 20 and set(told["standings"]) == {"system 1", "system 2"}
    assert told["settings"] | {"systems": 0} == {"judge": "round r1", "systems": 0, "bouts": 20, "seed": 1, "k": 8.0}
    assert "Alder" not in Path(out).read_text(encoding="utf-8")
    assert said(tmp_path / "kb", "--round", "r1", "--out", out, "--k", "8", "--seed", "1", "--bouts", "20") == told
    assert "another run" in str(said(tmp_path / "kb", "--round", "r1", "--out", out, ok=False))
    files = [str(each) for each in runs(tmp_path).values()]
    for words, wanted in (
        ((*files, "--round", "r1"), "one judge"),
        ((*files,), "one judge"),
        ((*files, "--measure", "rouge-L"), "has not been scored"),
        ((files[0], "--measure", "rouge-L"), "two systems"),
        ((files[0], files[0], "--measure", "rouge-L"), "named twice"),
    ):
        assert wanted in str(said(tmp_path / "kb", *words, ok=False)), words
