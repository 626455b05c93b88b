"""The two walks of the house that stand today, end to end on our own small knowledge: a question, and a patient."""

from __future__ import annotations

from pathlib import Path

import pytest

import probatum


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> probatum.Knowledge:
    folder = tmp_path_factory.mktemp("kb")
    probatum.ingest(folder, "hpo", tiny / "sources" / "hpo")
    with probatum.open(folder) as opened:
        yield opened


def test_a_question_goes_down_once_and_an_answer_comes_up(kb: probatum.Knowledge) -> None:
    answer = kb.ask("How frequent is splenomegaly in Gaucher disease, type I?")
    assert "19 of 20" in answer.text and "[1]" in answer.text
    assert answer.evidence[0].origin.references == ("PMID:1000001",)
    assert answer.abstained is None
    again = kb.ask("How frequent is splenomegaly in Gaucher disease, type I?")
    assert again == answer


def test_what_was_never_seen_is_said_to_be_absent(kb: probatum.Knowledge) -> None:
    answer = kb.ask("Do patients with Gaucher disease, type I have seizures?")
    assert "not Seizure" in answer.text and "0 of 20" in answer.text


def test_a_chinese_question_is_answered_in_chinese(kb: probatum.Knowledge) -> None:
    answer = kb.ask("脾大见于哪些疾病？")
    assert answer.abstained is None and "脾" in answer.text and "[1]" in answer.text


def test_no_evidence_no_answer(kb: probatum.Knowledge) -> None:
    answer = kb.ask("What is the price of a bus ticket in Oslo?")
    assert answer.abstained and not answer.text and not answer.evidence


def test_a_patient_is_ranked_with_reasons_however_described(kb: probatum.Knowledge) -> None:
    by_id = kb.rank(["HP:0001744", "HP:0001873", "-HP:0001250"], candidates="all")
    by_words = kb.rank(["splenomegaly", "thrombocytopenia", "-seizure"], candidates="all")
    by_note = kb.rank("The patient has splenomegaly and thrombocytopenia but no seizures.", candidates="all")
    assert by_id.candidates[0].id in {"OMIM:230800", "ORPHA:355"}
    assert [c.id for c in by_id.candidates] == [c.id for c in by_words.candidates] == [c.id for c in by_note.candidates]
    best = by_id.candidates[0]
    assert 0 < best.score <= 1
    assert {"HP:0001744", "HP:0001873"} <= {reason.concept for reason in best.reasons if reason.kind == "for"}


def test_no_patient_no_ranking(kb: probatum.Knowledge) -> None:
    answer = kb.rank(["something that nobody knows"])
    assert answer.abstained and not answer.candidates
