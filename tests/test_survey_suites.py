"""The suites of the survey's tables C.13 to D.17: one call answers each; figures are those of the written answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from probatum import plans, verbs
from probatum.naming import card_of, find, names
from probatum.store import consent
from probatum.store.reader import Store
from probatum.trials import running
from probatum.types import Answer, Reply, Request


class Writer:
    """A model that says the same to everything."""

    leaves_host = False

    def __call__(self, request: Request) -> Reply:
        return Reply("A", tokens_in=5, tokens_out=1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("kb")
    verbs.ingest(folder, "hpo", tiny / "sources" / "hpo")
    for name in names("datasets"):
        if (card := card_of(find("datasets", name))).gated:
            consent.accept(folder, name, card, "a test")
    with Store(folder) as opened:
        yield opened


SUITES = {
    "c13": {"pubmedqa": "accuracy", "icliniq": "rouge-L", "ccks_2019": "mention_f1", "bc5cdr": "mention_f1"},
    "c14": {"meddialog_cn": "bleu-1", "icliniq": "rouge-1", "aci_bench": "rouge-Lsum"},
    "d15": {
        "medqa": "accuracy",
        "medmcqa": "accuracy",
        "pubmedqa": "macro_f1",
        "chebi_20": "bleu-2",
        "uniprotqa": "rouge-L",
    },
    "d16": {
        "mimic_iii_impression": "rouge-L",
        "vqa_rad": "closed_accuracy",
        "slake": "open_f1",
        "pathvqa": "open_accuracy",
    },
    "d17": {"mimic_cxr": "rouge-L", "openi": "cider_d", "cbis_ddsm": "macro_f1", "pad_ufes_20": "auc_macro"},
}


@pytest.mark.parametrize("suite", SUITES)
def test_a_suite_is_answered_and_scored(suite: str, store: Store, tiny: Path, tmp_path: Path) -> None:
    runs, absent = verbs.evaluate_all(store, suite, tiny / "datasets", out=tmp_path, model=Writer(), writer="a")
    assert absent == [] and [run.plan for run in runs] == list(plans.benchmark(suite).members)
    for run in runs:
        assert run.counts["items"] >= (1 if plans.benchmark(run.plan).part == "impression" else 3), run.plan
        if wanted := SUITES[suite].get(run.plan):
            assert wanted in run.scores, (run.plan, sorted(run.scores))
    page = verbs.report([tmp_path / f"{name}.jsonl" for name in plans.benchmark(suite).members])
    assert "Published values" in page and all(name in page for name in SUITES[suite])


@pytest.mark.parametrize("name", ["vqa_rad", "slake", "openi", "mimic_cxr", "icliniq", "meddialog_cn", "chebi_20"])
def test_gold_scores_full_marks_and_silence_none(name: str, tiny: Path) -> None:
    plan = plans.benchmark(name)
    data, _ = running.members(plans.Benchmark(**{**_plain(plan), "members": (name,)}), tiny / "datasets")
    examples = running.examples_of(plan, data[0][1])
    for metric in plan.metrics:
        right = find("metrics", metric)([(each.answer, each.answer) for each in examples])
        silent = find("metrics", metric)([(each.answer, Answer()) for each in examples])
        first = next(iter(right))
        assert right[first].value > 0 or not right[first].n, (metric, first)
        assert all(score.value == 0 for key, score in silent.items() if score.n), metric


def _plain(plan: plans.Benchmark) -> dict[str, object]:
    return {key: getattr(plan, key) for key in plan.__dataclass_fields__}
