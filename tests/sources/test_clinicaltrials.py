"""ClinicalTrials.gov, API version 2."""

import json
from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, claims, concepts, passages, read, refused
from source_contract import check_contract

F = Facts("clinicaltrials")
ONE, TWO = "clinicaltrials:NCT00000001", "clinicaltrials:NCT00000002"
FABRY = "ctgov:Fabry_Disease"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    gaucher = "ctgov:Gaucher_Disease"
    pinned = [
        F.concept(TWO, "Another trial", "ClinicalTrial"),
        F.concept(gaucher, "Gaucher Disease", "Disease"),
        F.claim(TWO, "associated_with", gaucher, TWO, TWO, age="from 2 Years", original_predicate="condition"),
    ]
    check_contract("clinicaltrials", tiny / "sources/clinicaltrials", pinned, tmp_path)


def test_what_is_tried_for_what_and_what_came_of_it(tiny: Path) -> None:
    facts = read("clinicaltrials", tiny / "sources/clinicaltrials/study.json")
    tried = claim_of(facts, "ctgov:Migalastat", "biolink:in_clinical_trials_for", FABRY)
    assert dict(tried.qualifiers) == {
        "age": "18 Years to 60 Years", "completed": "2021-02-03", "phase": "PHASE2|PHASE3", "population": "60",
        "sex": "ALL", "started": "2020-01", "status": "COMPLETED", "study": "INTERVENTIONAL",
    }  # fmt: skip
    assert tried.origin.references == (ONE,)
    assert not [each for each in claims(facts) if each[0] == "ctgov:Sugar_pill"]  # a control treats nothing
    assert concepts(facts)["ctgov:Migalastat"].kind == "Drug"
    assert claim_of(facts, ONE, "biolink:associated_with", "MESH:D000795").origin.reliability == "extracted"
    told = passages(facts)
    assert told[f"{ONE}#eligibility"].text == "Adults who can swallow."
    outcome = told[f"{ONE}#outcome/1"]
    assert "Arm A: -0.5 (0.1) per capillary" in outcome.text and ("p_value", "0.03") in outcome.qualifiers
    event = claim_of(facts, ONE, "biolink:has_adverse_event", "ctgov:event/Palpitations")
    assert (event.qualifier("frequency"), event.qualifier("severity")) == ("1/34", "serious")


def test_answers_arrays_and_lines_say_the_same(tiny: Path, tmp_path: Path) -> None:
    search = tiny / "sources/clinicaltrials/search.json"
    facts = read("clinicaltrials", search)
    assert ("ctgov:Imiglucerase", "biolink:in_clinical_trials_for", "ctgov:Gaucher_Disease", False) in claims(facts)
    assert refused(facts) == [("search.json", 4)]
    studies = json.loads(search.read_text(encoding="utf-8"))["studies"]
    (tmp_path / "array.json").write_text(json.dumps(studies), encoding="utf-8")
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, studies)), encoding="utf-8")
    for name in ("array.json", "lines.jsonl"):
        assert claims(read("clinicaltrials", tmp_path / name)) == claims(facts)


@pytest.mark.shared
def test_the_recorded_answers(shared: Path) -> None:
    facts = read("clinicaltrials", shared / "api-captures/ctgov")
    assert not refused(facts) and len([id for id in concepts(facts) if "NCT" in id]) == 20
    oxytocin = claim_of(facts, "ctgov:Oxytocin", "biolink:in_clinical_trials_for", "ctgov:Phelan-McDermid_Syndrome")
    assert oxytocin.qualifier("phase") == "PHASE2" and oxytocin.qualifier("age") == "5 Years to 17 Years"
    assert not [each for each in claims(facts) if each[0] == "ctgov:Saline"]
