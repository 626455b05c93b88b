"""Scores of the liver, the lungs, the throat and the patient in intensive care."""

from __future__ import annotations

from math import inf, log

from probatum.tools._sheet import Sheet

BY_NEED = {"none": 0.0, "mild": 1.0, "moderate to severe": 3.0}
EYES = ("none", "to pain", "to speech", "spontaneous")  # one point for the first, one more for each further one
VOICE = ("none", "sounds", "words", "confused", "oriented")
MOVEMENT = ("none", "extension", "abnormal flexion", "withdrawal", "localizes pain", "obeys")


def glasgow_coma(sheet: Sheet) -> float:
    """Eyes, voice and movement, 3 to 15."""
    for name, answers in (("eyes", EYES), ("voice", VOICE), ("movement", MOVEMENT)):
        sheet.choice(name, {answer: place for place, answer in enumerate(answers, 1)})
    return sheet.score


def child_pugh(sheet: Sheet) -> float:
    """How far cirrhosis has gone, 5 to 15: A to 6, B to 9, C above."""
    bilirubin, albumin, inr = sheet.number("bilirubin"), sheet.number("albumin"), sheet.number("inr")
    low, high = bilirubin < 2, bilirubin > 3
    sheet.count(f"bilirubin {bilirubin:g} mg/dL", 1 if low else 3 if high else 2, True)
    low, high = albumin > 3.5, albumin < 2.8
    sheet.count(f"albumin {albumin:g} g/dL", 1 if low else 3 if high else 2, True)
    low, high = inr < 1.7, inr > 2.3
    sheet.count(f"INR {inr:g}", 1 if low else 3 if high else 2, True)
    sheet.choice("ascites", {"absent": 1, "slight": 2, "moderate": 3})
    sheet.choice("encephalopathy", {"none": 1, "grade 1-2": 2, "grade 3-4": 3})
    return sheet.score


def meld_na(sheet: Sheet) -> float:
    """Urgency of a liver transplant with sodium, 6 to 40, as allocation used it from 2016 to 2023."""
    dialysis = sheet.any_of("dialysis_twice_in_week", "cvvhd")
    creatinine = 4.0 if dialysis else min(max(sheet.number("creatinine"), 1.0), 4.0)
    bilirubin, inr = max(sheet.number("bilirubin"), 1.0), max(sheet.number("inr"), 1.0)
    sodium = min(max(sheet.number("sodium"), 125.0), 137.0)
    sheet.say(f"within bounds: creatinine {creatinine:g}, bilirubin {bilirubin:g}, INR {inr:g}, sodium {sodium:g}")
    first = round(0.957 * log(creatinine) + 0.378 * log(bilirubin) + 1.120 * log(inr) + 0.643, 1) * 10
    sheet.say(f"MELD(i) = {first:g}")
    found = first
    if first > 11:
        found = first + 1.32 * (137 - sodium) - 0.033 * first * (137 - sodium)
        sheet.say(f"{first:g} + 1.32 * (137 - {sodium:g}) - 0.033 * {first:g} * (137 - {sodium:g}) = {found:.5g}")
    return min(max(round(found), 6), 40)


def glasgow_blatchford(sheet: Sheet) -> float:
    """Need of treatment in bleeding of the upper gut, 0 to 23."""
    sheet.band("bun", (70, 6), (28, 4), (22.4, 3), (18.2, 2), (-inf, 0))
    male = sheet.chosen("sex") == "male"
    sheet.band("hemoglobin", *([(13, 0), (12, 1), (10, 3)] if male else [(12, 0), (10, 1)]), (-inf, 6))
    sheet.band("systolic", (110, 0), (100, 1), (90, 2), (-inf, 3))
    sheet.count("heart rate of 100 or more", 1, sheet.number("heart_rate") >= 100)
    sheet.count_findings(1, "melena")
    sheet.count_findings(2, "syncope", "liver_disease", "heart_failure")
    return sheet.score


def charlson(sheet: Sheet) -> float:
    """Burden of other diseases, with the points for age."""
    sheet.band("age", (80, 4), (70, 3), (60, 2), (50, 1), (-inf, 0))
    names = "myocardial_infarction heart_failure peripheral_vascular_disease dementia chronic_lung_disease"
    sheet.count_findings(1, *names.split(), "connective_tissue_disease", "peptic_ulcer")
    sheet.count("stroke or TIA", 1, sheet.any_of("stroke", "tia"))
    sheet.choice("liver_burden", BY_NEED)
    sheet.choice("diabetes_burden", {"none": 0, "uncomplicated": 1, "end-organ damage": 2})
    sheet.count_findings(2, "hemiplegia", "kidney_disease_moderate_or_severe", "leukemia", "lymphoma")
    sheet.choice("solid_tumor", {"none": 0, "localized": 2, "metastatic": 6})
    sheet.count_findings(6, "aids")
    return sheet.score


