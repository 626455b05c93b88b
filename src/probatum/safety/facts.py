"""What of a person changes the advice: age, pregnancy, kidney function, allergies, the medicines that they take."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from probatum.errors import BadFormat
from probatum.safety.cues import said_of
from probatum.text import durations
from probatum.text.sentences import sentences
from probatum.tools.calculators import calculators
from probatum.types import Observation, Patient, Question


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that bear on a medicine; what nobody told is None, False or empty."""

    age: float | None = None  # years
    pregnant: bool = False
    egfr: float | None = None  # mL/min/1.73m2
    allergies: tuple[str, ...] = ()  # as written, or ids
    medicines: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()  # how what was calculated came about

    @property
    def told(self) -> str:
        """The facts in one line; empty where there are none."""
        parts = (
            f"age {self.age:g}" if self.age is not None else "",
            "pregnant" if self.pregnant else "",
            f"eGFR {self.egfr:.0f}" if self.egfr is not None else "",
            f"allergies: {', '.join(self.allergies)}" if self.allergies else "",
            f"medicines: {', '.join(self.medicines)}" if self.medicines else "",
            f"conditions: {', '.join(self.conditions)}" if self.conditions else "",
        )
        return "; ".join(part for part in parts if part)


_PREGNANT = re.compile(r"\bpregnan(?:t|cy)\b|怀孕|妊娠|孕妇|孕期|孕\s*\d+\s*周")
_AGE = re.compile(r"\b(\d{1,3})[- ]?(?:year|yr)s?[- ]old\b|\baged (\d{1,3})\b|(\d{1,3})\s*岁")
_MONTHS = re.compile(r"\b(\d{1,2})[- ]?months?[- ]old\b|(\d{1,2})\s*个月大")
_EGFR = re.compile(r"(?:\begfr\b|肾小球滤过率|估算肾小球滤过率)[^\d\n]{0,12}(\d{1,3}(?:\.\d+)?)")
_CREATININE = re.compile(r"(?:\bcreatinine\b|肌酐)[^\d\n]{0,12}(\d{1,4}(?:\.\d+)?)\s*(mg/dl|umol/l|µmol/l|μmol/l)")
_FEMALE = re.compile(r"\b(?:woman|female|girl|she|her|mother|wife)\b|女|母亲|妻子|妈")
_MALE = re.compile(r"\b(?:man|male|boy|he|his|father|husband)\b|男|父亲|丈夫|爸")
_THING = r"([a-z][a-z0-9 -]{2,40}?|[\u4e00-\u9fff]{2,10}?)"
_ALLERGY = re.compile(
    rf"\ballergic to {_THING}(?=[,.;?!]|$| and\b| but\b| can\b)|\b([a-z]{{4,30}})[- ]allerg(?:y|ic)\b"
    r"|对([\u4e00-\u9fff]{2,10}?)过敏"
)
_WHO = r"(?<!can )(?<!could )(?<!should )(?<!may )\b(?:i|he|she|we|patient|already|also|currently|who)"
_TAKES = re.compile(
    rf"{_WHO}\s*(?:am|is|'m|have been)?\s*(?:tak(?:e|es|ing)|on|us(?:e|es|ing))\s+(?:my |his |her )?{_THING}"
    r"(?=[,.;?!]|$| and\b| but\b| can\b| daily\b| for\b)"
    r"|(?:正在|一直|在|长期|目前)(?:吃|服用|使用|用)(?:着)?([\u4e00-\u9fff]{2,10}?)(?=[,。;?!，；？！]|能|可|$)"
)


def facts_of(question: Question) -> Facts:
    """The facts that the question's patient and its text tell, the patient's first; denied ones do not count.

    Kidney function is the eGFR that was told, else that of CKD-EPI 2021 where creatinine, age and sex are known.
    """
    text = unicodedata.normalize("NFKC", question.text).lower().replace("’", "'")
    patient = question.patient or Patient()
    seen = [each for each in patient.observations if each.present]
    age = _age(patient, text)
    sex = patient.sex or ("female" if _FEMALE.search(text) else "male" if _MALE.search(text) else "")
    pregnant = any(_PREGNANT.search(_words(each).lower()) for each in seen) or _stands(_PREGNANT, text)
    egfr, steps = _kidney(seen, text, age, "female" if pregnant else sex)
    return Facts(
        age,
        pregnant,
        egfr,
        tuple(dict.fromkeys((*_of_kind(seen, "allergy"), *_named(_ALLERGY, text)))),
        tuple(dict.fromkeys((*_of_kind(seen, "medication"), *_named(_TAKES, text)))),
        tuple(dict.fromkeys(_of_kind(seen, "condition"))),
        steps,
    )


def telling(text: str) -> str:
    """Those sentences of a text that tell such a fact, as written, with a space between; empty where none does."""
    parts = (text[start:end].strip() for start, end in sentences(text))
    return " ".join(each for each in parts if facts_of(Question(each)).told)


def _of_kind(seen: list[Observation], kind: str) -> Iterator[str]:
    return (each.concept or each.text for each in seen if each.kind == kind and (each.concept or each.text))


def _words(observation: Observation) -> str:
    return f"{observation.text} {observation.concept} {observation.value}"


def _named(pattern: re.Pattern[str], text: str) -> list[str]:
    return [
        next(part for part in found.groups() if part).strip()
        for found in pattern.finditer(text)
        if "negated" not in said_of(text, *found.span())
    ]


def _stands(pattern: re.Pattern[str], text: str) -> bool:
    return any(not said_of(text, *found.span()) & {"negated", "history"} for found in pattern.finditer(text))


def _age(patient: Patient, text: str) -> float | None:
    if patient.age:
        try:
            return durations.years(patient.age)
        except ValueError:
            return None
    if found := _AGE.search(text):
        return float(next(part for part in found.groups() if part))
    months = _MONTHS.search(text)
    return float(next(part for part in months.groups() if part)) / 12 if months else None


def _kidney(seen: list[Observation], text: str, age: float | None, sex: str) -> tuple[float | None, tuple[str, ...]]:
    told = [_words(each).lower() for each in seen if each.kind == "laboratory"]
    units = [f"{_words(each).lower()}{each.unit.lower()}" for each in seen if each.kind == "laboratory"]
    for line in (*told, text):
        if found := _EGFR.search(line):
            return float(found[1]), ()
    for line in (*units, text):
        found = _CREATININE.search(line)
        if found and age is not None and age >= 18 and sex in {"female", "male"}:
            unit = "mg/dL" if found[2] == "mg/dl" else "umol/L"
            given = {"creatinine": f"{found[1]} {unit}", "age": f"{age:g} a", "sex": sex}
            try:
                result = calculators(given, name="ckd_epi_2021")
            except BadFormat:
                continue
            return float(result.value), (*result.steps, f"{result.name}, {result.reference}")
    return None, ()
