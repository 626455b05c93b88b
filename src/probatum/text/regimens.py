"""How a medicine is to be taken, as it is written in English or Chinese: dose, route, times a day, days."""

from __future__ import annotations

import re
from dataclasses import dataclass

from probatum.text import doses

_WORDS = {
    "once": 1, "twice": 2, "thrice": 3, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "ten": 10, "twelve": 12, "fourteen": 14, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6,
    "七": 7, "八": 8, "九": 9, "十": 10, "十二": 12, "十四": 14,
}  # fmt: skip
_N = rf"(\d+(?:\.\d+)?|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_ROUTES = {
    "oral": r"\boral(?:ly)?\b|\bby mouth\b|\bp\.?o\.?\b|口服",
    "intravenous": r"\bintravenous(?:ly)?\b|\bi\.?v\.?\b|静脉(?:注射|滴注|输注)?|静滴|静注",
    "intramuscular": r"\bintramuscular(?:ly)?\b|\bi\.?m\.?\b|肌肉注射|肌注",
    "subcutaneous": r"\bsubcutaneous(?:ly)?\b|\bs\.?c\.?\b|皮下注射|皮下",
    "inhaled": r"\binhal(?:ed|ation)\b|吸入",
    "topical": r"\btopical(?:ly)?\b|外用|涂抹|外敷",
    "rectal": r"\brectal(?:ly)?\b|\bp\.?r\.?\b|直肠给药|肛塞",
    "sublingual": r"\bsublingual(?:ly)?\b|舌下",
    "ophthalmic": r"\bophthalmic\b|\beye drops?\b|滴眼",
    "nasal": r"\bnasal(?:ly)?\b|\bintranasal(?:ly)?\b|鼻内|滴鼻",
    "vaginal": r"\bvaginal(?:ly)?\b|阴道",
}
_LATIN = {"qd": 1.0, "od": 1.0, "bid": 2.0, "tid": 3.0, "qid": 4.0, "qod": 0.5, "nocte": 1.0, "qn": 1.0}
_TIMES = (  # pattern, how often a day by the number in it
    (rf"{_N}\s*(?:times|x)\s*(?:a|per|/|each|every)?\s*(?:day|daily)", lambda n: n),
    (rf"{_N}\s*(?:times\s*)?(?:a|per|each|every)\s*(?:week|wk)\b|{_N}\s*(?:times\s*)?weekly", lambda n: n / 7),
    (r"\b(once|twice|thrice)\s*(?:a\s*|per\s*)?(?:day|daily)\b", lambda n: n),
    (rf"\b(?:every|q)\s*{_N}\s*-?(?:h\b|hr?s?\b|hours?\b|hourly\b)|每(?:隔)?\s*{_N}\s*(?:个)?小时", lambda n: 24 / n),
    (rf"\bevery\s*{_N}\s*days?\b|每(?:隔)?\s*{_N}\s*天一次", lambda n: 1 / n),
    (rf"每(?:日|天)\s*{_N}\s*次|{_N}\s*次\s*/\s*(?:日|天)|(?:一|1)\s*(?:日|天)\s*{_N}\s*次", lambda n: n),
    (rf"每周\s*{_N}\s*次", lambda n: n / 7),
    (r"\b(weekly|every week|each week|a week|per week)\b|(每周)", lambda n: 1 / 7),
    (r"\b(every other day|on alternate days)\b|(隔日一次)", lambda n: 0.5),
    (r"\b(daily|every day|each day|a day|at night|at bedtime)\b|(每晚|每日|每天|睡前)", lambda n: 1.0),
)
_LONG = re.compile(
    rf"(?:\b(?:for|over|during|x)|×)\s*(?:a total of\s*)?{_N}\s*(days?|weeks?|months?|years?)\b"
    rf"|{_N}[\s-]*(days?|weeks?|months?)\s*course"
    rf"|(?:疗程|连用|连续|服用|使用|共)(?:为|用|服)?\s*{_N}\s*(?:个)?(天|日|周|星期|月|年)",
    re.IGNORECASE,
)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365, "天": 1, "日": 1, "周": 7, "星期": 7, "月": 30, "年": 365}


@dataclass(frozen=True, slots=True)
class Regimen:
    """What was said of how to take a medicine; what was not said is None or empty."""

    dose: doses.Dose | None
    route: str  # oral, intravenous ...
    times: float | None  # a day; every other day is 0.5
    days: float | None  # how long


def read(written: str) -> Regimen:
    """The first dose, route, times a day and duration in days that stand in a text."""
    return Regimen(doses.read(written), _route(written), _times(written), _duration(written))


def _route(written: str) -> str:
    found = [(match.start(), name) for name, pattern in _ROUTES.items() if (match := re.search(pattern, written, re.I))]
    return min(found)[1] if found else ""


def _times(written: str) -> float | None:
    if latin := re.search(rf"\b({'|'.join(_LATIN)})\b", written.replace(".", ""), re.IGNORECASE):
        return _LATIN[latin[1].lower()]
    for pattern, often in _TIMES:
        if found := re.search(pattern, written, re.IGNORECASE):
            said = next(part for part in found.groups() if part)
            number = _WORDS.get(said.lower()) or (float(said) if re.fullmatch(r"\d+(?:\.\d+)?", said) else 1.0)
            return float(often(number)) if number else None
    return None


def _duration(written: str) -> float | None:
    found = _LONG.search(written)
    if found is None:
        return None
    number, unit = (part for part in found.groups() if part)
    value = float(_WORDS.get(number.lower()) or number)
    return value * _DAYS[unit.lower().rstrip("s")]
