"""One test for each text method of the survey that is said to work: it asserts what working means for its row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asked_desks import WHICH, Weighing, desk_with, scripted_desk
from small_store import GAUCHER, LARGE_SPLEEN, small_store

import probatum
from probatum.naming import card_of, find
from probatum.store import consent
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Origin, Question, Relation, Release
from probatum.verbs import ask


def test_ensemble_refinement_samples_refines_votes_and_tells_its_cost(tmp_path: Path) -> None:
    samples = ["The answer is A.", "The answer is A.", "The lens decides. The answer is B."]
    refined = ["The answer is B.", "The answer is A.", "The answer is B.", "The answer is B."]
    with small_store(tmp_path / "kb") as store:
        desk = scripted_desk(store, [*samples, *refined])
        answer = ask(store, WHICH, "ensemble-refinement", desk=desk, samples=3, refinements=4)
    assert answer.choice == "B" and [(each.id, each.score) for each in answer.candidates] == [("B", 0.75), ("A", 0.25)]
    told = {step.what: step.said for step in answer.trace}
    assert told["cost"].startswith("calls 7, tokens in ") and told["usage"].startswith("calls 7, tokens in ")
    assert [told[f"sample {turn}"] for turn in (1, 2, 3)] == samples
    assert [told[f"refinement {turn}"] for turn in (1, 2, 3, 4)] == refined
    assert all(sample in each.messages[0][1] for each in desk.model.asked[3:] for sample in samples)


def test_key_terms_lead_to_rows_of_the_disease_table_and_every_answer_lists_them(tiny: Path, tmp_path: Path) -> None:
    source = "chatdoctor_diseases"
    consent.accept(tmp_path / "kb", source, card_of(find("sources", source)), "A clinic")
    probatum.ingest(tmp_path / "kb", source, tiny / "sources" / source)
    asked = {
        "What are the symptoms of Fabry disease?": "Fabry disease",
        "Which disease has bone pain and easy bruising?": "Gaucher disease",
        "Which medications are listed for Pompe disease?": "Pompe disease",
    }
    with Store(tmp_path / "kb") as store:
        for text, row in asked.items():
            answer = ask(store, Question(text), "disease-table")
            assert answer.abstained is None and answer.text and answer.evidence
            assert [value.partition(" (")[0] for key, value in answer.fields if key == "row"] == [row]
            cited = {end for each in answer.evidence if isinstance(each.fact, Relation) for end in (
                each.fact.subject, each.fact.object
            )}  # fmt: skip
            assert answer.candidates[0].id in cited
        says = [json.dumps({"terms": ["burning feet"]}), "Fabry disease has burning feet [1]. It has 77 forms [1]."]
        written = ask(store, Question("My feet burn."), "disease-table", desk=scripted_desk(store, says))
        assert written.text == "Fabry disease has burning feet [1]." and written.fields[0][0] == "row"


def test_information_is_filtered_before_and_after_the_answer(tiny: Path, tmp_path: Path) -> None:
    probatum.ingest(tmp_path / "kb", "tcm_prescriptions", tiny / "sources" / "tcm_prescriptions")
    said = "桂枝汤用于治疗太阳中风[1]。桂枝汤含有人参[1]。"
    keys = ("subject", "relation", "object", "negated")
    read = [
        ("桂枝汤", "biolink:applied_to_treat", "太阳中风", False),
        ("桂枝汤", "biolink:has_ingredient", "人参", False),
    ]
    triples = json.dumps({"triples": [dict(zip(keys, each, strict=True)) for each in read]}, ensure_ascii=False)
    with Store(tmp_path / "kb") as store:
        desk = scripted_desk(store, [said, triples])
        answer = ask(store, Question("桂枝汤治疗什么？"), "filtered", desk=desk)
        assert answer.text.startswith("桂枝汤用于治疗太阳中风 [1]。")
        assert [(state, line.partition(" (")[0]) for state, line in answer.fields] == [
            ("unknown", "桂枝汤 | biolink:has_ingredient | 人参"),
            ("supported", "桂枝汤 | biolink:applied_to_treat | 太阳中风"),
        ]
        steps = [step.what for step in answer.trace]
        order = ["scope", "retrieved", "answer", "triples", "supported"]
        assert [steps.index(each) for each in order] == sorted(steps.index(each) for each in order)
        refused = ask(store, Question("谁赢得了世界杯？"), "filtered", desk=scripted_desk(store, []))
        assert (refused.abstained or "").startswith("out-of-scope: ") and not refused.text


def test_a_path_becomes_numbered_steps_that_each_cite_an_edge(tmp_path: Path) -> None:
    with small_store(tmp_path / "kb") as store:
        answer = ask(store, Question("How does GBA1 lead to splenomegaly?"), "structured-thought")
        claims = [each.fact for each in answer.evidence]
        assert [line[0] for line in answer.text.split("\n")] == ["①", "②"]
        assert [line.rpartition(" ")[2] for line in answer.text.split("\n")] == ["[1]", "[2]"]
        for (key, edge), claim, number in zip(answer.fields, claims, (1, 2), strict=True):
            assert isinstance(claim, Relation) and key == f"step {number}"
            assert edge.startswith(f"{claim.subject} {claim.predicate} {claim.object} | own@1#")
            assert claim in list(store.relations(claim.subject, claim.predicate, claim.object))
        assert claims[0].subject == "NCBIGene:2629" and claims[0].object == GAUCHER and claims[1].object == LARGE_SPLEEN


def test_options_by_likelihood_and_by_letter_agree_with_the_hand_computed_case(tmp_path: Path) -> None:
    logs = (-2.0, -1.0, -4.0)  # by hand: e^-2 = .135335, e^-1 = .367879, e^-4 = .018316, together .521530
    with small_store(tmp_path / "kb") as store:
        weighed = ask(store, WHICH, "direct", desk=desk_with(store, Weighing([logs])), choose="likelihood")
        written = ask(store, WHICH, "direct", desk=scripted_desk(store, ["The answer is B."]))
    assert weighed.choice == written.choice == "B"
    assert [each.id for each in weighed.candidates] == ["B", "A", "C"]
    assert [each.score for each in weighed.candidates] == pytest.approx([0.705385, 0.259496, 0.035119], abs=1e-6)


def test_an_explained_decision_shows_its_path_sources_and_reasons(tmp_path: Path) -> None:
    with small_store(tmp_path / "kb") as store:
        answer = ask(store, Question("How does GBA1 lead to splenomegaly?"), "structured-thought")
        ends = [(fact.subject, fact.object) for each in answer.evidence if isinstance(fact := each.fact, Relation)]
        assert ends == [("NCBIGene:2629", GAUCHER), (GAUCHER, LARGE_SPLEEN)]  # the path, edge by edge
        assert all(each.origin.source == "own" and each.origin.at for each in answer.evidence)  # its sources
        assert answer.trace and all(step.what and step.said for step in answer.trace)  # why, step by step
        marks = [verdict.marks for verdict in answer.verdicts]
        assert marks == [(1,), (2,)] and {verdict.support for verdict in answer.verdicts} == {"supported"}


def test_an_answer_shows_the_grade_of_its_weakest_evidence(tmp_path: Path) -> None:
    def said(subject: str, what: str, object_: str, grade: str) -> Relation:
        return Relation(subject, what, object_, Origin("own", "1", f"#{grade}"), qualifiers=(("grade", grade),))

    named = (("NCBIGene:2629", "GBA1", "Gene"), (GAUCHER, "Gaucher disease", "Disease"),
             (LARGE_SPLEEN, "Splenomegaly", "PhenotypicFeature"))  # fmt: skip
    concepts = [Concept(id, name, kind, Origin("own", "1", id)) for id, name, kind in named]
    edges = [
        said("NCBIGene:2629", "biolink:gene_associated_with_condition", GAUCHER, "high"),
        said(GAUCHER, "biolink:has_phenotype", LARGE_SPLEEN, "low"),
    ]
    write(tmp_path, iter((Release("own", "1", "CC0", "1" * 64), *concepts, *edges)))
    with Store(tmp_path) as store:
        answer = ask(store, Question("How does GBA1 lead to splenomegaly?"), "structured-thought")
        assert [verdict.grade for verdict in answer.verdicts] == ["high", "low"]
        (grade,) = [step.said for step in answer.trace if step.what == "grade"]
        assert grade == "low: that of the weakest evidence"
