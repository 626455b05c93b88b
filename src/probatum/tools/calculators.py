"""Medical calculators: published formulas over typed inputs with units, and every step of the work in words."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import ModuleType

from probatum.errors import BadFormat, UnknownName
from probatum.naming import card
from probatum.shapes import Given, Result, ToolInput
from probatum.text.normal import fold
from probatum.tools import (
    _equations_cardiac,
    _equations_doses,
    _equations_metabolic,
    _equations_renal,
    _equations_scores,
)
from probatum.tools._calculators import Calculator, checked, missing, table
from probatum.tools._inputs import Found, found_in
from probatum.tools._sheet import Sheet

_GROUPS: Mapping[str, ModuleType] = {
    "cardiac": _equations_cardiac,
    "doses": _equations_doses,
    "metabolic": _equations_metabolic,
    "renal": _equations_renal,
    "scores": _equations_scores,
}


@card("Medical calculators", survey="3.2.4", reference="doi:10.48550/arXiv.2406.12036")
def calculators(given: Mapping[str, Given], *, name: str = "", unsaid: str = "ask") -> Result:
    """What the calculator `name` gives for typed inputs, with its steps, its version and the paper that it is from.

    A quantity is told with its unit ('1.39 mg/dL' or (1.39, 'mg/dL')); a unit of the same thing is converted and the
    conversion shown. Nothing is guessed: with `unsaid="ask"` every input that was not given is missing, with "absent"
    a finding that was not spoken of counts as not there, and the result lists it as assumed. The value is not rounded,
    save where the publication rounds. Raises `UnknownName` for a calculator that is not there; `BadFormat` with the
    list of all that is missing, and for a unit or a value that does not fit.
    """
    if unsaid not in {"ask", "absent"}:
        raise BadFormat(f"unsaid = {unsaid!r}", mend="it is 'ask' or 'absent'")
    calculator = _named(name)
    values, shown = checked(calculator, given, unsaid == "absent")
    sheet = Sheet(values)
    try:
        value = getattr(_GROUPS[calculator.group], calculator.name)(sheet)
    except (ZeroDivisionError, OverflowError) as error:
        raise BadFormat(f"{name} has no value for these inputs: {error}") from error
    required = {each.name for each in calculator.inputs if each.required}
    assumed = tuple(each for each in values if each in required and each not in given)
    steps = (*shown, *sheet.steps)
    version, reference = calculator.version, calculator.reference
    return Result(name, value, calculator.unit, steps, assumed, version, reference, checked=calculator.checked)


def known() -> tuple[str, ...]:
    """The names of all calculators, sorted."""
    return tuple(sorted(table()))


def inputs_of(name: str) -> tuple[ToolInput, ...]:
    """What a calculator takes; raises `UnknownName`."""
    return _named(name).inputs


def missing_of(name: str, given: Mapping[str, Given], *, unsaid: str = "ask") -> tuple[ToolInput, ...]:
    """What a calculator still needs to be told; raises `UnknownName`."""
    return tuple(missing(_named(name), given, unsaid == "absent"))


def title_of(name: str) -> str:
    """What a calculator is called; raises `UnknownName`."""
    return _named(name).title


def checked_of(name: str) -> str:
    """The public page on which a calculator's formula was found again, or that it was not; raises `UnknownName`."""
    return _named(name).checked


def read(name: str, text: str) -> dict[str, Found]:
    """The inputs of a calculator that a note tells, each with its span; raises `UnknownName`."""
    return found_in(text, _named(name).inputs)


def asked_for(text: str) -> tuple[str, ...]:
    """The calculators that a question calls by the longest of their names in it, sorted; several where they share it.

    "Delta gap for albumin" asks neither for the delta gap nor for the anion gap.
    """
    plain = re.sub(r"['’](?:s\b)?", "", fold(text))
    longest = {
        name: max((len(match[0]) for form in forms for match in re.finditer(form, plain)), default=0)
        for name, forms in _called().items()
    }
    most = max(longest.values())
    return tuple(sorted(name for name, length in longest.items() if length == most > 0))


@cache
def _called() -> Mapping[str, tuple[str, ...]]:
    """Patterns of the names by which questions call each calculator, its title among them."""
    laid = tomllib.loads(resources.files("probatum").joinpath("tools/_called.toml").read_text(encoding="utf-8"))
    return {
        name: tuple(rf"(?<![a-z0-9]){re.escape(fold(each))}(?![a-z0-9])" for each in (*laid[name], row.title))
        for name, row in table().items()
    }


def _named(name: str) -> Calculator:
    if name not in table():
        near = difflib.get_close_matches(name, table(), n=3, cutoff=0.5)
        raise UnknownName(f"no calculator {name!r}; near: {', '.join(near) or 'none'}")
    return table()[name]
