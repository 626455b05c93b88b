"""Doses as they are written, in one unit."""

import pytest

from probatum.text.doses import Dose, read


@pytest.mark.parametrize(
    ("written", "dose"),
    [
        ("10 mg", Dose(10, 10, "mg", "")),
        ("0.5 g", Dose(500, 500, "mg", "")),
        ("200 mcg twice daily", Dose(0.2, 0.2, "mg", "")),
        ("5-10 mg/kg every 2 weeks", Dose(5, 10, "mg", "kg")),
        ("15 to 60 U per kg", Dose(15, 60, "IU", "kg")),
        ("1,500 mg/m²", Dose(1500, 1500, "mg", "m2")),
        ("2,5 ml", Dose(2.5, 2.5, "ml", "")),
        ("一次10毫克", Dose(10, 10, "mg", "")),
        ("甘草 6克", Dose(6000, 6000, "mg", "")),
        ("apply a 2 % cream", Dose(2, 2, "%", "")),
        ("1 mg/day", Dose(1, 1, "mg", "")),
        ("twice daily", None),
        ("5 mgs", None),
        ("", None),
    ],
)
def test_doses(written: str, dose: Dose | None) -> None:
    assert read(written) == dose
