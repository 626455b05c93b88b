"""Kidney function, body size and body water."""

from __future__ import annotations

from math import sqrt

from probatum.tools._sheet import Sheet


def ideal_body_weight(sheet: Sheet) -> float:
    """Devine: a base by sex and 2.3 kg for each inch above five feet."""
    base = 50.0 if sheet.chosen("sex") == "male" else 45.5
    inches = sheet.number("height") / 2.54
    weight = base + 2.3 * (inches - 60)
    sheet.say(f"ideal weight = {base:g} + 2.3 * ({inches:.5g} - 60) = {weight:.6g} kg")
    return weight


def adjusted_body_weight(sheet: Sheet) -> float:
    """The ideal weight and 40% of what is carried beyond it."""
    ideal = ideal_body_weight(sheet)
    weight = ideal + 0.4 * (sheet.number("weight") - ideal)
    sheet.say(f"adjusted weight = {ideal:.6g} + 0.4 * ({sheet.number('weight'):g} - {ideal:.6g}) = {weight:.6g} kg")
    return weight


def body_mass_index(sheet: Sheet) -> float:
    """Weight over the square of the height."""
    metres = sheet.number("height") / 100
    index = sheet.number("weight") / metres**2
    sheet.say(f"BMI = {sheet.number('weight'):g} / {metres:g}^2 = {index:.6g} kg/m2")
    return index


def target_weight(sheet: Sheet) -> float:
    """The weight at which a body of this height has the index that is aimed at."""
    metres = sheet.number("height") / 100
    weight = sheet.number("bmi") * metres**2
    sheet.say(f"weight = {sheet.number('bmi'):g} * {metres:g}^2 = {weight:.6g} kg")
    return weight


def body_surface_area(sheet: Sheet) -> float:
    """Mosteller's root."""
    area = sqrt(sheet.number("weight") * sheet.number("height") / 3600)
    sheet.say(f"area = sqrt({sheet.number('weight'):g} * {sheet.number('height'):g} / 3600) = {area:.6g} m2")
    return area


def cockcroft_gault(sheet: Sheet) -> float:
    """Clearance by age, weight and creatinine; the weight that enters is chosen by the body mass index (Winter)."""
    index, actual = body_mass_index(sheet), sheet.number("weight")
    if index < 18.5:
        weight = actual
    elif index < 25:
        weight = min(ideal_body_weight(sheet), actual)
    else:
        weight = adjusted_body_weight(sheet)
    share = 1.0 if sheet.chosen("sex") == "male" else 0.85
    age, creatinine = sheet.number("age"), sheet.number("creatinine")
    clearance = (140 - age) * weight * share / (72 * creatinine)
    sheet.say(f"clearance = (140 - {age:g}) * {weight:.6g} * {share} / (72 * {creatinine:g}) = {clearance:.6g} mL/min")
    return clearance


def ckd_epi_2021(sheet: Sheet) -> float:
    """The equation of 2021 for creatinine, without race."""
    female = sheet.chosen("sex") == "female"
    kappa, alpha, share = (0.7, -0.241, 1.012) if female else (0.9, -0.302, 1.0)
    ratio, age = sheet.number("creatinine") / kappa, sheet.number("age")
    low, high = min(ratio, 1.0), max(ratio, 1.0)
    rate = float(142 * low**alpha * high**-1.2 * 0.9938**age * share)
    sheet.say(f"142 * {low:.5g}^{alpha} * {high:.5g}^-1.2 * 0.9938^{age:g} * {share} = {rate:.6g}")
    return rate


def mdrd(sheet: Sheet) -> float:
    """The four-variable equation with standardised creatinine; its factor for race is part of the publication."""
    share = (0.742 if sheet.chosen("sex") == "female" else 1.0) * (1.212 if sheet.yes("black") else 1.0)
    creatinine, age = sheet.number("creatinine"), sheet.number("age")
    rate = float(175 * creatinine**-1.154 * age**-0.203 * share)
    sheet.say(f"175 * {creatinine:g}^-1.154 * {age:g}^-0.203 * {share:g} = {rate:.6g} mL/min/1.73m2")
    return rate


def fractional_excretion_of_sodium(sheet: Sheet) -> float:
    """The share of the filtered sodium that leaves with the urine."""
    up = sheet.number("urine_sodium") * sheet.number("creatinine")
    down = sheet.number("sodium") * sheet.number("urine_creatinine")
    sheet.say(f"100 * {up:.6g} / {down:.6g} = {100 * up / down:.5g} %")
    return 100 * up / down


def free_water_deficit(sheet: Sheet) -> float:
    """The water that would bring the sodium to 140, by the body's share of water."""
    age, male = sheet.number("age"), sheet.chosen("sex") == "male"
    if age < 18:
        share = 0.6
    elif age < 65:
        share = 0.6 if male else 0.5
    else:
        share = 0.5 if male else 0.45
    deficit = share * sheet.number("weight") * (sheet.number("sodium") / 140 - 1)
    sheet.say(f"{share} * {sheet.number('weight'):g} * ({sheet.number('sodium'):g}/140 - 1) = {deficit:.6g} L")
    return deficit


def maintenance_fluids(sheet: Sheet) -> float:
    """4 mL an hour for each of the first ten kilograms, 2 for each of the next ten, 1 for each beyond."""
    weight = sheet.number("weight")
    rate = 4 * min(weight, 10) + 2 * min(max(weight - 10, 0), 10) + max(weight - 20, 0)
    sheet.say(f"4 * first 10 kg + 2 * next 10 kg + 1 * the rest of {weight:g} kg = {rate:g} mL/h")
    return rate
