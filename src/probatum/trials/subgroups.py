"""Who is asked about: sex, age, findings of each item's patient, so that scores can be told apart by them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from probatum.text.durations import years
from probatum.types import Example, Observation, Question

RESAMPLES = 2000
_BANDS = ((1, "under 1"), (12, "1 to 11"), (18, "12 to 17"), (40, "18 to 39"), (65, "40 to 64"), (80, "65 to 79"))
_AGED = re.compile(
    r"\b(\d{1,3})[- ]years?[- ](?:old|of age)|\baged? (\d{1,3})\b|(\d{1,3})\s?岁|\b(\d{1,3}) ?y/o\b", re.I
)
_WOMAN = re.compile(r"\b(?:woman|girl|female|she|her|mrs|pregnant)\b|女", re.I)
_MAN = re.compile(r"\b(?:man|boy|male|he|his|mr)\b|男", re.I)
_COMORBID = re.compile(r"\b(?:history of|known|comorbid\w*|also has|underlying)\b|既往|合并|病史", re.I)


@dataclass(frozen=True, slots=True)
class Gap:
    """How far the best and the worst served of a label's values lie apart on one measure."""

    label: str
    measure: str
    best: str
    worst: str
    difference: float
    low: float  # 95% bootstrap interval over items
    high: float


def labels_of(example: Example) -> dict[str, str]:
    """`patient_sex`, `patient_age`, `patient_findings` and `patient_history` of who is asked about, where told.

    Out of the patient's record, else out of the question's words (an age said, words of one sex alone); what is told of
    nobody has no label. Findings are counted in bands; history tells whether earlier or further conditions are told of.
    """
    asked = example.question
    patient, text = asked.patient, _text(asked)
    found: dict[str, str] = {}
    age = years(patient.age) if patient and patient.age else _age(text)
    if age is not None:
        found["patient_age"] = next((name for top, name in _BANDS if age < top), "80 and over")
    woman, man = (
        (patient.sex == "female", patient.sex == "male") if patient else (_said(_WOMAN, text), _said(_MAN, text))
    )
    if woman != man:
        found["patient_sex"] = "female" if woman else "male"
    if patient:
        present = sum(each.present for each in patient.observations)
        found["patient_findings"] = "1 to 4" if present < 5 else "5 to 9" if present < 10 else "10 and more"
        if conditions := [each for each in patient.observations if _condition(each)]:
            found["patient_history"] = "several" if len(conditions) > 1 else "one"
    elif age is not None or woman != man:
        found["patient_history"] = "yes" if _COMORBID.search(text) else "no"
    return found


def _condition(each: Observation) -> bool:
    return each.kind == "condition" and each.present


def _text(asked: Question) -> str:
    return "\n".join((*asked.context, *(text for _, text in asked.turns), asked.text))


def _said(rule: re.Pattern[str], text: str) -> bool:
    return rule.search(text) is not None


def _age(text: str) -> float | None:
    found = _AGED.search(text)
    return float(next(each for each in found.groups() if each)) if found else None


def gaps(
    items: Mapping[str, Mapping[str, float]], labels: Mapping[str, Mapping[str, str]], *, least: int = 5, seed: int = 0
) -> list[Gap]:
    """For each measure and label the widest gap between two values of at least `least` items, the widest first.

    `items` are values by measure and item, `labels` by label and item. The interval is of the difference of these two
    values' means, resampled apart; it does not correct for having looked for the widest.
    """
    import numpy as np  # noqa: PLC0415 - for this alone, and not at the door

    told = []
    draws = np.random.default_rng(seed)
    for measure, values in items.items():
        for label, of in labels.items():
            parts: dict[str, list[float]] = {}
            for id_, value in values.items():
                if id_ in of:
                    parts.setdefault(of[id_], []).append(value)
            kept = {name: np.array(part) for name, part in sorted(parts.items()) if len(part) >= least}
            if len(kept) < 2:
                continue
            best, worst = (pick(kept, key=lambda name: float(kept[name].mean())) for pick in (max, min))
            one, other = (draws.choice(kept[name], (RESAMPLES, len(kept[name]))).mean(axis=1) for name in (best, worst))
            low, high = np.percentile(one - other, [2.5, 97.5])
            apart = float(kept[best].mean() - kept[worst].mean())
            told.append(Gap(label, measure, best, worst, apart, float(low), float(high)))
    return sorted(told, key=lambda each: -each.difference)