def centor(sheet: Sheet) -> float:
    """Chance of a streptococcal sore throat, -1 to 5, with McIsaac's points for age."""
    sheet.band("age", (45, -1), (15, 0), (-inf, 1))
    sheet.count("temperature above 38 Cel", 1, sheet.number("temperature") > 38)
    sheet.count_findings(1, "tonsils_swollen_or_exudate", "tender_anterior_neck_nodes")
    sheet.count("no cough", 1, not sheet.yes("cough"))
    return sheet.score


def fever_pain(sheet: Sheet) -> float:
    """Chance of a streptococcal sore throat, 0 to 5."""
    names = "fever_24_hours no_cough_or_coryza onset_within_3_days purulent_tonsils severely_inflamed_tonsils"
    sheet.count_findings(1, *names.split())
    return sheet.score


def curb65(sheet: Sheet) -> float:
    """Severity of pneumonia, 0 to 5."""
    sheet.count_findings(1, "confusion")
    sheet.count("urea nitrogen above 19 mg/dL", 1, sheet.number("bun") > 19)
    sheet.count("30 breaths a minute or more", 1, sheet.number("respiratory_rate") >= 30)
    low = sheet.number("systolic") < 90 or sheet.number("diastolic") <= 60
    sheet.count("systolic below 90 or diastolic to 60 mm[Hg]", 1, low)
    sheet.count("aged 65 or more", 1, sheet.number("age") >= 65)
    return sheet.score


def pneumonia_severity(sheet: Sheet) -> float:
    """Severity of pneumonia: the age (ten less for women) and points."""
    years = sheet.number("age") - (10 if sheet.chosen("sex") == "female" else 0)
    sheet.count("years of age, ten less for women", years, True)
    names = "nursing_home heart_failure cerebrovascular_disease renal_disease pleural_effusion"
    sheet.count_findings(10, *names.split())
    sheet.count_findings(20, "liver_disease", "altered_mental_status")
    sheet.count_findings(30, "neoplastic_disease")
    sheet.band("respiratory_rate", (30, 20), (-inf, 0))
    sheet.band("systolic", (90, 0), (-inf, 20))
    sheet.band("temperature", (40, 15), (35, 0), (-inf, 15))
    sheet.band("heart_rate", (125, 10), (-inf, 0))
    sheet.band("ph", (7.35, 0), (-inf, 30))
    sheet.band("bun", (30, 20), (-inf, 0))
    sheet.band("sodium", (130, 0), (-inf, 20))
    sheet.band("glucose", (250, 10), (-inf, 0))
    sheet.band("hematocrit", (30, 0), (-inf, 10))
    sheet.band("pao2", (60, 0), (-inf, 10))
    return sheet.score


def sirs(sheet: Sheet) -> float:
    """How many of the four criteria are met."""
    heat, white = sheet.number("temperature"), sheet.number("white_cells")
    sheet.count("temperature above 38 or below 36 Cel", 1, heat > 38 or heat < 36)
    sheet.count("heart rate above 90", 1, sheet.number("heart_rate") > 90)
    washed = sheet.has("paco2") and sheet.number("paco2") < 32
    sheet.count("above 20 breaths or PaCO2 below 32", 1, sheet.number("respiratory_rate") > 20 or washed)
    bands = sheet.has("bands") and sheet.number("bands") > 10
    sheet.count("white cells above 12 or below 4, or bands", 1, white > 12 or white < 4 or bands)
    return sheet.score


def sofa(sheet: Sheet) -> float:
    """Failure of six organs, 0 to 24."""
    ratio = 100 * sheet.number("pao2") / sheet.number("fio2")
    helped = sheet.any_of("mechanical_ventilation", "cpap")
    breath = 0 if ratio >= 400 else 1 if ratio >= 300 else 2 if ratio >= 200 or not helped else 3 if ratio >= 100 else 4
    sheet.count(f"PaO2/FiO2 {ratio:.5g}, support: {'yes' if helped else 'no'}", breath, True)
    sheet.band("platelets", (150, 0), (100, 1), (50, 2), (20, 3), (-inf, 4))
    sheet.band("gcs", (15, 0), (13, 1), (10, 2), (6, 3), (-inf, 4))
    sheet.band("bilirubin", (12, 4), (6, 3), (2, 2), (1.2, 1), (-inf, 0))
    dopamine, stress = sheet.number("dopamine"), max(sheet.number("epinephrine"), sheet.number("norepinephrine"))
    pressure = (sheet.number("systolic") + 2 * sheet.number("diastolic")) / 3
    if dopamine > 15 or stress > 0.1:
        flow = 4
    elif dopamine > 5 or stress > 0:
        flow = 3
    else:
        flow = 2 if dopamine > 0 or sheet.number("dobutamine") > 0 else 1 if pressure < 70 else 0
    sheet.count(f"mean pressure {pressure:.5g} mm[Hg] and vasopressors", flow, True)
    creatinine = sheet.number("creatinine")
    kidney = next(points for low, points in ((5, 4), (3.5, 3), (2, 2), (1.2, 1), (-inf, 0)) if creatinine >= low)
    if sheet.has("urine_output"):
        urine = sheet.number("urine_output")
        kidney = max(kidney, 4 if urine < 200 else 3 if urine < 500 else 0)
    sheet.count(f"creatinine {creatinine:g} mg/dL and urine", kidney, True)
    return sheet.score


