"""The suites of the survey's tables C.13 to D.17: one call answers each; figures are those of the written answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from probatum import plans, verbs
from probatum.cli import app
from probatum.naming import card_of, find, names
from probatum.store import consent
from probatum.store.reader import Store
from probatum.trials import outputs, report, running
from probatum.trials.lines import given_in
from probatum.types import Answer, Mention, Reply, Request


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


NAMES = {  # of the tables' benchmarks and measures, here
    "PubMedQA": "pubmedqa", "BC5CDR": "bc5cdr", "iCliniq": "icliniq", "ChiMed": "chimed", "CCKS-2019": "ccks_2019",
    "ChiMST": "chimst", "MedDialog-CN": "meddialog_cn", "Huatuo-26M": "huatuo_26m",
    "precision": "mention_precision", "recall": "mention_recall", "F1": "mention_f1", "accuracy": "accuracy",
    "BERTScore precision": "bertscore_precision", "BERTScore recall": "bertscore_recall",
    "BERTScore F1": "bertscore_f1",
}  # fmt: skip


def printed(table: str) -> set[tuple[str, str]]:
    """The benchmarks and measures of which a table of the survey prints a value, by their names here."""
    rows = [row for row in report.published() if row["table"] == table and row["metric"] != "Elo"]
    names = {(row["benchmark"], row["metric"]) for row in rows}
    low = {f"{kind}-{n}": f"{kind.lower()}-{n}" for kind in ("BLEU", "ROUGE") for n in ("1", "2", "3", "4", "L")}
    return {(NAMES[benchmark], NAMES.get(metric, low.get(metric, metric))) for benchmark, metric in names}


class Echo:
    """A model that says the end of what it is asked, as much of it as it is told to."""

    leaves_host = False

    def __init__(self, share: float) -> None:
        self.share = share

    def __call__(self, request: Request) -> Reply:
        text = request.messages[-1][1]
        return Reply(text[-max(1, int(self.share * len(text))) :])


def encoder(folder: Path) -> Path:
    """A random BERT of two layers over single letters, saved as a checkpoint."""
    transformers = pytest.importorskip("transformers")
    letters = sorted(set("abcdefghijklmnopqrstuvwxyz0123456789.,?!'"))
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{each}" for each in letters)]
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    transformers.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    shape = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    network = transformers.BertModel(transformers.BertConfig(vocab_size=len(words), **shape))
    network.save_pretrained(folder, safe_serialization=True)
    return folder


@pytest.mark.slow
def test_question_answering_and_extraction_give_the_measures_of_the_table(
    store: Store, tiny: Path, tmp_path: Path
) -> None:
    wanted = printed("C.13")
    assert {name for name, _ in wanted} == {"pubmedqa", "bc5cdr", "icliniq", "chimed", "ccks_2019", "chimst"}
    runs, _ = verbs.evaluate_all(store, "c13", tiny / "datasets", out=tmp_path, model=Echo(0.5), writer="echo")
    scores = {run.plan: dict(run.scores) for run in runs}
    further = {"further": ["bertscore"], "told": {"model": str(encoder(tmp_path / "bert"))}}
    made = verbs.score(tmp_path / "icliniq.jsonl", data=tiny / "datasets" / "icliniq_10k", **further)  # type: ignore[arg-type]
    assert "encoder:bert" in made.scores["bertscore_f1"].signature and "bertscore_f1" in made.items
    scores["icliniq"] |= made.scores
    for benchmark, measure in wanted:
        assert scores[benchmark][measure].n, (benchmark, measure)
    for name in ("chimed", "icliniq"):
        for metric in ("bleu", "rouge"):
            again = find("metrics", metric)(pairs(name, tiny, tmp_path))
            assert all(scores[name][key].value == pytest.approx(each.value) for key, each in again.items())
    assert scores["chimed"]["rouge-1"].value > 0 and 0 < scores["icliniq"]["bertscore_f1"].value <= 1
    for name in ("bc5cdr", "ccks_2019", "chimst"):
        right = said = gold = 0
        for wanted_, given in pairs(name, tiny, tmp_path):
            spans = [
                {(m.start, m.end, m.kind) for m in each.found if isinstance(m, Mention)} for each in (wanted_, given)
            ]
            right, gold, said = right + len(spans[0] & spans[1]), gold + len(spans[0]), said + len(spans[1])
        assert scores[name]["mention_f1"].value == pytest.approx(2 * right / (gold + said)) and gold
    golds = [row["gold"] for row in outputs.rows(tmp_path / "pubmedqa.jsonl")]
    given_ = [given_in(row).choice for row in outputs.rows(tmp_path / "pubmedqa.jsonl")]
    right = sum(gold == [choice] for gold, choice in zip(golds, given_, strict=True))
    assert scores["pubmedqa"]["accuracy"].value == pytest.approx(right / len(golds))


def pairs(name: str, tiny: Path, folder: Path) -> list[tuple[Answer, Answer]]:
    """Gold and what the run says, item by item, of a benchmark on its tiny sample."""
    plan = plans.benchmark(name)
    data, _ = running.members(plans.Benchmark(**{**_plain(plan), "members": (name,)}), tiny / "datasets")
    rows = {row["id"]: given_in(row) for row in outputs.rows(folder / f"{name}.jsonl")}
    return [(each.answer, rows[each.id]) for each in running.examples_of(plan, data[0][1])]


def test_dialogue_and_content_with_a_tournament(store: Store, tiny: Path, tmp_path: Path) -> None:
    files = []
    for place, share in enumerate((0.2, 0.6, 1.0)):
        folder = tmp_path / f"system-{place}"
        runs, absent = verbs.evaluate_all(
            store, "c14", tiny / "datasets", out=folder, model=Echo(share), writer=f"{share}"
        )
        scores = {run.plan: run.scores for run in runs}
        assert absent == [] and printed("C.14") <= {(name, key) for name, each in scores.items() for key in each}
        for name in ("meddialog_cn", "huatuo_26m"):
            for metric in ("bleu", "rouge"):
                again = find("metrics", metric)(pairs(name, tiny, folder))
                assert all(scores[name][key].value == pytest.approx(each.value) for key, each in again.items())
                assert all("|" in each.signature and "char" in each.signature for each in again.values())
        files.append(f"system-{place}={folder / 'meddialog_cn.jsonl'}")

    def standing(*words: str) -> dict[str, Any]:
        done = CliRunner().invoke(app, ["tournament", *files, "--measure", "rouge-1", *words, "--json"])
        assert done.exit_code == 0, (done.output, done.exception)
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    plain, faster, other = standing(), standing("--k", "16"), standing("--seed", "1")
    assert plain["settings"] | {"systems": 0} == {"judge": "rouge-1", "systems": 0, "bouts": 360, "seed": 42, "k": 4.0}
    elo = [{name: row["elo"]["value"] for name, row in each["standings"].items()} for each in (plain, faster, other)]
    assert set(elo[0]) == {"system-0", "system-1", "system-2"} and all(
        sum(each.values()) == pytest.approx(3000) for each in elo
    )
    spread = [max(each.values()) - min(each.values()) for each in elo]
    assert spread[1] > spread[0] > 0 and elo[0] != elo[2]
    page = verbs.report([Path(files[0].partition("=")[2])])
    assert "DialogSumm" in page and ">1076<" in page
