"""Folding: what reads the same is written the same, and the way back is exact."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probatum.text.normal import fold, fold_with_offsets

SAME = [
    ("Sjögren’s  Syndrome", "sjögren's syndrome"),
    ("X‑linked", "x-linked"),
    ("café".replace("é", "e\u0301"), "café"),
    ("ＡＢＣ　１２", "abc 12"),
    ("Straße", "strasse"),
    ("癫痫，发作", "癫痫,发作"),
    ("soft\u00adhyphen", "softhyphen"),
    ("  lines\n\tand\u2003spaces ", "lines and spaces"),
    ("ﬁbrosis", "fibrosis"),
    ("", ""),
]


@pytest.mark.parametrize(("written", "folded"), SAME)
def test_what_reads_the_same_folds_the_same(written, folded):
    assert fold(written) == folded


def test_the_way_back_where_lengths_change():
    text = "Die Straße und ﬁbrosis, cafe\u0301!"
    folded = fold_with_offsets(text)
    at = folded.text.index("strasse")
    start, end = folded.span(at, at + len("strasse"))
    assert text[start:end] == "Straße"
    at = folded.text.index("fibrosis")
    assert text[slice(*folded.span(at, at + 8))] == "ﬁbrosis"
    at = folded.text.index("café")
    assert text[slice(*folded.span(at, at + 4))] == "cafe\u0301"


def test_spanish_and_chinese_keep_single_characters_apart():
    text = "corazón，发热"
    folded = fold_with_offsets(text)
    for place in range(len(folded.text)):
        start, end = folded.span(place, place + 1)
        assert fold(text[start:end]) == folded.text[place]


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=40))
def test_offsets_fold_to_the_same_text_and_rise(text):
    folded = fold_with_offsets(text)
    assert folded.text == fold(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cn"]), max_size=30))
def test_composed_and_decomposed_fold_the_same(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
