"""One test for each agent, tool and maker of the survey that is said to work: it asserts what working means."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isclose
from pathlib import Path

import pytest
import recorded
from asked_desks import desk_with
from small_store import small_store

from probatum.annotators import _learning
from probatum.datasets.geneturing import geneturing
from probatum.errors import BadFormat
from probatum.ledger.cases import agree, preferences, rate, remember, withdraw
from probatum.makers.clingen import clingen
from probatum.makers.self_instruct import self_instruct
from probatum.methods.agent import agent
from probatum.methods.case_memory import case_memory
from probatum.methods.clinical_calculators import clinical_calculators
from probatum.methods.genegpt import genegpt
from probatum.methods.health_agent import health_agent
from probatum.metrics.extraction import extraction
from probatum.metrics.geneturing import geneturing as by_the_rule
from probatum.models.replay import recording, replay
from probatum.models.scripted import scripted
from probatum.naming import find
from probatum.shapes import Annotate
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.tools.calculators import calculators, known
from probatum.types import Answer, Example, Mention, Observation, Patient, Question, Request

TREATED = Question("How is Gaucher disease type 1 treated?")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_store(tmp_path_factory.mktemp("agents")) as store:
        yield store


def test_agent_framework(small: Store, tmp_path: Path) -> None:
    """Scripted-LLM run shows perceive, plan, act, observe; memory and full trace exported."""
    says = [
        '{"action": "remember", "text": "type 1"}',
        '{"action": "method", "name": "quoted", "with": {}}',
        '{"action": "answer", "text": "Enzyme replacement is given every two weeks [1]."}',
    ]
    file = tmp_path / "replies.jsonl"
    answer = agent(TREATED, desk_with(small, recording(scripted(says=says), file)), scorer="model")
    named = [step.what for step in answer.trace]
    assert [*dict.fromkeys(named)][:5] == ["perceive", "remember", "plan", "act", "observe"]
    assert ("note", "type 1") in answer.fields and answer.text == "Enzyme replacement is given every two weeks [1]."
    again = agent(TREATED, desk_with(small, replay(file=str(file))), scorer="model")
    assert repr(again).encode() == repr(answer).encode()


def test_cha(small: Store) -> None:
    """Planner picks data source and analysis for sample health data; personalised reply cites both."""
    seen = tuple(
        Observation(kind, "", text=name, value=value, unit=unit)
        for kind, name, unit, values in (("laboratory", "glucose", "mmol/L", "579"), ("sleep", "sleep", "h", "68"))
        for value in values
    )
    asked = Question("Is my glucose rising? I am afraid.", patient=Patient("1", observations=seen))
    answer = health_agent(asked, desk_with(small))
    assert answer.fields == (("result:1", "data:1 trend: +4 mmol/L from the first to the last of 3 values"),)
    assert answer.text.startswith("I understand that this worries you") and "(data:1 trend)" in answer.text


def test_genegpt(small: Store, tiny: Path, tmp_path: Path) -> None:
    """API-call decoding over recorded NCBI replies; geneturing.json scored by the same rule as repository."""
    answers = recorded.genes(tmp_path / "genes.jsonl")
    search, summary = recorded.search_url("gene", "GCB"), recorded.ncbi_url(call="esummary", db="gene", id="2629")
    desk = desk_with(small, scripted(says=[f"[{search}]->", f"[{summary}]->", "Answer: GBA1"]))
    decoded = genegpt(Question("What is the official gene symbol of GCB?"), desk, scorer="model", answers=answers)
    assert dict(decoded.fields)["answer"] == "GBA1" and [s.what for s in decoded.trace].count("call") == 2
    items = list(geneturing(tiny / "datasets" / "geneturing.json"))
    pairs = [(each.answer, genegpt(each.question, desk_with(small), answers=answers)) for each in items]
    scores = by_the_rule(pairs)
    assert scores["geneturing_human_genome_dna_aligment"].value == 1.0 and scores["geneturing"].value == 0.95


@pytest.mark.shared
@pytest.mark.slow
def test_geneturing_out_of_the_store(shared: Path, tmp_path: Path) -> None:
    """The 300 real items, offline: what Orphanet's ontology answers is right, the rest abstains."""
    write(tmp_path, find("sources", "ordo")(shared / "ordo"))
    with Store(tmp_path) as store:
        desk = desk_with(store)
        items = list(geneturing(shared / "geneturing"))
        pairs = [(each.answer, genegpt(each.question, desk)) for each in items]
    answered = [(gold, given) for gold, given in pairs if not given.abstained]
    assert len(items) == 300 and len(answered) >= 15
    assert all(given.evidence for _, given in answered)
    scores = by_the_rule(pairs)
    told = {name: (round(score.value, 2), score.n - score.empty) for name, score in scores.items()}
    assert told["geneturing_gene_alias"] == (0.16, 4) and told["geneturing_gene_name_conversion"] == (0.16, 4)
    assert told["geneturing_gene_disease_association"] == (0.28, 7) and told["geneturing_snp_location"] == (0.0, 0)


