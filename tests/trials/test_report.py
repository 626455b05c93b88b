"""The report is one file that opens without a server, on a phone and on a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import looking
import pytest
from rating_material import PROTOCOL, RATERS, opinion, runs
from scipy.stats import spearmanr
from typer.testing import CliRunner

from probatum import plans, verbs
from probatum.cli import app
from probatum.errors import BadPlan, ProbatumError
from probatum.ledger import rating
from probatum.ledger.rating import Mark, Round
from probatum.naming import names
from probatum.rounds import laying
from probatum.rounds.findings import agreement, asked, judgements
from probatum.rounds.judging import shown
from probatum.rounds.protocol import read_protocol
from probatum.rounds.tournament import bout_of, standings
from probatum.trials import drawing, outputs, report, scoring
from probatum.types import Reply, Request, Score

NOW = "2026-01-05T10:00:00+00:00"


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


def test_every_run_has_its_own_counts() -> None:
    def run(name: str, unparsed: int) -> scoring.Scored:
        scores = {"accuracy": Score(0.5, 4, "accuracy|x", unparsed=unparsed)}
        return scoring.Scored(name, "", "1", {}, scores, {"year": {"": scores, "1999": scores}})

    words = report.words_in("en")
    told = report._scores([run("one", 0), run("two", 3)], words)
    assert '<td class="n">4</td><td class="n">0 / 3</td><td class="n">0</td>' in told
    assert "<td>not told</td>" in report._strata([run("one", 0)], words) and report._each([None, 2]) == "– / 2"


def test_it_is_told_in_chinese_too(page: Path) -> None:
    runs = [page.parent / f"{name}.jsonl" for name in ("says-A", "says-B", "search")]
    english, chinese = (verbs.report(runs, language=each) for each in report.LANGUAGES)
    assert '<html lang="zh">' in chinese and english == page.read_text(encoding="utf-8")
    for written in (
        "得分",
        "曲线与能力分布",
        "现有基准：文本",
        "信息抽取",
        "时间与词元",
        "已发表数值",
        "不确定：原表印刷有损",
    ):
        assert written in chinese and written not in english, written
    shown = re.sub(
        r"<pre>.*?</pre>|<style>.*?</style>|<small>.*?</small>|<details>.*?</details>", "", chinese, flags=re.S
    )
    assert not re.search(r"</?h[123]>[^<]*\b(?:Scores|Strata|Items|Curves|Published)\b", shown)
    numbers = [re.findall(r'<td class="n">([^<]*)</td>', each) for each in (english, chinese)]
    assert [each for each in numbers[0] if each[:1].isdigit()] == [each for each in numbers[1] if each[:1].isdigit()]
    with pytest.raises(BadPlan, match="no report in 'fr'"):
        verbs.report(runs, language="fr")


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
@pytest.mark.parametrize(("width", "language"), [(390, "en"), (1280, "en"), (390, "zh")])
def test_it_opens_as_a_file(page: Path, browser: Any, width: int, language: str, tmp_path: Path) -> None:
    if language != "en":
        runs = [page.parent / f"{name}.jsonl" for name in ("says-A", "says-B", "search")]
        page = tmp_path / "report.html"
        page.write_text(verbs.report(runs, language=language), encoding="utf-8")
    shown = browser.new_page(viewport={"width": width, "height": 900})
    faults: list[str] = []
    shown.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    shown.goto(page.as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert (
        shown.locator("h2").all_inner_texts()[0] == report.words_in(language)["scores"]
        and shown.locator("svg").count() >= 2
    )
    # A column that is out of sight is not squeezed until its rows are towers.
    heights = shown.locator("tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert max(heights) <= 100
    shown.locator("details summary").first.click()
    looking.look(shown)
    image = tmp_path / f"report-{width}-{language}.png"
    shown.screenshot(path=str(image), full_page=True)
    shown.close()
    assert faults == [] and image.stat().st_size > 10_000


def called(kb: Path, *words: str) -> str:
    """What a command says that fails; nothing where it does not."""
    done = CliRunner().invoke(app, ["--kb", str(kb), *words])
    assert bool(done.exit_code) == isinstance(done.exception, ProbatumError), (done.output, done.exception)
    return str(done.exception or "")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, Path]]:
    """A store with a blind round of twelve items over two scored runs, rated by everybody; the folder; the runs."""
    folder = tmp_path_factory.mktemp("both")
    files = runs(folder)
    for path in files.values():
        assert verbs.score(path).scores["rouge-L"].n == 30
    text = PROTOCOL.replace("items = 30", "items = 12")
    layout = laying.lay(read_protocol(text, "p.toml"), laying.read_runs(files), RATERS)
    rating.begin(folder / "kb", Round("r1", "T", laying.written(layout), laying.seal(layout), NOW), RATERS, "org")
    for rater in RATERS:
        for place, screen in enumerate(layout.sheets[rater], 1):
            for name in asked(layout, screen):
                value = opinion(rater, shown(layout, screen)[1], name)
                rating.mark(folder / "kb", "r1", Mark(rater, place, name, value, at=NOW))
    return folder / "kb", folder, files


@pytest.fixture(scope="module")
def combined_page(both: tuple[Path, Path, dict[str, Path]]) -> Path:
    """The report of the runs with people's judgements and two tournaments beside the scores."""
    kb, folder, files = both
    named, out = [f"{name}={path}" for name, path in files.items()], folder / "combined.html"
    assert "still blind" in called(kb, "report", *named, "--round", "r1", "--out", str(out)) and not out.exists()
    rating.unblind(kb, "r1", "org", NOW)
    assert "no run of 'Alder'" in called(kb, "report", *map(str, files.values()), "--round", "r1", "--out", str(out))
    people, measure = folder / "people.jsonl", folder / "measure.jsonl"
    assert not called(kb, "tournament", "--round", "r1", "--out", str(people))
    assert not called(kb, "tournament", *named, "--measure", "rouge-L", "--out", str(measure))
    assert "no file of bouts" in called(kb, "report", *named, "--tournament", str(files["Alder"]), "--out", str(out))
    words = ("--tournament", str(people), "--tournament", str(measure), "--out")
    assert not called(kb, "report", *named, "--round", "r1", *words, str(folder / "zh.html"), "--language", "zh")
    chinese = (folder / "zh.html").read_text(encoding="utf-8")
    assert "<h2>自动评估与人工评估结果" in chinese and "斯皮尔曼" in chinese and "Spearman" not in chinese
    assert not called(kb, "report", *named, "--round", "r1", *words, str(out))
    return out


