"""The neighbourhood of what a question names."""

from collections.abc import Iterator

import pytest
from small_store import ECTOPIA, GAUCHER, GAUCHER_ORPHA, LARGE_SPLEEN, MARFAN, RECESSIVE, SEIZURE, small_store

from probatum.retrievers.graph import graph
from probatum.shapes import Retrieve
from probatum.store.reader import Store
from probatum.types import Evidence, Passage, Question, Relation


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_store(tmp_path_factory.mktemp("kb")) as opened:
        yield opened


@pytest.fixture(scope="module")
def search(store: Store) -> Retrieve:
    return graph(store)


def relations(found: list[Evidence]) -> list[Relation]:
    return [piece.fact for piece in found if isinstance(piece.fact, Relation)]


def test_features_of_a_disease_whose_stored_name_has_a_comma(search: Retrieve) -> None:
    found = search(Question("What are the features of Gaucher disease type I and how frequent are they?"), 20)
    facts = relations(found)
    assert {(fact.subject, fact.object) for fact in facts[:5]} == {
        (GAUCHER_ORPHA, LARGE_SPLEEN), (GAUCHER, LARGE_SPLEEN), (GAUCHER, SEIZURE),
    }  # fmt: skip
    assert found[0].text.endswith("very frequent (80-99%), evidence TAS, ORPHA:77259")


def test_claims_of_one_assertion_stand_together_the_counted_one_first(search: Retrieve) -> None:
    facts = relations(search(Question("symptoms of Gaucher disease type I"), 20))
    places = [place for place, fact in enumerate(facts) if (fact.subject, fact.object) == (GAUCHER, LARGE_SPLEEN)]
    assert places == [places[0], places[0] + 1]
    assert facts[places[0]].qualifier("frequency") == "3/7"


@pytest.mark.parametrize(
    ("question", "object_"),
    [
        ("How is Gaucher disease type I inherited?", RECESSIVE),
        ("Which gene is mutated in Gaucher disease type I?", GAUCHER),
        ("What are the symptoms of Gaucher disease type I?", LARGE_SPLEEN),
    ],
)
def test_what_is_asked_comes_first(search: Retrieve, question: str, object_: str) -> None:
    assert relations(search(Question(question), 20))[0].object == object_


def test_diseases_of_a_phenotype_in_chinese(search: Retrieve) -> None:
    found = search(Question("晶状体异位见于哪些疾病？"), 10)
    assert relations(found)[0].subject == MARFAN
    assert found[0].text == "Marfan syndrome：晶状体异位 (HP:0001083)，60%的患者，证据 PCS，PMID:14"


def test_what_two_named_things_share_comes_first(search: Retrieve) -> None:
    both = relations(search(Question("Which diseases have splenomegaly and seizures?"), 10))
    assert {fact.subject for fact in both[:4]} == {GAUCHER}
    between = relations(search(Question("Is ectopia lentis a feature of Marfan syndrome?"), 10))
    assert (between[0].subject, between[0].object) == (MARFAN, ECTOPIA)


def test_definition_and_documents_about_a_concept(search: Retrieve) -> None:
    found = search(Question("What is splenomegaly?"), 10)
    passages = [piece.fact.id for piece in found if isinstance(piece.fact, Passage)]
    assert passages == [f"{LARGE_SPLEEN}#definition"]
    found = search(Question("treatments for Gaucher disease type 1"), 10)
    assert [piece.fact.id for piece in found if isinstance(piece.fact, Passage)] == ["t1"]


def test_keep_bounds_each_kind(search: Retrieve) -> None:
    found = search(Question("symptoms of Gaucher disease type 1"), 2)
    assert len(relations(found)) == 2
    assert len(found) <= 4


@pytest.mark.parametrize("text", ["", "What is the price of a bus ticket in Oslo?", "奥斯陆的车票多少钱", "\ud800 cat"])
def test_no_named_concept_no_evidence(search: Retrieve, text: str) -> None:
    assert search(Question(text), 10) == []


def test_the_same_every_time(store: Store) -> None:
    question = Question("features of Gaucher disease")
    assert graph(store)(question, 50) == graph(store)(question, 50)
