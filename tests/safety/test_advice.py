"""What a person's facts change, with cited warnings in both languages; and doses that no source says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from asked_desks import desk_with

from probatum.safety.advice import advised, doses_cited, doses_in
from probatum.safety.facts import Facts, facts_of
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import (
    Answer,
    Concept,
    Evidence,
    Fact,
    Name,
    Observation,
    Origin,
    Passage,
    Patient,
    Question,
    Relation,
    Release,
)

IBUPROFEN, WARFARIN, PREGNANCY = "CHEBI:5855", "CHEBI:10033", "HP:9999001"


def origin(at: str) -> Origin:
    return Origin("labels", "1", at)


def facts() -> Iterator[Fact]:
    yield Release("labels", "1", "CC0-1.0", "0" * 64)
    yield Concept(IBUPROFEN, "ibuprofen", "Drug", origin("i"), (Name("布洛芬", "zh"),))
    yield Concept(WARFARIN, "warfarin", "Drug", origin("w"), (Name("华法林", "zh"),))
    yield Concept(PREGNANCY, "Pregnancy, third trimester", "PhenotypicFeature", origin("p"))
    yield Concept("labels:set1", "Ibuprofen tablets", "Drug", origin("s"))
    yield Relation("labels:set1", "biolink:has_active_ingredient", IBUPROFEN, origin("a"))
    yield Relation(IBUPROFEN, "biolink:interacts_with", WARFARIN, origin("x"))
    yield Relation(IBUPROFEN, "biolink:contraindicated_in", PREGNANCY, origin("c"))
    for section, text in (
        ("warnings", "Ask before use. Avoid it in advanced renal disease unless the benefit outweighs the risk."),
        ("geriatric_use", "Older adults should use the lowest dose because the risk of bleeding is higher."),
        ("contraindications", "Do not give it after hypersensitivity to ibuprofen."),
        ("dosage", "Take 200 mg every six hours with food."),
    ):
        said = (("section", section),)
        yield Passage(
            f"labels:set1#{section}", text, f"Ibuprofen: {section}", "en", origin(section),
            about=("labels:set1",), qualifiers=said,
        )  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("labels")
    write(folder, facts())
    with Store(folder) as opened:
        yield opened


def warned(store: Store, text: str, patient: Patient | None = None, language: str = "en") -> Answer:
    desk = desk_with(store)
    return advised(Answer("It helps."), Question(text, patient=patient, language=language), store, desk.annotate)


def kinds(answer: Answer) -> set[str]:
    return {step.said.partition(":")[0] for step in answer.trace if step.what == "warning"}


@pytest.mark.parametrize(
    ("text", "language", "fact"),
    [
        ("I am 34 weeks pregnant, may I take ibuprofen?", "en", "pregnancy"),
        ("我怀孕34周，可以吃布洛芬吗？", "zh", "pregnancy"),
        ("My eGFR is 22. Is ibuprofen all right?", "en", "kidney"),
        ("72岁女性，肌酐186 μmol/L，能用布洛芬吗？", "zh", "kidney"),
        ("A 78-year-old man asks about ibuprofen.", "en", "age (older)"),
        ("I am taking warfarin. Can I use ibuprofen?", "en", "interaction"),
        ("我正在服用华法林，能吃布洛芬吗？", "zh", "interaction"),
        ("I am allergic to ibuprofen. Is ibuprofen safe?", "en", "allergy"),
    ],
)
def test_a_fact_of_the_person_adds_a_cited_warning(store: Store, text: str, language: str, fact: str) -> None:
    plain, told = warned(store, "Is ibuprofen safe?"), warned(store, text, language=language)
    assert plain.text == "It helps." and not plain.evidence
    assert fact in kinds(told)
    assert told.text.startswith("It helps.\n") and len(told.evidence) >= 1
    for number, piece in enumerate(told.evidence, 1):
        assert f"[{number}]" in told.text
        assert piece.text in told.text and piece.origin.source == "labels"


def test_the_patient_of_the_question_counts_and_denied_facts_do_not(store: Store) -> None:
    laboratory = Observation("laboratory", "", text="creatinine", value="2.1 ", unit="mg/dL")
    told = warned(store, "Is ibuprofen safe?", Patient(age="P72Y", sex="female", observations=(laboratory,)))
    assert {"kidney", "age (older)"} <= kinds(told)
    assert any("ckd_epi_2021" in step.said and "24.57" in step.said for step in told.trace if step.what == "patient")
    assert facts_of(Question("I am not pregnant. Is ibuprofen safe?")) == Facts()
    absent = Observation("condition", "", False, "pregnancy")
    assert not facts_of(Question("Ibuprofen?", patient=Patient(observations=(absent,)))).pregnant


def test_kidney_function_is_calculated_only_from_what_is_known() -> None:
    assert facts_of(Question("Creatinine 2.1 mg/dL, is metformin safe?")).egfr is None
    known = facts_of(Question("A 72-year-old woman with creatinine 2.1 mg/dL: is metformin safe?"))
    assert known.egfr == pytest.approx(24.5726, abs=1e-3)


def test_nothing_stored_is_told_as_that(store: Store) -> None:
    told = warned(store, "I am pregnant, may I take warfarin?")
    assert not told.evidence
    assert "does not mean that it is safe" in next(step.said for step in told.trace if step.what == "warnings")


def test_a_dose_without_a_source_is_left_out_in_both_languages() -> None:
    passage = Passage("p", "Take 200 mg every six hours.", "t", "en", origin("p"))
    evidence = (Evidence(passage, passage.text, 1.0, "bm25", 0, len(passage.text)),)
    kept = doses_cited(Answer("Take 200 mg every six hours [1].", evidence=evidence), Question("How much?"))
    assert kept.text == "Take 200 mg every six hours [1]." and not kept.trace
    wrong = doses_cited(Answer("It helps [1]. Take 800 mg at once [1].", evidence=evidence), Question("How much?"))
    assert wrong.text.strip() == "It helps [1]." and [step.what for step in wrong.trace] == ["dose"]
    alone = doses_cited(Answer("每次服用500毫克。"), Question("吃多少？"))
    assert not alone.text and (alone.abstained or "").startswith("uncited-dose: ")


def test_doses_of_the_question_and_results_of_a_calculator_stay() -> None:
    assert doses_cited(Answer("The answer is B: 5 mg."), Question("How much?", (("A", "1 mg"), ("B", "5 mg")))).text
    assert (
        doses_cited(Answer("30 mg a day", fields=(("calculator", "x"),)), Question("How much?")).text == "30 mg a day"
    )


def test_amounts_are_read_and_concentrations_are_not() -> None:
    assert doses_in("5-10 mg/kg, two tablets, 1,000 mg, 500毫克") == {(5, "mg"), (10, "mg"), (1000, "mg"), (500, "mg")}
    assert doses_in("creatinine 2.1 mg/dL, 45 mL/min, sodium 140 mmol/L") == frozenset()
