"""The report is one file that opens without a server, on a phone and on a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import looking
import pytest

from probatum import plans, verbs
from probatum.naming import names
from probatum.trials import drawing, report
from probatum.types import Reply, Request


class Writer:
    """A model that says one option, and how likely each is."""

    leaves_host = False

    def __init__(self, letter: str) -> None:
        self.letter = letter

    def __call__(self, request: Request) -> Reply:
        chances = tuple(-0.2 if each == self.letter else -2.5 for each in request.choices)
        return Reply(f"The answer is {self.letter}. <script>alert(1)</script>", chances, tokens_in=3, tokens_out=2)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Iterator[Path]:
    """A report of two runs of one exam and of one search."""
    folder = tmp_path_factory.mktemp("report")
    verbs.ingest(folder / "kb", "medquad", tiny / "sources" / "medquad")
    data = tiny / "datasets"
    runs = [folder / "says-A.jsonl", folder / "says-B.jsonl", folder / "search.jsonl"]
    with verbs.Store(folder / "kb") as store:
        for letter, out in zip("AB", runs, strict=False):
            verbs.evaluate(store, "pubmedqa", data / "pubmedqa", out=out, model=Writer(letter), writer=letter)
        verbs.evaluate(store, "liveqa_medquad", data / "liveqa_medquad", given={"retriever": "bm25"}, out=runs[2])
    out = folder / "report.html"
    out.write_text(verbs.report(runs), encoding="utf-8")
    yield out


def test_it_holds_everything_in_one_file(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"<script|<link|src=|url\(|@import|https?://(?!www\.w3)", text)
    assert text.count(">search</text>") == 0  # a search's scores are no chances
    assert "&lt;script&gt;" in text and text.count("<svg") >= 2
    for said in (
        "says-A",
        "accuracy|exact choice",
        "Published values",
        "uncertain: the printed table",
        "95% s",
        "90000001",
    ):
        assert said in text, said


def test_the_curves_are_what_they_say() -> None:
    sure, right = [0.9, 0.9, 0.6, 0.2], [1.0, 0.0, 1.0, 0.0]
    assert drawing.risk_coverage(sure, right) == [(0.5, 0.5), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    assert drawing.reliability(sure, right) == [(0.2, 0.0), (0.6, 1.0), (pytest.approx(0.9), 0.5)]


def test_published_values_keep_their_certainty() -> None:
    rows = report.published()
    assert len(rows) == 391 and {row["certain"] for row in rows} == {"yes", "no"}
    first = next(row for row in rows if row["id"] == "r007")
    assert (first["model"], first["benchmark"], first["value"], first["certain"]) == (
        "PMC-LLaMA-13B", "MedQA-USMLE", "56.36", "yes",
    )  # fmt: skip


def test_the_distribution_is_of_our_own_registry() -> None:
    text, media = report.distribution()
    assert tuple(text) == plans.TEXT and tuple(media) == plans.MEDIA
    made = [plans.benchmark(name) for name in names("benchmarks")]
    assert sum(text.values()) + sum(media.values()) == sum(not each.members for each in made)
    assert text["question answering"] >= 4 and text["information extraction"] >= 1


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_it_opens_as_a_file(page: Path, browser: Any, width: int, tmp_path: Path) -> None:
    shown = browser.new_page(viewport={"width": width, "height": 900})
    faults: list[str] = []
    shown.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    shown.goto(page.as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.locator("h2").all_inner_texts()[0] == "Scores" and shown.locator("svg").count() >= 2
    shown.locator("details summary").first.click()
    looking.look(shown)
    image = tmp_path / f"report-{width}.png"
    shown.screenshot(path=str(image), full_page=True)
    shown.close()
    assert faults == [] and image.stat().st_size > 10_000
