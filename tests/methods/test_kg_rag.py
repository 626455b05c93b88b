"""KG-RAG: linked with a threshold, edges as records, the percentile rule, sources kept, renamed ids followed."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from walked import ARDEN, ARDEN_ONCE, CHILL, COUGH, TREMOR, laid, told, walked

from probatum.desk import Withheld
from probatum.errors import BadPlan
from probatum.methods.kg_rag import above, kg_rag
from probatum.store.reader import Store
from probatum.types import Question, Relation

FEATURES = Question("What are the symptoms of Arden disease?")
OPTIONS = (("A", "Grey cough"), ("B", "Blue tremor"), ("C", "Night chill"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with walked(tmp_path_factory.mktemp("kb")) as opened:
        yield opened


@given(st.lists(st.floats(0, 1), max_size=40), st.floats(0, 100), st.floats(0, 1), st.integers(0, 20))
def test_the_filter_is_numpys_percentile_and_the_least_similarity_both_strictly(
    values: list[float], percentile: float, least: float, most: int
) -> None:
    kept = above(values, percentile, least, most)
    wanted = [v for v in values if v > np.percentile(values, percentile) and v > least]
    assert [values[place] for place in kept] == sorted(wanted, reverse=True)[:most]
    assert len(set(kept)) == len(kept)


def test_one_that_only_reaches_the_bound_falls() -> None:
    assert above([0.9, 0.9, 0.9, 0.9], 75, 0.5, 9) == []
    assert above([0.5, 0.1, 0.1, 0.1, 0.1], 75, 0.5, 9) == []
    assert above([0.51, 0.1, 0.1, 0.1, 0.1], 75, 0.5, 9) == [0]


def test_the_most_frequent_symptom_stands_in_the_answer_with_its_source(store: Store) -> None:
    answer = kg_rag(FEATURES, laid(store))
    assert answer.abstained is None
    assert answer.text == "Arden disease: Grey cough (HP:9000001), very frequent (80-99%), PMID:9001 [1]"
    (piece,) = answer.evidence
    assert (piece.origin.source, piece.origin.references) == ("walked", ("PMID:9001",))
    assert [step.what for step in answer.trace[:5]] == ["entities", "context", "kept", "dropped", "saving"]
    (saving,) = [step.said for step in answer.trace if step.what == "saving"]
    assert saving.startswith("records 4 -> 1; words ")


def test_what_is_asserted_of_a_former_id_is_in_the_context(store: Store) -> None:
    asked = Question(f"What are the symptoms of {ARDEN_ONCE}?")
    answer = kg_rag(asked, laid(store), percentile=0.0, least=0.1)
    assert any(step.what == "followed" and step.said == f"{ARDEN_ONCE} is {ARDEN} now" for step in answer.trace)
    subjects = {(e.fact.subject, e.fact.object) for e in answer.evidence if isinstance(e.fact, Relation)}
    records = next(step.said for step in answer.trace if step.what == "context")
    assert records.startswith(f"{ARDEN}: 3 of 4 edges")
    assert subjects == {(ARDEN, COUGH), (ARDEN, TREMOR), (ARDEN_ONCE, CHILL)}


def test_each_concept_has_its_share_of_the_most(store: Store) -> None:
    asked = Question("What do Arden disease and Boreal syndrome share?")
    answer = kg_rag(asked, laid(store), percentile=0.0, least=0.0, most=3)
    told_of = [step.said for step in answer.trace if step.what == "context"]
    assert [said.partition(" edges")[0].partition(": ")[2] for said in told_of] == ["1 of 4", "1 of 4"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Who won the cup?", "no-entity"),
        ("What is Lonelin for?", "no-context"),
        ("What is ARDA1?", "no-context"),
        ("孤素有什么作用？", "no-context"),
    ],
)
def test_abstains_with_a_code(store: Store, text: str, code: str) -> None:
    answer = kg_rag(Question(text), laid(store), least=0.99)
    assert answer.abstained is not None and answer.abstained.startswith(f"{code}: ")
    assert (answer.text, answer.evidence) == ("", ())


def test_an_unlike_name_is_rejected_and_told(store: Store) -> None:
    answer = kg_rag(FEATURES, laid(store), threshold=1.01)
    assert answer.abstained is not None and answer.abstained.startswith("no-entity")
    assert "rejected, 1.00 is below 1.01" in answer.trace[0].said


def test_in_chinese(store: Store) -> None:
    answer = kg_rag(Question("阿登病有哪些症状？"), laid(store))
    assert answer.text.startswith("阿登病：灰咳 (HP:9000001)") and answer.text.endswith("[1]")


def test_multiple_choice_without_a_model(store: Store) -> None:
    asked = replace(FEATURES, text="Which symptom is most frequent in Arden disease?", options=OPTIONS)
    answer = kg_rag(asked, laid(store))
    assert (answer.choice, answer.abstained) == ("A", None)
    assert "[1]" in answer.text


def test_a_model_sees_only_what_was_kept_between_fences_and_its_marks_are_checked(store: Store) -> None:
    desk = laid(store, ("Arden disease has Grey cough [1]. It is fatal. See [7].",))
    answer = kg_rag(FEATURES, desk)
    (request,) = desk.model.asked  # type: ignore[attr-defined]
    said = told(request)
    assert "Grey cough" in said and "Blue tremor" not in said and "(walked 1)" in said and "=====DATA-" in said
    assert answer.text == "Arden disease has Grey cough [1]."
    assert [step.said for step in answer.trace if step.what == "proof"] != []


def test_both_forms_of_multiple_choice_with_a_model(store: Store) -> None:
    asked = replace(FEATURES, options=OPTIONS)
    generated = kg_rag(asked, laid(store, ("Arden disease has Grey cough [1]. The answer is A",)))
    assert (generated.choice, generated.abstained) == ("A", None)
    likely = kg_rag(asked, laid(store, ("A",)), form="likelihood")
    assert likely.choice == "A" and likely.candidates[0].score == pytest.approx(1.0)
    silent = kg_rag(asked, laid(store, ("Hm.", "Well.")))
    assert silent.choice == "" and silent.abstained is not None and silent.abstained.startswith("unparsed")


def test_the_model_names_the_concepts_and_is_asked_again(store: Store) -> None:
    desk = laid(store, ("no JSON", '{"entities": ["Arden disease"]}', "Arden disease has Grey cough [1]."))
    answer = kg_rag(replace(FEATURES, options=OPTIONS[:0]), desk, scorer="model")
    assert answer.text == "Arden disease has Grey cough [1]."
    assert len(desk.model.asked) == 3  # type: ignore[attr-defined]
    desk = laid(store, ("no", "again no"))
    refused = kg_rag(FEATURES, desk, scorer="model")
    assert refused.abstained is not None and refused.abstained.startswith("unparsed")
    bare = kg_rag(FEATURES, laid(store), scorer="model")
    assert bare.abstained is not None and bare.abstained.startswith("no-model")


def test_withheld_claims_are_not_there(store: Store) -> None:
    desk = replace(laid(store), withheld=Withheld(frozenset({"PMID:9001"}), "any"))
    assert "Grey cough" not in kg_rag(FEATURES, desk).text


def test_an_unknown_scorer_is_told(store: Store) -> None:
    with pytest.raises(BadPlan, match="scorer"):
        kg_rag(FEATURES, laid(store), scorer="guess")
