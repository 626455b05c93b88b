"""Answers held against the store: nothing false in them comes through, nothing true is lost."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_store import ECTOPIA, GAUCHER, LARGE_SPLEEN, MARFAN, small_store

from probatum.models.copyist import copyist
from probatum.proof.marks import checked, standing, verbatim
from probatum.store.reader import Store
from probatum.store.wording import in_words
from probatum.types import Answer, Evidence, Passage, Question, Relation, Request

TREATMENT = "Enzyme replacement is given every two weeks."


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_store(tmp_path_factory.mktemp("kb")) as opened:
        yield opened


def claims(store: Store, subject: str, object_: str, language: str = "en") -> list[Evidence]:
    # the claim of a cohort before that of a database: the order of the store is that of its keys
    found = sorted(
        store.relations(subject=subject, object=object_), key=lambda claim: claim.origin.evidence, reverse=True
    )
    return [Evidence(claim, in_words(store, claim, language), 1.0, "graph") for claim in found]


def copied(*evidence: Evidence) -> str:
    return copyist()(Request(question=Question("?"), evidence=evidence)).text


def quoted(store: Store, id: str, start: int, end: int) -> Evidence:
    passage = store.passage(id)
    assert passage is not None
    return Evidence(passage, passage.text[start:end], 1.0, "bm25", start, end)


@pytest.fixture(scope="module")
def evidence(store: Store) -> tuple[Evidence, ...]:
    return (
        quoted(store, "t1", 0, 44),
        *claims(store, GAUCHER, LARGE_SPLEEN),
        *claims(store, MARFAN, ECTOPIA, "zh"),
        quoted(store, "t2", 0, 48),
    )


@pytest.fixture(scope="module")
def sound(evidence: tuple[Evidence, ...]) -> Answer:
    return Answer(text=copied(*evidence), evidence=evidence)


def test_a_sound_answer_stays_as_it_is(store: Store, sound: Answer) -> None:
    for check in (checked, verbatim):
        held = check(sound, store)
        assert (held.text, held.evidence, held.abstained) == (sound.text, sound.evidence, None)
        assert held.trace[-1].said == "5 of 5 claims hold"


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_altered_character_comes_through_a_copy(store: Store, sound: Answer, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sound.text) - 1), "place")
    letter = data.draw(st.sampled_from("0123456789аеорсx“”[];. \u200b") | st.characters(codec="utf-8"), "letter")
    altered = sound.text[:place] + letter + sound.text[place + 1 :]
    held = verbatim(replace(sound, text=altered), store)
    true_lines = {*sound.text.split("\n")}
    for piece in held.evidence:
        assert standing(piece, store) == ""
    said = [part for line in held.text.split("\n") for part in _without_marks(line)]
    known = [part for line in true_lines for part in _without_marks(line)]
    assert set(said) <= set(known)


def _without_marks(line: str) -> list[str]:
    return [part.strip(" ;") for part in re.split(r"\[\d+\]", line) if part.strip(" ;")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"“{TREATMENT}” [9]", "points at nothing"),
        (f"“{TREATMENT}” [0]", "points at nothing"),
        (f"“{TREATMENT}”", "no mark"),
        ("It is given every two weeks.", "no mark"),
        ("“Enzyme replacement is given every ten weeks.” [1]", "stands in no cited source"),
        ("“Enzyme replacement is given every two weeks” [2]", "stands in no cited source"),
        ("“Enzyme replасement is given every two weeks.” [1]", "stands in no cited source"),
        ("3 of 8 patients have it [2].", "the number 8"),
        ("It is HP:0001745 in 3 of 7 patients [2].", "the id HP:0001745"),
        ("Splenоmegaly is seen in 3 of 7 patients [2].", "another alphabet"),
        ("Spleno\u200bmegaly is seen in 3 of 7 patients [2].", "invisible"),
        ("“” [1]", "stands in no cited source"),
    ],
)
def test_what_is_false_is_dropped_with_the_reason(
    store: Store, evidence: tuple[Evidence, ...], text: str, why: str
) -> None:
    held = checked(Answer(text=text, evidence=evidence), store)
    assert held.text == ""
    assert held.evidence == ()
    assert held.abstained is not None and held.abstained.startswith("unsupported:")
    assert any(step.what == "proof" and why in step.said for step in held.trace), held.trace


def test_sentences_that_hold_stay_and_marks_are_renumbered(store: Store, evidence: tuple[Evidence, ...]) -> None:
    text = "It cures 99% [1]. An enlarged spleen was seen in 3 of 7 patients [2, 3]. Nobody knows. A gene does it [5]。"
    held = checked(Answer(text=text, evidence=evidence), store)
    assert held.text == "An enlarged spleen was seen in 3 of 7 patients [1] [2]. A gene does it [3]。"
    assert held.evidence == (evidence[1], evidence[2], evidence[4])
    assert held.abstained is None


def test_evidence_must_be_stored_as_it_is_shown(store: Store, evidence: tuple[Evidence, ...]) -> None:
    passage, claim = evidence[0], evidence[1]
    fact, text = claim.fact, passage.fact
    assert isinstance(fact, Relation) and isinstance(text, Passage)
    wrong = [
        replace(passage, start=1, end=45),
        replace(passage, end=4000),
        replace(passage, start=44, end=44, text=""),
        replace(passage, text=passage.text.replace("two", "ten")),
        replace(passage, fact=replace(text, id="t9")),
        replace(passage, fact=replace(text, title="Other")),
        replace(claim, fact=replace(fact, object=ECTOPIA)),
        replace(claim, fact=replace(fact, negated=True)),
        replace(claim, fact=replace(fact, origin=replace(fact.origin, release="2"))),
        replace(claim, fact=replace(fact, qualifiers=(("aspect", "P"), ("frequency", "7/7")))),
        replace(claim, text=claim.text.replace("3 of 7", "7 of 7")),
    ]
    for piece in wrong:
        assert standing(piece, store) != "", piece
        held = verbatim(Answer(text=copied(piece), evidence=(piece,)), store)
        assert (held.text, held.evidence) == ("", ())
    another_day = replace(passage.origin, retrieved="2020-01-01")
    assert standing(replace(passage, fact=replace(passage.fact, origin=another_day)), store) == ""


def test_a_continuation_falls_with_the_claim_that_it_continues(store: Store, evidence: tuple[Evidence, ...]) -> None:
    first, second = evidence[1], evidence[2]
    line = copied(first, second)
    held = verbatim(Answer(text=line.replace("3 of 7", "7 of 7"), evidence=(first, second)), store)
    assert held.text == ""
    held = verbatim(Answer(text=line.replace("evidence IEA", "evidence PCS"), evidence=(first, second)), store)
    assert held.text == f"{first.text} [1]"


def test_half_a_claim_is_no_copy(store: Store) -> None:
    denied = next(piece for piece in claims(store, GAUCHER, "HP:0001250") if "not Seizure" in piece.text)
    half = denied.text.replace("not ", "")
    assert verbatim(Answer(text=f"{half} [1]", evidence=(denied,)), store).text == ""
    tail = denied.text.partition("not ")[2]
    assert verbatim(Answer(text=f"{tail} [1]", evidence=(denied,)), store).text == ""


def test_marks_in_a_sources_own_words_are_none_of_ours(store: Store) -> None:
    piece = quoted(store, "t1", 74, 90)
    assert piece.text == "See [3] for more"
    held = verbatim(Answer(text=f"“{piece.text}” [1]", evidence=(piece,)), store)
    assert (held.text, len(held.evidence)) == (f"“{piece.text}” [1]", 1)
    held = checked(Answer(text="“It says [1] here” and more", evidence=(piece,)), store)
    assert held.text == ""


def test_an_answer_that_abstains_is_left_alone(store: Store) -> None:
    answer = Answer(abstained="no-concept: nothing is known")
    assert checked(answer, store) == answer


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_no_text_without_evidence_comes_through(store: Store, text: str) -> None:
    assert checked(Answer(text=text), store).text == ("" if text else text)
