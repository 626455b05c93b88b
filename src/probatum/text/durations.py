"""Ages and spans of time: ISO 8601 durations in days and years, and said in words."""

from __future__ import annotations

import re

DAYS_A_YEAR = 365.25  # the Julian year; a month is a twelfth of it
_DAYS = (DAYS_A_YEAR, DAYS_A_YEAR / 12, 7.0, 1.0, 1 / 24, 1 / 1440, 1 / 86400)
_NUMBER = r"(\d{1,9}(?:[.,]\d{1,9})?)"
_DURATION = re.compile(
    rf"P(?=[\dT])(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=\d)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?"
)
_WORDS = {
    "en": ("year", "month", "week", "day", "hour", "minute", "second"),
    "zh": ("岁", "个月", "周", "天", "小时", "分钟", "秒"),
    "es": ("año", "mes", "semana", "día", "hora", "minuto", "segundo"),
}


def parts(written: str) -> tuple[float, ...]:
    """(years, months, weeks, days, hours, minutes, seconds) of an ISO 8601 duration; ValueError where it is none."""
    found = _DURATION.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"not an ISO 8601 duration: {written[:80]!r}; expected for example P34Y2M or P3W")
    return tuple(float(value.replace(",", ".")) if value else 0.0 for value in found.groups())


def days(written: str) -> float:
    """The length of an ISO 8601 duration in days; a month counts 30.4375; ValueError where it is none."""
    return sum(value * unit for value, unit in zip(parts(written), _DAYS, strict=True))


def years(written: str) -> float:
    """The length of an ISO 8601 duration in years of 365.25 days; ValueError where it is none."""
    return days(written) / DAYS_A_YEAR


def in_words(written: str, language: str = "en") -> str:
    """An ISO 8601 duration in words of 'en', 'zh' or 'es' (others: English): 'P34Y2M' is '34 years 2 months'."""
    words = _WORDS.get(language, _WORDS["en"])
    said = [
        f"{value:g}{word}" if language == "zh" else f"{value:g} {_plural(word, value, language)}"
        for value, word in zip(parts(written), words, strict=True)
        if value
    ]
    if not said:
        return f"0{words[3]}" if language == "zh" else f"0 {_plural(words[3], 0, language)}"
    return ("" if language == "zh" else " ").join(said)


def _plural(word: str, value: float, language: str) -> str:
    if value == 1:
        return word
    return word + ("es" if language == "es" and word == "mes" else "s")
