"""Days of a pregnancy, and doses of one drug told in another."""

from __future__ import annotations

from datetime import timedelta

from probatum.errors import BadFormat
from probatum.tools._sheet import Sheet

STEROIDS = {  # mg that do the same
    "betamethasone IV": 0.75,
    "cortisone PO": 25.0,
    "dexamethasone IV": 0.75,
    "dexamethasone PO": 0.75,
    "hydrocortisone IV": 20.0,
    "hydrocortisone PO": 20.0,
    "methylprednisolone IV": 4.0,
    "methylprednisolone PO": 4.0,
    "prednisolone PO": 5.0,
    "prednisone PO": 5.0,
    "triamcinolone IV": 4.0,
}
OPIOIDS = {  # mg of morphine by mouth for one mg; buprenorphine has no factor there and none is made up
    "codeine": 0.15,
    "fentanyl_buccal": 130.0,  # 0.13 for one ug
    "hydrocodone": 1.0,
    "hydromorphone": 5.0,
    "methadone": 4.7,
    "morphine": 1.0,
    "oxycodone": 1.5,
    "oxymorphone": 3.0,
    "tapentadol": 0.4,
    "tramadol": 0.2,
}


def due_date(sheet: Sheet) -> str:
    """Forty weeks after the last period began, and the days that the cycle is longer than 28."""
    beyond = round(sheet.number("cycle_length")) - 28
    found = sheet.day("last_period") + timedelta(weeks=40, days=beyond)
    sheet.say(f"{sheet.day('last_period')} + 280 d {beyond:+d} d = {found}")
    return found.isoformat()


def conception_date(sheet: Sheet) -> str:
    """Two weeks after the last period began."""
    found = sheet.day("last_period") + timedelta(weeks=2)
    sheet.say(f"{sheet.day('last_period')} + 14 d = {found}")
    return found.isoformat()


def gestational_age(sheet: Sheet) -> str:
    """Weeks and days since the last period began; raises `BadFormat` where it lies after today."""
    days = (sheet.day("today") - sheet.day("last_period")).days
    if days < 0:
        raise BadFormat("last_period lies after today")
    sheet.say(f"{sheet.day('today')} - {sheet.day('last_period')} = {days} d")
    return f"{days // 7} weeks {days % 7} days"


def steroid_equivalent(sheet: Sheet) -> float:
    """The dose of another steroid that does the same."""
    given, wanted = sheet.chosen("steroid"), sheet.chosen("wanted_steroid")
    found = sheet.number("steroid_dose") * STEROIDS[wanted] / STEROIDS[given]
    sheet.say(f"{sheet.number('steroid_dose'):g} mg {given} * {STEROIDS[wanted]:g} / {STEROIDS[given]:g} = {found:.6g}")
    return found


def morphine_equivalent(sheet: Sheet) -> float:
    """The morphine by mouth in a day that all opioids together amount to; raises `BadFormat` where none is given."""
    taken = [name for name in OPIOIDS if sheet.has(f"{name}_dose")]
    if not taken:
        raise BadFormat(f"missing: the dose of an opioid; there are: {', '.join(OPIOIDS)}")
    for name in taken:
        dose, times = sheet.number(f"{name}_dose"), sheet.number(f"{name}_times")
        sheet.count(f"{name} {dose:g} mg * {times:g}/d * {OPIOIDS[name]:g}", dose * times * OPIOIDS[name], True)
    return sheet.score