def apache2(sheet: Sheet) -> float:
    """Severity of illness on the first day in intensive care, 0 to 71."""
    sheet.band("age", (75, 6), (65, 5), (55, 3), (45, 2), (-inf, 0))
    if sheet.yes("organ_insufficiency_or_immunocompromise"):
        sheet.choice("surgery_before", {"none": 5, "emergency": 5, "elective": 2})
    sheet.band("temperature", (41, 4), (39, 3), (38.5, 1), (36, 0), (34, 1), (32, 2), (30, 3), (-inf, 4))
    pressure = (sheet.number("systolic") + 2 * sheet.number("diastolic")) / 3
    bands = ((160, 4), (130, 3), (110, 2), (70, 0), (50, 2), (-inf, 4))
    sheet.count(f"mean pressure {pressure:.5g} mm[Hg]", next(p for low, p in bands if pressure >= low), True)
    sheet.band("heart_rate", (180, 4), (140, 3), (110, 2), (70, 0), (55, 2), (40, 3), (-inf, 4))
    sheet.band("respiratory_rate", (50, 4), (35, 3), (25, 1), (12, 0), (10, 1), (6, 2), (-inf, 4))
    if sheet.number("fio2") < 50:
        oxygen = sheet.number("pao2")
        sheet.count(f"PaO2 {oxygen:g}", 0 if oxygen > 70 else 1 if oxygen > 60 else 3 if oxygen >= 55 else 4, True)
    else:
        sheet.band("a_a_gradient", (500, 4), (350, 3), (200, 2), (-inf, 0))
    sheet.band("ph", (7.7, 4), (7.6, 3), (7.5, 1), (7.33, 0), (7.25, 2), (7.15, 3), (-inf, 4))
    sheet.band("sodium", (180, 4), (160, 3), (155, 2), (150, 1), (130, 0), (120, 2), (111, 3), (-inf, 4))
    sheet.band("potassium", (7, 4), (6, 3), (5.5, 1), (3.5, 0), (3, 1), (2.5, 2), (-inf, 4))
    creatinine, acute = sheet.number("creatinine"), sheet.yes("acute_renal_failure")
    kidney = next(points for low, points in ((3.5, 4), (2, 3), (1.5, 2), (0.6, 0), (-inf, 2)) if creatinine >= low)
    sheet.count(f"creatinine {creatinine:g} mg/dL, doubled in acute failure", kidney * (2 if acute else 1), True)
    sheet.band("hematocrit", (60, 4), (50, 2), (46, 1), (30, 0), (20, 2), (-inf, 4))
    sheet.band("white_cells", (40, 4), (20, 2), (15, 1), (3, 0), (1, 2), (-inf, 4))
    sheet.count("points of the coma scale short of 15", 15 - sheet.number("gcs"), True)
    return sheet.score


def caprini(sheet: Sheet) -> float:
    """Risk of venous thrombosis of a patient in surgery."""
    sheet.band("age", (75, 3), (61, 2), (41, 1), (-inf, 0))
    operations = {"none": 0, "minor": 1, "major": 2, "laparoscopic": 2, "arthroscopic": 2, "leg arthroplasty": 5}
    sheet.choice("surgery_type", operations)
    ones = "major_surgery_1_month heart_failure sepsis pneumonia varicose_veins swollen_legs"
    sheet.count_findings(1, *ones.split(), "inflammatory_bowel_disease", "acute_myocardial_infarction", "copd")
    women = "hormones_or_contraceptives pregnant_or_postpartum unexplained_pregnancy_loss"
    sheet.count_findings(1, *women.split())
    sheet.count_findings(2, "central_venous_access", "malignancy", "plaster_cast")
    threes = "family_history_thrombosis factor_v_leiden prothrombin_20210a homocysteine_raised lupus_anticoagulant"
    sheet.count_findings(3, *threes.split(), "anticardiolipin_raised", "heparin_thrombocytopenia")
    sheet.count("earlier DVT or PE", 3, sheet.any_of("previous_dvt", "previous_pe"))
    sheet.count_findings(5, "fracture_hip_pelvis_leg", "stroke", "multiple_trauma", "spinal_cord_injury")
    sheet.choice("mobility", {"normal": 0, "bed rest": 1, "in bed above 72 hours": 2})
    sheet.count("BMI above 25", 1, sheet.number("bmi") > 25)
    return sheet.score
