"""The dictionary annotator: golden sentences by feature, and what holds for any text."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probatum.annotators import _find
from probatum.annotators._find import Automaton
from probatum.annotators._index import NONE
from probatum.annotators._sheet import Sheet
from probatum.annotators._words import spans, unmarked
from probatum.annotators.dictionary import dictionary
from probatum.naming import card_of, find
from probatum.types import Mention
from tests.annotators.names_store import DISEASES, PHENOTYPES, names_store

GOLDEN = Path(__file__).parents[1] / "golden" / "annotators"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with names_store(tmp_path_factory.mktemp("names")) as opened:
        yield opened


@pytest.fixture(scope="module")
def annotate(store):
    return dictionary(store)


def said(mention: Mention) -> str:
    words = ["negated"] * mention.negated + [mention.certainty, mention.who, mention.when]
    return " ".join(word for word in words if word not in ("certain", "patient", "now"))


@pytest.mark.parametrize("feature", sorted(path.name for path in GOLDEN.iterdir()))
def test_golden(annotate, feature):
    lines = (GOLDEN / feature / "input.txt").read_text(encoding="utf-8").splitlines()
    wanted = json.loads((GOLDEN / feature / "expected.json").read_text(encoding="utf-8"))
    given = [[[mention.text, mention.concept, said(mention)] for mention in annotate(line)] for line in lines]
    assert dict(zip(lines, given, strict=True)) == dict(zip(lines, wanted, strict=True))


def test_it_stands_in_its_wing():
    assert find("annotators", "dictionary") is dictionary
    assert card_of(dictionary).languages == ("en", "zh", "es")


def test_languages_and_kinds_can_be_chosen(store):
    text = "El paciente tiene fiebre, cefalea y cystic fibrosis."
    assert {m.concept for m in dictionary(store)(text)} == {"HP:0001945", "HP:0002315", "OMIM:219700"}
    assert {m.concept for m in dictionary(store, languages=("en",))(text)} == {"OMIM:219700"}
    assert {m.concept for m in dictionary(store, kinds=("PhenotypicFeature",))(text)} == {"HP:0001945", "HP:0002315"}
    assert [m.concept for m in dictionary(store, kinds=("OntologyClass",))("Infantile onset of fever")] == [
        "HP:0003593"
    ]


def test_gene_symbols_count_in_their_letters_alone(store):
    genes = dictionary(store, kinds=("Gene",))
    assert [m.text for m in genes("The cat has a CAT variant.")] == ["CAT"]


def test_the_index_is_built_once(store, monkeypatch):
    dictionary(store)
    monkeypatch.setattr("probatum.annotators._build.build", None)
    assert dictionary(store)("Fever.")


def test_a_long_text_reads_as_its_parts(annotate):
    part = "She has short fingers and toes but no fever.\n\n"
    once, long = annotate(part), annotate(part * 3000)
    assert len(long) == 3000 * len(once)
    assert long[-1].end == len(part) * 2999 + once[-1].end


WORDS = [
    *(label for label, *_ in PHENOTYPES.values()), *(label for label, _ in DISEASES.values()),
    "no", "and", "or", "mother", "possible", "the", "of", ",", ".", "\n\n",
    "left", "severe", "his", "short", "pain", "is",
    "发热", "无", "肝脏肿大", "、", "ASD", "ALL",
    "cafe\u0301", "ﬁbrosis", "fiebre", "de", "con", "el", "\u00ad", "’s", "𝒳", "患者",
]  # fmt: skip


@settings(deadline=None)
@given(text=st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=12).map(" ".join))
def test_offsets_slice_the_text_and_only_coordination_overlaps(annotate, text):
    mentions = annotate(text)
    assert mentions == sorted(mentions, key=lambda m: (m.start, m.end, m.concept))
    assert len({(m.start, m.end, m.concept) for m in mentions}) == len(mentions)
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.text
        assert mention.text == mention.text.strip() != ""
    spans = sorted({(m.start, m.end) for m in mentions})
    for (_, end), (start, stop) in pairwise(spans):
        assert start >= end or any(word in text[:stop] for word in ("and", "or", ",", "、", "/", "&"))


def test_the_first_texts_read_as_all_others_do(store):
    texts = [
        "She has short fingers and toes but no fever.",
        "Her liver is enlarged.",
        "发热，无肝脏肿大。",
        "nothing",
    ] * 40
    annotate = dictionary(store)
    given = [annotate(text) for text in texts]
    assert annotate._names[0]._all is not None
    assert given == given[:4] * 40
    assert any(given[:4])


@settings(deadline=None, max_examples=60)
@given(text=st.lists(st.sampled_from([*WORDS, "right", "both"]), max_size=14).map(" ".join))
def test_every_phrase_that_stands_in_a_text_is_found_and_no_other(annotate, text):
    index, sheet = annotate._index, Sheet(text, annotate._pieces)
    arrays, every = index.arrays, np.arange(len(index.arrays.phrase_entry))
    automaton = Automaton(index, every, every)
    hits = automaton.hits(sheet)
    assert sorted((a, -b, n) for a, b, n in automaton.columns(sheet).T.tolist()) == sorted(hits)
    found = {(a, -b, automaton.values[n]) for a, b, n in hits}
    rows = [arrays.phrase_lemma[a:b].tolist() for a, b in pairwise(arrays.phrase_start.tolist())]
    standing = set()
    for number, row in enumerate(rows):
        for start in range(len(sheet)):
            end = stands(row, [*sheet.lemmas, NONE], start, index.left_out)
            if end:
                standing.add((start, end, number))
    assert found <= standing
    # Of the ways in which a phrase stands over a word that is written twice, one is enough.
    assert {(b, *rest) for _, b, *rest in found} == {(b, *rest) for _, b, *rest in standing}


@settings(deadline=None, max_examples=60)
@given(text=st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_a_text_reads_alike_name_by_name_and_all_at_once(annotate, text):
    one_by_one = annotate(text), list(annotate.names([text]))
    with patch.object(_find, "_LONG", -1):
        assert (annotate(text), list(annotate.names([text]))) == one_by_one


def stands(row, lemmas, start, left_out):
    """Where a phrase ends that begins at a word, others that may be left out between its own; 0 if it does not."""
    place = start
    for lemma in row:
        while place > start and lemmas[place] != lemma and 0 <= lemmas[place] <= left_out:
            place += 1
        if lemmas[place] != lemma:
            return 0
        place += 1
    return place


@pytest.mark.parametrize("text", ["a-b c", "x y's _z_ 3.5%", "\u202fÄß–“q” 发热，38℃ 𝒳𠀀y", "e\u0301 ﬁ\u00ad½"])
def test_words_stand_where_they_are_written(annotate, text):
    sheet = Sheet(text, annotate._pieces)
    begins, ends = (bound.tolist() for bound in sheet.bounds)
    assert len(begins) == len(ends) == len(sheet)
    if unmarked(text) is None:
        assert list(zip(begins, ends, strict=True)) == spans(text)
