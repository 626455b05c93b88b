"""Salts, acids, sugar, fats and the liver's fibrosis."""

from __future__ import annotations

from math import sqrt

from probatum.tools._sheet import Sheet

USUAL_GAP, USUAL_BICARBONATE, USUAL_ALBUMIN = 12.0, 24.0, 4.0  # meq/L, meq/L, g/dL


def corrected_calcium(sheet: Sheet) -> float:
    """0.8 mg/dL for each g/dL of albumin below 4."""
    calcium = sheet.number("calcium") + 0.8 * (USUAL_ALBUMIN - sheet.number("albumin"))
    sheet.say(f"{sheet.number('calcium'):g} + 0.8 * (4 - {sheet.number('albumin'):g}) = {calcium:.6g} mg/dL")
    return calcium


def corrected_sodium(sheet: Sheet) -> float:
    """2.4 meq/L for each 100 mg/dL of glucose above 100."""
    sodium = sheet.number("sodium") + 0.024 * (sheet.number("glucose") - 100)
    sheet.say(f"{sheet.number('sodium'):g} + 0.024 * ({sheet.number('glucose'):g} - 100) = {sodium:.6g} meq/L")
    return sodium


def serum_osmolality(sheet: Sheet) -> float:
    """Twice the sodium, and glucose and urea nitrogen as amounts."""
    sodium, nitrogen, glucose = sheet.number("sodium"), sheet.number("bun"), sheet.number("glucose")
    found = 2 * sodium + nitrogen / 2.8 + glucose / 18
    sheet.say(f"2 * {sodium:g} + {nitrogen:g}/2.8 + {glucose:g}/18 = {found:.6g} mosm/kg")
    return found


def homa_ir(sheet: Sheet) -> float:
    """Fasting insulin times fasting glucose, over 405."""
    found = sheet.number("insulin") * sheet.number("glucose") / 405
    sheet.say(f"{sheet.number('insulin'):g} * {sheet.number('glucose'):g} / 405 = {found:.6g}")
    return found


def ldl_friedewald(sheet: Sheet) -> float:
    """Total cholesterol less HDL less a fifth of the triglycerides (fasting; triglycerides below 400 mg/dL)."""
    total, high, fats = (sheet.number(name) for name in ("total_cholesterol", "hdl_cholesterol", "triglycerides"))
    if fats >= 400:
        sheet.say("triglycerides of 400 mg/dL or more: outside what the formula was made for")
    sheet.say(f"{total:g} - {high:g} - {fats:g}/5 = {total - high - fats / 5:.6g} mg/dL")
    return total - high - fats / 5


def fib4(sheet: Sheet) -> float:
    """Age times AST, over platelets times the root of ALT."""
    age, ast, alt = sheet.number("age"), sheet.number("ast"), sheet.number("alt")
    platelets = sheet.number("platelets")
    found = age * ast / (platelets * sqrt(alt))
    sheet.say(f"{age:g} * {ast:g} / ({platelets:g} * sqrt({alt:g})) = {found:.6g}")
    return found


def anion_gap(sheet: Sheet) -> float:
    """Sodium less chloride and bicarbonate."""
    sodium, chloride, bicarbonate = (sheet.number(name) for name in ("sodium", "chloride", "bicarbonate"))
    gap = sodium - (chloride + bicarbonate)
    sheet.say(f"gap = {sodium:g} - ({chloride:g} + {bicarbonate:g}) = {gap:.6g} meq/L")
    return gap


def anion_gap_for_albumin(sheet: Sheet) -> float:
    """The gap, and 2.5 for each g/dL of albumin below 4."""
    gap = anion_gap(sheet)
    found = gap + 2.5 * (USUAL_ALBUMIN - sheet.number("albumin"))
    sheet.say(f"gap for albumin = {gap:.6g} + 2.5 * (4 - {sheet.number('albumin'):g}) = {found:.6g} meq/L")
    return found


def delta_gap(sheet: Sheet) -> float:
    """The gap beyond 12."""
    return _delta(sheet, anion_gap(sheet))


def delta_gap_for_albumin(sheet: Sheet) -> float:
    """The gap for albumin beyond 12."""
    return _delta(sheet, anion_gap_for_albumin(sheet))


def delta_ratio(sheet: Sheet) -> float:
    """The gap beyond 12 over the bicarbonate below 24."""
    return _ratio(sheet, delta_gap(sheet))


def delta_ratio_for_albumin(sheet: Sheet) -> float:
    """The gap for albumin beyond 12 over the bicarbonate below 24."""
    return _ratio(sheet, delta_gap_for_albumin(sheet))


def _delta(sheet: Sheet, gap: float) -> float:
    sheet.say(f"delta gap = {gap:.6g} - 12 = {gap - USUAL_GAP:.6g} meq/L")
    return gap - USUAL_GAP


def _ratio(sheet: Sheet, delta: float) -> float:
    below = USUAL_BICARBONATE - sheet.number("bicarbonate")
    sheet.say(f"delta ratio = {delta:.6g} / (24 - {sheet.number('bicarbonate'):g})")
    return delta / below