WORKED = "medcalc-bench/one_shot_finalized_explanation.json"


@pytest.mark.shared
def test_clinical_calculators(small: Store, shared: Path) -> None:
    """At least 48 calculators match published worked examples; units checked; agent picks right one."""
    published = json.loads((shared / WORKED).read_text(encoding="utf-8"))
    assert len(published) == len(known()) == 55  # each is worked in tests/tools/test_calculators.py
    for asked, name in (
        ("What is the mean arterial pressure?", "mean_arterial_pressure"),
        ("What is the anion gap corrected for albumin?", "anion_gap_for_albumin"),
        ("她的体重指数是多少？", "body_mass_index"),
    ):
        picked = clinical_calculators(Question(asked), desk_with(small))
        assert next(step.said for step in picked.trace if step.what == "picked").startswith(f"{name}: ")
    note = "BP 120/80 mmHg. Sodium 140 mEq/L, chloride 104 mEq/L, bicarbonate 24 mEq/L, albumin 40 g/L."
    gap = clinical_calculators(Question("What is the albumin corrected anion gap?", context=(note,)), desk_with(small))
    assert isclose(float(dict(gap.fields)["value"]), 12.0, abs_tol=1e-6) and dict(gap.fields)["albumin"] == "40 g/L"
    with pytest.raises(BadFormat, match="unit"):
        calculators({"weight": "62", "height": "164 cm"}, name="body_mass_index")


def test_history_learning(small: Store, tmp_path: Path) -> None:
    """Rated sessions become cases and preference pairs; next retrieval uses them; opt-out honoured."""
    agree(tmp_path, "p1", "2026-01-05")
    for said, rating in (("Ask for home infusion.", 5), ("Wait and see.", 1)):
        rate(tmp_path, remember(tmp_path, "p1", TREATED, Answer(text=said), "2026-01-05").id, rating)
    (pair,) = preferences(tmp_path)
    assert pair.answer.text == "Ask for home infusion." and pair.rejected[0].text == "Wait and see."
    asked = Question("How can Gaucher disease type 1 be treated in a child?")
    helped = case_memory(asked, replace(desk_with(small), cases=tmp_path))
    assert "“Ask for home infusion.”" in helped.text and "Wait and see" not in helped.text
    assert withdraw(tmp_path, "p1") == 2 and list(preferences(tmp_path)) == []
    assert "home infusion" not in case_memory(asked, replace(desk_with(small), cases=tmp_path)).text


def test_self_instruct(small: Store) -> None:
    """Seeds expand offline with scripted model; similarity filter and validator reports counts."""
    item = {"question": "Which eyes has Marfan syndrome?", "answer": "Ectopia lentis is seen."}
    odd = {"question": "What is Marfan syndrome?", "answer": "A kind of hair."}

    def says(request: Request) -> str:
        return json.dumps({"items": [item, item, odd] if "Marfan" in request.messages[1][1] else []})

    counts = Counter[str]()
    made = list(self_instruct(desk_with(small, scripted(says=says)), counts=counts))
    assert len(made) == 1 and counts == {"kept": 1, "alike": 1, "unsupported": 1}


def test_clingen_data(small: Store) -> None:
    """Topics of the graph and of a model, and styles, generate data; entities stand in it; diversity is counted."""
    counts = Counter[str]()
    made = list(clingen(desk_with(small), each=2, counts=counts))
    spans = [(each.question.text, one) for each in made for one in each.answer.found if isinstance(one, Mention)]
    assert spans and all(text[one.start : one.end] == one.text for text, one in spans)
    assert 0 < counts["distinct words"] < counts["words"] and all(replace(each) == each for each in made)


TOLD_OF = (
    "Pompe disease", "Fabry disease", "Hurler syndrome", "Krabbe disease", "Noonan syndrome", "Turner syndrome",
    "Wilson disease", "Tay-Sachs disease", "Alport syndrome", "Crohn disease", "Leigh syndrome", "Rett syndrome",
)  # fmt: skip
WAYS = {  # how a teacher writes of a topic in each style
    "discharge letter": (
        "The patient with {} was discharged home.",
        "Discharge diagnosis: {}, stable at present.",
    ),
    "case report": ("We report a child with {} who walked late.", "A girl of six years had {} and a large liver."),
    "textbook": ("{} is a rare inherited disorder.", "Most patients with {} are diagnosed in childhood."),
    "own words": ("My son was told that he has {} last spring.", "I have {} and get tired when I climb stairs."),
}
HELD_OUT = (  # written for this test alone: no sentence and no disease of it is among what is taught
    ("Our daughter has Bloom syndrome and burns in the sun.", "Bloom syndrome"),
    ("Batten disease is a rare disorder of childhood.", "Batten disease"),
    ("The patient with Usher syndrome was seen again today.", "Usher syndrome"),
    ("We report two brothers with Menkes disease.", "Menkes disease"),
    ("Most children with Angelman syndrome are diagnosed late.", "Angelman syndrome"),
    ("She was told that she has Graves disease.", "Graves disease"),
    ("The boy had Marfan syndrome and long fingers.", "Marfan syndrome"),
    ("The nurse measured the blood pressure twice.", ""),
    ("He walked home and slept well.", ""),
)


