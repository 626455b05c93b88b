"""What the survey asks of measures, held row by row: a suite of them, doses and durations, groups of patients."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum import verbs
from probatum.naming import find, names
from probatum.store.reader import Store
from probatum.trials import scoring
from probatum.types import Answer, Example, Origin, Question, Reply, Request


class Writer:
    """A model that says B."""

    leaves_host = False

    def __call__(self, request: Request) -> Reply:
        return Reply("B")


SEXES = ("man", "woman")
GOUT = " with a history of gout"


@pytest.fixture
def scored(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run on questions about 40 patients whose gold is what the writer says for women alone."""

    def asked(path: Path | None = None, part: str = "") -> list[Example]:
        return [
            Example(
                str(n),
                Question(
                    f"A {20 + n}-year-old {SEXES[n % 2]}{GOUT if n % 5 == 0 else ''} coughs. Is it so?",
                    (("A", "yes"), ("B", "no")),
                ),
                Answer(choice="AB"[n % 2]),
                origin=Origin("own", "1", str(n)),
            )
            for n in range(40)
        ]

    asked.card = find("datasets", "pubmedqa").card  # type: ignore[attr-defined]
    monkeypatch.setattr(
        "probatum.trials.running.find", lambda wing, name: asked if wing == "datasets" else find(wing, name)
    )
    verbs.ingest(tmp_path / "kb", "hpo", tiny / "sources" / "hpo")
    out = tmp_path / "run.jsonl"
    with Store(tmp_path / "kb") as store:
        verbs.evaluate(store, "pubmedqa", tiny, out=out, model=Writer(), writer="b")
    return out


def test_groups_of_patients_are_scored_apart_and_their_gap_told(scored: Path) -> None:
    told = scoring.load(scored)
    assert {value: scores["accuracy"].value for value, scores in told.strata["patient_sex"].items()} == {
        "female": 1.0,
        "male": 0.0,
    }
    gap = next(gap for gap in told.gaps if gap["measure"] == "accuracy")
    assert (gap["label"], gap["best"], gap["worst"], gap["difference"]) == ("patient_sex", "female", "male", 1.0)
    page = verbs.report([scored])
    assert "between groups of patients" in page and "best served" in page and "<td>female</td><td>male</td>" in page


def test_scores_are_stratified_by_age_and_comorbidity(scored: Path) -> None:
    told = scoring.load(scored)
    assert {value: scores["accuracy"].n for value, scores in told.strata["patient_age"].items()} == {
        "18 to 39": 20,
        "40 to 64": 20,
    }
    assert {value: scores["accuracy"].n for value, scores in told.strata["patient_history"].items()} == {
        "no": 32,
        "yes": 8,
    }
    page = verbs.report([scored])
    assert "by patient_age" in page and "by patient_history" in page


def test_dose_route_frequency_and_duration_are_scored_each() -> None:
    gold = Answer("Amoxicillin 500 mg orally three times a day for 7 days.")
    said = {
        "right": "Give amoxicillin 0.5 g by mouth three times daily for one week.",
        "dose": "Amoxicillin 250 mg orally three times a day for 7 days.",
        "duration": "Amoxicillin 500 mg orally three times a day for 10 days.",
        "nothing": "Rest and drink enough.",
    }
    scores = find("metrics", "dosing")([(gold, Answer(text)) for text in said.values()])
    assert scores["dosing_dose"].value == pytest.approx(2 / 4) and scores["dosing_duration"].value == pytest.approx(
        2 / 4
    )
    assert scores["dosing_all"].value == pytest.approx(1 / 4) and scores["dosing_wrong"].value == pytest.approx(2 / 4)


def test_accuracy_is_a_suite_of_metrics() -> None:
    suite = {
        "accuracy",
        "classification",
        "auc",
        "extraction",
        "retrieval",
        "bleu",
        "rouge",
        "meteor",
        "bertscore",
        "vqa",
    }
    assert suite <= set(names("metrics"))
    pairs = [(Answer(choice=gold), Answer(choice=given)) for gold, given in ("AA", "AB", "BB", "BB")]
    told = find("metrics", "accuracy")(pairs) | find("metrics", "classification")(pairs)
    assert told["accuracy"].value == 0.75 and told["accuracy"].low is not None and told["accuracy"].signature
    # A: precision 1, recall 1/2, F1 2/3; B: precision 2/3, recall 1, F1 4/5; macro is their mean
    assert told["macro_f1"].value == pytest.approx((2 / 3 + 4 / 5) / 2)
