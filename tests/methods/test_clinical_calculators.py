"""The right calculator is picked, its inputs are read with their words, what is missing is asked for."""

from __future__ import annotations

import json

import pytest
from asked_desks import code, desk_with, scripted_desk, steps_of

from probatum.errors import BadPlan
from probatum.methods.clinical_calculators import clinical_calculators
from probatum.store.reader import Store
from probatum.tools.calculators import known
from probatum.types import Patient, Question, Request

NOTE = "A 58-year-old woman weighs 62 kg and is 164 cm tall. Her serum creatinine was 1.5 mg/dL and sodium 131 mEq/L."
ASKED = {  # how a colleague would ask, and what is meant
    "What is her creatinine clearance by Cockcroft-Gault?": "cockcroft_gault",
    "How high is the GFR?": "ckd_epi_2021",
    "Give me the GFR by MDRD GFR equation.": "mdrd",
    "What should be the ideal body weight?": "ideal_body_weight",
    "Dose by adjusted body weight: how much is it?": "adjusted_body_weight",
    "What is the patient's BMI?": "body_mass_index",
    "What is the target weight for him?": "target_weight",
    "Calculate the body surface area.": "body_surface_area",
    "What is the FENa?": "fractional_excretion_of_sodium",
    "How large is the free water deficit?": "free_water_deficit",
    "What rate of maintenance fluids does the child need?": "maintenance_fluids",
    "What is the calcium corrected for albumin?": "corrected_calcium",
    "What is the sodium corrected for glucose?": "corrected_sodium",
    "Compute the serum osmolality.": "serum_osmolality",
    "How high is the HOMA-IR?": "homa_ir",
    "What is the LDL cholesterol by Friedewald?": "ldl_friedewald",
    "What is the FIB-4 index?": "fib4",
    "How wide is the anion gap?": "anion_gap",
    "What is the albumin corrected anion gap?": "anion_gap_for_albumin",
    "And the delta gap?": "delta_gap",
    "And the albumin corrected delta gap?": "delta_gap_for_albumin",
    "What is the delta ratio?": "delta_ratio",
    "What is the albumin corrected delta ratio?": "delta_ratio_for_albumin",
    "What is the mean arterial pressure?": "mean_arterial_pressure",
    "What is the QTc?": "qtc_bazett",
    "What is the corrected QT by the Fridericia formula?": "qtc_fridericia",
    "What is the QTc with the Framingham formula?": "qtc_framingham",
    "What is the QTc by the Hodges formula?": "qtc_hodges",
    "What is the QTc by the Rautaharju formula?": "qtc_rautaharju",
    "What is the CHA2DS2-VASc score?": "cha2ds2_vasc",
    "What is the HAS-BLED score?": "has_bled",
    "What are the points of Wells' criteria for pulmonary embolism?": "wells_pe",
    "What are the points of Wells' criteria for DVT?": "wells_dvt",
    "Does the PERC rule hold in this suspicion of embolism?": "perc",
    "What is the Revised Cardiac Risk Index?": "revised_cardiac_risk",
    "What is the HEART score?": "heart_score",
    "What is the Framingham Risk Score?": "framingham_risk",
    "What is the Glasgow Coma Score?": "glasgow_coma",
    "Which Child-Pugh points has he?": "child_pugh",
    "What is the MELD-Na?": "meld_na",
    "What is the Glasgow-Blatchford score?": "glasgow_blatchford",
    "What is the Charlson Comorbidity Index?": "charlson",
    "What is the Centor score?": "centor",
    "What is the FeverPAIN score?": "fever_pain",
    "What is the CURB-65?": "curb65",
    "What is the PSI?": "pneumonia_severity",
    "How many SIRS criteria are met?": "sirs",
    "What is the SOFA score?": "sofa",
    "What is the APACHE II score?": "apache2",
    "What is the Caprini score?": "caprini",
    "When is the due date?": "due_date",
    "What was the estimated date of conception?": "conception_date",
    "What is the gestational age?": "gestational_age",
    "What is the equivalent steroid dose of dexamethasone?": "steroid_equivalent",
    "How many MME does he take a day?": "morphine_equivalent",
    "她的肌酐清除率是多少？": "cockcroft_gault",
    "请计算体表面积。": "body_surface_area",
    "平均动脉压是多少？": "mean_arterial_pressure",
    "预产期是哪天？": "due_date",
    "白蛋白校正的阴离子间隙是多少？": "anion_gap_for_albumin",
}


