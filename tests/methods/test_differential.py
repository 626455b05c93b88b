"""The differential diagnosis on a small world of our own, and its plain sense on the real one."""

from __future__ import annotations

import json
import math
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from probatum.desk import Desk, Withheld
from probatum.errors import BadPlan
from probatum.formats import phenopacket
from probatum.methods._constants import constants
from probatum.methods._fusion import Weights
from probatum.methods._patient import age_of
from probatum.methods._profiles import profiles
from probatum.methods._reasons import Leaders, information_gains
from probatum.methods._scores import Case, Scores, scores_of_few, telling
from probatum.methods._terms import terms_of
from probatum.methods._world import world, world_of
from probatum.methods.differential import bench_of, differential
from probatum.naming import find
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Answer, Concept, Fact, Observation, Origin, Patient, Question, Relation, Release

SPLEEN, BONE, SEIZURE, FEVER, LENS, ARM = (f"HP:000001{digit}" for digit in range(6))
ROOT, TRUNK, OLD = "HP:0000118", "HP:0000020", "HP:0000099"
PARENTS = {ROOT: (), TRUNK: (ROOT,), SPLEEN: (TRUNK,), BONE: (TRUNK,), SEIZURE: (ROOT,), FEVER: (ROOT,), LENS: (ROOT,),
           ARM: (ROOT,)}  # fmt: skip
GREY, BLUE, GREEN, TWIN, RARE = "OMIM:1", "OMIM:2", "OMIM:3", "ORPHA:9", "OMIM:4"
NAMES = {GREY: "Grey disease", BLUE: "Blue disease", GREEN: "Green disease", TWIN: "Grey disease", RARE: "Rare disease"}
ROWS = [  # disease, phenotype, frequency, reference, negated
    (GREY, SPLEEN, "9/10", "PMID:1", False), (GREY, BONE, "5/10", "PMID:1", False),
    (GREY, SEIZURE, "0/10", "PMID:1", True), (GREY, SPLEEN, "", "OMIM:1", False),
    (TWIN, FEVER, "HP:0040281", "ORPHA:9", False), (BLUE, SEIZURE, "8/10", "PMID:2", False),
    (BLUE, SPLEEN, "1/10", "PMID:2", False), (BLUE, LENS, "3/4", "PMID:2", False),
    (GREEN, LENS, "HP:0040281", "ORPHA:7", False), (GREEN, ARM, "70%", "PMID:3", False),
    (RARE, ARM, "1/1", "PMID:4", False), (RARE, TRUNK, "2/2", "PMID:5", False),
]  # fmt: skip


def facts() -> Iterator[Fact]:
    yield Release("small", "1", "Apache-2.0", "0" * 64)
    origin = Origin("small", "1", "here")
    for id_, parents in PARENTS.items():
        yield Concept(id_, f"term {id_[-2:]}", "PhenotypicFeature", origin, alternatives=(OLD,) * (id_ == SPLEEN))
        yield from (Relation(id_, "biolink:subclass_of", parent, origin) for parent in parents)
    for id_, name in NAMES.items():
        yield Concept(id_, name, "Disease", origin)
    yield Concept("NCBIGene:5", "GREY1", "Gene", origin)
    yield Relation("NCBIGene:5", "biolink:gene_associated_with_condition", GREY, origin)
    yield Relation(GREY, "biolink:has_mode_of_inheritance", "HP:0001419", origin)
    yield Relation(BLUE, "biolink:has_attribute", "HP:0003581", origin)
    yield Relation(GREY, "biolink:has_attribute", "HP:0003577", origin)
    for disease, term, often, reference, negated in ROWS:
        at = Origin("small", "1", f"{disease} {term}", references=(reference,))
        qualifiers = (("frequency", often),) if often else ()
        yield Relation(disease, "biolink:has_phenotype", term, at, negated, qualifiers)


def lay(store: Store) -> Desk:
    return Desk(store, lambda *_: [], lambda _: [], find("models", "copyist")())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("kb")
    write(folder, facts())
    with Store(folder) as store:
        yield lay(store)


def patient(*written: str, **known: str) -> Question:
    observations = (Observation("phenotype", each.lstrip("-"), not each.startswith("-")) for each in written)
    return Question(patient=Patient(observations=tuple(observations), **known))


def order(answer: Answer) -> list[str]:
    return [candidate.id for candidate in answer.candidates]


def test_the_disease_that_shows_it_most_stands_first_with_a_probability(desk: Desk) -> None:
    answer = differential(patient(SPLEEN, BONE), desk)
    assert order(answer)[0] == GREY and set(order(answer)) == {GREY, BLUE, GREEN, RARE}
    assert math.isclose(sum(each.score for each in answer.candidates), 1.0, abs_tol=1e-6)
    assert [each.score for each in answer.candidates] == sorted((c.score for c in answer.candidates), reverse=True)
    assert TWIN in order(differential(patient(SPLEEN, BONE), desk, candidates="all"))


