"""A run is its items: killed and resumed it is the same bytes, and the spine's numbers are what they were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from probatum import verbs
from probatum.errors import BadPlan, ModelFailed, NeedsFile, ReplyUnusable
from probatum.formats import answer_json
from probatum.naming import into
from probatum.store.reader import Store
from probatum.trials import scoring
from probatum.types import Answer, Question, Reply, Request


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("kb")
    verbs.ingest(folder, "hpo", tiny / "sources" / "hpo")
    verbs.ingest(folder, "medquad", tiny / "sources" / "medquad")
    with Store(folder) as opened:
        yield opened


class Stop(Exception):
    """A kill in the middle."""


def without_latency(path: Path) -> bytes:
    return re.sub(rb', "latency": [0-9.e-]+\}', b"}", path.read_bytes())


@pytest.mark.parametrize("after", [1, 4, 9])
def test_a_killed_run_is_resumed_to_the_same_bytes(store: Store, tiny: Path, tmp_path: Path, after: int) -> None:
    data, given = tiny / "datasets" / "phenopackets", {"candidates": "all"}
    whole, broken = tmp_path / "whole.jsonl", tmp_path / "broken.jsonl"
    first = verbs.evaluate(store, "phenopackets", data, given=given, out=whole)

    def heard(done: int) -> None:
        if done == after:
            raise Stop

    with pytest.raises(Stop):
        verbs.evaluate(store, "phenopackets", data, given=given, out=broken, heard=heard)
    assert len(broken.read_bytes().splitlines()) == after
    with broken.open("ab") as stream:
        stream.write(b'{"id": "half a li')
    second = verbs.evaluate(store, "phenopackets", data, given=given, out=broken)
    assert without_latency(whole) == without_latency(broken) and b'"latency"' not in without_latency(whole)
    assert first == second
    one, other = scoring.load(whole), scoring.load(broken)
    assert one.scores == other.scores == dict(first.scores) and one.items == other.items


def test_a_line_holds_the_whole_answer(store: Store, tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    data = tiny / "datasets" / "liveqa_medquad"
    verbs.evaluate(store, "liveqa_medquad", data, given={"retriever": "bm25"}, out=out)
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len({line["id"] for line in lines}) == len({line["key"] for line in lines}) == 4
    for line in lines:
        answer = answer_json.read(json.dumps(line["answer"]))
        assert answer.candidates and set(line["gold"]) & {each.id for each in answer.candidates}
        assert line["question"] and len(line["asked"]) == 16 and line["prompt"] == "" and line["latency"] > 0


@pytest.mark.parametrize(
    ("name", "folder", "given", "wanted"),
    [  # as they were before runs, scores and answers were parted
        ("ten_cases", "", {"candidates": "all"}, {"mrr": 1.0, "brier": 0.131432628116, "ece": 0.362536381782}),
        ("phenopackets", "phenopackets", {"candidates": "all"}, {"top1": 1.0, "brier": 0.157018007975}),
        ("liveqa_medquad", "liveqa_medquad", {"retriever": "bm25"}, {"ndcg@10": 0.859561123994, "map": 0.83125}),
    ],
)
def test_the_numbers_of_the_spine(  # noqa: PLR0917 - pytest reads the parameters
    store: Store, tiny: Path, name: str, folder: str, given: dict[str, str], wanted: dict[str, float]
) -> None:
    run = verbs.evaluate(store, name, tiny / "datasets" / folder if folder else None, given=given)
    assert {key: run.scores[key].value for key in wanted} == pytest.approx(wanted, abs=1e-11)


class Writer:
    """A model that says the second option, with likelihoods."""

    leaves_host = False

    def __call__(self, request: Request) -> Reply:
        return Reply("The answer is B.", tokens_in=7, tokens_out=5)


def test_an_exam_is_answered_by_any_method_and_read_from_words(store: Store, tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "exam.jsonl"
    data = tiny / "datasets" / "pubmedqa"
    run = verbs.evaluate(store, "pubmedqa", data, out=out, method="direct", model=Writer(), writer="second")
    assert run.scores["accuracy"].value == pytest.approx(1 / 3) and run.scores["accuracy"].n == 3
    assert dict(run.settings)["model"] == "second" and dict(run.settings)["method"] == "direct"
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {line["answer"]["choice"] for line in lines} == {"B"} and all(len(line["prompt"]) == 16 for line in lines)
    assert lines[0]["usage"] == {"calls": 1, "tokens_in": 7, "tokens_out": 5}
    saved = scoring.load(out)
    assert saved.efficiency["tokens"] == 36 and saved.efficiency["latency_p95"] > 0
    assert sum(saved.items["accuracy"].values()) == 1

    def mumbling(question: Question, desk: object) -> Answer:
        """Writes without choosing by itself."""
        return Answer(text="No. The answer is B.")

    into("methods", "mumbling", mumbling)
    spoken = verbs.evaluate(store, "pubmedqa", data, method="mumbling")
    assert spoken.scores["accuracy"].value == run.scores["accuracy"].value
    with pytest.raises(BadPlan, match="another run"):
        verbs.evaluate(store, "pubmedqa", data, out=out, method="mumbling")


def test_one_empty_reply_ends_no_run_and_a_model_that_is_gone_does(store: Store, tiny: Path, tmp_path: Path) -> None:
    out, data = tmp_path / "exam.jsonl", tiny / "datasets" / "pubmedqa"
    asked: list[Request] = []

    class Moody(Writer):
        def __call__(self, request: Request) -> Reply:
            asked.append(request)
            if len(asked) == 2:
                raise ReplyUnusable("the model's reply is empty")
            if len(asked) == 3:
                raise ModelFailed("the model server is gone")
            return super().__call__(request)

    with pytest.raises(ModelFailed, match="gone"):
        verbs.evaluate(store, "pubmedqa", data, out=out, method="direct", model=Moody(), writer="second")
    run = verbs.evaluate(store, "pubmedqa", data, out=out, method="direct", model=Moody(), writer="second")
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line.get("abstained", "") for line in lines] == ["", "unusable: the model's reply is empty", ""]
    assert len(asked) == 4 and run.scores["accuracy"].n == 3, "what was answered is not asked again"


def test_a_suite_answers_all_that_is_given(store: Store, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(NeedsFile, match="none of the suite's data"):
        verbs.evaluate_all(store, "c13", tmp_path / "data")
    (tmp_path / "data" / "pubmedqa").symlink_to(tiny / "datasets" / "pubmedqa")
    runs, absent = verbs.evaluate_all(store, "c13", tmp_path / "data", out=tmp_path / "runs", method="quoted")
    assert [run.plan for run in runs] == ["pubmedqa"] and "bc5cdr" in absent
    assert scoring.load(tmp_path / "runs" / "pubmedqa.jsonl").benchmark == "pubmedqa"
    with pytest.raises(BadPlan, match="is a suite"):
        verbs.evaluate(store, "c13", tmp_path / "data")
