"""What a note tells of a calculator's inputs is found with its span; what it does not tell is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from probatum.tools._inputs import found_in
from probatum.tools.calculators import calculators, inputs_of, missing_of

NOTE = """Mrs A, a 58-year-old woman (62 kg, 1.64 m tall), came with cough but denies hemoptysis. Heart rate 104/min,
blood pressure 95/58 mmHg, temperature 38.4 °C. Creatinine was 133 umol/L (reference 45-84 umol/L), sodium of 131 mEq/L,
white blood cell count 14,200/mm^3. GCS E4V4M6."""


def test_inputs_are_found_with_their_spans() -> None:
    found = found_in(NOTE, inputs_of("cockcroft_gault"))
    told = {name: (each.given, NOTE[each.start : each.end]) for name, each in found.items()}
    assert told == {
        "sex": ("female", "woman"),
        "age": ((58.0, "a"), "58-year-old"),
        "weight": ((62.0, "kg"), "62 kg"),
        "height": ((1.64, "m"), "1.64 m"),
        "creatinine": ((133.0, "umol/L"), "133 umol/L"),
    }
    result = calculators({name: each.given for name, each in found.items()}, name="cockcroft_gault")
    assert float(result.value) == pytest.approx((140 - 58) * 56.0039 * 0.85 / (72 * 1.504496), rel=1e-4)


def test_findings_numbers_with_commas_and_choices() -> None:
    curb = {name: each.given for name, each in found_in(NOTE, inputs_of("curb65")).items()}
    assert curb["systolic"] == (95.0, "mm[Hg]") and curb["diastolic"] == (58.0, "mm[Hg]")
    assert [each.name for each in missing_of("curb65", curb)] == ["bun", "respiratory_rate", "confusion"]
    pe = {name: each.given for name, each in found_in(NOTE, inputs_of("wells_pe")).items()}
    assert pe == {"heart_rate": (104.0, "/min"), "hemoptysis": False}
    sirs = {name: each.given for name, each in found_in(NOTE, inputs_of("sirs")).items()}
    assert sirs["white_cells"] == (14200.0, "/mm^3") and sirs["temperature"] == (38.4, "°C")
    assert calculators({**sirs, "respiratory_rate": "18 /min"}, name="sirs").value == 3
    coma = {name: each.given for name, each in found_in(NOTE, inputs_of("glasgow_coma")).items()}
    assert calculators(coma, name="glasgow_coma").value == 14


def test_a_number_without_its_unit_or_beyond_its_bounds_is_not_taken() -> None:
    assert found_in("Creatinine 1.2, repeated later.", inputs_of("mdrd")) == {}
    assert found_in("Creatinine 900 mg/dL.", inputs_of("mdrd")) == {}
    assert found_in("Last menstrual period was on 02/31/2024.", inputs_of("conception_date")) == {}


@drawn(st.text(max_size=200))
def test_any_text_is_read_and_every_span_lies_in_it(text: str) -> None:
    for name in ("apache2", "caprini", "gestational_age"):
        for each in found_in(text, inputs_of(name)).values():
            assert 0 <= each.start < each.end <= len(text)


@pytest.mark.shared
def test_spans_of_real_notes_hold_what_was_read(shared: Path) -> None:
    path = shared / "medcalc-bench" / "one_shot_finalized_explanation.json"
    note = json.loads(path.read_text(encoding="utf-8"))["2"]["Patient Note"]
    found = found_in(note, inputs_of("cockcroft_gault"))
    assert missing_of("cockcroft_gault", {name: each.given for name, each in found.items()}) == ()
    assert note[found["creatinine"].start : found["creatinine"].end] == "1.39 mg/dL"
