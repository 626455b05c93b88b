"""Units of measurement: how they are written, what they measure, and what a value is in another unit of the same thing.

Codes are UCUM's; the usual spellings beside them are understood. Amount and mass are exchanged by the molar mass of the
substance, amount and equivalents by its valence; both come with the input, never from the unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan

from probatum.errors import BadFormat


@dataclass(frozen=True, slots=True)
class _Unit:
    measures: str
    factor: float  # of one such unit in the first unit of what it measures
    zero: float = 0.0  # subtracted before the factor: temperatures alone


_UNITS = {
    "1": _Unit("number", 1.0),
    "a": _Unit("age", 1.0),
    "mo": _Unit("age", 1 / 12),
    "d": _Unit("days", 1.0),
    "kg": _Unit("body mass", 1.0),
    "g": _Unit("body mass", 1e-3),
    "[lb_av]": _Unit("body mass", 0.45359237),
    "cm": _Unit("length", 1.0),
    "m": _Unit("length", 100.0),
    "[in_i]": _Unit("length", 2.54),
    "[ft_i]": _Unit("length", 30.48),
    "Cel": _Unit("temperature", 1.0),
    "[degF]": _Unit("temperature", 5 / 9, 32.0),
    "K": _Unit("temperature", 1.0, 273.15),
    "mm[Hg]": _Unit("pressure", 1.0),
    "kPa": _Unit("pressure", 7.500616827),
    "/min": _Unit("rate", 1.0),
    "ms": _Unit("time", 1.0),
    "s": _Unit("time", 1000.0),
    "%": _Unit("share", 1.0),
    "g/dL": _Unit("mass concentration", 10.0),
    "g/L": _Unit("mass concentration", 1.0),
    "mg/dL": _Unit("mass concentration", 0.01),
    "mg/L": _Unit("mass concentration", 1e-3),
    "mol/L": _Unit("concentration", 1.0),
    "mmol/L": _Unit("concentration", 1e-3),
    "umol/L": _Unit("concentration", 1e-6),
    "meq/L": _Unit("equivalents", 1e-3),
    "U/L": _Unit("enzyme", 1.0),
    "u[IU]/mL": _Unit("hormone", 1.0),
    "m[IU]/L": _Unit("hormone", 1.0),
    "/uL": _Unit("count", 1.0),
    "10*3/uL": _Unit("count", 1e3),
    "10*9/L": _Unit("count", 1e3),
    "kg/m2": _Unit("body mass index", 1.0),
    "mL/d": _Unit("flow", 1.0),
    "L/d": _Unit("flow", 1000.0),
    "ug/kg/min": _Unit("infusion", 1.0),
    "mg": _Unit("dose", 1.0),
    "ug": _Unit("dose", 1e-3),
    "/d": _Unit("times a day", 1.0),
    "/wk": _Unit("times a week", 1.0),
}
_SPELT = {
    "years": "a", "year": "a", "months": "mo", "days": "d", "day": "d", "lb": "[lb_av]", "lbs": "[lb_av]",
    "in": "[in_i]", "inches": "[in_i]", "ft": "[ft_i]", "°c": "Cel", "c": "Cel", "degrees celsius": "Cel",
    "°f": "[degF]", "f": "[degF]", "degrees fahrenheit": "[degF]", "mmhg": "mm[Hg]", "mm hg": "mm[Hg]",
    "beats per minute": "/min", "breaths per minute": "/min", "bpm": "/min", "msec": "ms", "percent": "%",
    "iu/l": "U/L", "uiu/ml": "u[IU]/mL", "uu/ml": "u[IU]/mL", "miu/l": "m[IU]/L", "ul": "/uL", "mm^3": "/uL",
    "/mm^3": "/uL", "/mm³": "/uL", "cells/mcl": "/uL", "cells/ul": "/uL", "/mcl": "/uL", "mcl": "/uL",
    "/mm3": "/uL", "10^9/l": "10*9/L", "10^3/ul": "10*3/uL", "kg/m^2": "kg/m2", "kg/m²": "kg/m2",
    "ml/day": "mL/d", "l/day": "L/d", "mcg/kg/min": "ug/kg/min", "mcg": "ug", "per day": "/d", "per week": "/wk",
}  # fmt: skip
_CODES = {code.lower(): code for code in _UNITS}


def code_of(unit: str) -> str:
    """The UCUM code of a unit as it is written; raises `BadFormat` for one that is not known."""
    plain = " ".join(unit.replace("µ", "u").replace("μ", "u").split())
    if plain in _UNITS:
        return plain
    found = _SPELT.get(plain.lower()) or _CODES.get(plain.lower())
    if found is None:
        raise BadFormat(f"the unit {unit!r} is not known", mend=f"there are: {', '.join(_UNITS)}")
    return found


def converted(value: float, unit: str, wanted: str, molar_mass: float = 0.0, valence: int = 0) -> float:
    """A value of `unit` in the unit `wanted`, to twelve digits; `molar_mass` in g/mol and `valence` of the substance.

    Twelve digits, so that a threshold is met by the same value in either unit (100.4 [degF] is just 38 Cel).
    Raises `BadFormat` where the one cannot be told in the other.
    """
    here, there = _UNITS[code_of(unit)], _UNITS[code_of(wanted)]
    if here is there:
        return value
    if not isfinite(value):
        raise BadFormat(f"{value} {unit} is no quantity")
    base = (value - here.zero) * here.factor
    if here.measures != there.measures:
        base *= _exchange(here.measures, there.measures, molar_mass, valence)
        if isnan(base):  # nothing exchanges the two
            raise BadFormat(f"{unit} cannot be told in {wanted}")
    return float(f"{base / there.factor + there.zero:.12g}")


def _exchange(here: str, there: str, molar_mass: float, valence: int) -> float:
    in_mol = {
        "concentration": 1.0,
        "mass concentration": 1 / molar_mass if molar_mass else float("nan"),
        "equivalents": 1 / valence if valence else float("nan"),
    }
    return in_mol.get(here, float("nan")) / in_mol.get(there, float("nan"))
