"""The page Training: runs by their state, a curve that grows while one looks, two runs compared, data to evaluation."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from looking import look
from serving import serving

from probatum.training import records
from probatum.web.app import build
from probatum.web.plotting import plot, said, ticks

SCORES = {"benchmark": "pubmedqa", "scores": {"accuracy": {"value": 0.625, "n": 80, "low": 0.5, "high": 0.75}}}


def step(folder: Path, stage: str, number: int, *, of: int = 40, loss: float = 0.0, gap: float = 0.5) -> None:
    """One step of a curve, as a training writes it."""
    line = {"stage": stage, "step": number, "of": of, "loss": loss or 4 / number, "tokens": 200 * number}
    line |= {"seconds": gap * number, "mb": 500.0 + number, "at": 1.0}
    with (folder / "curve.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line) + "\n")


def begun(root: Path, name: str, *, rate: float = 1e-3, seed: str = "0") -> Path:
    """The folder of a training that has begun."""
    folder = root / name
    folder.mkdir(parents=True)
    made_of = {
        "recipe": "bentsao",
        "anchor": "tiny",
        "seed": seed,
        "plan": f"p{rate}",
        "data cmekg_8k": "0123456789abcdef",
    }
    (folder / "runs.jsonl.run.json").write_text(json.dumps(made_of), encoding="utf-8")
    for number in range(1, 31):
        step(folder, "1-sft", number)
    return folder


def finished(folder: Path, *, rate: float = 1e-3) -> Path:
    """The same folder after its training ended and was evaluated."""
    line = {
        "id": "1-sft",
        "stage": "sft",
        "settings": {"rate": rate, "epochs": 3, "betas": [0.9, 0.99]},
        "losses": [4.0, 0.1],
    }
    line |= {
        "evaluations": [[20, 2.5], [40, 2.25]],
        "preferred_before": {"policy": 0.5},
        "preferred_after": {"policy": 0.75},
    }
    line |= {"general_bits": {"before": 2.0, "after": 2.125, "texts": 3}}
    (folder / "runs.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    (folder / "1-sft" / "adapter").mkdir(parents=True)
    (folder / "README.md").write_text("# A model <script>alert(1)</script>", encoding="utf-8")
    (folder / "evaluations").mkdir()
    (folder / "evaluations" / "pubmedqa.jsonl.scores.json").write_text(json.dumps(SCORES), encoding="utf-8")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """One training that is finished, one that runs, one that was broken off, and what is none."""
    root = tmp_path / "trained"
    finished(begun(root, "one"))
    begun(root, "two/fold-0", rate=2e-3, seed="1")
    old = begun(root, "three")
    for path in old.iterdir():
        os.utime(path, (time.time() - 3600, time.time() - 3600))
    (root / "notes").mkdir()
    return root


@pytest.fixture
def door(folder: Path, root: Path) -> Iterator[FastAPI]:
    built = build(folder, trained=root)
    yield built
    built.state.reception.close()


@pytest.fixture
def visitor(door: FastAPI) -> TestClient:
    return TestClient(door, raise_server_exceptions=False, headers={"accept": "text/html"})


# --- what is read ---


def test_a_folder_says_how_far_a_training_is(root: Path) -> None:
    found = {name: records.read(name, folder) for name, folder in records.folders(root).items()}
    assert {name: run.state for name, run in found.items()} == {
        "one": "finished", "two/fold-0": "running", "three": "broken",
    }  # fmt: skip
    one = found["one"]
    assert one.data == [("cmekg_8k", "0123456789abcdef")] and one.stages[0].weights == ("adapter",)
    assert [(each.step, each.of, len(each.points)) for each in one.stages] == [(30, 40, 30)]
    assert one.stages[0].points[9] == records.Point(10, 0.4, 400.0, 510.0)  # 200 tokens each half second
    assert one.evaluated[0].scores == (("accuracy", 0.625, 0.5, 0.75, 80),)


def test_steps_gone_through_again_count_once_and_broken_lines_not(root: Path) -> None:
    folder = root / "three"
    for number in (29, 30, 31):
        step(folder, "1-sft", number, loss=9.0)
    with (folder / "curve.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('[1]\n{"stage": "1-sft", "step": "x", "loss": 1}\n{"stage": "1-sft", "st')
    (stage,) = records.read("three", folder).stages
    assert [point.step for point in stage.points] == list(range(1, 32))
    assert [point.loss for point in stage.points[-3:]] == [9.0, 9.0, 9.0]
    (folder / "runs.jsonl.run.json").write_text("{", encoding="utf-8")
    assert records.read("three", folder).made_of == {}


def test_a_long_curve_is_drawn_in_few_points_with_the_same_mean(tmp_path: Path) -> None:
    folder = begun(tmp_path, "long")
    (folder / "curve.jsonl").unlink()
    for number in range(1, 1001):
        step(folder, "1-sft", number, of=1000, loss=float(number))
    (stage,) = records.read("long", folder).stages
    assert len(stage.points) == 200 and stage.points[-1].step == 1000
    assert sum(point.loss for point in stage.points) / 200 == 500.5
    assert {point.speed for point in stage.points} == {400.0}


def test_two_runs_differ_in_what_they_were_made_of_and_set_to(root: Path) -> None:
    finished(root / "two" / "fold-0", rate=2e-3)
    one, other = (records.read(name, root / name) for name in ("one", "two/fold-0"))
    assert records.differences(one, other) == [
        ("seed", "0", "1"), ("plan", "p0.001", "p0.002"), ("sft.rate", "0.001", "0.002"),
    ]  # fmt: skip
    assert records.differences(one, one) == []


def test_a_plot_lays_its_points_between_round_numbers() -> None:
    assert ticks(0.13, 3.9) == [0, 1, 2, 3, 4] and ticks(5, 5)[0] <= 5 < ticks(5, 5)[-1]
    assert [said(each) for each in (12_000, 0.05, 3e6)] == ["12k", "0.05", "3M"]
    drawn = plot([("loss", [(1, 4.0), (10, 2.0), (20, 0.0)])], [(0, "1-cpt"), (10, "2-sft")])
    assert drawn is not None and drawn.lines[0].path == "M86.5 12.0 L343.0 101.0 L628.0 190.0"
    assert drawn.borders == ((58.0, "1-cpt"), (343.0, "2-sft"))
    assert plot([("loss", [(1, float("nan"))])]) is None


# --- the page ---


def test_runs_are_listed_and_a_name_leads_nowhere_else(visitor: TestClient, root: Path) -> None:
    page = visitor.get("/training").text
    assert "/training?run=two%2Ffold-0" in page and page.count('class="badge state-') == 3
    rows = {row["name"]: row for row in visitor.get("/training.json").json()}
    assert rows["one"]["speed"] == 400 and rows["three"]["state"] == "broken" and rows["one"]["step"] == 30
    (root.parent / "secret").mkdir()
    (root.parent / "secret" / "runs.jsonl.run.json").write_text('{"recipe": "hidden"}', encoding="utf-8")
    for name in ("../secret", "notes", "one/../../secret", str(root.parent / "secret"), "x" * 9000):
        said = visitor.get("/training", params={"run": name})
        assert said.status_code == 404 and "hidden" not in said.text


def test_a_run_is_shown_from_data_to_evaluation(visitor: TestClient) -> None:
    page = visitor.get("/training?run=one").text
    for wanted in (
        "0123456789abcdef",
        "adapter",
        "<b>0.625</b> [0.500, 0.750]",
        "0.500 → 0.750",
        "2.000 → 2.125",
        "2.2500",
    ):
        assert wanted in page
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert "static/training.js" not in page and "static/training.js" in visitor.get("/training?run=two/fold-0").text
    both = visitor.get("/training?a=one&b=two/fold-0&lang=zh").text
    assert "p0.001" in both and "p0.002" in both and "不同之处" in both and both.count('class="line-1"') >= 2
    told = visitor.get("/training.json?run=one").json()
    assert told["stages"][0]["line"]["settings"]["rate"] == 1e-3 and told["state"] == "finished"


def test_without_a_folder_the_page_says_how_to_begin(client: TestClient) -> None:
    page = client.get("/training", headers={"accept": "text/html"})
    assert page.status_code == 200 and "probatum train RECIPE" in page.text
    assert client.get("/training.json").json() == [] and client.get("/training?run=one").status_code == 404


# --- in Chromium ---


@pytest.mark.browser
def test_a_curve_grows_while_one_looks(browser: Any, door: FastAPI, root: Path) -> None:
    with serving(door) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US", base_url=address)
        page, wrong = context.new_page(), []
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.goto("/training")
        page.get_by_role("link", name="two/fold-0").click()
        assert "30 / 40" in page.locator("#live").inner_text()
        line = page.locator("#live .line-0").first.get_attribute("d")
        look(page)
        step(root / "two" / "fold-0", "1-sft", 31)
        page.locator("#live", has_text="31 / 40").wait_for()
        assert page.locator("#live .line-0").first.get_attribute("d") != line
        finished(root / "two" / "fold-0", rate=2e-3)
        page.locator("#live[data-state=finished]").wait_for()
        page.locator(".lineage", has_text="pubmedqa").wait_for()
        look(page)
        page.get_by_role("link", name="All trainings").click()
        page.locator("#b").select_option("two/fold-0")
        page.locator("#a").select_option("one")
        page.get_by_role("button", name="Compare").click()
        page.locator("td", has_text="sft.rate").wait_for()
        look(page)
        context.close()
        assert wrong == []


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "zh")])
def test_trainings_fit_a_phone(browser: Any, door: FastAPI, scheme: str, language: str) -> None:
    with serving(door) as address:
        context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme, base_url=address)
        page = context.new_page()
        for query in ("x=1", "run=one", "a=one&b=three"):
            page.goto(f"/training?{query}&lang={language}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            look(page)
        context.close()
