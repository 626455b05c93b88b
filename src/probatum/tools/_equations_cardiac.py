"""Heart and vessels: pressures, QT intervals, the risk of stroke, bleeding, clots and infarction."""

from __future__ import annotations

from math import exp, inf, log, sqrt

from probatum.tools._sheet import Sheet


def mean_arterial_pressure(sheet: Sheet) -> float:
    """A third of the systolic and two thirds of the diastolic pressure."""
    high, low = sheet.number("systolic"), sheet.number("diastolic")
    found = (high + 2 * low) / 3
    sheet.say(f"({high:g} + 2 * {low:g}) / 3 = {found:.6g} mm[Hg]")
    return found


def qtc_bazett(sheet: Sheet) -> float:
    """QT over the root of the RR interval in seconds."""
    return _told(sheet, sheet.number("qt") / sqrt(_rr(sheet)), "QT / sqrt(RR)")


def qtc_fridericia(sheet: Sheet) -> float:
    """QT over the cube root of the RR interval in seconds."""
    return _told(sheet, sheet.number("qt") / _rr(sheet) ** (1 / 3), "QT / RR^(1/3)")


def qtc_framingham(sheet: Sheet) -> float:
    """QT and 154 ms for each second that RR is short of one."""
    return _told(sheet, sheet.number("qt") + 154 * (1 - _rr(sheet)), "QT + 154 * (1 - RR)")


def qtc_hodges(sheet: Sheet) -> float:
    """QT and 1.75 ms for each beat a minute beyond sixty."""
    return _told(sheet, sheet.number("qt") + 1.75 * (sheet.number("heart_rate") - 60), "QT + 1.75 * (rate - 60)")


def qtc_rautaharju(sheet: Sheet) -> float:
    """QT times 120 and the rate, over 180."""
    return _told(sheet, sheet.number("qt") * (120 + sheet.number("heart_rate")) / 180, "QT * (120 + rate) / 180")


def _rr(sheet: Sheet) -> float:
    sheet.say(f"RR = 60 / {sheet.number('heart_rate'):g} = {60 / sheet.number('heart_rate'):.5g} s")
    return 60 / sheet.number("heart_rate")


def _told(sheet: Sheet, found: float, how: str) -> float:
    sheet.say(f"QTc = {how} = {found:.6g} ms, QT = {sheet.number('qt'):g} ms")
    return found


def cha2ds2_vasc(sheet: Sheet) -> float:
    """Risk of stroke in atrial fibrillation, 0 to 9."""
    sheet.band("age", (75, 2), (65, 1), (-inf, 0))
    sheet.count("female", 1, sheet.chosen("sex") == "female")
    sheet.count("stroke, TIA or embolism", 2, sheet.any_of("stroke", "tia", "thromboembolism"))
    sheet.count_findings(1, "heart_failure", "hypertension", "vascular_disease", "diabetes")
    return sheet.score


def has_bled(sheet: Sheet) -> float:
    """Risk of major bleeding under anticoagulation, 0 to 9."""
    names = "hypertension renal_disease liver_disease stroke prior_bleeding labile_inr drugs_that_favour_bleeding"
    sheet.count_findings(1, *names.split())
    sheet.count("older than 65", 1, sheet.number("age") > 65)
    sheet.count("8 or more drinks a week", 1, sheet.number("alcoholic_drinks") >= 8)
    return sheet.score


def wells_pe(sheet: Sheet) -> float:
    """Chance of pulmonary embolism before tests, 0 to 12.5."""
    sheet.count_findings(3, "signs_of_dvt", "pe_most_likely")
    sheet.count("heart rate above 100", 1.5, sheet.number("heart_rate") > 100)
    sheet.count("immobile or operated", 1.5, sheet.any_of("immobile_3_days", "surgery_4_weeks"))
    sheet.count("earlier PE or DVT", 1.5, sheet.any_of("previous_pe", "previous_dvt"))
    sheet.count_findings(1, "hemoptysis", "malignancy_treated")
    return sheet.score


