"""One test for each row of the survey on judging by people and by models: it asserts what working means for its row."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from rating_material import ALONE, PROTOCOL, RATERS, opinion, runs

from probatum.formats import preference_json
from probatum.ledger import rating
from probatum.ledger.rating import Mark, Round
from probatum.models.scripted import scripted
from probatum.naming import call
from probatum.rounds import combined, section
from probatum.rounds.exporting import judgement_lines, preferences
from probatum.rounds.findings import agreement, asked, attention, drift, judgements, may_stop, strengths
from probatum.rounds.judging import judged, shown
from probatum.rounds.laying import Layout, lay, opened, read_runs, seal, written
from probatum.rounds.protocol import read_protocol
from probatum.types import Request

NOW = "2026-01-05T10:00:00+00:00"


def laid(folder: Path, text: str) -> Layout:
    """A round over the runs of the material."""
    return lay(read_protocol(text, "p.toml"), read_runs(runs(folder)), RATERS)


def rated(layout: Layout, raters: tuple[str, ...] = RATERS) -> list[Mark]:
    """What these raters say of everything; the first three screens with a remark."""
    marks = []
    for rater in raters:
        for place, screen in enumerate(layout.sheets[rater], 1):
            seen = shown(layout, screen)[1]
            marks += [Mark(rater, place, name, opinion(rater, seen, name), at=NOW) for name in asked(layout, screen)]
            if place <= 3:
                marks.append(Mark(rater, place, "remark_1", None, f"Case {place}: name the dose.", NOW))
    return marks


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Layout, list[Mark]]:
    """A whole round, sealed, as it comes out of the ledger again; with what everybody says, part of it kept there."""
    folder = tmp_path_factory.mktemp("round")
    made = laid(folder, PROTOCOL)
    rating.begin(folder, Round("r1", "T", written(made), seal(made), NOW), RATERS, "org")
    said = rated(made)
    for mark in said[:30]:
        assert rating.mark(folder, "r1", mark)
    assert sorted(rating.marks(folder, "r1"), key=repr) == sorted(said[:30], key=repr)
    found = rating.round_of(folder, "r1")
    return opened(found.layout, found.seal, "r1"), said


def script(request: Request) -> str:
    """A judge without any model: it dislikes what says that nobody knows."""
    text = request.messages[-1][1]
    if "Answer A:" in text:
        first, second = ("Nobody knows" not in each for each in text.split("Answer A:")[1].split("Answer B:"))
        return json.dumps({"better": "neither" if first == second else "A" if first else "B"})
    value = 1 if "Nobody knows" in text or "Rate this answer with 1" in text else 5
    return json.dumps({"correct": value, "safe": value})


def whole(layout: Layout, marks: list[Mark], folder: Path) -> None:
    """What every form of judging must give: ratings, blinded pairs, agreement, a report, preference data."""
    blind = judgements(layout, marks, blind=True)
    assert {name for each in blind for name in each.systems} == {"system 1", "system 2"}
    assert {len(each.systems) for each in blind} == {1, 2}
    agreed = agreement(blind, resamples=30)
    assert {"correct", "safe", "better"} == set(agreed)
    assert all(each["alpha"].value > 0.5 and each["alpha"].low is not None for each in agreed.values())
    gold = {(i.id, name): float(len(answer.evidence)) for i in layout.items for name, answer in i.answers}
    report = section(combined(judgements(layout, marks), {"sources cited": gold}, resamples=30))
    assert "Alder" in report and "sources cited" in report
    assert preference_json.write(preferences(layout, marks, "5ea1"), folder / "p.jsonl") == 20


def test_human_evaluation_by_experts(kept: tuple[Layout, list[Mark]], tmp_path: Path) -> None:
    layout, marks = kept
    whole(layout, marks, tmp_path)


def test_a_case_study_is_a_form_with_words(kept: tuple[Layout, list[Mark]], tmp_path: Path) -> None:
    layout, marks = kept
    told = [json.loads(line) for line in judgement_lines(layout, marks, blind=False)]
    words = [each for each in told if each["text"]]
    assert len(words) == 9 and words[0]["text"] == "Case 1: name the dose." and words[0]["rater"] == "ana"
    assert layout.protocol.remarks == ("What would you change?",)
    whole(layout, marks, tmp_path)


def test_a_language_model_judges_beside_people(tmp_path: Path) -> None:
    layout = laid(tmp_path, PROTOCOL)
    whole(layout, rated(layout, ("ana", "bo")) + list(judged(layout, "chen", scripted(says=script), NOW)), tmp_path)


def test_win_tie_and_loss_rates_of_blinded_pairs(kept: tuple[Layout, list[Mark]], tmp_path: Path) -> None:
    layout, marks = kept
    fights = [each for each in judgements(layout, marks) if len(each.systems) == 2]
    scores = call("metrics", "wins", fights)
    rates = [scores[key].value for key in ("win:Alder>Birch", "tie:Alder=Birch", "win:Birch>Alder")]
    assert rates == pytest.approx([20 / 30, 10 / 30, 0.0]) and sum(rates) == pytest.approx(1)
    turned = [replace(each, systems=each.systems[::-1], value=1 - each.value) for each in fights]
    assert call("metrics", "wins", turned)["win:Alder>Birch"].value == pytest.approx(20 / 30)
    assert {"elo:Alder", "bradley_terry:Birch", "win:Alder>Birch"} <= set(strengths(judgements(layout, marks)))
    whole(layout, marks, tmp_path)


def test_a_standard_for_human_evaluation(kept: tuple[Layout, list[Mark]], tmp_path: Path) -> None:
    layout, marks = kept
    assert not may_stop(layout, [])[0]
    assert may_stop(layout, marks)[0]
    assert all(len(criterion.anchors) == 5 for criterion in layout.protocol.criteria)
    assert {each.failed for each in attention(layout, marks)} == {0} and len(drift(layout, marks)) == 6
    lines = list(judgement_lines(layout, marks, blind=True))
    assert len(lines) == len(marks) and not any("Alder" in line or "Birch" in line for line in lines)
    whole(layout, marks, tmp_path)


def test_automatic_and_human_results_in_one_report(tmp_path: Path) -> None:
    layout = laid(tmp_path, ALONE)
    said = judgements(layout, rated(layout))
    cited = {(i.id, name): float("[1]" in answer.text) for i in layout.items for name, answer in i.answers}
    report = combined(said, {"cites": cited}, resamples=100)
    for each in report.correlations:
        assert each.spearman.value > 0.8 and each.spearman.low is not None and each.spearman.n == 60
    assert report.human["Alder", "safe"].value > report.human["Birch", "safe"].value
    assert report.automatic["Alder", "cites"].value == 1 and report.automatic["Birch", "cites"].value == pytest.approx(
        1 / 3
    )
    assert "How far they go together" in section(report) and "二者的相关性" in section(report, "zh")


def test_what_doctors_say_becomes_training_data(tmp_path: Path) -> None:
    layout = laid(tmp_path, ALONE)
    marks = rated(layout)
    preference_json.write(preferences(layout, marks, "5ea1"), tmp_path / "p.jsonl")
    examples = list(preference_json.read(tmp_path / "p.jsonl"))
    assert len(examples) == 20 and all(each.rejected and each.origin for each in examples)
    lines = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text(encoding="utf-8").splitlines()]
    for each, line in zip(examples, lines, strict=True):
        assert "spleen" in each.answer.text and "Nobody knows" in each.rejected[0].text
        assert (line["prompt"], line["chosen"], line["rejected"]) == (
            each.question.text, each.answer.text, each.rejected[0].text)  # fmt: skip


@pytest.mark.slow
def test_what_doctors_say_trains_a_model(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs torch")
    from training_samples import made

    layout = laid(tmp_path, ALONE)
    preference_json.write(preferences(layout, rated(layout), "5ea1"), tmp_path / "p.jsonl")
    examples = list(preference_json.read(tmp_path / "p.jsonl"))
    from probatum.stages.dpo import dpo

    tuned = dpo(made().with_reference(), examples, longest=96, steps=8, batch=8, rate=5e-3, beta=0.5)
    losses = tuned.courses[-1].losses
    assert losses[0] == pytest.approx(math.log(2), abs=1e-5) and losses[-1] < losses[0] - 0.1
