"""What came of a round: agreement, checks, drift, stop rule, preferences, a model as a rater, one combined report."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rating_material import ALONE, PROTOCOL, RATERS, opinion, runs
from scipy.stats import kendalltau, pearsonr, spearmanr

from probatum.errors import BadFormat, ModelFailed
from probatum.formats import preference_json
from probatum.ledger.rating import Mark
from probatum.models.scripted import scripted
from probatum.naming import call
from probatum.rounds import combined, section
from probatum.rounds.combining import _kendall, _pearson, _spearman
from probatum.rounds.exporting import judgement_lines, preferences, unpreferred
from probatum.rounds.findings import (
    agreement,
    aliases,
    asked,
    attention,
    drift,
    judgements,
    may_stop,
    means,
    progress,
    strengths,
)
from probatum.rounds.judging import judged, shown
from probatum.rounds.laying import Layout, lay, read_runs
from probatum.rounds.protocol import read_protocol
from probatum.types import Judgement, Request

Opinion = Callable[[str, tuple[str, ...], str], float]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return lay(read_protocol(PROTOCOL, "p.toml"), read_runs(runs(tmp_path)), RATERS)


def said_by(layout: Layout, rater: str, judge: Opinion = opinion) -> list[Mark]:
    """The marks of one rater who judges by a rule."""
    return [
        Mark(rater, place, name, judge(rater, shown(layout, screen)[1], name), at="2026-01-05")
        for place, screen in enumerate(layout.sheets[rater], 1)
        for name in asked(layout, screen)
    ]


def by_all(layout: Layout, judge: Opinion = opinion) -> list[Mark]:
    return [mark for rater in RATERS for mark in said_by(layout, rater, judge)]


def test_agreement_equals_krippendorffs_package(layout: Layout) -> None:
    krippendorff = pytest.importorskip("krippendorff")
    said = judgements(layout, by_all(layout))
    found = agreement(said, resamples=50)
    assert set(found) == {"better", "correct", "safe"}
    for name, level in (("correct", "ordinal"), ("safe", "ordinal"), ("better", "nominal")):
        of = [each for each in said if each.criterion == name]
        units = sorted({(each.item, each.systems) for each in of})
        table = np.full((3, len(units)), np.nan)
        for each in of:
            table[RATERS.index(each.rater), units.index((each.item, each.systems))] = each.value
        wanted = krippendorff.alpha(table, level_of_measurement=level)
        score = found[name]["alpha"]
        assert math.isclose(score.value, wanted, abs_tol=1e-9)
        assert score.low is not None and score.high is not None and score.low <= score.value <= score.high


def test_a_system_is_liked_whichever_side_it_stood_on(layout: Layout) -> None:
    said = judgements(layout, by_all(layout))
    assert {each.systems for each in said if len(each.systems) == 2} == {("Alder", "Birch")}
    scores = strengths(said)
    assert scores["win:Alder>Birch"].value == pytest.approx(20 / 30)  # Birch is as good on every third question
    assert scores["tie:Alder=Birch"].value == pytest.approx(10 / 30)
    assert scores["elo:Alder"].value > scores["elo:Birch"].value
    assert scores["bradley_terry:Alder"].value > 1000 > scores["bradley_terry:Birch"].value
    mean = means(said)
    assert mean["Alder", "correct"].value > 4.5 and mean["Alder", "correct"].n == 30
    assert mean["Birch", "correct"].high < mean["Alder", "correct"].low  # type: ignore[operator]


def test_blind_judgements_name_no_system(layout: Layout) -> None:
    marks = by_all(layout)
    blind = judgements(layout, marks, blind=True)
    assert {name for each in blind for name in each.systems} == {"system 1", "system 2"}
    assert "Alder" not in "".join(judgement_lines(layout, marks, blind=True))
    assert "Alder" in "".join(judgement_lines(layout, marks, blind=False))
    real = agreement(judgements(layout, marks), resamples=50)["correct"]["alpha"]
    assert agreement(blind, resamples=50)["correct"]["alpha"].value == pytest.approx(real.value)
    assert set(aliases(layout).values()) == {"system 1", "system 2"}


def test_progress_and_the_stop_rule(layout: Layout) -> None:
    assert [(each.done, each.of) for each in progress(layout, [])] == [(0, 93)] * 3
    marks = by_all(layout)
    assert may_stop(layout, marks) == (True, "every screen is rated")
    assert may_stop(layout, []) == (False, "0 of 20 items are fully rated")
    done = {each.item for each in judgements(layout, marks)} - {item.id for item in layout.items[:8]}
    some = [each for each in marks if layout.sheets[each.rater][each.place - 1].item in done]
    stop, why = may_stop(layout, some)
    assert stop and "has an interval" in why
    fewer = [each for each in some if (each.rater, each.name) != ("bo", "safe")]
    assert may_stop(layout, fewer) == (False, "0 of 20 items are fully rated")


def test_who_does_not_attend_is_seen(layout: Layout) -> None:
    def careless(rater: str, texts: tuple[str, ...], name: str) -> float:
        return 5.0 if rater == "bo" and len(texts) == 1 else opinion(rater, texts, name)

    assert [(each.rater, each.passed, each.failed) for each in attention(layout, by_all(layout, careless))] == [
        ("ana", 1, 0), ("bo", 0, 1), ("chen", 1, 0),
    ]  # fmt: skip


def test_a_rater_who_grows_stricter_is_seen_to_drift(layout: Layout) -> None:
    marks = [each for each in by_all(layout) if not (each.rater == "chen" and each.name == "safe")]
    half = len(layout.sheets["chen"]) / 2
    for each in said_by(layout, "chen"):
        if each.name == "safe" and each.value is not None:
            marks.append(Mark("chen", each.place, "safe", max(1.0, each.value - 2 * (each.place > half))))
    found = {(each.rater, each.criterion): each for each in drift(layout, marks)}
    moved = found["chen", "safe"]
    assert moved.high < -0.2 and moved.repeated == -2.0 and moved.calibrated == -2.0
    same = found["chen", "correct"]
    assert same.low < 0 < same.high and same.repeated == 0.0 and abs(same.calibrated or 0) <= 1


def test_preferences_come_back_as_training_examples(layout: Layout, tmp_path: Path) -> None:
    marks = by_all(layout)
    made = list(preferences(layout, marks, "5ea1" * 16))
    assert len(made) == 20  # on the other ten nobody liked one better
    assert all("spleen" in each.answer.text and "Nobody" in each.rejected[0].text for each in made)
    assert preference_json.write(made, tmp_path / "p.jsonl") == 20
    line = json.loads((tmp_path / "p.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert {"prompt", "chosen", "rejected"} <= set(line) and "Alder" not in str(line)
    back = list(preference_json.read(tmp_path / "p.jsonl"))
    for one, other in zip(made, back, strict=True):
        assert (one.id, one.question, one.answer.text, one.origin) == (
            other.id, other.question, other.answer.text, other.origin)  # fmt: skip
        assert [each.text for each in one.rejected] == [each.text for each in other.rejected]
    (tmp_path / "bad.jsonl").write_text('{"prompt": "x", "chosen": ""}\n', encoding="utf-8")
    with pytest.raises(BadFormat, match=r"bad\.jsonl:1"):
        list(preference_json.read(tmp_path / "bad.jsonl"))


def test_ratings_alone_give_preferences_by_a_margin(tmp_path: Path) -> None:
    layout = lay(read_protocol(ALONE, "p.toml"), read_runs(runs(tmp_path)), RATERS)
    marks = by_all(layout)
    assert len(list(preferences(layout, marks, "s"))) == 20
    assert list(preferences(layout, marks, "s", margin=4.5)) == []
    assert list(preferences(layout, marks, "s", leave=RATERS)) == []


def test_items_that_give_no_preference_say_why(layout: Layout, tmp_path: Path) -> None:
    marks = by_all(layout)
    assert unpreferred(layout, marks) == {"liked alike": 10}
    firm = [replace(each, value=1.0) if each.value == 0.5 else each for each in marks]
    assert unpreferred(layout, firm) == {"the same text": len(layout.items) - len(list(preferences(layout, firm, "s")))}
    assert unpreferred(layout, marks, leave=RATERS) == {"not judged": 30}
    files = runs(tmp_path)
    lines = [json.loads(line) for line in files["Birch"].read_text(encoding="utf-8").splitlines()]
    silent = [line | {"output": {"abstained": "no-evidence: nothing is known"}} for line in lines]
    files["Birch"].write_text("".join(f"{json.dumps(line)}\n" for line in silent), encoding="utf-8")
    other = lay(read_protocol(PROTOCOL, "p.toml"), read_runs(files), RATERS)
    assert unpreferred(other, by_all(other)) == {"an answer without text": 30}


def judge(request: Request) -> str:
    """A model that reads what it is shown; of two it names the better, the first where both are alike."""
    text = request.messages[-1][1]
    if "Answer A:" in text:
        first, second = text.split("Answer A:")[1].split("Answer B:")
        good = ["Nobody knows" not in each for each in (first, second)]
        return json.dumps({"better": "A" if good[0] >= good[1] else "B"})
    value = 1 if "Nobody knows" in text or "Rate this answer with 1" in text else 5
    return f"Here it is: {json.dumps({'correct': value, 'safe': value})}"


def test_a_model_sits_in_a_raters_seat(layout: Layout) -> None:
    model = scripted(says=judge)
    marks = list(judged(layout, "bo", model, "2026-01-05"))
    assert not any("Alder" in text or "Birch" in text for r in model.asked for _, text in r.messages)  # type: ignore[attr-defined]
    said = judgements(layout, marks)
    assert {type(each) for each in said} == {Judgement} and {each.rater for each in said} == {"bo"}
    # It always names the first of two that are alike: shown both ways, that is a tie, not a win.
    assert call("metrics", "wins", [e for e in said if len(e.systems) == 2])["tie:Alder=Birch"].value == pytest.approx(
        1 / 3
    )
    assert attention(layout, marks)[1].passed == 1
    people = [mark for rater in ("ana", "chen") for mark in said_by(layout, rater)]
    assert agreement(judgements(layout, people + marks), resamples=50)["better"]["alpha"].value == pytest.approx(1.0)
    for reply in ("no", '{"correct": 9, "safe": 1}', '{"correct": 1}'):
        with pytest.raises(ModelFailed):
            list(judged(layout, "bo", scripted(says=[reply]), ""))


def test_one_report_of_both(layout: Layout) -> None:
    said = judgements(layout, by_all(layout))
    length = {(i.id, name): float(len(answer.text)) for i in layout.items for name, answer in i.answers}
    flat = dict.fromkeys(length, 1.0)
    report = combined(said, {"length": length, "flat": flat}, resamples=50)
    assert report.systems == ("Alder", "Birch")
    assert {each.metric for each in report.correlations} == {"length"}  # what never varies goes with nothing
    one = next(each for each in report.correlations if each.criterion == "correct")
    cells = sorted(length)
    human = {
        c: np.mean([j.value for j in said if (j.item, *j.systems) == c and j.criterion == "correct"]) for c in cells
    }
    assert one.spearman.value == pytest.approx(
        float(spearmanr([human[c] for c in cells], [length[c] for c in cells])[0])
    )
    for score, rule in ((one.pearson, pearsonr), (one.kendall, kendalltau)):
        assert score.value == pytest.approx(float(rule([human[c] for c in cells], [length[c] for c in cells])[0]))
    assert one.spearman.n == 60 and one.spearman.low < one.spearman.value < one.spearman.high  # type: ignore[operator]
    assert one.over_systems is None  # of two systems nothing can be said
    assert report.human["Alder", "better"].value == pytest.approx((20 + 5) / 30)
    for language, title in (("en", "Automatic and human results"), ("zh", "自动评估与人工评估结果")):
        page = section(report, language)
        assert title in page and "Alder" in page and f"{one.spearman.value:.2f} [" in page
    assert "<b>" not in section(combined([Judgement("i", "r", ("<b>",), "c", 1.0)], {}))


def test_correlations_of_every_draw_equal_scipy() -> None:
    draws = np.random.default_rng(3)
    for _ in range(20):
        one, other = draws.integers(1, 6, 25).astype(float), draws.normal(size=25).round(1)
        rows = draws.integers(0, 25, (4, 25))
        times = np.stack([np.bincount(each, minlength=25) for each in rows]).astype(float)
        for mine, theirs in ((_spearman, spearmanr), (_pearson, pearsonr), (_kendall, kendalltau)):
            wanted = [float(theirs(one[each], other[each])[0]) for each in rows]
            assert mine(times, one, other) == pytest.approx(wanted)
    assert np.isnan(_pearson(np.ones((1, 3)), np.ones(3), np.arange(3.0))).all()
    systems = [Judgement(f"i{n}", "r", (name,), "c", n + level) for n in range(3) for level, name in enumerate("abc")]
    report = combined(systems, {"m": {(j.item, j.systems[0]): -j.value for j in systems}}, resamples=20)
    assert report.correlations[0].over_systems == pytest.approx(-1.0)