def wells_dvt(sheet: Sheet) -> float:
    """Chance of deep vein thrombosis before tests, -2 to 9."""
    sheet.count("bedridden or operated", 1, sheet.any_of("bedridden_3_days", "major_surgery_12_weeks"))
    names = "active_cancer calf_swelling_3_cm collateral_veins whole_leg_swollen tenderness_along_veins pitting_edema"
    sheet.count_findings(1, *names.split(), "paralysis_or_plaster_of_leg", "previous_dvt")
    sheet.count_findings(-2, "other_diagnosis_as_likely")
    return sheet.score


def perc(sheet: Sheet) -> float:
    """How many of the eight criteria are met; embolism is ruled out at none."""
    sheet.count("aged 50 or more", 1, sheet.number("age") >= 50)
    sheet.count("heart rate of 100 or more", 1, sheet.number("heart_rate") >= 100)
    sheet.count("saturation below 95%", 1, sheet.number("oxygen_saturation") < 95)
    sheet.count_findings(1, "unilateral_leg_swelling", "hemoptysis", "recent_surgery_or_trauma", "hormone_use")
    sheet.count("earlier PE or DVT", 1, sheet.any_of("previous_pe", "previous_dvt"))
    return sheet.score


def revised_cardiac_risk(sheet: Sheet) -> float:
    """Risk of the heart in surgery, 0 to 6."""
    names = "high_risk_surgery ischemic_heart_disease heart_failure cerebrovascular_disease insulin_before_surgery"
    sheet.count_findings(1, *names.split())
    sheet.count("creatinine above 2 mg/dL", 1, sheet.number("creatinine") > 2)
    return sheet.score


def heart_score(sheet: Sheet) -> float:
    """Risk of major events in chest pain, 0 to 10."""
    sheet.choice("history", {"slightly suspicious": 0, "moderately suspicious": 1, "highly suspicious": 2})
    sheet.choice("ecg", {"normal": 0, "repolarization disturbance": 1, "st deviation": 2})
    sheet.band("age", (65, 2), (45, 1), (-inf, 0))
    factors = [*"hypertension hypercholesterolemia diabetes obesity smoking family_history_cvd".split()]
    there = sum(sheet.yes(name) for name in factors)
    vessels = sheet.any_of("atherosclerotic_disease", "stroke", "tia")
    points = 2 if vessels or there >= 3 else 1 if there else 0
    sheet.count(f"{there} risk factors, atherosclerosis: {'yes' if vessels else 'no'}", points, points > 0)
    sheet.choice("troponin", {"normal": 0, "up to 3 times": 1, "above 3 times": 2})
    return sheet.score


def framingham_risk(sheet: Sheet) -> float:
    """Hard coronary events within ten years, by the functions of the third adult treatment panel."""
    male, age = sheet.chosen("sex") == "male", sheet.number("age")
    year, total = log(age), log(sheet.number("total_cholesterol"))
    high, pressure = log(sheet.number("hdl_cholesterol")), log(sheet.number("systolic"))
    treated, smoker = sheet.yes("blood_pressure_treated"), sheet.yes("smoker")
    if male:
        risk = 52.00961 * year + 20.014077 * total - 0.905964 * high + 1.305784 * pressure + 0.241549 * treated
        risk += 12.096316 * smoker - 4.605038 * year * total - 2.84367 * log(min(age, 70)) * smoker
        risk += -2.93323 * year**2 - 172.300168
    else:
        risk = 31.764001 * year + 22.465206 * total - 1.187731 * high + 2.552905 * pressure + 0.420251 * treated
        risk += 13.07543 * smoker - 5.060998 * year * total - 2.996945 * log(min(age, 78)) * smoker - 146.5933061
    base = 0.9402 if male else 0.98767
    share = float(100 * (1 - base ** exp(risk)))
    sheet.say(f"100 * (1 - {base}^exp({risk:.5g})) = {share:.6g} %")
    return share