def test_clingen_teaches_a_student(small: Store, tmp_path: Path) -> None:
    """KG and LLM topics plus style generate data; student F1 beats zero-shot; diversity reported."""

    def says(request: Request) -> str:
        task = request.messages[1][1]
        if '"topics"' in task:
            return json.dumps({"topics": TOLD_OF})
        topic = task.split(" about ")[1].split(" in the style of ")[0]
        ways = next(ways for style, ways in WAYS.items() if style in task)
        return json.dumps({"text": ways[len(topic) % 2].format(topic), "entities": [topic]})

    counts = Counter[str]()
    made = list(clingen(desk_with(small, scripted(says=says)), more=len(TOLD_OF), each=4, counts=counts))
    topics = {dict(each.labels)["topic"] for each in made}
    assert topics >= {"Marfan syndrome", *TOLD_OF} and counts["kept"] == len(made) >= 48
    assert all(each.origin is not None and each.origin.reliability == "generated" for each in made)
    assert {style for style, ways in WAYS.items() for each in made if fits(each.question.text, ways)} == set(WAYS)
    # diversity: of the words that were written, how many differ; of one style alone fewer do
    one = [each for each in made if fits(each.question.text, WAYS["textbook"])]
    assert 0 < counts["distinct words"] < counts["words"]
    assert distinct(made[: len(one)]) > distinct(one)
    _learning.learn(small, made, tmp_path, rounds=40)
    student = find("annotators", "tagger")(small, model=str(tmp_path / "tagger"))
    zero_shot = find("annotators", "dictionary")(small)
    places = [(text.index(name), text.index(name) + len(name), name) for text, name in HELD_OUT]
    gold = [Answer(found=(Mention(*place, "", kind="Disease"),) if place[2] else ()) for place in places]

    def f1(annotate: Annotate) -> float:
        told = [[each for each in annotate(text) if isinstance(each, Mention)] for text, _ in HELD_OUT]
        marked = [Answer(found=tuple(replace(each, kind="Disease", concept="") for each in row)) for row in told]
        return extraction(list(zip(gold, marked, strict=True)))["mention_f1"].value

    assert f1(zero_shot) < 0.4 and f1(student) >= 0.7


def fits(text: str, ways: Sequence[str]) -> bool:
    return any(text.startswith(way.partition("{}")[0]) and text.endswith(way.partition("{}")[2]) for way in ways)


def distinct(examples: Sequence[Example]) -> float:
    words = [word for each in examples for word in each.question.text.lower().split()]
    return len(set(words)) / len(words)


def test_tool_use(small: Store, tiny: Path, tmp_path: Path) -> None:
    """Calculators and APIs callable."""
    pressure = find("tools", "calculators")(
        {"systolic": "120 mm[Hg]", "diastolic": "80 mm[Hg]"}, name="mean_arterial_pressure"
    )
    assert isclose(float(pressure.value), 280 / 3) and pressure.reference
    gene = find("tools", "ncbi")(
        {"call": "esummary", "db": "gene", "id": "2629"}, answers=recorded.genes(tmp_path / "g")
    )
    assert json.loads(str(gene.value))["result"]["2629"]["name"] == "GBA1"
    write(tmp_path / "kb", find("sources", "drugbank")(tiny / "sources" / "drugbank"))
    with Store(tmp_path / "kb") as store:
        met = find("tools", "interactions")({"drug": "Agalsidase beta", "other": "Amiodarone"}, store=store)
    assert met.evidence and "can be decreased when used in combination" in str(met.value)
    for name in ("guidelines", "trials"):
        assert (
            find("tools", name)({"topic" if name == "guidelines" else "condition": "hiccups"}, store=small).value == ""
        )


def test_each_agent_offline(small: Store, tmp_path: Path) -> None:
    """Each agent runs offline with replayed tools; full trace and citations stored."""
    answers = recorded.genes(tmp_path / "genes.jsonl")
    seen = tuple(Observation("laboratory", "", text="glucose", value=value, unit="mmol/L") for value in "579")
    health = Question("What is my latest glucose?", patient=Patient("1", observations=seen))
    note = "BP 120/80 mmHg."
    for run, cites in (
        (
            lambda: genegpt(Question("Is GBA1 a protein-coding gene?"), desk_with(small), answers=answers),
            "https://eutils",
        ),
        (lambda: health_agent(health, desk_with(small)), "data:1 latest"),
        (lambda: clinical_calculators(Question("Mean arterial pressure?", context=(note,)), desk_with(small)), "120"),
    ):
        first, again = run(), run()
        assert repr(first) == repr(again) and first.trace and not first.abstained
        assert any(cites in value for _, value in first.fields)
