"""Who is asked about is told by record or by words, and scores are told apart by it, with the widest gap."""

from __future__ import annotations

import pytest

from probatum.trials.subgroups import gaps, labels_of
from probatum.types import Answer, Example, Observation, Patient, Question


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("A 45-year-old woman with a history of asthma coughs. She is pale.", ("40 to 64", "female", "yes")),
        ("An 8 year old boy has a rash.", ("1 to 11", "male", "no")),
        ("患者男，82岁，既往高血压。", ("80 and over", "male", "yes")),
        ("A woman of 30 asks about her husband, a man who is aged 33.", ("18 to 39", None, "no")),
        ("Which enzyme is inhibited by aspirin?", (None, None, None)),
    ],
)
def test_words_tell_the_patient(text: str, labels: tuple[str | None, ...]) -> None:
    told = labels_of(Example("a", Question(text), Answer()))
    assert tuple(told.get(f"patient_{key}") for key in ("age", "sex", "history")) == labels


def test_a_record_tells_the_patient() -> None:
    seen = [Observation("phenotype", f"HP:{n}", present=n < 6) for n in range(9)]
    ill = (Observation("condition", "D:1"), Observation("condition", "D:2"))
    told = labels_of(Example("a", Question(patient=Patient("p", "P6M", "female", (*seen, *ill))), Answer()))
    assert told == {
        "patient_age": "under 1", "patient_sex": "female", "patient_findings": "5 to 9", "patient_history": "several",
    }  # fmt: skip


def test_the_widest_gap_stands_first_and_small_groups_are_left_out() -> None:
    sexes = {str(n): "female" if n % 2 else "male" for n in range(40)}
    ages = {str(n): "old" if n < 20 else "young" if n < 38 else "babe" for n in range(40)}
    values = {"accuracy": {str(n): float(n % 2 or n % 4 == 0) for n in range(40)}}
    first, second = gaps(values, {"patient_sex": sexes, "patient_age": ages})
    assert (first.label, first.best, first.worst, first.difference) == ("patient_sex", "female", "male", 0.5)
    assert 0 < first.low < 0.5 < first.high and second.difference < 0.1 and "babe" not in (second.best, second.worst)
    assert gaps(values, {"patient_sex": dict.fromkeys(sexes, "male")}) == []
