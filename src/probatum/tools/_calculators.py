"""The table of the calculators, and what a caller gives checked against it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from probatum.errors import BadFormat
from probatum.shapes import Given, ToolInput
from probatum.tools._sheet import Value
from probatum.tools._units import code_of, converted

UNCHECKED = "not found again on a public page: the published worked example alone holds it"
_NUMBER = re.compile(r"\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(.*?)\s*")


@dataclass(frozen=True, slots=True)
class Calculator:
    """One formula as the table tells of it."""

    name: str
    group: str  # the file _equations_<group>.py
    title: str
    unit: str  # of the result
    version: str
    reference: str
    checked: str  # where the formula was found again; UNCHECKED where it was not
    inputs: tuple[ToolInput, ...]


@cache
def table() -> Mapping[str, Calculator]:
    """Every calculator by its name."""
    text = resources.files("probatum").joinpath("tools/_calculators.toml").read_text(encoding="utf-8")
    laid = tomllib.loads(text)
    found = {}
    for name, row in laid["calculators"].items():
        inputs, bounds = laid["inputs"], row.get("bounds", {})
        needed = [_input(each, inputs, bounds, True) for each in row.get("inputs", "").split()]
        needed += [_input(each, inputs, bounds, False) for each in row.get("optional", "").split()]
        needed += [ToolInput(each, "yes or no", absent=False) for each in row.get("findings", "").split()]
        told = {key: row[key] for key in ("group", "title", "unit", "version", "reference")}
        found[name] = Calculator(name, inputs=tuple(needed), checked=row.get("checked", UNCHECKED), **told)
    return found


def _input(name: str, inputs: Mapping[str, Any], bounds: Mapping[str, tuple[float, float]], must: bool) -> ToolInput:
    row = dict(inputs[name])
    if name in bounds:
        row["low"], row["high"] = bounds[name]
    row["choices"] = tuple(row.get("choices", ()))
    return ToolInput(name, required=must, **{"kind": "choice" if row["choices"] else "quantity", **row})


def checked(calculator: Calculator, given: Mapping[str, Given], absent: bool) -> tuple[dict[str, Value], list[str]]:
    """The inputs in the units of the table, and what was shown of it: conversions, and what was taken as absent.

    With `absent`, a finding that was not spoken of counts as not there. Raises `BadFormat` for an input that is not
    known, whose unit or value does not fit, and with the list of all that is missing.
    """
    known = {each.name: each for each in calculator.inputs}
    if strange := sorted(set(given) - set(known)):
        raise BadFormat(f"{', '.join(strange)}: no input of {calculator.name}", mend=f"it has: {', '.join(known)}")
    if lacking := missing(calculator, given, absent):
        raise BadFormat("missing: " + ", ".join(f"{each.name} ({each.unit or each.kind})" for each in lacking))
    values: dict[str, Value] = {}
    shown: list[str] = []
    for name, each in known.items():
        if name in given:
            values[name] = _value(each, given[name], shown)
        elif each.absent is not None and each.required:
            values[name] = each.absent
            shown.append(f"not spoken of, taken as absent: {name}")
    return values, shown


def missing(calculator: Calculator, given: Mapping[str, Given], absent: bool) -> list[ToolInput]:
    """The required inputs that were not given; with `absent`, findings that were not spoken of are not among them."""
    lacking = [each for each in calculator.inputs if each.required and each.name not in given]
    return [each for each in lacking if each.absent is None or not absent]


def _value(each: ToolInput, given: Given, shown: list[str]) -> Value:
    if each.kind == "yes or no":
        if not isinstance(given, bool):
            raise BadFormat(f"{each.name} = {given!r}: true or false was expected")
        return given
    if each.kind == "choice":
        wanted = str(given).strip().lower()
        found = [choice for choice in each.choices if choice.lower() == wanted]
        if not found:
            raise BadFormat(f"{each.name} = {given!r}", mend=f"it is one of: {', '.join(each.choices)}")
        return found[0]
    if each.kind == "date":
        try:
            return date.fromisoformat(str(given))
        except ValueError as error:
            raise BadFormat(f"{each.name} = {given!r}: a date like 2024-02-29 was expected") from error
    return _quantity(each, given, shown)


def _quantity(each: ToolInput, given: Given, shown: list[str]) -> float:
    if isinstance(given, tuple):
        number, unit = given
    elif isinstance(given, str) and (found := _NUMBER.fullmatch(given)):
        number, unit = float(found[1]), found[2]
    elif isinstance(given, int | float) and not isinstance(given, bool):
        number, unit = given, ""
    else:
        raise BadFormat(f"{each.name} = {given!r}: a number with its unit was expected, such as '1 {each.unit}'")
    if not unit and each.unit != "1":
        raise BadFormat(f"{each.name} = {given!r} has no unit", mend=f"write it out, such as '{number:g} {each.unit}'")
    value = converted(float(number), unit or "1", each.unit, each.molar_mass, each.valence)
    if unit and code_of(unit) != each.unit:
        shown.append(f"{each.name}: {number:g} {code_of(unit)} = {value:.6g} {each.unit}")
    if not each.low <= value <= each.high:
        raise BadFormat(f"{each.name} = {value:g} {each.unit} lies outside {each.low:g} to {each.high:g}")
    return value