@pytest.mark.slow
def test_people_and_scores_stand_beside_each_other(
    both: tuple[Path, Path, dict[str, Path]], combined_page: Path
) -> None:
    page = combined_page.read_text(encoding="utf-8")
    assert page.index("<h2>Scores") < page.index("<h2>Automatic and human") < page.index("<h2>Tournament")
    kb, _, files = both
    layout = laying.opened(rating.round_of(kb, "r1").layout, rating.round_of(kb, "r1").seal, "r1")
    said = [each for each in judgements(layout, rating.marks(kb, "r1")) if each.criterion == "correct"]
    cells = sorted({(each.item, each.systems[0]) for each in said})
    human = [mean(e.value for e in said if (e.item, *e.systems) == cell) for cell in cells]
    rouge = [scoring.load(files[system]).items["rouge-L"][item] for item, system in cells]
    assert len(cells) == 24
    shown_ = re.search(r'<th scope="row">correct</th><td>[^<]*rouge-L[^<]*</td><td class="n">(\S+) \[', page)
    assert shown_ and float(shown_[1]) == pytest.approx(float(spearmanr(human, rouge)[0]), abs=0.005)
    for system in files:
        own = [value for value, (_, name) in zip(human, cells, strict=True) if name == system]
        cells_ = rf'<th scope="row">{system}</th>(<td class="n">[^<]*</td>)*'
        assert re.search(rf'{cells_}<td class="n">{mean(own):.2f} \[', page), system
    alpha = agreement(said)["correct"]["alpha"].value
    assert f'<th scope="row">correct</th><td>alpha</td><td class="n">{alpha:.2f} [' in page
    table = standings([bout_of(row, "") for row in outputs.rows(files["Alder"].with_name("people.jsonl"))])
    assert f'<th scope="row">Alder</th><td class="n">{table["Alder"]["elo"].value:.0f} [' in page
    assert page.count("<h2>Tournament") == 2 and "judge: rouge-L; bouts: 360; K: 4; seed: 42" in page
    assert len(re.findall(r"<h3>[^<]*agree</h3>", page)) == 1 and not re.search(
        r"<script|<link|src=|url\(|@import", page
    )


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_both_open_as_a_file(combined_page: Path, browser: Any, width: int, tmp_path: Path) -> None:
    shown_ = browser.new_page(viewport={"width": width, "height": 900})
    faults: list[str] = []
    shown_.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    shown_.goto(combined_page.as_uri())
    assert shown_.evaluate("document.documentElement.scrollWidth") <= width
    people = shown_.locator("section.combined")
    assert people.locator("h2").inner_text() == "Automatic and human results" and people.locator("table").count() == 3
    assert all(box["width"] <= width for box in (each.bounding_box() for each in people.locator(".wide").all()))
    looking.look(shown_)
    shown_.screenshot(path=str(tmp_path / f"both-{width}.png"), full_page=True)
    shown_.close()
    assert faults == []