def test_reasons_say_how_often_and_on_what(desk: Desk) -> None:
    first = differential(patient(SPLEEN, LENS, f"-{BONE}"), desk).candidates
    grey = next(each for each in first if each.id == GREY)
    by_kind = {(reason.kind, reason.concept): reason for reason in grey.reasons}
    spleen = by_kind["for", SPLEEN]
    assert spleen.text == "9 of 10 patients" and spleen.references == ("PMID:1",) and spleen.weight > 0
    assert by_kind["against", LENS].text == "not described in this disease" and by_kind["against", LENS].weight < 0
    assert by_kind["against", BONE].weight < 0 and by_kind["against", BONE].text == "5 of 10 patients"
    assert by_kind["inheritance", "HP:0001419"] and by_kind["gene", "NCBIGene:5"].name == "GREY1"
    assert by_kind["ask", FEVER].references == ("ORPHA:9",), "the other catalogue's profile helps"
    assert differential(patient(SPLEEN), desk, explained=0).candidates[0].reasons == ()


def test_reasons_are_said_in_the_language_of_the_question(desk: Desk) -> None:
    asked = replace(patient(SPLEEN, LENS), language="zh")
    grey = next(each for each in differential(asked, desk).candidates if each.id == GREY)
    said = {reason.concept: reason.text for reason in grey.reasons}
    assert said[SPLEEN] == "10例患者中9例" and said[LENS] == "该病未见描述"


def test_what_is_seen_in_none_does_not_speak_for(desk: Desk) -> None:
    known = profiles(desk.store)
    closed = world(known, constants()).closed.toarray()
    assert closed[known.place[GREY], known.terms.place[SEIZURE]] == 0
    assert closed[known.place[GREY], known.terms.place[TRUNK]] >= closed[known.place[GREY], known.terms.place[SPLEEN]]


def test_excluded_features_lower_the_disease_that_has_them(desk: Desk) -> None:
    def of_grey(question: Question) -> float:
        return next(each.score for each in differential(question, desk).candidates if each.id == GREY)

    assert of_grey(patient(SPLEEN, f"-{BONE}")) < of_grey(patient(SPLEEN))


def test_sex_and_age_speak_softly(desk: Desk) -> None:
    def of_grey(**known: str) -> float:
        return next(each.score for each in differential(patient(SPLEEN, **known), desk).candidates if each.id == GREY)

    assert of_grey(sex="male") > of_grey() > of_grey(sex="female")
    blue = [
        next(each.score for each in differential(patient(SEIZURE, age=age), desk).candidates if each.id == BLUE)
        for age in ("P2Y", "P50Y")
    ]
    assert blue[0] < blue[1]
    assert age_of("P6M") == pytest.approx(0.5, abs=0.01) and age_of("HP:0003577") == 0.08 and age_of("") is None


@pytest.mark.parametrize("form", ["keep", "alone", "any", "independent"])
def test_withheld_claims_do_not_count_and_the_emptied_disease_is_gone(desk: Desk, form: str) -> None:
    withheld = replace(desk, withheld=Withheld(frozenset({"PMID:1", "PMID:4", "PMID:5"}), form))
    answer = differential(patient(SPLEEN, BONE), withheld)
    assert (RARE in order(answer)) == (form == "keep")
    texts = {reason.text for each in answer.candidates for reason in each.reasons}
    assert ("9 of 10 patients" in texts) == (form == "keep")
    grey = next(each for each in answer.candidates if each.id == GREY)
    if form == "independent":
        assert all("OMIM:1" not in reason.references for reason in grey.reasons)


@pytest.mark.parametrize("form", ["alone", "any", "independent"])
def test_a_changed_disease_is_scored_as_if_the_store_had_never_held_the_claims(desk: Desk, form: str) -> None:
    known = profiles(desk.store)
    place = known.terms.place
    case = Case((place[SPLEEN], place[LENS], place[BONE]), (place[SEIZURE],), 30.0, None, "male")
    everything = np.arange(len(known.claims.aspect))
    whole = world(known, constants())
    owner, size = known.claims.disease, len(known.diseases)
    again = world_of(known.terms, known.claims, everything, owner, size, constants=constants())
    assert np.allclose(Scores(whole).of(case), scores_of_few(again, whole, case), atol=1e-5)
    table = bench_of(known).table(case, Withheld(frozenset({"PMID:2"}), form))
    assert known.place[BLUE] in table.changed and table.empty[known.place[BLUE]]


