"""Which concepts a question names."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_store import ECTOPIA, GAUCHER, GAUCHER_ORPHA, LARGE_SPLEEN, MARFAN, SEIZURE, origin, small_store

from probatum.store.linking import blanked, concepts_in, linker
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Mention, Name, Release


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_store(tmp_path_factory.mktemp("kb")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "concepts"),
    [
        ("What is Gaucher disease type I?", {GAUCHER, GAUCHER_ORPHA}),
        ("gaucher's disease, type 1", {GAUCHER, GAUCHER_ORPHA}),
        ("type I Gaucher disease", {GAUCHER, GAUCHER_ORPHA}),
        ("Gaucher disease type II", {"OMIM:230900"}),
        ("Do seizures occur in Marfan syndrome?", {SEIZURE, MARFAN}),
        ("Marfan syndrome会有脾肿大吗？", {MARFAN, LARGE_SPLEEN}),
        ("晶状体异位见于哪些疾病", {ECTOPIA}),
        ("the cat sat on the mat", set()),
        ("variants of CAT", {"NCBIGene:847"}),
        ("variants of gba1", {"NCBIGene:2629"}),
        ("Is it autosomal recessive inheritance?", set()),
        ("What is the price of a bus ticket in Oslo?", set()),
    ],
)
def test_concepts_that_a_question_names(store: Store, question: str, concepts: set[str]) -> None:
    assert {link.concept for link in linker(store)(question)} == concepts


def test_the_longest_name_hides_those_inside_it(store: Store) -> None:
    links = linker(store)("Is Gaucher disease type 1 rare?")
    assert {(link.start, link.end) for link in links} == {(3, 25)}
    assert blanked("Is Gaucher disease type 1 rare?", links).split() == ["Is", "rare?"]


def test_types_of_a_named_disease_follow_with_less_weight(tmp_path: Path) -> None:
    names = {"X:1": "Usher syndrome", "X:2": "Usher syndrome, type 1B", "X:3": "Deafness with Usher syndrome of old"}
    write(tmp_path, [Release("own", "1", "", "0"), *(Concept(i, n, "Disease", origin(i)) for i, n in names.items())])
    with Store(tmp_path) as store:
        links = concepts_in(store, "What is Usher syndrome?")
        assert [link.concept for link in links] == ["X:1", "X:2"]
        assert links[0].weight == 1 > links[1].weight
        assert [link.concept for link in concepts_in(store, "Usher syndrome type 1B")] == ["X:2"]


def test_an_annotator_adds_what_no_name_covers(store: Store) -> None:
    text = "large spleen in Marfan syndrome"
    found = concepts_in(store, text, [Mention(0, 12, "large spleen", LARGE_SPLEEN), Mention(16, 22, "Marfan", SEIZURE)])
    assert {link.concept for link in found} == {MARFAN, LARGE_SPLEEN}


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_any_text_can_be_linked(store: Store, text: str) -> None:
    for link in linker(store)(text):
        assert 0 <= link.start < link.end <= len(text)


def test_a_chinese_name_of_a_finding_leads_to_the_disease_that_it_corresponds_to(tmp_path: Path) -> None:
    names = (Name("痛风", "zh", "label"),)
    write(tmp_path, [
        Release("own", "1", "CC0", "0" * 64),
        Concept("HP:0001997", "Gout", "PhenotypicFeature", origin("1"), names, xrefs=("UMLS:C0018099", "UMLS:C3")),
        Concept("MONDO:0005393", "gout", "Disease", origin("2"), xrefs=("UMLS:C0018099",)),
        Concept("MONDO:0009999", "gout of nobody", "Disease", origin("3"), xrefs=("UMLS:C0000001",)),
    ])  # fmt: skip
    with Store(tmp_path) as store:
        links = concepts_in(store, "痛风用什么药治疗？")
        assert [(link.concept, link.weight) for link in links] == [("HP:0001997", 1.0), ("MONDO:0005393", 0.8)]
        assert {(link.start, link.end) for link in links} == {(0, 2)}
        english = {link.concept: link.weight for link in concepts_in(store, "What is gout?")}
        assert english["HP:0001997"] == english["MONDO:0005393"] == 1.0, "names in English need no such bridge"
