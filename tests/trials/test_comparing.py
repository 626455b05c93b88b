"""Two runs are compared as scipy and statsmodels compare them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from probatum.cli import app
from probatum.errors import BadPlan
from probatum.trials.comparing import compared, fallen
from probatum.trials.scoring import Scored, save
from probatum.types import Score


def run(name: str, values: dict[str, list[float]], groups: int = 0, benchmark: str = "b") -> Scored:
    items = {measure: {str(place): each for place, each in enumerate(told)} for measure, told in values.items()}
    scores = {measure: Score(float(np.mean(told)), len(told), f"{measure}|v:1") for measure, told in values.items()}
    of = {str(place): (f"g{place // groups}",) for place in range(len(next(iter(values.values()))))} if groups else {}
    return Scored(name, benchmark, "1", {}, scores, {}, items, of)


@pytest.mark.parametrize("n", [40, 400])
def test_it_equals_scipy_and_statsmodels(n: int) -> None:
    contingency = pytest.importorskip("statsmodels.stats.contingency_tables", reason="needs: pip install statsmodels")
    multiple = pytest.importorskip("statsmodels.stats.multitest", reason="needs: pip install statsmodels")
    stats = pytest.importorskip("scipy.stats")
    draw = np.random.default_rng(7)
    right = (draw.random(n) < 0.7).astype(float)
    other = np.where(draw.random(n) < 0.25, 1 - right, right)
    smooth, less = draw.random(n), draw.random(n) * 0.9
    first = run("a", {"accuracy": list(right), "rouge": list(smooth), "same": list(smooth)})
    second = run("b", {"accuracy": list(other), "rouge": list(less), "same": list(smooth)})
    rows = {row.measure: row for row in compared(first, second)}
    table = [[np.sum((right == a) & (other == b)) for b in (1, 0)] for a in (1, 0)]
    exact = table[0][1] + table[1][0] < 25
    assert exact == (n == 40)
    assert rows["accuracy"].exact == pytest.approx(contingency.mcnemar(table, exact=exact, correction=True).pvalue)
    bootstrap = stats.bootstrap(
        (smooth - less,), np.mean, n_resamples=9999, method="percentile", rng=np.random.default_rng(1)
    )
    low, high = bootstrap.confidence_interval
    assert (rows["rouge"].low, rows["rouge"].high) == pytest.approx((low, high), abs=0.1 * (high - low))
    ps = [row.decides for row in rows.values()]
    for method, mine in (("holm", [r.holm for r in rows.values()]), ("fdr_bh", [r.bh for r in rows.values()])):
        assert mine == pytest.approx(list(multiple.multipletests(ps, method=method)[1]))
    assert rows["same"].difference == 0 and rows["same"].p == 1 and rows["same"].exact is None


def test_items_of_one_group_are_drawn_together() -> None:
    draw = np.random.default_rng(3)
    values = list(np.repeat(draw.random(20), 10))  # ten items of a document are alike
    zeros = [0.5] * 200
    free, held = (compared(run("a", {"m": values}, g), run("b", {"m": zeros}, g))[0] for g in (0, 10))
    assert held.high - held.low > 2 * (free.high - free.low) and held.difference == free.difference


def test_what_is_not_comparable_is_refused() -> None:
    one = run("a", {"m": [1.0, 0.0]})
    with pytest.raises(BadPlan, match="not comparable"):
        compared(one, run("b", {"m": [1.0, 1.0]}, benchmark="c"))
    with pytest.raises(BadPlan, match="share no measure"):
        compared(one, run("b", {"k": [1.0, 1.0]}))


def test_a_run_that_falls_behind_its_baseline_fails_loudly(tmp_path: Path) -> None:
    good = run("a", {"m": [1.0] * 40, "brier": [0.1] * 40, "k": [0.5, 1.0] * 20})
    runs = {
        "good": good,
        "worse": run("b", {"m": [1.0] * 25 + [0.0] * 15, "brier": [0.1] * 40, "k": [0.5, 1.0] * 20}),
        "unlucky": run("c", {"m": [1.0] * 39 + [0.0], "brier": [0.1] * 40, "k": [0.5, 1.0] * 20}),
        "boastful": run("d", {"m": [1.0] * 40, "brier": [0.4] * 40, "k": [0.5, 1.0] * 20}),
        "sober": run("e", {"m": [1.0] * 40, "brier": [0.0] * 40, "k": [0.5, 1.0] * 20}),
        "short": run("f", {"m": [1.0] * 30, "brier": [0.1] * 40, "k": [0.5, 1.0] * 20}),
        "bare": run("g", {"m": [1.0] * 40, "brier": [0.1] * 40}),
    }
    for name, each in runs.items():
        (tmp_path / name).write_text("", encoding="utf-8")
        save(tmp_path / name, each)
    told = {name: fallen(good, each, compared(good, each)) for name, each in runs.items()}
    assert [name for name, each in told.items() if not each] == ["good", "unlucky", "sober"]
    assert told["worse"][0].startswith("m fell from 1.0000 to 0.6250") and len(told["worse"]) == 1
    assert told["boastful"][0].startswith("brier fell from 0.1000 to 0.4000")
    assert told["short"] == ["m: 10 of 40 items of the baseline are not in the run"]
    assert told["bare"] == ["k: 40 of 40 items of the baseline are not in the run"]
    for name in runs:
        given = ["compare", str(tmp_path / "good"), str(tmp_path / name)]
        done = CliRunner().invoke(app, [*given, "--check"])
        assert done.exit_code == (1 if told[name] else 0) and ("FAILED" in done.output) == bool(told[name])
        assert CliRunner().invoke(app, given).exit_code == 0


@pytest.mark.slow
def test_a_run_that_answered_nothing_shows_no_calibration_anywhere(tiny: Path, tmp_path: Path) -> None:
    def said(*words: str) -> str:
        done = CliRunner().invoke(app, ["--kb", str(tmp_path / "kb"), *words])
        assert done.exit_code == 0, done.output
        return done.output

    said("ingest", "hpo", str(tiny / "sources" / "hpo"))
    out, page = str(tmp_path / "run.jsonl"), tmp_path / "report.html"
    data = str(tiny / "datasets" / "pubmedqa")
    said("evaluate", "pubmedqa", "--data", data, "--method", "direct", "--out", out)
    told = said("score", out, "--data", data, "--metric", "selective")
    assert "brier                    no value: nothing was answered" in told and "ece-10" in told
    assert "brier has no value: nothing was answered" in said("compare", out, out)
    said("report", out, "--out", str(page))
    assert "no value: nothing was answered" in page.read_text(encoding="utf-8")
