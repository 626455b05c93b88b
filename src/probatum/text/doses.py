"""A dose as it is written ("5-10 mg/kg", "0.5 g", "200 mcg twice daily", "10 毫克") as a range in one unit."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount from `low` to `high`; two doses can be compared where unit and per are the same."""

    low: float
    high: float
    unit: str  # mg, ml, IU, mmol or %
    per: str  # kg, m2 or nothing


_UNITS = {
    "kg": ("mg", 1e6), "g": ("mg", 1e3), "gram": ("mg", 1e3), "grams": ("mg", 1e3), "mg": ("mg", 1.0),
    "milligrams": ("mg", 1.0), "mcg": ("mg", 1e-3), "ug": ("mg", 1e-3), "µg": ("mg", 1e-3), "μg": ("mg", 1e-3),
    "micrograms": ("mg", 1e-3), "ng": ("mg", 1e-6), "克": ("mg", 1e3), "毫克": ("mg", 1.0), "微克": ("mg", 1e-3),
    "l": ("ml", 1e3), "ml": ("ml", 1.0), "毫升": ("ml", 1.0), "升": ("ml", 1e3), "iu": ("IU", 1.0), "u": ("IU", 1.0),
    "units": ("IU", 1.0), "unit": ("IU", 1.0), "单位": ("IU", 1.0), "mmol": ("mmol", 1.0), "mol": ("mmol", 1e3),
    "%": ("%", 1.0),
}  # fmt: skip
_NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
_DOSE = re.compile(
    rf"{_NUMBER}\s*(?:(?:-|–|~|to|至)\s*{_NUMBER}\s*)?({'|'.join(sorted(_UNITS, key=len, reverse=True))})"
    r"(?![a-zµμ])\s*(?:(?:/|per\s+)\s*(kg|m2|m²))?(?![a-z])",
    re.IGNORECASE,
)


def read(written: str) -> Dose | None:
    """The first dose that stands in a text, in mg, ml, IU, mmol or %; None where there is none.

    How often and for how long it is given is not part of it.
    """
    found = _DOSE.search(written)
    if found is None:
        return None
    unit, factor = _UNITS[found[3].lower()]
    first, second = (_number(part) for part in (found[1], found[2] or found[1]))
    low, high = sorted((first * factor, second * factor))
    return Dose(low, high, unit, (found[4] or "").lower().replace("²", "2"))


def _number(written: str) -> float:
    thousands = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", written)
    return float(written.replace(",", "" if thousands else "."))
