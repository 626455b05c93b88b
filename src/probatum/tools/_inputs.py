"""The inputs of a calculator as a note tells them, each with its span, read by rules and without a language model."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from probatum.errors import BadFormat
from probatum.shapes import Given, ToolInput
from probatum.tools._units import converted

_NUMBER = r"(?<![\d.,/])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?!\d|/\d|\.\d)"
_UNIT = r"\s*([^\s,;()\]\d]+(?:\s?(?:[Hh]g|per minute|Celsius|Fahrenheit)|\^\d\b|\d(?:/[A-Za-z]+)?)?)"
_AFTER = re.compile(rf"[^\d\n.;]{{0,45}}?{_NUMBER}(?:{_UNIT})?")
_AGE = re.compile(r"\b(\d{1,3})[- ]*(year|yr|month)s?[- ]*old\b|\baged (\d{1,3})\b", re.IGNORECASE)
_SEX = re.compile(r"\b(?:(woman|female|girl|she|her)|(man|male|boy|he|his))\b", re.IGNORECASE)
_PRESSURE = re.compile(r"\b(\d{2,3})\s?/\s?(\d{2,3})(?=\s?mm ?hg\b)|\bblood pressure\D{0,30}(\d{2,3})/(\d{2,3})", re.I)
_TALL = re.compile(rf"{_NUMBER}\s?(cm|m)\b(?= tall| in height)", re.IGNORECASE)
_HEAVY = re.compile(rf"{_NUMBER}[ -]?(kg)\b(?!\s?/)", re.IGNORECASE)
_DATE = r"\D{0,30}(\d{1,2})/(\d{1,2})/(\d{4})"
_DAYS = {"last_period": re.compile("menstrual period" + _DATE, re.I), "today": re.compile(r"\btoday" + _DATE, re.I)}
_COMA = re.compile(r"\bE\s?([1-4])\s?,?\s?V\s?([1-5])\s?,?\s?M\s?([1-6])\b")
_COMA_PARTS = {"eyes": 1, "voice": 2, "movement": 3}
_NEGATED = re.compile(
    r"\b(?:no|not|denie[sd]|den(?:y|ying)|without|negative for|absence of|never|nor)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Found:
    """One input and where the note tells it: `text[start:end]`."""

    name: str
    given: Given
    start: int
    end: int


@cache
def _forms() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = resources.files("probatum").joinpath("tools/_inputs.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def found_in(text: str, inputs: Sequence[ToolInput]) -> dict[str, Found]:
    """What a note tells of the inputs, by name; what it does not tell is not there.

    The first mention that fits counts: a quantity with a unit of its kind and within its bounds, a finding by its words
    (not there where its sentence denies it before), age, sex, blood pressure and dates by their patterns.
    """
    found = {}
    for each in inputs:
        first = next(_mentions(text, each), None)
        if first is not None:
            found[each.name] = first
    return found


def _mentions(text: str, each: ToolInput) -> Iterator[Found]:
    if each.name == "sex":
        match = _SEX.search(text)
        if match:
            yield Found("sex", "female" if match[1] else "male", *match.span())
    elif each.kind == "yes or no":
        yield from _findings(text, each)
    elif each.kind == "date":
        match = _DAYS[each.name].search(text)
        if match:
            told = _day(int(match[3]), int(match[1]), int(match[2]))
            yield from [Found(each.name, told, match.start(1), match.end(3))] if told else []
    elif each.kind == "choice":
        yield from _choices(text, each)
    else:
        yield from (each_found for each_found in _quantities(text, each) if _fits(each, each_found.given))


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _choices(text: str, each: ToolInput) -> Iterator[Found]:
    part = _COMA_PARTS.get(each.name)
    for match in _COMA.finditer(text) if part else ():
        yield Found(each.name, each.choices[int(match[part or 0]) - 1], *match.span(part or 0))
    for choice in each.choices:
        name = re.escape(each.name.replace("_", " "))
        for match in re.finditer(rf"\b{name}\b[^.;\n]{{0,30}}?\b({re.escape(choice)})\b", text, re.IGNORECASE):
            yield Found(each.name, choice, *match.span(1))


def _findings(text: str, each: ToolInput) -> Iterator[Found]:
    for form in _forms()["findings"].get(each.name, [each.name.replace("_", " ")]):
        for match in re.finditer(rf"\b{re.escape(form)}", text, re.IGNORECASE):
            sentence = re.split(r"[.;\n]|\bbut\b", text[: match.start()])[-1]
            yield Found(each.name, _NEGATED.search(sentence) is None, *match.span())


def _quantities(text: str, each: ToolInput) -> Iterator[Found]:
    if each.name == "age":
        for match in _AGE.finditer(text):
            months = (match[2] or "").lower() == "month"
            yield Found("age", (float(match[1] or match[3]), "mo" if months else "a"), *match.span())
    if each.name in {"systolic", "diastolic"}:
        place = 1 if each.name == "systolic" else 2
        for match in _PRESSURE.finditer(text):
            which = place if match[place] else place + 2
            yield Found(each.name, (float(match[which]), "mm[Hg]"), *match.span(which))
    for form in _forms()["quantities"].get(each.name, [each.name.replace("_", " ")]):
        for match in re.finditer(rf"(?<![\w-]){re.escape(form)}(?!\w)", text, re.IGNORECASE):
            after = _AFTER.match(text, match.end())
            if after:
                number = float(after[1].replace(",", ""))
                unit = "1" if each.unit == "1" else (after[2] or "").rstrip(".:")
                yield Found(each.name, (number, unit), after.start(1), after.end())
    pattern = {"height": _TALL, "weight": _HEAVY}.get(each.name)
    for match in pattern.finditer(text) if pattern else ():
        yield Found(each.name, (float(match[1].replace(",", "")), match[2]), *match.span())


def _fits(each: ToolInput, given: Given) -> bool:
    if not isinstance(given, tuple) or not given[1]:
        return False
    try:
        value = converted(*given, each.unit, each.molar_mass, each.valence)
    except BadFormat:
        return False
    return each.low <= value <= each.high
