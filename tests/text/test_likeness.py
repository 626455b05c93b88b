"""Names that say the same share a key; names that do not, do not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probatum.text.likeness import folded_words, likeness, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gaucher disease, type I", "type 1 Gaucher disease"),
        ("Wilson's disease", "Wilson disease"),
        ("Wilson’s disease", "WILSON DISEASES"),
        ("Ehlers-Danlos syndrome", "Ehlers Danlos Syndrome"),
    ],
)
def test_same(one: str, other: str) -> None:
    assert likeness(one) == likeness(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gaucher disease, type I", "Gaucher disease, type II"),
        ("factor V deficiency", "factor 5 deficiency"),  # V is a number only where a word says so
        ("肝大", "大肝"),
        ("thrombosis", "thrombosi"),
    ],
)
def test_not_the_same(one: str, other: str) -> None:
    assert likeness(one) != likeness(other)


@given(st.text(max_size=60))
def test_words_lie_in_the_text_in_order(text: str) -> None:
    found = words_of(text)
    assert all(text[word.start : word.end] == word.written for word in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@pytest.mark.parametrize(
    "text", ["Crohn's disease, type IV", "Gaucher’s", "脾肿大 (I型)", "a_b-c 2", "", "'s", "É İ ß"]
)
def test_folded_words_are_those_of_words(text: str) -> None:
    assert folded_words(text) == [word.folded for word in words_of(text)]