def test_the_right_one_is_picked(small: Store) -> None:
    desk, picked = desk_with(small), {}
    for asked in ASKED:
        answer = clinical_calculators(Question(asked), desk)
        picked[asked] = next((step.said.partition(":")[0] for step in answer.trace if step.what == "picked"), "")
    assert picked == ASKED and set(ASKED.values()) == set(known())
    assert code(clinical_calculators(Question("Who discovered penicillin?"), desk)) == "no-calculator"


def test_inputs_have_their_words_and_the_work_is_shown(small: Store) -> None:
    asked = Question("What is the creatinine clearance?", context=(NOTE,))
    answer = clinical_calculators(asked, desk_with(small))
    fields = dict(answer.fields)
    assert (
        fields["creatinine"] == "1.5 mg/dL"
        and fields["weight"] == "62 kg"
        and fields["calculator"] == "cockcroft_gault"
    )
    assert float(fields["value"]) == pytest.approx((140 - 58) * 56.0039 * 0.85 / (72 * 1.5), rel=1e-4)
    assert (
        answer.text.startswith(f"Creatinine clearance: {fields['value']} mL/min")
        and "doi:10.1159/000180580" in answer.text
    )
    spans = [step.said for step in answer.trace if step.what == "input"]
    assert "creatinine = (1.5, 'mg/dL'): '1.5 mg/dL' at 113-122" in spans
    chinese = clinical_calculators(Question("她的肌酐清除率是多少？", context=(NOTE,)), desk_with(small))
    assert "依据：" in chinese.text and dict(chinese.fields)["value"] == fields["value"]


def test_what_is_missing_is_asked_for(small: Store) -> None:
    asked = Question(
        "What is the creatinine clearance?", context=("Creatinine 1.5 mg/dL, weight 62 kg, height 164 cm.",)
    )
    answer = clinical_calculators(asked, desk_with(small))
    assert answer.abstained == "missing-inputs: please tell: sex (female, male), age (a)"
    assert dict(answer.fields)["weight"] == "62 kg" and not answer.text
    patient = Patient("1", "P58Y", "female", notes=asked.context)
    whole = clinical_calculators(Question(asked.text, patient=patient), desk_with(small))
    assert whole.abstained is None and dict(whole.fields)["age"] == "P58Y"
    pe = Question("Wells score for pulmonary embolism?", context=("Heart rate 104/min. No hemoptysis.",))
    assert code(clinical_calculators(pe, desk_with(small))) == "missing-inputs"
    taken = clinical_calculators(pe, desk_with(small), unsaid="absent")
    assert dict(taken.fields)["value"] == "1.5" and "Not spoken of and taken as absent" in taken.text


def test_a_model_picks_and_reads_only_what_stands_there(small: Store) -> None:
    note = "She is fifty-eight, female, 62 kg and 164 cm tall; kidney value 1.5 mg/dL."
    rows = [
        {"name": "creatinine", "value": "1.5", "unit": "mg/dL", "quote": "kidney value 1.5 mg/dL"},
        {"name": "age", "value": "58", "unit": "a", "quote": "fifty-eight"},
        {"name": "sodium", "value": "140", "unit": "mEq/L", "quote": "kidney value 1.5 mg/dL"},
        {"name": "sex", "value": "male", "unit": "", "quote": "a man"},
    ]
    says = ['{"name": "kidney"}', '{"name": "cockcroft_gault"}', json.dumps({"inputs": rows})]
    asked = Question("How well do her kidneys filter?", context=(note,))
    answer = clinical_calculators(asked, scripted_desk(small, says), scorer="model")
    assert steps_of(answer)[:4] == ["pick", "unparsed", "pick", "picked"]
    assert dict(answer.fields)["creatinine"] == "kidney value 1.5 mg/dL"
    assert [step.said.partition(":")[0] for step in answer.trace if step.what == "dropped"] == ["age", "sodium", "sex"]
    assert code(answer) == "missing-inputs" and "age (a)" in str(answer.abstained)
    with_age = Question(asked.text, context=(note,), patient=Patient(age="P58Y"))
    assert clinical_calculators(with_age, scripted_desk(small, says), scorer="model").abstained is None


def test_no_pick_no_answer(small: Store) -> None:
    asked = Question("How well do her kidneys filter?", context=(NOTE,))

    def says(_: Request) -> str:
        return "I would take Cockcroft-Gault."

    assert code(clinical_calculators(asked, scripted_desk(small, says), scorer="model")) == "unparsed"
    assert code(clinical_calculators(asked, scripted_desk(small, ['{"name": ""}']), scorer="model")) == "no-calculator"
    with pytest.raises(BadPlan, match="scorer"):
        clinical_calculators(asked, desk_with(small), scorer="dense")
    bad = Question("BMI?", context=("Weight 62 kg, height 164 cm.",))
    assert clinical_calculators(bad, desk_with(small)).text.startswith("Body mass index: 23.05")
