"""How a medicine is to be taken, read from English and Chinese."""

from __future__ import annotations

import pytest

from probatum.text.regimens import read


@pytest.mark.parametrize(
    ("written", "low", "route", "times", "days"),
    [
        ("500 mg orally three times a day for 7 days", 500, "oral", 3, 7),
        ("Give 1 g IV every 8 hours for 10 days.", 1000, "intravenous", 3, 10),
        ("0.5 g po tid x 7 days", 500, "oral", 3, 7),
        ("每次500毫克,口服,每日三次,疗程7天", 500, "oral", 3, 7),
        ("静脉滴注1克，每8小时一次，连用两周", 1000, "intravenous", 3, 14),
        ("take 20 mg at bedtime", 20, "", 1, None),
        ("10 mg/kg every other day", 10, "", 0.5, None),
        ("20 mg weekly", 20, "", 1 / 7, None),
        ("twice daily for three months", None, "", 2, 90),
        ("a 5-day course", None, "", None, 5),
        ("rest and fluids", None, "", None, None),
    ],
)
def test_dose_route_times_and_days(
    written: str, low: float | None, route: str, times: float | None, days: float | None
) -> None:
    said = read(written)
    assert (said.dose.low if said.dose else None) == low
    assert (said.route, said.times, said.days) == (route, pytest.approx(times) if times else None, days)
