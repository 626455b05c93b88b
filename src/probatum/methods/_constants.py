"""The constants of the differential: data, read from `_weights.toml`, which says how they were chosen."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WEIGHTS = Path(__file__).with_name("_weights.toml")


@dataclass(frozen=True, slots=True)
class Constants:
    """What a claim is worth, and how what one phenotype says is bounded and shared out.

    Patients are counts, shares are of 1, powers are exponents.
    """

    uncounted: float  # patients that a claim stands for which counts none
    unstated: float  # the share of patients of a claim without a frequency
    prior_share: float  # every claim is drawn towards this share of patients,
    prior_patients: float  # with the weight of so many patients: 1 of 1 says little
    wider_credit: float  # a disease that shows only a wider phenotype is credited with this part
    wider_power: float  # of this power of its ratio
    least: float  # the share of any patients in whom a phenotype is met that the disease does not explain
    rarity: float  # power by which a phenotype counts for its information
    repeated: float  # power by which it counts less for those of the patient that say the same
    verbatim: float  # the most information for which a disease is credited that is annotated with the very phenotype


@cache
def constants() -> Constants:
    """The constants as shipped."""
    return Constants(**tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))["constants"])
