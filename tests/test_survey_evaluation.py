"""What the survey asks of evaluation, held row by row: suites, capabilities, one runner, robustness, time taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from probatum import plans, verbs
from probatum.naming import card_of, find, names
from probatum.store import consent
from probatum.store.reader import Store
from probatum.trials import outputs, perturbing, report, scoring
from probatum.types import Reply, Request


class Writer:
    """A model that always says B."""

    leaves_host = False

    def __call__(self, request: Request) -> Reply:
        return Reply("B", tokens_in=9, tokens_out=1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("kb")
    verbs.ingest(folder, "hpo", tiny / "sources" / "hpo")
    verbs.ingest(folder, "medquad", tiny / "sources" / "medquad")
    for name in names("datasets"):
        if (card := card_of(find("datasets", name))).gated:
            consent.accept(folder, name, card, "a test")
    with Store(folder) as opened:
        yield opened


def test_one_command_answers_the_suite_of_exams(store: Store, tiny: Path, tmp_path: Path) -> None:
    suite = plans.benchmark("c12")
    runs, absent = verbs.evaluate_all(store, "c12", tiny / "datasets", out=tmp_path, model=Writer(), writer="b")
    assert [run.plan for run in runs] == list(suite.members) and absent == []
    for run in runs:
        golds = [row["gold"] for row in outputs.rows(tmp_path / f"{run.plan}.jsonl")]
        said = run.scores["accuracy"]
        assert said.n == len(golds) and said.value == pytest.approx(sum(gold == ["B"] for gold in golds) / len(golds))
    page = verbs.report([tmp_path / "medqa.jsonl", tmp_path / "medmcqa.jsonl"])
    mine = [row for row in report.published() if row["table"] == "C.12"]
    assert {row["certain"] for row in mine} == {"yes", "no"}
    assert all(row["model"] in page and row["value"] in page for row in mine if "&" not in row["model"])
    assert "uncertain: the printed table is damaged" in page and 'class="grey"' in page


def test_the_figures_are_drawn_from_the_registry(store: Store, tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    verbs.evaluate(store, "pubmedqa", tiny / "datasets" / "pubmedqa", out=out, model=Writer(), writer="b")
    page, (text, media) = verbs.report([out]), report.distribution()
    for name, count in (text | media).items():
        assert f">{name}</text>" in page and f">{count:g}</text>" in page
    counted = [plans.benchmark(name).capability for name in names("benchmarks") if not plans.benchmark(name).members]
    assert {name: count for name, count in text.items() if count} == {
        name: float(counted.count(name)) for name in plans.TEXT if name in counted
    }


def test_every_benchmark_says_its_capability_and_manner() -> None:
    assert len(plans.TEXT) == len(plans.MEDIA) == 5
    for name in names("benchmarks"):
        plan = plans.benchmark(name)
        assert plan.capability in {*plans.TEXT, *plans.MEDIA} and plan.manner in plans.MANNERS


def test_one_runner_for_all_benchmarks(store: Store, tiny: Path, tmp_path: Path) -> None:
    asked = [name for name in names("benchmarks") if not plans.benchmark(name).members]
    for name in asked:
        plan = plans.benchmark(name)
        samples = sorted((tiny / "datasets").glob(f"{plan.dataset}*")) if plan.dataset != "ten_cases" else [None]
        given = {"candidates": "all"} if "candidates" in plan.settings else {}
        run = verbs.evaluate(store, name, samples[0], given=given, out=tmp_path / f"{name}.jsonl")
        assert (
            run.plan == name
            and run.counts["items"] >= (1 if plan.part == "impression" else 2)
            and scoring.load(tmp_path / f"{name}.jsonl").benchmark == name
        )


def test_every_metric_has_a_card_and_every_score_its_version(store: Store, tiny: Path) -> None:
    for name in names("metrics"):
        function = find("metrics", name)
        assert card_of(function).title and function.__doc__ and len(function.__doc__) > 80
    run = verbs.evaluate(store, "pubmedqa", tiny / "datasets" / "pubmedqa", model=Writer(), writer="b")
    assert plans.benchmark("pubmedqa").version == "1" and dict(run.versions)["probatum"]
    assert all("|" in score.signature and score.n == 3 for name, score in run.scores.items() if name == "accuracy")


def test_changed_questions_are_scored_beside_the_plain_ones(store: Store, tiny: Path, tmp_path: Path) -> None:
    data = tiny / "datasets" / "medqa"
    plain = verbs.evaluate(store, "medqa", data, model=Writer(), writer="b", out=tmp_path / "plain.jsonl")
    turned = verbs.evaluate(
        store, "medqa", data, model=Writer(), writer="b", perturb="options", out=tmp_path / "turned.jsonl"
    )
    assert dict(turned.settings)["perturb"] == "options" and turned.data != plain.data
    rows = verbs.compare(tmp_path / "plain.jsonl", tmp_path / "turned.jsonl")
    assert [row.n for row in rows if row.measure == "accuracy"] == [plain.counts["items"]]
    for name in perturbing.names():
        run = verbs.evaluate(store, "medqa", data, model=Writer(), writer="b", perturb=name)
        assert run.counts["items"] == plain.counts["items"]
    with pytest.raises(Exception, match="perturb = 'speed'"):
        verbs.evaluate(store, "medqa", data, perturb="speed")


def test_time_and_tokens_stand_in_the_report(store: Store, tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    verbs.evaluate(store, "pubmedqa", tiny / "datasets" / "pubmedqa", out=out, model=Writer(), writer="b")
    told = scoring.load(out).efficiency
    latencies = [row["latency"] for row in outputs.rows(out)]
    assert told["latency_sum"] == pytest.approx(sum(latencies)) and told["tokens"] == 30
    assert told["latency_p95"] == max(latencies) and told["tokens_mean"] == 10
    assert "Time and tokens" in verbs.report([out]) and ">30<" in verbs.report([out])