def test_a_specific_phenotype_tells_more_and_repetition_less(desk: Desk) -> None:
    known = profiles(desk.store)
    place, whole = known.terms.place, world(known, constants())
    twice = telling(whole, (place[SPLEEN], place[TRUNK], place[SEIZURE]))
    assert twice.mean() == pytest.approx(1, abs=1e-5) and twice[2] > twice[0] > twice[1]
    assert telling(whole, (place[SPLEEN],)).tolist() == [1] and not len(telling(whole, ()))


def test_a_claim_that_counts_nobody_stands_for_some(desk: Desk) -> None:
    claims = profiles(desk.store).claims
    known = replace(constants(), uncounted=10.0, unstated=0.3)
    shown, seen = claims.counted(np.arange(len(claims.term)), known)
    pairs = set(zip(shown.round(3).tolist(), seen.tolist(), strict=True))
    assert {(9.0, 10.0), (0.0, 10.0), (3.0, 10.0), (7.0, 10.0), (1.0, 1.0)} <= pairs, "9/10, 0/10, unstated, 70%, 1/1"


def test_it_abstains_where_nothing_is_known_and_says_what_it_could_not_use(desk: Desk) -> None:
    for question in (Question(), patient(), patient(f"-{SPLEEN}"), patient("HP:9999999")):
        answer = differential(question, desk)
        assert answer.abstained and answer.abstained.startswith("no-phenotype") and not answer.candidates
    answer = differential(patient(SPLEEN, "HP:9999999"), desk)
    assert [(step.what, step.said) for step in answer.trace] == [("unknown", "HP:9999999")]
    assert order(differential(patient(OLD), desk)) == order(differential(patient(SPLEEN), desk))
    with pytest.raises(BadPlan):
        differential(patient(SPLEEN), desk, candidates="some")
    with pytest.raises(BadPlan):
        differential(patient(SPLEEN), desk, weights="fold9")
    with Store() as empty:
        assert differential(patient(SPLEEN), lay(empty)).abstained


def test_terms_stand_in_a_hierarchy_even_where_it_is_broken() -> None:
    terms = terms_of({"a": (), "b": ("a", "gone"), "c": ("b", "d"), "d": ("c", "a")})
    assert terms.closure([terms.place["c"]]).tolist() == [0, 1, 2, 3] and terms.descendants_of(0).tolist() == [
        0,
        1,
        2,
        3,
    ]
    assert terms.most_specific([0, 1]) == [1] and terms.roots == {0}


def test_a_question_that_divides_the_leaders_is_worth_most() -> None:
    closed = np.array([[0.9, 0.5, 0.9], [0.0, 0.5, 0.9]], np.float32)
    leaders = Leaders(np.array([0, 1], np.int32), np.array([0.5, 0.5]), closed, closed)
    gains = information_gains(leaders, np.array([0, 1, 2], np.int32), np.full(3, 0.01, np.float32))
    assert gains[0] > 0.5 and gains[1] == pytest.approx(0, abs=1e-6) and gains[2] == pytest.approx(0, abs=1e-6)


def test_probabilities_keep_the_order_and_share_out_what_is_unexplained() -> None:
    learned = Weights({"likelihood": 1.0}, {}, sharpness=2.0, unexplained=0.4)
    shares = learned.probabilities(np.array([3.0, 1.0, -50.0], np.float32))
    assert shares.sum() == pytest.approx(1) and shares[0] > shares[1] > shares[2] == pytest.approx(0.4 / 3)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("real")
    write(folder, find("sources", "hpo")(shared / "hpo"))
    with Store(folder) as store:
        yield lay(store)


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize(
    ("findings", "disease"),
    [
        ("HP:0001744 HP:0002240 HP:0002653 HP:0001873 HP:0001903", "OMIM:230800"),
        ("HP:0002616 HP:0001083 HP:0001166 HP:0000098", "OMIM:154700"),
    ],
)
def test_textbook_patients_on_the_real_knowledge(real: Desk, findings: str, disease: str) -> None:
    answer = differential(patient(*findings.split()), real)
    assert disease in order(answer)[:3]
    assert all(each.reasons for each in answer.candidates[:10])


@pytest.mark.shared
@pytest.mark.slow
def test_a_case_file_is_ranked_by_its_subject_and_phenotypes_alone(real: Desk, shared: Path) -> None:
    with tarfile.open(shared / "phenopackets" / "phenopackets-json.tar.gz") as archive:
        member = next(each for each in archive if each.name.endswith(".json"))
        stream = archive.extractfile(member)
        assert stream
        whole = json.load(stream)
    blank = {"id": "x", "subject": whole["subject"], "phenotypicFeatures": whole["phenotypicFeatures"]}
    first, second = (
        differential(Question(patient=phenopacket.patient(json.dumps(each).encode(), "case")), real)
        for each in (whole, blank)
    )
    assert first.candidates == second.candidates and len(first.candidates) == 30
